/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql.h"

#include "base/memory.h"
#include "store/rollup.h"

#include <inttypes.h>
#include <stdlib.h>

void sql_add_string(struct text *sql, const struct dialect *dialect, const char *words)
{
    text_add_char(sql, '\'');
    for (const char *at = words; *at != '\0'; at++) {
        if (*at == '\'' || (*at == '\\' && dialect->doubles_backslashes))
            text_add_char(sql, *at);
        text_add_char(sql, *at);
    }
    text_add_char(sql, '\'');
}

void sql_add_address(struct text *sql, const struct dialect *dialect, const struct address *address)
{
    text_add(sql, dialect->octets_begin);
    text_add_hex(sql, (struct span){address->bytes, address->version == 4 ? 4 : 16});
    text_add(sql, dialect->octets_end);
}

void store_filter_span(const struct store_filter *filter, int64_t *begin_ns, int64_t *end_ns)
{
    *begin_ns =
        filter->since_ns > 0 ? filter->since_ns / ROLLUP_MINUTE_NS * ROLLUP_MINUTE_NS : INT64_MIN;
    *end_ns = INT64_MAX;
    if (filter->until_ns > 0 && filter->until_ns < INT64_MAX - ROLLUP_MINUTE_NS)
        *end_ns = (filter->until_ns + ROLLUP_MINUTE_NS - 1) / ROLLUP_MINUTE_NS * ROLLUP_MINUTE_NS;
}

bool store_filter_has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    bool is_found = !words;
    while (!is_found && words) {
        is_found =
            strncmp(words, word, length) == 0 && (words[length] == ',' || words[length] == '\0');
        words = strchr(words, ',');
        words = words ? words + 1 : NULL;
    }
    return is_found;
}

void sql_where_next(struct sql_where *where)
{
    text_add(where->sql, where->conditions++ > 0 ? " AND " : " WHERE ");
}

/* "column IN ('a','b')" of "a,b". */
static void add_words(struct sql_where *where, const char *column, const char *words)
{
    if (!words)
        return;
    sql_where_next(where);
    text_addf(where->sql, "%s IN (", column);
    for (bool is_first = true; is_first || *words != '\0'; is_first = false) {
        size_t length = strcspn(words, ",");
        char *word = memory_string_n(words, length);
        text_add(where->sql, is_first ? "" : ",");
        sql_add_string(where->sql, where->dialect, word);
        free(word);
        words += length;
        words += *words == ',';
    }
    text_add_char(where->sql, ')');
}

/* The lowest and highest address of a network. */
static void bounds_of(const struct network *network, struct address *low, struct address *high)
{
    size_t octets = network->address.version == 4 ? 4 : 16;
    *low = *high = network->address;
    for (size_t i = 0; i < octets; i++) {
        size_t bits = network->prefix_length > 8 * i ? network->prefix_length - 8 * i : 0;
        uint8_t mask = (uint8_t)(bits >= 8 ? 0xff : 0xff00u >> bits);
        low->bytes[i] &= mask;
        high->bytes[i] |= (uint8_t)~mask;
    }
}

static void add_side(struct sql_where *where, const char *column, const struct network *network)
{
    struct address low, high;
    bounds_of(network, &low, &high);
    text_addf(where->sql, "(length(%s)=%d AND %s>=", column, network->address.version == 4 ? 4 : 16,
              column);
    sql_add_address(where->sql, where->dialect, &low);
    text_addf(where->sql, " AND %s<=", column);
    sql_add_address(where->sql, where->dialect, &high);
    text_add_char(where->sql, ')');
}

void sql_where_words(struct sql_where *where, const struct store_filter *filter)
{
    add_words(where, "service", filter->service);
    add_words(where, "verdict", filter->verdict);
    add_words(where, "application", filter->application);
    add_words(where, "probe", filter->probe);
}

void sql_where_host(struct sql_where *where, const struct store_filter *filter)
{
    if (!filter->has_host)
        return;
    sql_where_next(where);
    text_add_char(where->sql, '(');
    add_side(where, "initiator", &filter->host);
    text_add(where->sql, " OR ");
    add_side(where, "responder", &filter->host);
    text_add_char(where->sql, ')');
}

/* ASCII letters alone: what lower() of both engines does. */
static char *lower_copy(const char *words)
{
    char *copy = memory_string(words);
    for (char *at = copy; *at != '\0'; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at | 0x20);
    }
    return copy;
}

static const char *const searched[] = {
    "service", "application", "verdict", "detected", "hostname", "metadata",
    "why",     "risks",       "marks",   "input",    "probe",    "tunnel",
};

static bool is_in_row(const char *name)
{
    const struct table *flow = table_of(TABLE_FLOW);
    size_t at = 0;
    while (strcmp(flow->columns[at].name, name) != 0)
        at++;
    return flow->columns[at].place == IN_ROW;
}

/* "(position(lower(a),'words')>0 OR ...)": of the columns of rows, of the others, or of both. */
static void add_search(struct sql_where *where, const char *literal, bool of_rows, bool of_kinds)
{
    const char *before = "(";
    for (size_t i = 0; i < sizeof searched / sizeof searched[0]; i++) {
        if (!(is_in_row(searched[i]) ? of_rows : of_kinds))
            continue;
        text_addf(where->sql, "%s%s(lower(%s),%s)>0", before, where->dialect->position, searched[i],
                  literal);
        before = " OR ";
    }
    text_add_char(where->sql, ')');
}

/* Words that are kept once are searched once. */
void sql_where_search(struct sql_where *where, const struct store_filter *filter)
{
    if (!filter->search || filter->search[0] == '\0')
        return;
    char *words = lower_copy(filter->search);
    struct text literal = {0};
    sql_add_string(&literal, where->dialect, words);
    sql_where_next(where);
    if (where->dialect->has_kinds) {
        text_add(where->sql, "(kind IN (SELECT kind.id FROM kind JOIN label ON "
                             "label.id=kind.label WHERE ");
        add_search(where, text_words(&literal), false, true);
        text_add(where->sql, ") OR ");
        add_search(where, text_words(&literal), true, false);
        text_add_char(where->sql, ')');
    } else {
        add_search(where, text_words(&literal), true, true);
    }
    text_free(&literal);
    free(words);
}

void sql_where_between(struct sql_where *where, const char *column, int64_t begin_ns,
                       int64_t end_ns)
{
    if (begin_ns != INT64_MIN) {
        sql_where_next(where);
        text_addf(where->sql, "%s>=%" PRId64, column, begin_ns);
    }
    if (end_ns != INT64_MAX) {
        sql_where_next(where);
        text_addf(where->sql, "%s<%" PRId64, column, end_ns);
    }
}

void sql_add_page(struct text *sql, const struct store_page *page)
{
    uint64_t limit = page->limit > 0 && page->limit < INT32_MAX ? page->limit : INT32_MAX;
    if (page->limit == 0 && page->offset == 0)
        return;
    text_addf(sql, " LIMIT %" PRIu64 ",%" PRIu64, page->offset, limit);
}
