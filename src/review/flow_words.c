/* SPDX-License-Identifier: Apache-2.0 */
#include "review/flow_words.h"

#include <stdio.h>
#include <string.h>

const char *flow_row_community_id(const struct store_flow *row, char out[FLOW_COMMUNITY_ID_SIZE])
{
    struct flow flow = {.initiator = {.address = row->initiator, .port = row->initiator_port},
                        .responder = {.address = row->responder, .port = row->responder_port}};
    int order = address_compare(&row->initiator, &row->responder);
    bool is_low = order < 0 || (order == 0 && row->initiator_port <= row->responder_port);
    flow.key.protocol = row->protocol;
    flow.key.low = is_low ? flow.initiator : flow.responder;
    flow.key.high = is_low ? flow.responder : flow.initiator;
    return flow_community_id(&flow, out);
}

const char *flow_row_display_filter(const struct store_flow *row, char out[FLOW_FILTER_SIZE])
{
    char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];
    const char *ip = row->initiator.version == 6 ? "ipv6" : "ip";
    const char *transport = row->protocol == TRANSPORT_TCP   ? "tcp"
                            : row->protocol == TRANSPORT_UDP ? "udp"
                                                             : NULL;
    address_text(&row->initiator, from);
    address_text(&row->responder, to);
    snprintf(out, FLOW_FILTER_SIZE, "%s.addr == %s && %s.addr == %s", ip, from, ip, to);
    size_t length = strlen(out);
    if (transport)
        snprintf(out + length, FLOW_FILTER_SIZE - length, " && %s.port == %u && %s.port == %u",
                 transport, (unsigned)row->initiator_port, transport,
                 (unsigned)row->responder_port);
    return out;
}
