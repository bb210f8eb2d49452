/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "review/review.h"
#include "review/sheet.h"

#include <string.h>

static const char hostile[] = "</b>|x\x1b[2J\"\n=1+1\xe2\x80\xae";

/* A row of a stranger's words and one of nothing at all. */
static void write_hostile(enum sheet_format format, struct text *out)
{
    struct sheet_writer writer = {.format = format, .page = {.text = out}};
    struct sheet sheet = {.name = "rows",
                          .columns = {{"name", CELL_TEXT},
                                      {"octets_there", CELL_BYTES},
                                      {"count", CELL_COUNT},
                                      {"last", CELL_TIME}},
                          .column_count = 4};
    sheet_add(&sheet, hostile);
    sheet_add_number(&sheet, 1234567);
    sheet_add_number(&sheet, 1234567);
    sheet_add_number(&sheet, 1700000000123456789);
    sheet_add(&sheet, "");
    sheet_add_number(&sheet, 0);
    sheet_add_number(&sheet, 0);
    sheet_add_number(&sheet, 0);
    sheets_begin(&writer);
    sheet_write(&writer, &sheet);
    sheets_end(&writer);
}

static void a_strangers_words_are_harmless_in_every_form(void **state)
{
    (void)state;
    static const char *const expected[SHEET_FORMATS] = {
        [SHEET_TABLE] = "  name                                octets there      count  last\n"
                        "  </b>|x\\x1b[2J\"\\x0a=1+1\\xe2\\x80\\xae        1.2 MB  1,234,567  "
                        "2023-11-14 22:13:20\n"
                        "                                               0 B          0  -\n",
        [SHEET_JSON] =
            "{\"rows\":[{\"name\":\"</b>|x\\u001b[2J\\\"\\n=1+1\\u202e\","
            "\"octets_there\":1234567,\"count\":1234567,\"last\":\"2023-11-14T22:13:20.123456Z\"},"
            "{\"name\":\"\",\"octets_there\":0,\"count\":0,\"last\":\"\"}]}\n",
        [SHEET_CSV] = "sheet,name,octets_there,count,last\r\n"
                      "rows,\"</b>|x\\x1b[2J\"\"\\x0a=1+1\\xe2\\x80\\xae\",1234567,1234567,"
                      "2023-11-14T22:13:20.123456Z\r\n"
                      "rows,\"\",0,0,\r\n",
        [SHEET_MARKDOWN] =
            "| name | octets there | count | last |\n"
            "| --- | ---: | ---: | --- |\n"
            "| &lt;/b>\\|x\\x1b\\[2J\"\\x0a=1+1\\xe2\\x80\\xae | 1.2 MB | 1,234,567 | "
            "2023-11-14 22:13:20 |\n"
            "|  | 0 B | 0 | - |\n",
    };
    struct text out = {0};
    for (enum sheet_format format = 0; format < SHEET_FORMATS; format++) {
        text_clear(&out);
        write_hostile(format, &out);
        assert_string_equal(text_words(&out), expected[format]);
    }
    text_free(&out);
}

static void formats_are_known_by_name(void **state)
{
    (void)state;
    enum sheet_format format = SHEET_TABLE;
    assert_true(sheet_format_parse("markdown", &format));
    assert_int_equal(format, SHEET_MARKDOWN);
    assert_false(sheet_format_parse("html", &format));
    assert_false(sheet_format_parse("", &format));
}

static void times_are_by_the_clock_or_before_the_newest_packet(void **state)
{
    (void)state;
    static const int64_t second = INT64_C(1000000000), day = 86400;
    static const int64_t now = 20000 * day + 3600, end = 19000 * day + 7200;
    static const struct {
        const char *word;
        int64_t seconds;
    } cases[] = {
        {"today", 20000 * day},      {"yesterday", 19999 * day},
        {"now", 20000 * day + 3600}, {"2h", 19000 * day},
        {"30m", 19000 * day + 5400}, {"1d", 18999 * day + 7200},
        {"2023-11-14", 1699920000},  {"2023-11-14T22:13", 1700000000 - 20},
    };
    int64_t found = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(review_time_parse(cases[i].word, now * second, end * second, &found));
        assert_int_equal(found, cases[i].seconds * second);
    }
    /* Longer ago than there is time: everything, which is not "no bound". */
    assert_true(review_time_parse("1000000h", now * second, end * second, &found));
    assert_int_equal(found, 1);
    assert_false(review_time_parse("moonrise", now * second, end * second, &found));
    assert_false(review_time_parse("", now * second, end * second, &found));
    assert_false(review_time_parse("2h later", now * second, end * second, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strangers_words_are_harmless_in_every_form),
        cmocka_unit_test(formats_are_known_by_name),
        cmocka_unit_test(times_are_by_the_clock_or_before_the_newest_packet),
    };
    return cmocka_run_group_tests_name("sheets", tests, NULL, NULL);
}
