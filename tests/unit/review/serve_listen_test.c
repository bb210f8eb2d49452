/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "review/serve/listen.h"

#include <string.h>
#include <unistd.h>

static void an_address_and_a_port_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        bool is_loopback;
    } cases[] = {
        {"127.0.0.1:8154", true},    {"127.9.9.9:1", true},  {"0.0.0.0:8154", false},
        {"192.0.2.1:65535", false},  {"[::1]:0", true},      {"[::]:8154", false},
        {"[2001:db8::1]:80", false}, {"128.0.0.1:0", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct listen_place place;
        struct error error;
        char words[LISTEN_TEXT_SIZE];
        if (!listen_parse(cases[i].word, &place, &error))
            fail_msg("%s: %s", cases[i].word, error.text);
        assert_string_equal(listen_text(&place, words), cases[i].word);
        assert_int_equal(listen_is_loopback(&place), cases[i].is_loopback);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const words[] = {
        "",
        "8154",
        ":8154",
        "localhost:8154",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:x",
        "127.0.0.1:-1",
        "127.0.0.1:65536",
        "127.0.0.1:80x",
        "::1:8154",
        "[::1]",
        "[::1",
        "[127.0.0.1]:8154",
        "[::1]8154",
        "[]:80",
        "127.0.0.1: 80",
        "127.0.0.1:18446744073709551617",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct listen_place place;
        struct error error = {.text = ""};
        if (listen_parse(words[i], &place, &error))
            fail_msg("'%s' is taken", words[i]);
        assert_non_null(strstr(error.text, "--listen"));
        assert_true(error.is_usage);
    }
}

static void a_port_that_is_taken_is_told(void **state)
{
    (void)state;
    struct listen_place first, second;
    struct error error = {.text = ""};
    assert_true(listen_parse("127.0.0.1:0", &first, &error));
    int socket = listen_open(&first, &error);
    assert_true(socket >= 0);
    assert_int_not_equal(first.port, 0);
    second = first;
    assert_int_equal(listen_open(&second, &error), -1);
    assert_non_null(strstr(error.text, "in use by another program"));
    close(socket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_and_a_port_are_read),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(a_port_that_is_taken_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
