/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/watcher.h"

#include "base/keyed_table.h"
#include "base/timestamp.h"
#include "review/serve/row_json.h"

enum { KNOWN_MAX = 1 << 16, ID_DIGITS = STORE_FINDING_ID_SIZE - 1 };

/* Probes' clocks differ, and rows become visible a second after they were written. */
#define OVERLAP_NS (60 * NS_PER_S)

/* The same finding with a worse severity is news. */
struct known_key {
    char id[ID_DIGITS];
    uint8_t severity;
};
_Static_assert(sizeof(struct known_key) == ID_DIGITS + 1, "a key has no hidden padding");

void watcher_open(struct watcher *watcher, struct store *store, struct cache *cache,
                  struct events *events)
{
    const struct siphash_key key = siphash_random_key();
    *watcher = (struct watcher){.store = store, .cache = cache, .events = events};
    watcher->known = keyed_table_new(KNOWN_MAX, sizeof(struct known_key), 1, &key);
}

void watcher_close(struct watcher *watcher)
{
    keyed_table_free(watcher->known);
}

static void tell(struct watcher *watcher, const struct store_finding *finding)
{
    static const char *const names[] = {"id", "severity", "title", "detector", "last_ns", NULL};
    struct text json = {0};
    finding_json(&json, finding, names);
    /* Whoever hears of it and asks must not get an answer of a moment before. */
    cache_age(watcher->cache);
    events_tell(watcher->events, "finding", text_words(&json));
    text_free(&json);
}

static bool learn(void *context, const struct store_finding *finding)
{
    struct watcher *watcher = context;
    struct known_key key = {.severity = (uint8_t)finding->severity};
    bool is_new;
    memcpy(key.id, finding->id, strnlen(finding->id, sizeof key.id));
    keyed_table_find_or_add(watcher->known, &key, &is_new);
    if (finding->stored_ns > watcher->newest_ns)
        watcher->newest_ns = finding->stored_ns;
    if (is_new && watcher->knows)
        tell(watcher, finding);
    return true;
}

/* What is known must be known before somebody listens: else what comes in that moment is no news.
 */
static bool look_for_findings(struct watcher *watcher, struct error *error)
{
    const struct store_filter recent = {.stored_since_ns =
                                            watcher->knows && watcher->newest_ns > OVERLAP_NS
                                                ? watcher->newest_ns - OVERLAP_NS
                                                : 0};
    if (!store_findings(watcher->store, &recent, learn, watcher, error))
        return false;
    watcher->knows = true;
    return true;
}

void watcher_look(struct watcher *watcher)
{
    struct error error;
    uint64_t changes;
    if (!watcher->store)
        return;
    if (!store_change_count(watcher->store, &changes, &error)) {
        watcher->failures++;
        return;
    }
    bool has_changed = changes != watcher->changes;
    if (!has_changed && watcher->knows)
        return;
    cache_age(watcher->cache);
    if (watcher->knows)
        events_tell(watcher->events, "change", "{}");
    if (look_for_findings(watcher, &error))
        watcher->changes = changes;
    else
        watcher->failures++;
}
