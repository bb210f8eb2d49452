/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fold_statement.h"

#include "store/rollup.h"
#include "store/sql.h"

struct composition {
    struct text *sql;
    const struct dialect *dialect;
    const struct store_filter *filter;
    enum rollup_family family;
    int64_t late_end_ns;
    int64_t bucket_ns; /* that the answer is divided by; 0: it is not */
    const char *initiator, *responder;
    unsigned parts;
};

static bool is_grouped_by(const struct store_grouping *grouping, enum store_key key)
{
    for (size_t i = 0; i < grouping->key_count; i++) {
        if (grouping->keys[i] == key)
            return true;
    }
    return false;
}

static void begin_part(struct composition *part, const char *time)
{
    text_addf(part->sql, "%sSELECT %s,label,%s,%s", part->parts++ > 0 ? " UNION ALL " : "", time,
              part->initiator, part->responder);
}

static void end_part(struct composition *part, const char *time, int64_t begin_ns, int64_t end_ns)
{
    struct sql_where where = {.sql = part->sql, .dialect = part->dialect};
    sql_where_between(&where, time, begin_ns, end_ns);
    sql_where_host(&where, part->filter);
}

static void add_sums(struct composition *part, const struct rollup *rollup, int64_t begin_ns,
                     int64_t end_ns)
{
    begin_part(part, "bucket");
    for (size_t i = 0; i < SUMS; i++)
        text_addf(part->sql, ",%s", sums[i].name);
    text_addf(part->sql, " FROM %s", rollup->table);
    end_part(part, "bucket", begin_ns, end_ns);
}

static void add_rows(struct composition *part, int64_t begin_ns, int64_t end_ns)
{
    begin_part(part, "first_ns");
    text_add(part->sql, ",1");
    for (size_t i = SUM_FLOWS + 1; i < SUMS; i++)
        text_addf(part->sql, ",%s", sums[i].name);
    text_add(part->sql, " FROM flow_row CROSS JOIN kind ON kind.id=flow_row.kind");
    end_part(part, "first_ns", begin_ns, end_ns);
}

/* A level's buckets must not reach over those of the answer. */
static bool is_usable(const struct composition *part, const struct rollup *rollup)
{
    return rollup->family == part->family && part->bucket_ns % rollup->bucket_ns == 0;
}

static void add_span(struct composition *part, size_t level, int64_t begin_ns, int64_t end_ns)
{
    while (level < ROLLUPS && !is_usable(part, &rollups[level]))
        level++;
    if (level == ROLLUPS) {
        add_rows(part, begin_ns, end_ns);
        return;
    }
    int64_t size = rollups[level].bucket_ns;
    int64_t first = begin_ns == INT64_MIN ? begin_ns : rollup_bucket(begin_ns + size - 1, size);
    int64_t behind = end_ns == INT64_MAX ? end_ns : rollup_bucket(end_ns, size);
    if (rollups[level].is_late && behind > part->late_end_ns)
        behind = part->late_end_ns;
    if (first >= behind) {
        add_span(part, level + 1, begin_ns, end_ns);
        return;
    }
    add_sums(part, &rollups[level], first, behind);
    if (begin_ns < first)
        add_span(part, level + 1, begin_ns, first);
    if (behind < end_ns)
        add_span(part, level + 1, behind, end_ns);
}

void fold_add_statement(struct text *sql, const struct dialect *dialect,
                        const struct store_filter *filter, const struct store_grouping *grouping,
                        int64_t late_end_ns)
{
    bool by_initiator = is_grouped_by(grouping, STORE_BY_INITIATOR);
    bool by_responder = is_grouped_by(grouping, STORE_BY_RESPONDER);
    struct composition part = {
        .sql = sql,
        .dialect = dialect,
        .filter = filter,
        .late_end_ns = late_end_ns,
        .family = by_initiator || by_responder || filter->has_host ? ROLLUP_PAIR : ROLLUP_SERVICE,
        .bucket_ns = is_grouped_by(grouping, STORE_BY_TIME) ? grouping->bucket_ns : 0,
        .initiator = by_initiator ? "initiator" : "NULL",
        .responder = by_responder ? "responder" : "NULL",
    };
    int64_t begin_ns, end_ns;
    store_filter_span(filter, &begin_ns, &end_ns);
    if (begin_ns < end_ns)
        add_span(&part, 0, begin_ns, end_ns);
    else
        add_rows(&part, begin_ns, end_ns); /* there are none */
}
