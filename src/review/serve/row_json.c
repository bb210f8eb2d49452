/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/row_json.h"

#include "output/json.h"

#include <inttypes.h>
#include <stdio.h>

/* Columns that are more than their kind says. */
static const struct special {
    const char *name;
    enum { LIST_OF_LINES, LIST_OF_WORDS, LONG_NUMBER, SEVERITY } form;
} specials[] = {
    {"why", LIST_OF_LINES},   {"risks", LIST_OF_WORDS},    {"marks", LIST_OF_WORDS},
    {"hosts", LIST_OF_WORDS}, {"flow_ids", LIST_OF_WORDS}, {"vlans", LIST_OF_WORDS},
    {"flow_id", LONG_NUMBER}, {"severity", SEVERITY},
};

static const struct special *special_of(const char *name)
{
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++) {
        if (strcmp(specials[i].name, name) == 0)
            return &specials[i];
    }
    return NULL;
}

void time_json(struct text *json, const char *key, int64_t time_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    if (time_ns == 0)
        json_null(json, key);
    else
        json_word(json, key, timestamp_rfc3339(time_ns, words));
}

static void list_json(struct text *json, const char *key, struct span bytes, char divider)
{
    json_begin(json, key, '[');
    while (bytes.length > 0) {
        const uint8_t *end = memchr(bytes.at, divider, bytes.length);
        size_t length = end ? (size_t)(end - bytes.at) : bytes.length;
        if (length > 0)
            json_string(json, NULL, (struct span){bytes.at, length});
        length += end != NULL;
        bytes.at += length;
        bytes.length -= length;
    }
    json_end(json, ']');
}

static void special_json(struct text *json, const struct special *special,
                         const struct column_value *value)
{
    char digits[24];
    switch (special->form) {
    case LIST_OF_LINES:
        list_json(json, special->name, value->bytes, '\n');
        break;
    case LIST_OF_WORDS:
        list_json(json, special->name, value->bytes, ' ');
        break;
    case LONG_NUMBER:
        snprintf(digits, sizeof digits, "%" PRIu64, (uint64_t)value->number);
        json_word(json, special->name, digits);
        break;
    case SEVERITY:
        json_word(json, special->name, severity_name((enum severity)value->number));
        break;
    }
}

/* "first_ns" is the time "first". */
static bool is_time(const char *name, char out[32])
{
    size_t length = strlen(name);
    if (length < 4 || strcmp(name + length - 3, "_ns") != 0)
        return false;
    snprintf(out, 32, "%.*s", (int)(length - 3), name);
    return true;
}

static void column_json(struct text *json, const struct column *column, const void *row)
{
    char name[32], words[ADDRESS_TEXT_SIZE];
    struct column_value value = column_get(column, row);
    const struct special *special = special_of(column->name);
    if (special)
        special_json(json, special, &value);
    else if (is_time(column->name, name))
        time_json(json, name, value.number);
    else if (column->kind == COLUMN_BOOL)
        json_bool(json, column->name, value.number != 0);
    else if (value.is_number)
        json_number(json, column->name, (uint64_t)value.number);
    else if (column->kind == COLUMN_ADDRESS)
        json_word(
            json, column->name,
            address_text((const struct address *)((const char *)row + column->offset), words));
    else
        json_string(json, column->name, value.bytes);
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++) {
        if (strcmp(*names, name) == 0)
            return true;
    }
    return false;
}

void row_json(struct text *json, enum table_id id, const void *row, const char *const *names)
{
    const struct table *table = table_of(id);
    for (size_t i = 0; i < table->column_count; i++) {
        if (!names || is_among(table->columns[i].name, names))
            column_json(json, &table->columns[i], row);
    }
}

void finding_json(struct text *json, const struct store_finding *finding, const char *const *names)
{
    json_begin(json, NULL, '{');
    row_json(json, TABLE_FINDING, finding, names);
    json_bool(json, "is_acknowledged", finding->is_acknowledged);
    if (finding->is_acknowledged) {
        json_begin(json, "acknowledgement", '{');
        time_json(json, "at", finding->acknowledged_ns);
        json_string(json, "by", span_of(finding->acknowledged_by));
        json_string(json, "comment", span_of(finding->comment));
        json_end(json, '}');
    }
    json_end(json, '}');
}

void sums_json(struct text *json, const struct store_group *group)
{
    json_number(json, "flows", group->flows);
    json_number(json, "packets_there", group->packets_there);
    json_number(json, "packets_back", group->packets_back);
    json_number(json, "bytes_there", group->bytes_there);
    json_number(json, "bytes_back", group->bytes_back);
    json_number(json, "payload_there", group->payload_there);
    json_number(json, "payload_back", group->payload_back);
    time_json(json, "first", group->first_ns);
    time_json(json, "last", group->last_ns);
}
