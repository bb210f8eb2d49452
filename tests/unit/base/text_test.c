/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/text.h"

#include <jansson.h>
#include <string.h>

static struct text text;

static const char *escaped(void (*add)(struct text *, struct span), const char *bytes, size_t n)
{
    text_clear(&text);
    add(&text, (struct span){(const uint8_t *)bytes, n});
    return text_words(&text);
}

#define ESCAPED(add, bytes) escaped(add, bytes, sizeof bytes - 1)

static void nothing_but_printable_ascii_reaches_a_terminal(void **state)
{
    (void)state;
    assert_string_equal(ESCAPED(text_add_printable, "ev\x1b[2Jil\a\x7f\\"),
                        "ev\\x1b[2Jil\\x07\\x7f\\\\");
    assert_string_equal(ESCAPED(text_add_printable, "\xe2\x80\xae"), "\\xe2\\x80\\xae");
    for (int byte = 0; byte < 256; byte++) {
        char one = (char)byte;
        for (const char *at = escaped(text_add_printable, &one, 1); *at; at++)
            assert_in_range((unsigned char)*at, 0x20, 0x7e);
    }
}

static void json_strings_are_escaped(void **state)
{
    (void)state;
    assert_string_equal(ESCAPED(text_add_json, "a\"b\\c\n\t\x01\x7f"),
                        "a\\\"b\\\\c\\n\\t\\u0001\\u007f");
    assert_string_equal(ESCAPED(text_add_json, "caf\xc3\xa9"), "caf\xc3\xa9");
    assert_string_equal(ESCAPED(text_add_json, "\xe2\x80\xa8\xe2\x80\xae"), "\\u2028\\u202e");
}

static void invalid_utf8_becomes_code_points_of_its_bytes(void **state)
{
    (void)state;
    assert_string_equal(ESCAPED(text_add_json, "\xff\xc3"), "\\u00ff\\u00c3");
    assert_string_equal(ESCAPED(text_add_json, "\xc0\xaf"), "\\u00c0\\u00af"); /* overlong */
    assert_string_equal(ESCAPED(text_add_json, "\xed\xa0\x80"), "\\u00ed\\u00a0\\u0080");
    assert_string_equal(ESCAPED(text_add_json, "\xf4\x90\x80\x80"), "\\u00f4\\u0090\\u0080\\u0080");
}

/* What we write, another parser must read. */
static void every_two_bytes_are_valid_json(void **state)
{
    (void)state;
    struct text line = {0};
    for (unsigned pair = 0; pair < 65536; pair++) {
        uint8_t bytes[] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        text_clear(&line);
        text_add(&line, "[\"");
        text_add_json(&line, (struct span){bytes, sizeof bytes});
        text_add(&line, "\"]");
        json_t *value = json_loadb(line.data, line.length, JSON_ALLOW_NUL, NULL);
        assert_non_null(value);
        json_decref(value);
    }
    text_free(&line);
}

static void a_csv_cell_is_never_a_formula(void **state)
{
    (void)state;
    assert_string_equal(ESCAPED(text_add_csv, "=hyperlink(\"http\")"),
                        "\"'=hyperlink(\"\"http\"\")\"");
    assert_string_equal(ESCAPED(text_add_csv, "a,b\r\n"), "\"a,b\\x0d\\x0a\"");
    assert_string_equal(ESCAPED(text_add_csv, "+1"), "\"'+1\"");
    assert_string_equal(ESCAPED(text_add_csv, ""), "\"\"");
}

static void zeek_fields_have_no_tabs(void **state)
{
    (void)state;
    assert_string_equal(ESCAPED(text_add_zeek, "a\tb\\"), "a\\x09b\\x5c");
}

static void numbers_are_written_whole(void **state)
{
    (void)state;
    text_clear(&text);
    text_add_u64(&text, UINT64_MAX);
    text_add_char(&text, ' ');
    text_add_i64(&text, INT64_MIN);
    text_add_char(&text, ' ');
    text_add_u64(&text, 0);
    assert_string_equal(text_words(&text), "18446744073709551615 -9223372036854775808 0");
}

static void printable_is_cut_to_its_buffer(void **state)
{
    (void)state;
    char small[6];
    assert_string_equal(text_printable("a\x1b\x1b", small, sizeof small), "a\\x1b");
}

static int free_text(void **state)
{
    (void)state;
    text_free(&text);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_but_printable_ascii_reaches_a_terminal),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(invalid_utf8_becomes_code_points_of_its_bytes),
        cmocka_unit_test(every_two_bytes_are_valid_json),
        cmocka_unit_test(a_csv_cell_is_never_a_formula),
        cmocka_unit_test(zeek_fields_have_no_tabs),
        cmocka_unit_test(numbers_are_written_whole),
        cmocka_unit_test(printable_is_cut_to_its_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, free_text);
}
