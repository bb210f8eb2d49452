/* SPDX-License-Identifier: Apache-2.0
 *
 * One source tries many. Two ways to notice, either is enough:
 *
 * - Threshold random walk (Jung, Paxson, Berger, Balakrishnan: Fast Portscan Detection Using
 *   Sequential Hypothesis Testing, IEEE S&P 2004). An honest source's first contact with a host
 *   succeeds with 0.8, a scanner's with 0.2; so each failure multiplies the odds by 4, each success
 *   divides them by 4, and with P_D 0.99 and P_F 0.01 the bound is 99: four failures more than
 *   successes. Works with few samples, as a dormant port has.
 * - Counts, as Zeek's scan script has them: 25 hosts, or 15 ports of one host, failed in 5 minutes.
 *   UDP has only counts, since silence is a usual answer there: 10 hosts.
 *
 * An attempt failed when the other side neither sent SYN-ACK nor data, and the client neither; so a
 * capture of one direction makes no scanners. Attempts that the site policy allows do not count: a
 * poller of four dead probes is no scanner. False alarms: discovery by network management,
 * vulnerability scanners, peers of a server farm that is down.
 */
#include "base/timestamp.h"
#include "detect/detector_types.h"
#include "detect/words.h"

#include <stdio.h>

enum {
    SOURCES_MAX = 4096,
    PAIRS_MAX = 32768,
    CONTACTS_MAX = 32768,
    PORTS_KEPT = 6,
};

struct scan {
    uint64_t walk, hosts, udp_hosts, ports;
    int64_t window_ns, memory_ns;
    struct keyed_table *sources, *pairs, *contacts;
};

struct pair_key {
    struct address source, host;
};

struct contact_key {
    struct address source, host;
    uint16_t port;
    uint8_t protocol, zero;
};
_Static_assert(sizeof(struct contact_key) == 38, "a key has no hidden padding");

/* How many ports of one host failed. The first is remembered here: most sources try one. */
struct pair {
    int64_t begun_ns;
    uint32_t failed_ports;
    uint16_t first_port;
    uint8_t first_protocol;
};

struct source {
    int64_t first_ns, last_ns, window_ns;
    int64_t walk; /* logarithm to base 4 of the odds */
    uint32_t attempts, failures, hosts;
    uint32_t window_hosts, window_udp_hosts, most_ports; /* failed within the window */
    uint32_t answers;
    struct address answered_host;
    uint16_t answered_port;
    uint16_t ports[PORTS_KEPT];
    uint32_t port_count;
    bool is_scanner, is_changed;
};

static const struct setting scan_settings[] = {
    {"walk", SETTING_COUNT, offsetof(struct scan, walk), "4",
     "failed first contacts more than successful ones (threshold random walk)"},
    {"hosts", SETTING_COUNT, offsetof(struct scan, hosts), "25", "hosts that failed in the window"},
    {"udp-hosts", SETTING_COUNT, offsetof(struct scan, udp_hosts), "10",
     "hosts that were silent on UDP in the window"},
    {"ports", SETTING_COUNT, offsetof(struct scan, ports), "15",
     "ports of one host that failed in the window"},
    {"window", SETTING_DURATION, offsetof(struct scan, window_ns), "5m", "for the counts"},
    {"memory", SETTING_DURATION, offsetof(struct scan, memory_ns), "30m",
     "a source that rested so long begins anew"},
    {0},
};

static void scan_open(struct detecting *d)
{
    struct scan *scan = d->state;
    scan->sources = detecting_table(d, SOURCES_MAX, sizeof(struct address), sizeof(struct source));
    scan->pairs = detecting_table(d, PAIRS_MAX, sizeof(struct pair_key), sizeof(struct pair));
    scan->contacts = detecting_table(d, CONTACTS_MAX, sizeof(struct contact_key), 1);
}

/* What was told of a scanner stays counted; to be one again it has to pass the bound again. */
static void begin_anew(struct source *source, int64_t now_ns)
{
    if (!source->is_scanner)
        *source = (struct source){.first_ns = now_ns};
    source->window_ns = now_ns;
    source->walk = 0;
    source->window_hosts = source->window_udp_hosts = source->most_ports = 0;
    source->is_scanner = false;
}

static struct source *source_of(struct scan *scan, const struct observation *seen)
{
    bool is_new;
    int64_t now_ns = seen->flow->first_ns;
    struct source *source = keyed_table_find_or_add(scan->sources, &seen->client, &is_new);
    if (is_new || now_ns - source->last_ns > scan->memory_ns)
        begin_anew(source, now_ns);
    if (now_ns < source->first_ns)
        source->first_ns = now_ns;
    if (is_new || now_ns > source->last_ns)
        source->last_ns = now_ns;
    if (now_ns - source->window_ns > scan->window_ns) {
        source->window_ns = now_ns;
        source->window_hosts = source->window_udp_hosts = source->most_ports = 0;
    }
    return source;
}

static void note_port(struct source *source, uint16_t port)
{
    for (uint32_t i = 0; i < source->port_count && i < PORTS_KEPT; i++) {
        if (source->ports[i] == port)
            return;
    }
    if (source->port_count < PORTS_KEPT)
        source->ports[source->port_count] = port;
    source->port_count++;
}

static void note_answer(struct source *source, const struct observation *seen)
{
    if (source->answers++ > 0)
        return;
    source->answered_host = seen->server;
    source->answered_port = seen->port;
}

/* The walk goes on with the first contact of each host. */
static void note_first_contact(struct source *source, const struct observation *seen)
{
    bool is_udp = seen->protocol == TRANSPORT_UDP;
    source->hosts++;
    if (seen->is_failed) {
        source->walk += !is_udp;
        source->window_hosts++;
        source->window_udp_hosts += is_udp;
    } else if (seen->is_answered && source->walk > 0) {
        source->walk--;
    }
}

static bool is_new_port(struct scan *scan, struct pair *pair, const struct observation *seen)
{
    const struct contact_key key = {.source = seen->client,
                                    .host = seen->server,
                                    .port = seen->port,
                                    .protocol = seen->protocol};
    bool is_new;
    if (pair->first_port == seen->port && pair->first_protocol == seen->protocol)
        return false;
    if (pair->first_protocol == 0) {
        pair->first_port = seen->port;
        pair->first_protocol = seen->protocol;
        return true;
    }
    keyed_table_find_or_add(scan->contacts, &key, &is_new);
    return is_new;
}

static void note_failed_port(struct scan *scan, struct source *source, struct pair *pair,
                             const struct observation *seen)
{
    if (!is_new_port(scan, pair, seen))
        return;
    if (seen->flow->first_ns - pair->begun_ns > scan->window_ns) {
        pair->begun_ns = seen->flow->first_ns;
        pair->failed_ports = 0;
    }
    if (++pair->failed_ports > source->most_ports)
        source->most_ports = pair->failed_ports;
}

static void note(struct scan *scan, struct source *source, const struct observation *seen)
{
    const struct pair_key key = {seen->client, seen->server};
    bool is_new;
    struct pair *pair = keyed_table_find_or_add(scan->pairs, &key, &is_new);
    source->attempts++;
    source->failures += seen->is_failed;
    note_port(source, seen->port);
    if (is_new) {
        pair->begun_ns = seen->flow->first_ns;
        note_first_contact(source, seen);
    }
    if (seen->is_failed)
        note_failed_port(scan, source, pair, seen);
    else if (seen->is_answered)
        note_answer(source, seen);
}

static bool passed(const struct scan *scan, const struct source *source)
{
    return source->walk >= (int64_t)scan->walk || source->window_hosts >= scan->hosts ||
           source->window_udp_hosts >= scan->udp_hosts || source->most_ports >= scan->ports;
}

static void explain_ports(struct finding *finding, const struct source *source)
{
    char words[WORDS_SIZE] = "";
    size_t length = 0;
    for (uint32_t i = 0; i < source->port_count && i < PORTS_KEPT && length < sizeof words; i++)
        length += (size_t)snprintf(words + length, sizeof words - length, "%s%u", i > 0 ? ", " : "",
                                   source->ports[i]);
    finding_why(finding, "it tried port%s %s%s", source->port_count > 1 ? "s" : "", words,
                source->port_count > PORTS_KEPT ? " and others" : "");
}

static void explain(struct finding *finding, const struct source *source, const struct address *who)
{
    char words[ADDRESS_TEXT_SIZE];
    finding->why_count = 0;
    finding->count = source->attempts;
    if (source->first_ns < finding->first_ns || finding->first_ns == 0)
        finding->first_ns = source->first_ns;
    finding->hosts_total = source->hosts + 1;
    finding_title(finding, "%s scans %u host%s", address_text(who, words), source->hosts,
                  source->hosts == 1 ? "" : "s");
    finding_why(finding, "%u of %u attempts failed", source->failures, source->attempts);
    explain_ports(finding, source);
    if (source->answers > 0)
        finding_why(finding, "answered %u time%s, first by %s on port %u", source->answers,
                    source->answers == 1 ? "" : "s", address_text(&source->answered_host, words),
                    source->answered_port);
}

static struct claim claim_of(const struct source *source, const struct address *who)
{
    return (struct claim){
        .subject.client = *who,
        .severity = source->answers > 0 ? SEVERITY_HIGH : SEVERITY_MEDIUM,
        .confidence = source->failures >= 10 ? 95 : 80,
        .actor = who,
    };
}

static void scan_on_flow(struct detecting *d, const struct observation *seen)
{
    struct scan *scan = d->state;
    if (seen->is_continued || seen->is_allowed || !transport_has_ports(seen->protocol) ||
        seen->is_to_group || (!seen->is_failed && !seen->is_answered))
        return;
    struct source *source = source_of(scan, seen);
    note(scan, source, seen);
    source->is_scanner = source->is_scanner || passed(scan, source);
    if (!source->is_scanner)
        return;
    source->is_changed = true;
    struct claim claim = claim_of(source, &seen->client);
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (finding)
        explain(finding, source, &seen->client);
}

/* The words follow the numbers now and then, not with every packet of a flood. */
static void scan_on_tick(struct detecting *d, int64_t now_ns)
{
    struct scan *scan = d->state;
    struct source *source = keyed_table_oldest(scan->sources);
    (void)now_ns;
    for (; source; source = keyed_table_younger(scan->sources, source)) {
        if (!source->is_scanner || !source->is_changed)
            continue;
        const struct address *who = keyed_table_key(scan->sources, source);
        struct claim claim = claim_of(source, who);
        claim.is_rewritten = true;
        struct finding *finding = detecting_raise(d, NULL, &claim);
        if (finding)
            explain(finding, source, who);
        source->is_changed = false;
    }
}

const struct detector scan_detector = {
    .name = "scan",
    .help = "one source tries many hosts, or many ports of one",
    .signature_id = 1540011,
    .attack_id = "T1046",
    .attack_name = "Network Service Discovery",
    .next = "Ask whose scanner it is; if nobody's, isolate the source and look at the hosts that "
            "answered it.",
    .state_size = sizeof(struct scan),
    .settings = scan_settings,
    .is_for_all = true,
    .open = scan_open,
    .on_flow = scan_on_flow,
    .on_tick = scan_on_tick,
    .on_end = scan_on_tick,
};
