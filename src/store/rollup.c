/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"

#include "base/memory.h"
#include "base/siphash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const struct rollup rollups[ROLLUPS] = {
    [ROLLUP_SERVICE] = {"service_minute", ROLLUP_MINUTE_NS, false, false},
    [ROLLUP_INITIATOR] = {"initiator_minute", ROLLUP_MINUTE_NS, true, false},
    [ROLLUP_PAIR] = {"pair_hour", ROLLUP_HOUR_NS, true, true},
};

const struct rollup_sum rollup_sums[ROLLUP_SUMS] = {
    {"flows", "count(*)", "sum(flows)", SUM_ADD},
    {"packets_there", "sum(packets_there)", "sum(packets_there)", SUM_ADD},
    {"packets_back", "sum(packets_back)", "sum(packets_back)", SUM_ADD},
    {"bytes_there", "sum(bytes_there)", "sum(bytes_there)", SUM_ADD},
    {"bytes_back", "sum(bytes_back)", "sum(bytes_back)", SUM_ADD},
    {"payload_there", "sum(payload_there)", "sum(payload_there)", SUM_ADD},
    {"payload_back", "sum(payload_back)", "sum(payload_back)", SUM_ADD},
    {"first_ns", "min(first_ns)", "min(first_ns)", SUM_LEAST},
    {"last_ns", "max(last_ns)", "max(last_ns)", SUM_GREATEST},
    {"stored_ns", "min(stored_ns)", "min(stored_ns)", SUM_LEAST},
};

enum { SLOTS = 2 * ROLLUP_ENTRIES_MAX };

struct rollup_batch {
    const struct rollup *rollup;
    struct siphash_key key;
    size_t count;
    uint32_t slots[SLOTS]; /* 1 + number of the entry; 0: free */
    struct rollup_entry entries[ROLLUP_ENTRIES_MAX];
};

struct rollup_batch *rollup_batch_new(enum rollup_id id)
{
    struct rollup_batch *batch = memory_new(1, sizeof *batch);
    batch->rollup = &rollups[id];
    batch->key = siphash_random_key();
    return batch;
}

void rollup_batch_free(struct rollup_batch *batch)
{
    free(batch);
}

static void copy_name(char *out, size_t size, const char *name)
{
    size_t length = strnlen(name, size - 1);
    memcpy(out, name, length);
}

static struct rollup_key key_of(const struct rollup *rollup, const struct store_flow *flow)
{
    struct rollup_key key = {.bucket_ns = flow->first_ns / rollup->bucket_ns * rollup->bucket_ns};
    copy_name(key.service, sizeof key.service, flow->service);
    copy_name(key.application, sizeof key.application, flow->application);
    copy_name(key.probe, sizeof key.probe, flow->probe);
    copy_name(key.verdict, sizeof key.verdict, flow->verdict);
    if (rollup->has_initiator)
        key.initiator = flow->initiator;
    if (rollup->has_responder)
        key.responder = flow->responder;
    return key;
}

static struct rollup_entry *find_or_add(struct rollup_batch *batch, const struct rollup_key *key)
{
    size_t slot = siphash(&batch->key, key, sizeof *key) % SLOTS;
    for (; batch->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
        struct rollup_entry *entry = &batch->entries[batch->slots[slot] - 1];
        if (memcmp(&entry->key, key, sizeof *key) == 0)
            return entry;
    }
    if (batch->count == ROLLUP_ENTRIES_MAX)
        return NULL;
    struct rollup_entry *entry = &batch->entries[batch->count++];
    batch->slots[slot] = (uint32_t)batch->count;
    *entry = (struct rollup_entry){.key = *key};
    return entry;
}

static void fold(struct rollup_entry *entry, const int64_t values[ROLLUP_SUMS])
{
    for (size_t i = 0; i < ROLLUP_SUMS; i++) {
        int64_t *sum = &entry->sums[i];
        if (rollup_sums[i].fold == SUM_ADD)
            *sum += values[i];
        else if (!entry->is_used || (rollup_sums[i].fold == SUM_LEAST) == (values[i] < *sum))
            *sum = values[i];
    }
    entry->is_used = true;
}

bool rollup_batch_add(struct rollup_batch *batch, const struct store_flow *flow)
{
    struct rollup_key key = key_of(batch->rollup, flow);
    struct rollup_entry *entry = find_or_add(batch, &key);
    if (!entry)
        return false;
    const int64_t values[ROLLUP_SUMS] = {
        1,
        (int64_t)flow->packets_there,
        (int64_t)flow->packets_back,
        (int64_t)flow->bytes_there,
        (int64_t)flow->bytes_back,
        (int64_t)flow->payload_there,
        (int64_t)flow->payload_back,
        flow->first_ns,
        flow->last_ns,
        flow->stored_ns,
    };
    fold(entry, values);
    return true;
}

const struct rollup_entry *rollup_batch_entries(const struct rollup_batch *batch, size_t *count)
{
    *count = batch->count;
    return batch->entries;
}

void rollup_batch_clear(struct rollup_batch *batch)
{
    memset(batch->slots, 0, sizeof batch->slots);
    batch->count = 0;
}

static void add_dimensions(struct text *sql, const struct rollup *rollup)
{
    text_add(sql, "service,verdict,application,probe");
    text_add(sql, rollup->has_initiator ? ",initiator" : "");
    text_add(sql, rollup->has_responder ? ",responder" : "");
}

static void add_sum_names(struct text *sql)
{
    for (size_t i = 0; i < ROLLUP_SUMS; i++)
        text_addf(sql, ",%s", rollup_sums[i].name);
}

void rollup_add_create(struct text *sql, const struct rollup *rollup)
{
    text_addf(sql,
              "CREATE TABLE %s(bucket INTEGER NOT NULL,service TEXT NOT NULL,"
              "verdict TEXT NOT NULL,application TEXT NOT NULL,probe TEXT NOT NULL",
              rollup->table);
    text_add(sql, rollup->has_initiator ? ",initiator BLOB NOT NULL" : "");
    text_add(sql, rollup->has_responder ? ",responder BLOB NOT NULL" : "");
    for (size_t i = 0; i < ROLLUP_SUMS; i++)
        text_addf(sql, ",%s INTEGER NOT NULL", rollup_sums[i].name);
    text_add(sql, ",PRIMARY KEY(bucket,");
    add_dimensions(sql, rollup);
    text_add(sql, ")) STRICT, WITHOUT ROWID;");
}

void rollup_add_upsert(struct text *sql, const struct rollup *rollup)
{
    size_t dimensions = 5u + rollup->has_initiator + rollup->has_responder;
    text_addf(sql, "INSERT INTO %s(bucket,", rollup->table);
    add_dimensions(sql, rollup);
    add_sum_names(sql);
    text_add(sql, ") VALUES(?");
    for (size_t i = 1; i < dimensions + ROLLUP_SUMS; i++)
        text_add(sql, ",?");
    text_add(sql, ") ON CONFLICT DO UPDATE SET ");
    for (size_t i = 0; i < ROLLUP_SUMS; i++) {
        const char *name = rollup_sums[i].name;
        text_add(sql, i > 0 ? "," : "");
        if (rollup_sums[i].fold == SUM_ADD)
            text_addf(sql, "%s=%s+excluded.%s", name, name, name);
        else
            text_addf(sql, "%s=%s(%s,excluded.%s)", name,
                      rollup_sums[i].fold == SUM_LEAST ? "min" : "max", name, name);
    }
}

void rollup_add_refill(struct text *sql, const struct rollup *rollup, const char *where)
{
    text_addf(sql, "INSERT INTO %s(bucket,", rollup->table);
    add_dimensions(sql, rollup);
    add_sum_names(sql);
    text_addf(sql, ") SELECT first_ns/%" PRId64 "*%" PRId64 " AS start,", rollup->bucket_ns,
              rollup->bucket_ns);
    add_dimensions(sql, rollup);
    for (size_t i = 0; i < ROLLUP_SUMS; i++)
        text_addf(sql, ",%s", rollup_sums[i].of_flows);
    text_addf(sql, " FROM flow %s GROUP BY start,", where);
    add_dimensions(sql, rollup);
    text_add(sql, ";");
}
