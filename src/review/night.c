/* SPDX-License-Identifier: Apache-2.0 */
#include "review/gather.h"

#include "base/memory.h"
#include "base/suggest.h"
#include "base/timestamp.h"
#include "output/json.h"

#include <stdlib.h>

static bool keep_group(void *context, const struct store_group *group)
{
    *(struct store_group *)context = *group;
    return false;
}

static bool summarise(struct review *review, struct store_group *out, struct error *error)
{
    const struct store_grouping one = {.key_count = 0};
    *out = (struct store_group){0};
    return store_groups(review->store, &review->filter, &one, keep_group, out, error);
}

/* "2,591 flows, 812 KB, from 2026-11-19 18:00:00 to 2026-11-20 06:00:00 UTC" */
static void write_headline(struct review *review, const struct store_group *all,
                           int64_t last_review_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    struct text line = {0};
    text_add_counted(&line, all->flows, "flow");
    if (all->flows > 0) {
        text_add(&line, ", ");
        text_add_counted(&line, all->packets_there + all->packets_back, "packet");
        text_add(&line, ", ");
        text_add_bytes(&line, all->bytes_there + all->bytes_back);
        text_addf(&line, ", from %s", timestamp_human(all->first_ns, words));
        text_addf(&line, " to %s UTC", timestamp_human(all->last_ns, words));
    }
    if (last_review_ns > 0)
        text_addf(&line, "; last reviewed %s", timestamp_human(last_review_ns, words));
    struct page *page = &review->writer.page;
    if (review->writer.format == SHEET_TABLE) {
        page_wrap(page, 0, STYLE_HEADING, text_words(&line));
    } else if (review->writer.format == SHEET_MARKDOWN) {
        text_addf(page->text, "# %s\n\n", text_words(&line));
    }
    text_free(&line);
}

static bool write_totals(struct review *review, const struct store_group *all)
{
    struct sheet sheet = {.name = "totals",
                          .columns = {{"flows", CELL_COUNT},
                                      {"packets", CELL_COUNT},
                                      {"bytes", CELL_BYTES},
                                      {"first", CELL_TIME},
                                      {"last", CELL_TIME}},
                          .column_count = 5};
    sheet_add_number(&sheet, all->flows);
    sheet_add_number(&sheet, all->packets_there + all->packets_back);
    sheet_add_number(&sheet, all->bytes_there + all->bytes_back);
    sheet_add_number(&sheet, (uint64_t)all->first_ns);
    sheet_add_number(&sheet, (uint64_t)all->last_ns);
    sheet_write(&review->writer, &sheet);
    return true;
}

static bool write_services(struct review *review, struct error *error)
{
    const struct store_grouping grouping = {
        .keys = {STORE_BY_SERVICE, STORE_BY_VERDICT, STORE_BY_APPLICATION},
        .key_count = 3,
        .page = {.limit = review->top}};
    struct sheet sheet = {.name = "services", .heading = "What was seen on each service"};
    if (!gather_groups(review, &grouping, &sheet, error))
        return false;
    sheet_write(&review->writer, &sheet);
    return true;
}

static bool write_new(struct review *review, int64_t last_review_ns, struct error *error)
{
    const struct store_grouping grouping = {
        .keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER, STORE_BY_SERVICE, STORE_BY_VERDICT},
        .key_count = 4,
        .new_since_ns = last_review_ns,
        .page = {.limit = review->top}};
    struct sheet sheet = {.name = "new", .heading = "New since the last review"};
    if (last_review_ns == 0)
        return true;
    if (!gather_groups(review, &grouping, &sheet, error))
        return false;
    sheet_write(&review->writer, &sheet);
    return true;
}

static bool write_findings(struct review *review, int64_t last_review_ns, struct error *error)
{
    struct sheet sheet = {.name = "findings", .heading = "Findings, the worst first"};
    if (!gather_findings(review, last_review_ns, &sheet, error))
        return false;
    sheet_write(&review->writer, &sheet);
    return true;
}

static bool write_pairs(struct review *review, struct error *error)
{
    const struct store_grouping grouping = {
        .keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER, STORE_BY_SERVICE},
        .key_count = 3,
        .page = {.by = STORE_BYTES, .limit = review->top}};
    struct sheet sheet = {.name = "pairs", .heading = "Top pairs"};
    if (!gather_groups(review, &grouping, &sheet, error))
        return false;
    sheet_write(&review->writer, &sheet);
    return true;
}

static bool write_timeline(struct review *review, const struct store_group *all,
                           struct error *error)
{
    struct sheet sheet = {.name = "timeline", .heading = "Timeline"};
    if (all->flows == 0)
        return true;
    if (!gather_timeline(review, all, &sheet, error))
        return false;
    sheet_write(&review->writer, &sheet);
    return true;
}

static bool write_probes(struct review *review, struct error *error)
{
    struct sheet sheet = {.name = "probes", .heading = "Probes and what they lost"};
    if (!gather_probes(review, &sheet, error))
        return false;
    sheet_write(&review->writer, &sheet);
    return true;
}

bool review_night(struct review *review, int64_t last_review_ns, struct error *error)
{
    struct store_group all;
    if (!summarise(review, &all, error))
        return false;
    sheets_begin(&review->writer);
    write_headline(review, &all, last_review_ns);
    if (review->writer.format == SHEET_JSON || review->writer.format == SHEET_CSV)
        write_totals(review, &all);
    if (!write_findings(review, last_review_ns, error) || !write_services(review, error) ||
        !write_new(review, last_review_ns, error) || !write_pairs(review, error) ||
        !write_timeline(review, &all, error) || !write_probes(review, error))
        return false;
    sheets_end(&review->writer);
    return true;
}

static bool add_key(struct store_grouping *grouping, const char *word, struct error *error)
{
    const char *names[STORE_KEYS];
    char shown[64], nearest[SUGGESTION_SIZE];
    for (enum store_key key = 0; key < STORE_KEYS; key++)
        names[key] = store_key_name(key);
    if (grouping->key_count == STORE_KEYS)
        return error_usage(error, "--group-by: at most %d", STORE_KEYS);
    if (store_key_parse(word, &grouping->keys[grouping->key_count++]))
        return true;
    return error_usage(error,
                       "--group-by: '%s' is not service, verdict, application, probe, initiator, "
                       "responder or time%s",
                       text_printable(word, shown, sizeof shown),
                       suggestion(word, names, STORE_KEYS, nearest));
}

static bool parse_keys(struct store_grouping *grouping, const char *words, struct error *error)
{
    bool is_known = true;
    while (is_known && *words != '\0') {
        size_t length = strcspn(words, ",");
        char *word = memory_string_n(words, length);
        is_known = add_key(grouping, word, error);
        free(word);
        words += length;
        words += *words == ',';
    }
    return is_known && (grouping->key_count > 0 ||
                        error_usage(error, "--group-by names nothing; write service"));
}

bool review_groups(struct review *review, const char *keys, enum store_measure by,
                   struct error *error)
{
    struct store_grouping grouping = {.bucket_ns = 3600 * NS_PER_S,
                                      .page = {.by = by, .limit = review->top}};
    struct sheet sheet = {.name = "groups"};
    if (!parse_keys(&grouping, keys, error) || !gather_groups(review, &grouping, &sheet, error))
        return false;
    sheets_begin(&review->writer);
    sheet_write(&review->writer, &sheet);
    sheets_end(&review->writer);
    return true;
}

bool review_flows(struct review *review, enum store_measure by, struct error *error)
{
    struct sheet sheet = {.name = "flows"};
    if (!gather_flows(review, by, &sheet, error))
        return false;
    sheets_begin(&review->writer);
    sheet_write(&review->writer, &sheet);
    sheets_end(&review->writer);
    return true;
}
