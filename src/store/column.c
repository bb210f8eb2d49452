/* SPDX-License-Identifier: Apache-2.0 */
#include "store/column.h"

#include "store/row.h"

#include <stdlib.h>

#define FLOW(member, kind, place)                                                                  \
    {                                                                                              \
#member, COLUMN_##kind, offsetof(struct store_flow, member), place                         \
    }
#define FINDING(member, kind)                                                                      \
    {                                                                                              \
#member, COLUMN_##kind, offsetof(struct store_finding, member), IN_ROW                     \
    }
#define RUN(member, kind)                                                                          \
    {                                                                                              \
#member, COLUMN_##kind, offsetof(struct store_run, member), IN_ROW                         \
    }

static const struct column flow_columns[] = {
    FLOW(first_ns, I64, IN_ROW),
    FLOW(last_ns, I64, IN_ROW),
    FLOW(stored_ns, I64, IN_ROW),
    FLOW(flow_id, U64, IN_ROW),
    FLOW(probe, TEXT, IN_LABEL),
    FLOW(input, TEXT, IN_KIND),
    FLOW(initiator, ADDRESS, IN_ROW),
    FLOW(responder, ADDRESS, IN_ROW),
    FLOW(initiator_port, U16, IN_ROW),
    FLOW(responder_port, U16, IN_ROW),
    FLOW(protocol, U8, IN_ROW),
    FLOW(service, TEXT, IN_LABEL),
    FLOW(application, TEXT, IN_LABEL),
    FLOW(application_id, TEXT, IN_KIND),
    FLOW(category, TEXT, IN_KIND),
    FLOW(traffic_class, TEXT, IN_KIND),
    FLOW(business_relevance, TEXT, IN_KIND),
    FLOW(verdict, TEXT, IN_LABEL),
    FLOW(port_side, TEXT, IN_KIND),
    FLOW(detected, TEXT, IN_KIND),
    FLOW(detected_id, TEXT, IN_KIND),
    FLOW(confidence, TEXT, IN_KIND),
    FLOW(evidence, TEXT, IN_KIND),
    FLOW(why, TEXT, IN_KIND),
    FLOW(risks, TEXT, IN_KIND),
    FLOW(marks, TEXT, IN_KIND),
    FLOW(packets_there, U64, IN_ROW),
    FLOW(packets_back, U64, IN_ROW),
    FLOW(bytes_there, U64, IN_ROW),
    FLOW(bytes_back, U64, IN_ROW),
    FLOW(payload_there, U64, IN_ROW),
    FLOW(payload_back, U64, IN_ROW),
    FLOW(conn_state, TEXT, IN_KIND),
    FLOW(end_reason, TEXT, IN_KIND),
    FLOW(history, TEXT, IN_ROW),
    FLOW(tcp_flags_there, U8, IN_ROW),
    FLOW(tcp_flags_back, U8, IN_ROW),
    FLOW(hostname, TEXT, IN_ROW),
    FLOW(metadata, TEXT, IN_ROW),
    FLOW(first_there, TEXT, IN_ROW_AS_OCTETS),
    FLOW(first_back, TEXT, IN_ROW_AS_OCTETS),
    FLOW(vlans, TEXT, IN_KIND),
    FLOW(tunnel, TEXT, IN_KIND),
};

static const struct column finding_columns[] = {
    FINDING(id, TEXT),
    FINDING(run, TEXT),
    FINDING(probe, TEXT),
    FINDING(stored_ns, I64),
    FINDING(detector, TEXT),
    FINDING(signature_id, U32),
    FINDING(severity, U32),
    FINDING(confidence, U8),
    FINDING(title, TEXT),
    FINDING(why, TEXT),
    FINDING(next, TEXT),
    FINDING(attack_id, TEXT),
    FINDING(attack_name, TEXT),
    FINDING(count, U64),
    FINDING(first_ns, I64),
    FINDING(last_ns, I64),
    FINDING(hosts, TEXT),
    FINDING(hosts_total, U64),
    FINDING(service, TEXT),
    FINDING(flow, TEXT),
    FINDING(flow_ids, TEXT),
    FINDING(display_filter, TEXT),
    FINDING(capture_filter, TEXT),
    FINDING(evidence_file, TEXT),
};
_Static_assert(sizeof(enum severity) == sizeof(uint32_t), "severity is read as a u32");

static const struct column run_columns[] = {
    RUN(run, TEXT),       RUN(probe, TEXT),      RUN(stored_ns, I64), RUN(is_live, BOOL),
    RUN(is_over, BOOL),   RUN(first_ns, I64),    RUN(last_ns, I64),   RUN(packets, U64),
    RUN(bytes, U64),      RUN(decoded, U64),     RUN(filtered, U64),  RUN(malformed, U64),
    RUN(not_ip, U64),     RUN(unsupported, U64), RUN(dropped, U64),   RUN(flows, U64),
    RUN(not_stored, U64), RUN(inputs, U64),      RUN(damaged, U64),   RUN(limits_hit, U64),
};

static const struct column acknowledgement_columns[] = {
    {"finding_id", COLUMN_TEXT, offsetof(struct store_acknowledgement_row, finding_id), IN_ROW},
    {"by_whom", COLUMN_TEXT, offsetof(struct store_acknowledgement_row, by), IN_ROW},
    {"comment", COLUMN_TEXT, offsetof(struct store_acknowledgement_row, comment), IN_ROW},
    {"at_ns", COLUMN_I64, offsetof(struct store_acknowledgement_row, at_ns), IN_ROW},
    {"severity", COLUMN_U8, offsetof(struct store_acknowledgement_row, severity), IN_ROW},
};

static const struct column review_columns[] = {
    {"at_ns", COLUMN_I64, offsetof(struct store_review_row, at_ns), IN_ROW},
};

#define COLUMNS(list) .columns = (list), .column_count = sizeof(list) / sizeof(list)[0]

static const struct table tables[TABLES] = {
    [TABLE_FLOW] = {"flow", COLUMNS(flow_columns), .time = "first_ns"},
    [TABLE_FINDING] = {"finding", COLUMNS(finding_columns), .time = "first_ns"},
    [TABLE_RUN] = {"run", COLUMNS(run_columns), .time = "stored_ns"},
    [TABLE_ACKNOWLEDGEMENT] = {"acknowledgement", COLUMNS(acknowledgement_columns),
                               .time = "at_ns"},
    [TABLE_REVIEW] = {"review", COLUMNS(review_columns), .time = "at_ns"},
};

const struct table *table_of(enum table_id id)
{
    return &tables[id];
}

static int64_t unsigned_at(const unsigned char *at, size_t size)
{
    uint64_t u64 = 0;
    uint32_t u32;
    uint16_t u16;
    switch (size) {
    case sizeof u64:
        memcpy(&u64, at, size);
        break;
    case sizeof u32:
        memcpy(&u32, at, size);
        u64 = u32;
        break;
    case sizeof u16:
        memcpy(&u16, at, size);
        u64 = u16;
        break;
    default:
        u64 = *at;
    }
    return (int64_t)u64;
}

static const size_t number_sizes[] = {
    [COLUMN_TEXT] = 0,
    [COLUMN_ADDRESS] = 0,
    [COLUMN_I64] = sizeof(int64_t),
    [COLUMN_U64] = sizeof(uint64_t),
    [COLUMN_U32] = sizeof(uint32_t),
    [COLUMN_U16] = sizeof(uint16_t),
    [COLUMN_U8] = sizeof(uint8_t),
    [COLUMN_BOOL] = sizeof(bool),
};

struct column_value column_get(const struct column *column, const void *row)
{
    const unsigned char *at = (const unsigned char *)row + column->offset;
    if (column->kind == COLUMN_TEXT) {
        const char *words;
        memcpy(&words, at, sizeof words);
        return (struct column_value){.bytes = {(const uint8_t *)words, strlen(words)}};
    }
    if (column->kind == COLUMN_ADDRESS) {
        uint8_t version = at[offsetof(struct address, version)];
        size_t length = version == 4 ? 4 : version == 6 ? 16 : 0;
        return (struct column_value){.bytes = {at, length}};
    }
    return (struct column_value){.number = unsigned_at(at, number_sizes[column->kind]),
                                 .is_number = true};
}

void table_add_select_list(struct text *sql, const struct table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        text_add(sql, i > 0 ? "," : "");
        text_addf(sql, column->kind == COLUMN_ADDRESS ? "hex(%s)" : "%s", column->name);
    }
}

int64_t cell_i64(const char *cell)
{
    return strtoll(cell, NULL, 10);
}

uint64_t cell_u64(const char *cell)
{
    return strtoull(cell, NULL, 10);
}

static bool hex_digit(char c, uint8_t *value)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;
    if (found)
        *value = (uint8_t)(found - digits);
    return found != NULL;
}

bool hex_octet(const char *digits, uint8_t *out)
{
    uint8_t high, low;
    if (!hex_digit(digits[0], &high) || !hex_digit(digits[1], &low))
        return false;
    *out = (uint8_t)(high << 4 | low);
    return true;
}

struct address cell_address(const char *hex)
{
    uint8_t octets[16];
    size_t length = strlen(hex) / 2;
    if (length != 4 && length != 16)
        return (struct address){0};
    for (size_t i = 0; i < length; i++) {
        if (!hex_octet(hex + 2 * i, &octets[i]))
            return (struct address){0};
    }
    return address_from_bytes(octets, length == 4 ? 4 : 6);
}

/* Little-endian or not: a value of the member's own type is copied. */
static void put_number(unsigned char *at, enum column_kind kind, const char *cell)
{
    uint64_t u64 = kind == COLUMN_I64 ? (uint64_t)cell_i64(cell) : cell_u64(cell);
    uint32_t u32 = (uint32_t)u64;
    uint16_t u16 = (uint16_t)u64;
    bool is_true = u64 != 0;
    const void *from[] = {
        [COLUMN_I64] = &u64, [COLUMN_U64] = &u64, [COLUMN_U32] = &u32,
        [COLUMN_U16] = &u16, [COLUMN_U8] = NULL,  [COLUMN_BOOL] = &is_true,
    };
    if (kind == COLUMN_U8)
        *at = (uint8_t)u64;
    else
        memcpy(at, from[kind], number_sizes[kind]);
}

void row_read(const struct table *table, const struct cells *cells, void *row)
{
    for (size_t i = 0; i < table->column_count && i < cells->count; i++) {
        const struct column *column = &table->columns[i];
        unsigned char *at = (unsigned char *)row + column->offset;
        if (column->kind == COLUMN_TEXT) {
            memcpy(at, &cells->words[i], sizeof cells->words[i]);
        } else if (column->kind == COLUMN_ADDRESS) {
            struct address address = cell_address(cells->words[i]);
            memcpy(at, &address, sizeof address);
        } else {
            put_number(at, column->kind, cells->words[i]);
        }
    }
}
