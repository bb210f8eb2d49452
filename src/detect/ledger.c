/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ledger.h"

#include "base/memory.h"
#include "detect/filters.h"
#include "detect/trails.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETECTORS_MAX = 32 };

struct ledger_key {
    struct subject subject;
    uint32_t detector;
};
_Static_assert(sizeof(struct ledger_key) == 48, "a key has no hidden padding");

struct entry {
    struct finding finding;
    struct address actor; /* whose doing it is; version 0: several, or nobody's */
    int64_t raised_ns;    /* when it was first raised, by the records' own time */
    int64_t told_ns;
    enum severity told_severity;
    uint64_t told_count; /* 0: not told yet */
    bool is_part;        /* of a worse finding, when it was last looked at */
    int64_t part_ns;     /* live: when that was */
    bool is_overflow;
    uint32_t parts[DETECTORS_MAX]; /* findings of others that are part of this one */
};

struct ledger {
    const struct detector *const *detectors;
    size_t detector_count;
    struct keyed_table *entries;
    struct recent_trails *recent;
    unsigned filled[DETECTORS_MAX];      /* entries of each detector */
    struct entry *latest[DETECTORS_MAX]; /* the entry of each detector's latest sighting */
    bool may_be_part[DETECTORS_MAX];
    size_t held; /* entries that wait to be told, as of the last look */
    uint64_t overflowed;
    int64_t now_ns; /* of the latest sighting */
};

/* What is only part of what: a finding of the first is counted with one of the second when the same
 * host did both, or when both are about the same port of the same host. */
enum part_by { PART_BY_ACTOR, PART_BY_SERVER };

static const struct {
    const char *part, *whole;
    enum part_by by;
} parts[] = {
    {"listener", "scan", PART_BY_ACTOR},
    {"unexpected-peer", "scan", PART_BY_ACTOR},
    {"first-seen", "scan", PART_BY_ACTOR},
    {"tcp-abuse", "scan", PART_BY_ACTOR},
    {"malformed", "scan", PART_BY_ACTOR},
    {"half-open", "scan", PART_BY_ACTOR},
    {"source-port", "scan", PART_BY_ACTOR},
    {"privileged-client", "scan", PART_BY_ACTOR},
    {"odd-transport", "scan", PART_BY_ACTOR},
    {"zone-crossing", "scan", PART_BY_ACTOR},
    {"ttl-change", "scan", PART_BY_ACTOR},
    {"burst", "scan", PART_BY_ACTOR},
    {"exposure", "scan", PART_BY_ACTOR},
    {"listener", "masquerade", PART_BY_SERVER},
    {"listener", "odd-transport", PART_BY_SERVER},
    {"listener", "half-open", PART_BY_ACTOR},
    {"burst", "half-open", PART_BY_SERVER},
    {"tcp-abuse", "half-open", PART_BY_ACTOR},
    {"ttl-change", "half-open", PART_BY_ACTOR},
    {"entropy", "masquerade", PART_BY_SERVER},
    {"first-seen", "unexpected-peer", PART_BY_ACTOR},
    {"listener", "unexpected-peer", PART_BY_SERVER},
    {"unexpected-peer", "exposure", PART_BY_SERVER},
    {"listener", "exposure", PART_BY_SERVER},
    {"beacon", "burst", PART_BY_SERVER},
    {"first-seen", "listener", PART_BY_SERVER},
};

enum { PARTS = sizeof parts / sizeof parts[0] };

static bool may_be_part(const char *detector)
{
    for (size_t rule = 0; rule < PARTS; rule++) {
        if (strcmp(parts[rule].part, detector) == 0)
            return true;
    }
    return false;
}

struct ledger *ledger_new(const struct detector *const *detectors, const struct siphash_key *key)
{
    struct ledger *ledger = memory_new(1, sizeof *ledger);
    ledger->detectors = detectors;
    for (; detectors[ledger->detector_count]; ledger->detector_count++) {
        assert(ledger->detector_count < DETECTORS_MAX);
        const char *name = detectors[ledger->detector_count]->name;
        ledger->may_be_part[ledger->detector_count] = may_be_part(name);
    }
    /* One more of each detector: for those that have no place. */
    ledger->entries = keyed_table_new(ledger->detector_count * (LEDGER_FINDINGS_MAX + 1),
                                      sizeof(struct ledger_key), sizeof(struct entry), key);
    ledger->recent = recent_trails_new(key);
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    struct entry *entry = keyed_table_oldest(ledger->entries);
    for (; entry; entry = keyed_table_younger(ledger->entries, entry))
        trails_release(&entry->finding);
    recent_trails_free(ledger->recent);
    keyed_table_free(ledger->entries);
    free(ledger);
}

uint64_t ledger_overflowed(const struct ledger *ledger)
{
    return ledger->overflowed;
}

static const struct ledger_key *key_of(const struct ledger *ledger, const struct entry *entry)
{
    return keyed_table_key(ledger->entries, entry);
}

static bool is_pair(const struct subject *subject)
{
    return subject->client.version != 0 && subject->server.version != 0;
}

static void begin(struct finding *finding, const struct detecting *d, const struct claim *claim)
{
    const struct detector *detector = d->detector;
    finding->detector = detector->name;
    finding->signature_id = detector->signature_id;
    finding->attack_id = detector->attack_id;
    finding->attack_name = detector->attack_name;
    finding->next = detector->next;
    finding->key = (uint64_t)detector->signature_id << 32 | claim->subject.detail;
    filters_write(&claim->subject, finding);
}

/* A flow that was shown before its end is counted once. */
static bool is_counted(const struct observation *seen, unsigned detector)
{
    if (!seen->counted_by)
        return false;
    bool is_counted = *seen->counted_by >> detector & 1;
    *seen->counted_by |= UINT32_C(1) << detector;
    return is_counted;
}

static void take_flow(struct finding *finding, const struct observation *seen, unsigned detector,
                      const struct subject *subject)
{
    const struct flow *flow = seen->flow;
    bool is_first = finding->count == 0;
    if (is_first || flow->first_ns < finding->first_ns)
        finding->first_ns = flow->first_ns;
    if (is_first || flow->last_ns > finding->last_ns)
        finding->last_ns = flow->last_ns;
    finding->count += !is_counted(seen, detector) || is_first;
    finding_add_host(finding, &seen->client);
    finding_add_host(finding, &seen->server);
    finding_add_flow(finding, flow->id);
    trails_take(finding, flow);
    if (!is_first || subject->server.version == 0 || (!is_pair(subject) && subject->port == 0))
        return;
    finding->responder = flow->responder;
    finding->protocol = seen->protocol;
    if (!is_pair(subject))
        return;
    finding->has_flow = true;
    finding->initiator = flow->initiator;
    finding->flow_id = flow->id;
}

static const struct address *actor_of(const struct claim *claim, const struct observation *seen)
{
    if (claim->actor)
        return claim->actor;
    return seen ? &seen->client : NULL;
}

static void note_actor(struct entry *entry, const struct address *actor, bool is_new)
{
    if (is_new && actor)
        entry->actor = *actor;
    else if (!actor || address_compare(&entry->actor, actor) != 0)
        entry->actor.version = 0;
}

/* A flood is one subject again and again. */
static struct entry *known(struct ledger *ledger, const struct ledger_key *key)
{
    struct entry **latest = &ledger->latest[key->detector];
    if (*latest && memcmp(key_of(ledger, *latest), key, sizeof *key) == 0)
        return *latest;
    struct entry *entry = keyed_table_find(ledger->entries, key);
    if (entry)
        *latest = entry;
    return entry;
}

/* Beyond its bound a detector has one entry for all that is new. */
static struct entry *place_for(struct ledger *ledger, const struct detecting *d,
                               const struct claim *claim, bool *is_new)
{
    struct ledger_key key = {.subject = claim->subject, .detector = d->index};
    struct entry *entry = known(ledger, &key);
    *is_new = false;
    if (entry)
        return entry;
    bool is_overflow = ledger->filled[d->index] >= LEDGER_FINDINGS_MAX;
    if (is_overflow) {
        key.subject = (struct subject){.detail = UINT32_MAX};
        ledger->overflowed++;
    }
    entry = keyed_table_find_or_add(ledger->entries, &key, is_new);
    if (*is_new)
        ledger->filled[d->index]++;
    entry->is_overflow = is_overflow;
    ledger->latest[d->index] = entry;
    return entry;
}

static void word_overflow(struct entry *entry)
{
    struct finding *finding = &entry->finding;
    finding->why_count = 0;
    finding->display_filter[0] = finding->capture_filter[0] = '\0';
    finding_title(finding, "More findings of %s", finding->detector);
    finding_why(finding, "beyond the first %d subjects, sightings are only counted",
                LEDGER_FINDINGS_MAX);
}

struct finding *ledger_raise(struct ledger *ledger, const struct detecting *d,
                             const struct observation *seen, const struct claim *claim)
{
    bool is_new;
    struct entry *entry = place_for(ledger, d, claim, &is_new);
    struct finding *finding = &entry->finding;
    if (is_new) {
        begin(finding, d, claim);
        entry->raised_ns = ledger->now_ns;
        ledger->held++;
    }
    if (seen) {
        take_flow(finding, seen, d->index, &claim->subject);
        if (!finding->service && seen->record->classification.assigned)
            finding->service = seen->record->classification.assigned->name;
    } else {
        recent_trails_take(ledger->recent, &claim->subject, finding);
    }
    note_actor(entry, actor_of(claim, seen), is_new);
    bool is_worse = is_new || claim->severity > finding->severity;
    if (is_worse)
        finding->severity = claim->severity;
    if (is_worse || claim->is_rewritten)
        finding->confidence = (uint8_t)claim->confidence;
    if (entry->is_overflow) {
        if (is_new)
            word_overflow(entry);
        return NULL;
    }
    if (!is_worse && !claim->is_rewritten)
        return NULL;
    finding->why_count = 0;
    return finding;
}

void ledger_see(struct ledger *ledger, const struct observation *seen)
{
    ledger->now_ns = seen->record->due_ns;
    recent_trails_note(ledger->recent, seen);
}

static int index_of(const struct ledger *ledger, const char *name)
{
    for (size_t i = 0; i < ledger->detector_count; i++) {
        if (strcmp(ledger->detectors[i]->name, name) == 0)
            return (int)i;
    }
    return -1;
}

static bool is_whole_of(const struct ledger *ledger, const struct entry *whole,
                        const struct entry *part, enum part_by by)
{
    const struct subject *whose = &key_of(ledger, whole)->subject;
    const struct subject *what = &key_of(ledger, part)->subject;
    if (by == PART_BY_ACTOR)
        return part->actor.version != 0 && address_compare(&whole->actor, &part->actor) == 0;
    return whose->server.version != 0 && address_compare(&whose->server, &what->server) == 0 &&
           whose->port == what->port && whose->protocol == what->protocol;
}

/* The finding that `part` is only a part of; NULL when it stands for itself. */
static struct entry *whole_of(const struct ledger *ledger, const struct entry *part)
{
    const char *name = part->finding.detector;
    for (size_t rule = 0; rule < PARTS; rule++) {
        if (strcmp(parts[rule].part, name) != 0)
            continue;
        int index = index_of(ledger, parts[rule].whole);
        struct entry *entry = keyed_table_oldest(ledger->entries);
        for (; entry; entry = keyed_table_younger(ledger->entries, entry)) {
            if (index == (int)key_of(ledger, entry)->detector && !entry->is_overflow &&
                is_whole_of(ledger, entry, part, parts[rule].by))
                return entry;
        }
    }
    return NULL;
}

static struct entry *next_of(const struct ledger *ledger, const struct entry *entry)
{
    return keyed_table_younger(ledger->entries, entry);
}

/* Says of each entry whether it is part of another, and counts parts with their whole. */
static void fold(struct ledger *ledger)
{
    struct entry *entry = keyed_table_oldest(ledger->entries);
    for (; entry; entry = next_of(ledger, entry))
        memset(entry->parts, 0, sizeof entry->parts);
    for (entry = keyed_table_oldest(ledger->entries); entry; entry = next_of(ledger, entry)) {
        struct entry *whole = entry->is_overflow ? NULL : whole_of(ledger, entry);
        entry->is_part = whole != NULL;
        if (whole)
            whole->parts[key_of(ledger, entry)->detector]++;
    }
}

static void add_parts(const struct ledger *ledger, const struct entry *entry,
                      struct finding *finding)
{
    char words[FINDING_TEXT_SIZE] = "";
    size_t length = 0;
    for (size_t i = 0; i < ledger->detector_count; i++) {
        if (entry->parts[i] == 0 || length >= sizeof words)
            continue;
        int more = snprintf(words + length, sizeof words - length, "%s%u %s",
                            length > 0 ? ", " : "", entry->parts[i], ledger->detectors[i]->name);
        length += more > 0 ? (size_t)more : 0;
    }
    if (length > 0)
        finding_why(finding, "counted in here: %s", words);
}

static void tell_entry(struct ledger *ledger, struct entry *entry, finding_fn *tell, void *context)
{
    struct finding finding = entry->finding;
    add_parts(ledger, entry, &finding);
    entry->told_count = finding.count;
    entry->told_ns = ledger->now_ns;
    entry->told_severity = finding.severity;
    tell(context, &finding);
    trails_release(&entry->finding);
}

/* Untold, worse than told, or with news, for long enough. What was found to be part of something is
 * looked at again no more often than it would be told. */
static bool may_be_due(const struct ledger *ledger, const struct entry *entry, int64_t now_ns,
                       const struct ledger_pace *pace)
{
    if (entry->is_part && now_ns - entry->part_ns < pace->suppress_ns)
        return false;
    if (entry->told_count > 0 && entry->finding.severity == entry->told_severity)
        return entry->finding.count > entry->told_count &&
               now_ns - entry->told_ns >= pace->suppress_ns;
    bool may_wait = ledger->may_be_part[key_of(ledger, entry)->detector];
    return !may_wait || now_ns - entry->raised_ns >= pace->hold_ns;
}

/* Told or part of something else, and nothing new since. */
static bool is_over(const struct entry *entry, int64_t now_ns, const struct ledger_pace *pace)
{
    bool is_settled = entry->is_part || entry->told_count == entry->finding.count;
    return is_settled && now_ns - entry->finding.last_ns >= 2 * pace->suppress_ns;
}

static void forget(struct ledger *ledger, struct entry *entry)
{
    struct ledger_key key = *key_of(ledger, entry);
    trails_release(&entry->finding);
    ledger->filled[key.detector]--;
    ledger->latest[key.detector] = NULL;
    keyed_table_remove(ledger->entries, &key);
}

static bool is_part_of(const struct ledger *ledger, const struct entry *whole,
                       const struct entry *entry)
{
    int detector = (int)key_of(ledger, whole)->detector;
    const char *name = entry->finding.detector;
    for (size_t rule = 0; rule < PARTS; rule++) {
        if (strcmp(parts[rule].part, name) == 0 &&
            index_of(ledger, parts[rule].whole) == detector &&
            is_whole_of(ledger, whole, entry, parts[rule].by))
            return whole_of(ledger, entry) == whole;
    }
    return false;
}

static void count_parts(struct ledger *ledger, struct entry *whole)
{
    memset(whole->parts, 0, sizeof whole->parts);
    struct entry *entry = keyed_table_oldest(ledger->entries);
    for (; entry; entry = next_of(ledger, entry)) {
        if (entry != whole && !entry->is_overflow && is_part_of(ledger, whole, entry))
            whole->parts[key_of(ledger, entry)->detector]++;
    }
}

/* Tells the entry unless it is part of another; whether it was told. */
static bool tell_if_whole(struct ledger *ledger, struct entry *entry, finding_fn *tell,
                          void *context)
{
    entry->is_part = !entry->is_overflow && whole_of(ledger, entry) != NULL;
    entry->part_ns = ledger->now_ns;
    if (entry->is_part)
        return false;
    count_parts(ledger, entry);
    tell_entry(ledger, entry, tell, context);
    return true;
}

static void forget_what_is_over(struct ledger *ledger, int64_t now_ns,
                                const struct ledger_pace *pace)
{
    struct entry *next;
    for (struct entry *entry = keyed_table_oldest(ledger->entries); entry; entry = next) {
        next = next_of(ledger, entry);
        if (is_over(entry, now_ns, pace) && !may_be_due(ledger, entry, now_ns, pace))
            forget(ledger, entry);
    }
}

size_t ledger_tell_due(struct ledger *ledger, int64_t now_ns, const struct ledger_pace *pace,
                       finding_fn *tell, void *context)
{
    size_t told = 0;
    ledger->now_ns = now_ns;
    ledger->held = 0;
    forget_what_is_over(ledger, now_ns, pace);
    struct entry *entry = keyed_table_oldest(ledger->entries);
    for (; entry; entry = next_of(ledger, entry)) {
        if (may_be_due(ledger, entry, now_ns, pace))
            told += tell_if_whole(ledger, entry, tell, context);
        else
            ledger->held += entry->told_count == 0 && !entry->is_part;
    }
    return told;
}

bool ledger_holds(const struct ledger *ledger)
{
    return ledger->held > 0;
}

/* Worst first, then as they happened. */
static int compare_entries(const void *a, const void *b)
{
    const struct finding *left = &(*(struct entry *const *)a)->finding;
    const struct finding *right = &(*(struct entry *const *)b)->finding;
    if (left->severity != right->severity)
        return left->severity > right->severity ? -1 : 1;
    if (left->first_ns != right->first_ns)
        return left->first_ns < right->first_ns ? -1 : 1;
    if (left->signature_id != right->signature_id)
        return left->signature_id < right->signature_id ? -1 : 1;
    return strcmp(left->title, right->title);
}

void ledger_tell_all(struct ledger *ledger, finding_fn *tell, void *context)
{
    size_t count = 0;
    struct entry **all = memory_new(keyed_table_count(ledger->entries), sizeof(struct entry *));
    fold(ledger);
    struct entry *entry = keyed_table_oldest(ledger->entries);
    for (; entry; entry = next_of(ledger, entry)) {
        if (!entry->is_part && entry->finding.count > entry->told_count)
            all[count++] = entry;
    }
    qsort(all, count, sizeof(struct entry *), compare_entries);
    for (size_t i = 0; i < count; i++)
        tell_entry(ledger, all[i], tell, context);
    free(all);
}
