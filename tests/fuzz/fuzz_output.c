/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as names, texts, payload and times of a record: every line of JSON must be JSON, and no
 * byte that is not printable may get into a cell, a column or the table.
 */
#include "base/cursor.h"
#include "output/eve.h"
#include "output/field.h"
#include "output/table_report.h"
#include "output/zeek_log.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

/* A length octet, then that many bytes as far as they are there and fit. */
static size_t take_bytes(struct cursor *input, void *out, size_t size)
{
    size_t length = cursor_u8(input);
    if (length > cursor_left(input))
        length = cursor_left(input);
    if (length > size)
        length = size;
    cursor_copy(input, out, length);
    return length;
}

/* `out` is zeroed, and its last byte stays so. */
static void take_string(struct cursor *input, char *out, size_t size)
{
    take_bytes(input, out, size - 1);
}

static void take_flow(struct cursor *input, struct flow_record *record)
{
    struct flow *flow = &record->flow;
    flow->key.protocol = cursor_u8(input);
    flow->key.vlan_count = cursor_u8(input) % (PACKET_VLANS_MAX + 1);
    flow->key.tunnel.kind = cursor_u8(input) % TUNNEL_KINDS;
    flow->initiator.address.version = cursor_u8(input) & 1 ? 6 : 4;
    flow->responder.address.version = flow->initiator.address.version;
    flow->first_ns = (int64_t)cursor_be64(input);
    flow->last_ns = (int64_t)cursor_be64(input);
    flow->marks = cursor_be32(input);
    flow->state = cursor_u8(input) % CONN_STATES;
    flow->end = cursor_u8(input) % FLOW_ENDS;
    flow->is_watched = true;
    flow->sides[TO_RESPONDER].payload_bytes = cursor_be32(input);
    for (size_t side = 0; side < FLOW_DIRECTIONS; side++)
        record->sample.length[side] =
            (uint16_t)take_bytes(input, record->sample.bytes[side], FLOW_SAMPLE_SIZE);
    flow->sample = &record->sample;
}

static void take_detection(struct cursor *input, struct detection *detection)
{
    detection->risks = cursor_be64(input);
    detection->packets_inspected = 1;
    take_string(input, detection->name, sizeof detection->name);
    take_string(input, detection->why, sizeof detection->why);
    take_string(input, detection->hostname, sizeof detection->hostname);
    take_string(input, detection->user_agent, sizeof detection->user_agent);
    take_string(input, detection->url, sizeof detection->url);
    take_string(input, detection->ssh_client, sizeof detection->ssh_client);
    take_string(input, detection->ja4_client, sizeof detection->ja4_client);
}

static void check_json(const struct flow_record *record)
{
    struct text line = {0};
    eve_add_flow(&line, record);
    json_t *event = json_loads(text_words(&line), JSON_REJECT_DUPLICATES, NULL);
    demand(event && !strchr(text_words(&line), '\n'));
    json_decref(event);
    text_free(&line);
}

static void check_printable(const struct text *text, char also)
{
    for (size_t i = 0; i < text->length; i++)
        demand((text->data[i] >= 0x20 && text->data[i] < 0x7f) || text->data[i] == also);
}

static void check_columns(const struct flow_record *record)
{
    struct field_list all = fields_default();
    struct field_value value = {.record = record};
    struct text cell = {0}, column = {0};
    for (size_t i = 0; i < all.count; i++) {
        bool is_text = all.all[i]->kind == FIELD_TEXT || all.all[i]->kind == FIELD_SET;
        if (!field_get(all.all[i], &value) || !is_text)
            continue;
        text_clear(&cell);
        text_clear(&column);
        text_add_csv(&cell, value.text);
        zeek_add_text(&column, value.text);
        check_printable(&cell, ' ');
        check_printable(&column, ' ');
        demand(cell.length < 3 || !strchr("=+-@", cell.data[1]));
    }
    text_free(&cell);
    text_free(&column);
    text_free(&value.scratch);
}

static void check_table(const struct flow_record *record)
{
    struct groups groups;
    struct text text = {0};
    struct page page = {.text = &text};
    groups_init(&groups);
    groups_add(&groups, record);
    report_services(&page, &groups);
    report_topics(&page, &groups);
    check_printable(&text, '\n');
    for (const char *line = text_words(&text); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        demand(length <= PAGE_COLUMNS);
        line += length + (line[length] == '\n');
    }
    text_free(&text);
    groups_reset(&groups);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct attributes attributes = {{"a", "b", "c", "d", "e", "f", "g", "h"}, {0}};
    struct cursor input = cursor_over((struct span){data, size});
    struct flow_record *record = calloc(1, sizeof *record);
    demand(record != NULL);
    char name[256] = {0};
    take_flow(&input, record);
    take_detection(&input, &record->detection);
    struct classification *classification = &record->classification;
    classification->verdict = cursor_u8(&input) % VERDICTS;
    classification->attributes = &attributes;
    take_string(&input, classification->why[0], sizeof classification->why[0]);
    classification->why_count = 1;
    take_string(&input, name, sizeof name);
    record->input = name;

    check_json(record);
    check_columns(record);
    check_table(record);
    free(record);
    return 0;
}
