/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detectors.h"

#include "base/memory.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "detect/baseline.h"
#include "detect/detector_types.h"
#include "detect/ledger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The order decides nothing but how ties are printed. */
static const struct detector *const all[] = {
    &beacon_detector,
    &burst_detector,
    &entropy_detector,
    &exposure_detector,
    &first_seen_detector,
    &half_open_detector,
    &heartbeat_changed_detector,
    &heartbeat_lost_detector,
    &listener_detector,
    &long_connection_detector,
    &malformed_detector,
    &masquerade_detector,
    &odd_transport_detector,
    &port_note_detector,
    &privileged_client_detector,
    &reflection_detector,
    &risk_detector,
    &scan_detector,
    &source_port_detector,
    &tcp_abuse_detector,
    &ttl_change_detector,
    &unexpected_peer_detector,
    &volume_detector,
    &zone_crossing_detector,
    NULL,
};

enum { DETECTORS = sizeof all / sizeof all[0] - 1 };

_Static_assert(DETECTORS <= 32, "detectors are bits");

enum { EARLY_FLOWS_MAX = 16384 };

#define DEFAULT_SUPPRESS_NS (3600 * NS_PER_S)
/* A scan's parts may come before the scan is recognised: live, what may be one waits for so long.
 * Longer would fold more slow scans, and tell all else too late. */
#define HOLD_NS (400 * NS_PER_MS)
/* What did not happen is looked for so often. */
#define LOOK_NS (60 * NS_PER_S)

struct detectors {
    struct detectors_options options;
    struct ledger *ledger;
    struct detecting at_work[DETECTORS];
    size_t count; /* those that are on */
    uint64_t *rule_uses;
    struct keyed_table *early; /* flows seen before their end -> who counted them, as bits */
    uint64_t known_flows, new_flows;
    int64_t next_look_ns; /* live */
};

struct subject subject_of_pair(const struct observation *seen)
{
    return (struct subject){.client = seen->client,
                            .server = seen->server,
                            .port = seen->port,
                            .protocol = seen->protocol};
}

struct subject subject_of_server(const struct observation *seen)
{
    return (struct subject){.server = seen->server, .port = seen->port, .protocol = seen->protocol};
}

uint32_t subject_detail(const char *name)
{
    const struct siphash_key fixed = {{0, 0}};
    return (uint32_t)siphash(&fixed, name, strlen(name)) & 0x7fffffff;
}

struct keyed_table *detecting_table(struct detecting *d, size_t capacity, size_t key_size,
                                    size_t value_size)
{
    assert(d->table_count < DETECTING_TABLES_MAX);
    struct keyed_table *table = keyed_table_new(capacity, key_size, value_size, &d->hash_key);
    d->tables[d->table_count++] = table;
    return table;
}

struct finding *detecting_raise(struct detecting *d, const struct observation *seen,
                                const struct claim *claim)
{
    return ledger_raise(d->ledger, d, seen, claim);
}

static bool is_switch(const char *word, size_t length, bool *is_on)
{
    if (word[length] != '=')
        return false;
    *is_on = strcmp(word + length + 1, "on") == 0;
    return *is_on || strcmp(word + length + 1, "off") == 0;
}

/* The detector that "NAME.SETTING=VALUE" or "NAME=off" speaks of; -1: none. */
static int detector_named(const char *word, size_t length)
{
    for (int i = 0; i < DETECTORS; i++) {
        if (strlen(all[i]->name) == length && memcmp(all[i]->name, word, length) == 0)
            return i;
    }
    return -1;
}

static bool fail_unknown(const char *word, size_t length, struct error *error)
{
    const char *names[DETECTORS];
    char *name = memory_string_n(word, length);
    char shown[80], hint[SUGGESTION_SIZE];
    for (size_t i = 0; i < DETECTORS; i++)
        names[i] = all[i]->name;
    error_set(error, "--set: unknown detector '%s'%s", text_printable(name, shown, sizeof shown),
              suggestion(name, names, DETECTORS, hint));
    free(name);
    return false;
}

static bool apply(struct detecting *d, bool *is_on, const char *word, struct error *error)
{
    size_t length = strlen(d->detector->name);
    if (is_switch(word, length, is_on))
        return true;
    const char *equals = strchr(word, '=');
    if (word[length] != '.' || !equals) {
        char shown[80];
        return error_set(error, "--set: '%s' is neither NAME.SETTING=VALUE nor NAME=on|off",
                         text_printable(word, shown, sizeof shown));
    }
    char *name = memory_string_n(word + length + 1, (size_t)(equals - word) - length - 1);
    bool is_set =
        settings_set(d->detector->settings, d->detector->name, name, equals + 1, d->state, error);
    free(name);
    return is_set;
}

static bool apply_settings(struct detectors *detectors, bool is_on[DETECTORS], struct error *error)
{
    for (size_t i = 0; i < detectors->options.setting_count; i++) {
        const char *word = detectors->options.settings[i];
        size_t length = strcspn(word, ".=");
        int index = detector_named(word, length);
        if (index < 0)
            return fail_unknown(word, length, error);
        if (!apply(&detectors->at_work[index], &is_on[index], word, error))
            return false;
    }
    return true;
}

static void begin(struct detectors *detectors, struct detecting *d, unsigned index)
{
    *d = (struct detecting){
        .detector = all[index],
        .index = index,
        .state = memory_new(1, all[index]->state_size),
        .ledger = detectors->ledger,
        .site = detectors->options.site,
        .baseline = detectors->options.baseline,
        .hash_key = detectors->options.key,
    };
    settings_default(all[index]->settings, d->state);
}

static void end(struct detecting *d)
{
    for (size_t i = 0; i < d->table_count; i++)
        keyed_table_free(d->tables[i]);
    free(d->state);
}

/* Those that are off leave the row. */
static void open_those_on(struct detectors *detectors, const bool is_on[DETECTORS])
{
    for (size_t i = 0; i < DETECTORS; i++) {
        if (!is_on[i]) {
            end(&detectors->at_work[i]);
            continue;
        }
        struct detecting *d = &detectors->at_work[detectors->count++];
        *d = detectors->at_work[i];
        if (d->detector->open)
            d->detector->open(d);
    }
}

struct detectors *detectors_new(const struct detectors_options *options, struct error *error)
{
    struct detectors *detectors = memory_new(1, sizeof *detectors);
    bool is_on[DETECTORS];
    detectors->options = *options;
    if (detectors->options.suppress_ns == 0)
        detectors->options.suppress_ns = DEFAULT_SUPPRESS_NS;
    detectors->ledger = ledger_new(all, &options->key);
    detectors->early =
        keyed_table_new(EARLY_FLOWS_MAX, sizeof(uint64_t), sizeof(uint32_t), &options->key);
    detectors->rule_uses = memory_new(options->site->rule_count, sizeof *detectors->rule_uses);
    for (unsigned i = 0; i < DETECTORS; i++) {
        begin(detectors, &detectors->at_work[i], i);
        is_on[i] = true;
    }
    if (!apply_settings(detectors, is_on, error)) {
        detectors->count = DETECTORS;
        detectors_free(detectors);
        return NULL;
    }
    open_those_on(detectors, is_on);
    return detectors;
}

void detectors_free(struct detectors *detectors)
{
    if (!detectors)
        return;
    for (size_t i = 0; i < detectors->count; i++)
        end(&detectors->at_work[i]);
    ledger_free(detectors->ledger);
    keyed_table_free(detectors->early);
    free(detectors->rule_uses);
    free(detectors);
}

static void count_known(struct detectors *detectors, const struct observation *seen)
{
    const struct baseline *baseline = detectors->options.baseline;
    if (!baseline || !seen->is_watched || !seen->is_answered)
        return;
    if (baseline_knows_pair(baseline, seen))
        detectors->known_flows++;
    else
        detectors->new_flows++;
}

static bool may_see(const struct detector *detector, const struct flow_record *record)
{
    return detector->on_flow && (detector->looks_early || !record->is_early) &&
           (record->flow.is_watched || detector->is_for_all);
}

static void show(struct detectors *detectors, const struct observation *seen)
{
    ledger_see(detectors->ledger, seen);
    for (size_t i = 0; i < detectors->count; i++) {
        struct detecting *d = &detectors->at_work[i];
        if (may_see(d->detector, seen->record))
            d->detector->on_flow(d, seen);
    }
}

static void show_early(struct detectors *detectors, struct observation *seen)
{
    seen->counted_by = keyed_table_find_or_add(detectors->early, &seen->flow->id, NULL);
    show(detectors, seen);
}

static void show_ended(struct detectors *detectors, struct observation *seen)
{
    if (seen->rule)
        detectors->rule_uses[seen->rule - detectors->options.site->rules]++;
    count_known(detectors, seen);
    seen->counted_by = keyed_table_find(detectors->early, &seen->flow->id);
    show(detectors, seen);
    if (seen->counted_by)
        keyed_table_remove(detectors->early, &seen->flow->id);
}

void detectors_on_flow(struct detectors *detectors, const struct flow_record *record)
{
    struct observation seen =
        observation_of(record, detectors->options.site, &detectors->options.rulebook->watched);
    if (record->is_early)
        show_early(detectors, &seen);
    else
        show_ended(detectors, &seen);
}

void detectors_set_rules(struct detectors *detectors, const struct rulebook *rulebook)
{
    detectors->options.rulebook = rulebook;
    free(detectors->rule_uses);
    detectors->rule_uses =
        memory_new(detectors->options.site->rule_count, sizeof *detectors->rule_uses);
}

static void look_around(struct detectors *detectors, int64_t now_ns)
{
    if (now_ns < detectors->next_look_ns)
        return;
    detectors->next_look_ns = now_ns + LOOK_NS;
    for (size_t i = 0; i < detectors->count; i++) {
        struct detecting *d = &detectors->at_work[i];
        if (d->detector->on_tick)
            d->detector->on_tick(d, now_ns);
    }
}

bool detectors_on_tick(struct detectors *detectors, int64_t now_ns)
{
    const struct ledger_pace pace = {.hold_ns = HOLD_NS,
                                     .suppress_ns = detectors->options.suppress_ns};
    look_around(detectors, now_ns);
    return ledger_tell_due(detectors->ledger, now_ns, &pace, detectors->options.on_finding,
                           detectors->options.context) > 0;
}

bool detectors_hold_findings(const struct detectors *detectors)
{
    return ledger_holds(detectors->ledger);
}

void detectors_on_end(struct detectors *detectors, int64_t now_ns)
{
    for (size_t i = 0; i < detectors->count; i++) {
        struct detecting *d = &detectors->at_work[i];
        if (d->detector->on_end)
            d->detector->on_end(d, now_ns);
    }
    ledger_tell_all(detectors->ledger, detectors->options.on_finding, detectors->options.context);
}

void detectors_count_limits(const struct detectors *detectors, struct totals *totals)
{
    totals->limits_hit[LIMIT_FINDINGS] = ledger_overflowed(detectors->ledger);
    totals->limit_values[LIMIT_FINDINGS] = LEDGER_FINDINGS_MAX;
    totals->limits_hit[LIMIT_DETECTOR_STATE] = keyed_table_evicted(detectors->early);
    totals->limit_values[LIMIT_DETECTOR_STATE] = 0;
    for (size_t i = 0; i < detectors->count; i++) {
        const struct detecting *d = &detectors->at_work[i];
        for (size_t table = 0; table < d->table_count; table++) {
            totals->limits_hit[LIMIT_DETECTOR_STATE] += keyed_table_evicted(d->tables[table]);
            totals->limit_values[LIMIT_DETECTOR_STATE] += keyed_table_capacity(d->tables[table]);
        }
    }
}

const uint64_t *detectors_rule_uses(const struct detectors *detectors)
{
    return detectors->rule_uses;
}

uint64_t detectors_known_flows(const struct detectors *detectors)
{
    return detectors->known_flows;
}

uint64_t detectors_new_flows(const struct detectors *detectors)
{
    return detectors->new_flows;
}

void detectors_print(FILE *out)
{
    for (size_t i = 0; i < DETECTORS; i++) {
        const struct setting *setting = all[i]->settings;
        fprintf(out, "%-18s %s (%s)\n", all[i]->name, all[i]->help, all[i]->attack_id);
        for (; setting && setting->name; setting++)
            fprintf(out, "  %-14s %-10s %s\n", setting->name, setting->normal, setting->help);
    }
}
