/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/observation.h"

/* A capture may have seen one direction only: a client that acknowledges or sends data was
 * answered, though we did not see it. */
static bool got_nothing(const struct flow *flow)
{
    const struct flow_side *initiator = &flow->sides[TO_RESPONDER];
    if (initiator->packets == 0)
        return false;
    return flow->key.protocol != TRANSPORT_TCP || initiator->payload_bytes == 0;
}

static bool is_group(const struct address *address)
{
    if (address->version == 6)
        return address->bytes[0] == 0xff;
    return address->bytes[0] >= 224;
}

static void judge(struct observation *seen, const struct site *site)
{
    struct site_question question = {
        .client = seen->client,
        .server = seen->server,
        .port = seen->port,
        .protocol = seen->protocol,
        .time_ns = seen->flow->first_ns,
    };
    if (!site->is_given)
        return;
    seen->rule = site_decide(site, &question);
    seen->is_allowed = seen->rule && seen->rule->is_allowed;
    seen->is_forbidden = !seen->is_allowed;
}

struct observation observation_of(const struct flow_record *record, const struct site *site,
                                  const struct port_set *watched)
{
    const struct flow *flow = &record->flow;
    struct observation seen = {
        .record = record,
        .flow = flow,
        .client = flow->initiator.address,
        .server = flow->responder.address,
        .port = flow->responder.port,
        .protocol = flow->key.protocol,
        .is_watched = port_set_has(watched, flow->responder.port),
        .is_answered = flow_is_answered(flow),
        .is_continued = flow->marks & FLOW_MARK_CONTINUED,
    };
    seen.is_stray = !seen.is_watched && flow->is_watched;
    seen.is_failed = !seen.is_answered && got_nothing(flow);
    seen.is_to_group = is_group(&seen.server);
    seen.client_is_home = site_is_home(site, &seen.client);
    seen.server_is_home = site_is_home(site, &seen.server);
    seen.client_zone = site_zone(site, &seen.client);
    seen.server_zone = site_zone(site, &seen.server);
    judge(&seen, site);
    return seen;
}
