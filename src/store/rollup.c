/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"

#include <inttypes.h>

const struct rollup rollups[ROLLUPS] = {
    {"service_day", ROLLUP_SERVICE, ROLLUP_DAY_NS, false},
    {"service_hour", ROLLUP_SERVICE, ROLLUP_HOUR_NS, false},
    {"service_minute", ROLLUP_SERVICE, ROLLUP_MINUTE_NS, false},
    {"pair_day", ROLLUP_PAIR, ROLLUP_DAY_NS, true},
    {"pair_hour", ROLLUP_PAIR, ROLLUP_HOUR_NS, false},
};

const struct rollup *rollup_finest(enum rollup_family family)
{
    const struct rollup *finest = NULL;
    for (size_t i = 0; i < ROLLUPS; i++) {
        if (rollups[i].family == family)
            finest = &rollups[i];
    }
    return finest;
}

int64_t rollup_bucket(int64_t at_ns, int64_t bucket_ns)
{
    return at_ns / bucket_ns * bucket_ns;
}

static const char *addresses_of(const struct rollup *rollup)
{
    return rollup->family == ROLLUP_PAIR ? "initiator,responder," : "";
}

static void add_sum_names(struct text *sql)
{
    for (size_t i = 0; i < SUMS; i++)
        text_addf(sql, ",%s", sums[i].name);
}

void rollup_add_create(struct text *sql, const struct rollup *rollup)
{
    text_addf(sql, "CREATE TABLE %s(bucket INTEGER NOT NULL,", rollup->table);
    if (rollup->family == ROLLUP_PAIR)
        text_add(sql, "initiator BLOB NOT NULL,responder BLOB NOT NULL,");
    text_add(sql, "label INTEGER NOT NULL");
    for (size_t i = 0; i < SUMS; i++)
        text_addf(sql, ",%s INTEGER NOT NULL", sums[i].name);
    text_addf(sql, ",PRIMARY KEY(bucket,%slabel)) STRICT, WITHOUT ROWID;", addresses_of(rollup));
}

static void add_insert(struct text *sql, const struct rollup *rollup)
{
    text_addf(sql, "INSERT INTO %s(bucket,%slabel", rollup->table, addresses_of(rollup));
    add_sum_names(sql);
    text_add(sql, ") ");
}

static void add_conflict(struct text *sql)
{
    text_add(sql, " ON CONFLICT DO UPDATE SET ");
    for (size_t i = 0; i < SUMS; i++) {
        const char *name = sums[i].name;
        text_add(sql, i > 0 ? "," : "");
        if (sums[i].fold == SUM_ADD)
            text_addf(sql, "%s=%s+excluded.%s", name, name, name);
        else
            text_addf(sql, "%s=%s(%s,excluded.%s)", name, sums[i].fold == SUM_LEAST ? "min" : "max",
                      name, name);
    }
}

void rollup_add_upsert(struct text *sql, const struct rollup *rollup)
{
    size_t keys = rollup->family == ROLLUP_PAIR ? 4 : 2;
    add_insert(sql, rollup);
    text_add(sql, "VALUES(?");
    for (size_t i = 1; i < keys + SUMS; i++)
        text_add(sql, ",?");
    text_add(sql, ")");
    add_conflict(sql);
}

void rollup_add_end(struct text *sql, const struct rollup *rollup)
{
    text_addf(sql, "SELECT ifnull(max(bucket)+%" PRId64 ",0) FROM %s", rollup->bucket_ns,
              rollup->table);
}

/* Nothing is sorted: keys are unique within a bucket of the finer level. */
void rollup_add_move(struct text *sql, const struct rollup *rollup, const struct rollup *finer)
{
    add_insert(sql, rollup);
    text_addf(sql, "SELECT bucket/%" PRId64 "*%" PRId64 ",%slabel", rollup->bucket_ns,
              rollup->bucket_ns, addresses_of(rollup));
    add_sum_names(sql);
    text_addf(sql, " FROM %s WHERE bucket>=? AND bucket<?", finer->table);
    add_conflict(sql);
}

static void add_select(struct text *sql, const struct rollup *rollup, const char *time,
                       bool of_flows)
{
    text_addf(sql, "SELECT %s/%" PRId64 "*%" PRId64 " AS start,%slabel", time, rollup->bucket_ns,
              rollup->bucket_ns, addresses_of(rollup));
    for (size_t i = 0; i < SUMS; i++)
        text_addf(sql, ",%s", of_flows ? sums[i].of_flows : sums[i].of_sums);
}

void rollup_add_refill(struct text *sql, const struct rollup *rollup, const char *where)
{
    add_insert(sql, rollup);
    add_select(sql, rollup, "first_ns", true);
    text_addf(sql, " FROM flow_row CROSS JOIN kind ON kind.id=flow_row.kind %s GROUP BY start,%s",
              where, addresses_of(rollup));
    text_add(sql, "label;");
}

void rollup_add_refill_from(struct text *sql, const struct rollup *rollup,
                            const struct rollup *finer)
{
    add_insert(sql, rollup);
    add_select(sql, rollup, "bucket", false);
    text_addf(sql, " FROM %s GROUP BY start,%slabel;", finer->table, addresses_of(rollup));
}
