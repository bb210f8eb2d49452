/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections that are begun and never completed, many on one port of one host: a SYN flood. A
 * nonparametric CUSUM with a drift: S = max(0, S + 1 - drift x time since the last), and an alarm
 * when S passes a floor, since on a dormant port the mean is zero. The client's own ACK is what
 * completes a connection, so a capture of the server's direction alone makes no floods; a client
 * that tries a dead server once a second stays below. False alarms: a load test against a host that
 * is down.
 */
#include "base/timestamp.h"
#include "detect/detector_types.h"
#include "detect/words.h"

enum { TARGETS_MAX = 4096 };

struct half_open {
    uint64_t floor;
    double drift;
    struct keyed_table *targets;
};

struct target {
    double sum;
    int64_t last_ns;
    uint64_t half_open, attempts;
};

static const struct setting half_open_settings[] = {
    {"floor", SETTING_COUNT, offsetof(struct half_open, floor), "20",
     "half-open connections above the drift"},
    {"drift", SETTING_NUMBER, offsetof(struct half_open, drift), "1",
     "half-open connections a second that are no flood"},
    {0},
};

static void half_open_open(struct detecting *d)
{
    struct half_open *watch = d->state;
    watch->targets = detecting_table(d, TARGETS_MAX, sizeof(struct subject), sizeof(struct target));
}

static bool is_half_open(const struct flow *flow)
{
    uint8_t flags = flow->sides[TO_RESPONDER].tcp_flags;
    return flags & TCP_SYN && !(flags & TCP_ACK) && flow->state != CONN_REJ;
}

/* Whether the sum passes the floor. Records come in the order of their ends: time that seems to run
 * backwards is no time. */
static bool note(const struct half_open *watch, struct target *target, int64_t now_ns)
{
    double elapsed_s = (double)(now_ns - target->last_ns) / (double)NS_PER_S;
    if (target->half_open == 0 || elapsed_s < 0)
        elapsed_s = 0;
    target->sum -= watch->drift * elapsed_s;
    if (target->sum < 0)
        target->sum = 0;
    target->sum += 1;
    if (target->half_open == 0 || now_ns > target->last_ns)
        target->last_ns = now_ns;
    target->half_open++;
    return target->sum > (double)watch->floor;
}

static void half_open_on_flow(struct detecting *d, const struct observation *seen)
{
    struct half_open *watch = d->state;
    if (!seen->is_watched || seen->protocol != TRANSPORT_TCP || seen->is_continued)
        return;
    const struct subject subject = subject_of_server(seen);
    struct target *target = keyed_table_find_or_add(watch->targets, &subject, NULL);
    target->attempts++;
    if (!is_half_open(seen->flow) || !note(watch, target, seen->flow->first_ns))
        return;
    const struct claim claim = {
        .subject = subject,
        .severity = target->half_open >= 10 * watch->floor ? SEVERITY_HIGH : SEVERITY_MEDIUM,
        .confidence = target->half_open >= 5 * watch->floor ? 95 : 80,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char where[WORDS_SIZE];
    if (!finding)
        return;
    finding->count = target->half_open;
    finding_title(finding, "SYN flood against %s", server_words(seen, where));
    finding_why(finding, "connections are begun faster than %g a second and never completed",
                watch->drift);
    finding_why(finding, "%llu of %llu attempts when this was noticed",
                (unsigned long long)target->half_open, (unsigned long long)target->attempts);
}

const struct detector half_open_detector = {
    .name = "half-open",
    .help = "many connections begun and never completed: a SYN flood",
    .signature_id = 1540012,
    .attack_id = "T1499.001",
    .attack_name = "OS Exhaustion Flood",
    .next = "Check that SYN cookies are on at the target; if the sources are not spoofed, stop "
            "them there.",
    .state_size = sizeof(struct half_open),
    .settings = half_open_settings,
    .open = half_open_open,
    .on_flow = half_open_on_flow,
};
