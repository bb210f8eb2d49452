/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "samples.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Moves over one cell; `cell` gets its text without quotes. Fails on what RFC 4180 does not know.
 */
static const char *read_cell(const char *at, struct text *cell)
{
    text_clear(cell);
    if (*at != '"') {
        size_t length = strcspn(at, ",\n");
        text_add_n(cell, at, length);
        assert_null(memchr(at, '"', length));
        return at + length;
    }
    for (at++; *at != '"' || at[1] == '"'; at++) {
        assert_true(*at >= 0x20 && *at < 0x7f);
        at += *at == '"';
        text_add_char(cell, *at);
    }
    return at + 1;
}

/* The number of cells in a row; `at` is moved behind it. No cell is a formula. */
static size_t read_row(const char **at)
{
    struct text cell = {0};
    size_t count = 0;
    do {
        bool is_quoted = **at == '"';
        *at = read_cell(*at, &cell);
        if (is_quoted && cell.length > 0)
            assert_null(strchr("=+-@\t\r", cell.data[0]));
        count++;
    } while (*(*at)++ == ',');
    assert_int_equal((*at)[-1], '\n');
    text_free(&cell);
    return count;
}

static void a_record_is_a_row_of_all_fields(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    char *written = sample_written("csv", &record);
    static const char row[] =
        "\n\"2026-11-20T09:15:00.123456Z\",\"2026-11-20T09:15:02.623456Z\",2.500000,4711,"
        "\"192.0.2.1\",40000,\"192.0.2.2\",395,\"TCP\",4,\"154\","
        "\"1:oirygTSnk8e324fqwaUQLXCcHg4=\",\"lab.pcap\",\"ssh\",\"netcp\",\"responder\","
        "\"masquerade\",\"395/tcp is netcp, the payload is SSH; both directions say so\",\"SSH\","
        "\"22:92\",\"truncated,dpi-budget\",6,5,600,780,500,700,180,400,0,0,\"S3\",\"ShADadf\","
        "\"idle\",\"1b\",\"1a\",\"13\",\"vxlan\",77,1,\"SSH\",\"92\",\"dpi\",\"other-direction\","
        "\"both directions say so\",\"RemoteAccess\",4,,"
        "\"known-protocol-on-non-standard-port,risk-63\",,,,\"SSH-2.0-OpenSSH_9.2\","
        "\"SSH-2.0-OpenSSH_8.4\",,,,,,,4.164,\"SSH-2.0-Open\\\\\"\"\\x1b\\xff\","
        "\"5353482d322e302d4f70656e5c221bff\",\"SSH\",\"535348\",\"net-admin\",\"terminal\","
        "\"other\",\"ops-admin-mgmt\",\"relevant\",\"p2p-tech-no\",\"tunnel-no\","
        "\"encrypted-yes\"\n";
    assert_string_equal(strchr(written, '\n'), row);
    free(written);
}

static void every_row_has_as_many_cells_as_the_heading(void **state)
{
    (void)state;
    struct flow_record record;
    for (size_t i = 0; hostile_strings[i]; i++) {
        sample_flow(&record);
        sample_with_hostile_strings(&record, hostile_strings[i]);
        char *written = sample_written("csv", &record);
        const char *at = written;
        size_t heading = read_row(&at);
        assert_int_equal(read_row(&at), heading);
        assert_int_equal(*at, '\0');
        free(written);
    }
}

static void a_formula_is_disarmed(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    sample_with_hostile_strings(&record, "=cmd|' /C calc'!A0");
    char *written = sample_written("csv", &record);
    assert_non_null(strstr(written, ",\"'=cmd|' /C calc'!A0\","));
    assert_null(strstr(written, "\"=cmd"));
    free(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_a_row_of_all_fields),
        cmocka_unit_test(every_row_has_as_many_cells_as_the_heading),
        cmocka_unit_test(a_formula_is_disarmed),
    };
    return cmocka_run_group_tests(tests, sample_make_folder, sample_remove_folder);
}
