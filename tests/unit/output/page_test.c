/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "output/grid.h"
#include "output/page.h"

#include <string.h>

static void numbers_are_written_for_people(void **state)
{
    (void)state;
    static const struct {
        uint64_t number;
        const char *count, *bytes;
    } cases[] = {
        {0, "0", "0 B"},
        {999, "999", "999 B"},
        {1000, "1,000", "1.0 KB"},
        {12345, "12,345", "12.3 KB"},
        {999949, "999,949", "999.9 KB"},
        {999950, "999,950", "1.0 MB"},
        {UINT64_MAX, "18,446,744,073,709,551,615", "18.4 EB"},
    };
    struct text text = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        text_clear(&text);
        text_add_count(&text, cases[i].number);
        assert_string_equal(text_words(&text), cases[i].count);
        text_clear(&text);
        text_add_bytes(&text, cases[i].number);
        assert_string_equal(text_words(&text), cases[i].bytes);
    }
    text_free(&text);
}

static void words_are_broken_between_blanks_or_anywhere(void **state)
{
    (void)state;
    struct text text = {0};
    struct page page = {.text = &text};
    page_wrap(&page, 96, STYLE_PLAIN, "a bc def ghijklm n");
    char indent[97];
    memset(indent, ' ', 96);
    indent[96] = '\0';
    struct text expected = {0};
    static const char *const lines[] = {"a bc", "def", "ghij", "klm", "n"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        text_addf(&expected, "%s%s\n", indent, lines[i]);
    assert_string_equal(text_words(&text), text_words(&expected));
    text_free(&expected);
    text_free(&text);
}

static void a_grid_is_as_wide_as_its_widest_cells(void **state)
{
    (void)state;
    struct text text = {0};
    struct page page = {.text = &text};
    struct grid grid = {.columns = "lrl", .most = 6};
    static const char *const cells[] = {"name",         "n", "last", "x", "100", "y",
                                        "far too long", "",  "z"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        grid_add(&grid, cells[i]);
    grid_print(&grid, &page, 1);
    assert_string_equal(text_words(&text), " name      n  last\n"
                                           " x       100  y\n"
                                           " far ..       z\n");
    text_free(&text);
}

static void a_grid_stays_on_the_page(void **state)
{
    (void)state;
    static const char wide[] = "0123456789012345678901234567890123456789";
    struct text text = {0};
    struct page page = {.text = &text};
    struct grid grid = {.columns = "llrl"};
    const char *const cells[] = {"one",
                                 "two",
                                 "three",
                                 "words",
                                 wide,
                                 wide,
                                 wide,
                                 "words that go on and on until they reach the end of the page and "
                                 "then begin where they began, behind the number"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        grid_add(&grid, cells[i]);
    grid_print(&grid, &page, 2);
    assert_string_equal(
        text_words(&text),
        "  one                                       two\n"
        "                                         three  words\n"
        "  0123456789012345678901234567890123456789  0123456789012345678901234567890123456789\n"
        "      0123456789012345678901234567890123456789  words that go on and on until they reach "
        "the "
        "end of\n"
        "                                                the page and then begin where they began, "
        "behind the\n"
        "                                                number\n");
    text_clear(&text);
    struct grid blocks = {.columns = "lr"};
    grid_add(&blocks, "\xe2\x96\x88\xe2\x96\x88");
    grid_add(&blocks, "1");
    grid_add(&blocks, "abc");
    grid_add(&blocks, "22");
    grid_print(&blocks, &page, 0);
    assert_string_equal(text_words(&text), "\xe2\x96\x88\xe2\x96\x88    1\nabc  22\n");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_for_people),
        cmocka_unit_test(words_are_broken_between_blanks_or_anywhere),
        cmocka_unit_test(a_grid_is_as_wide_as_its_widest_cells),
        cmocka_unit_test(a_grid_stays_on_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
