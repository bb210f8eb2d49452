/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "review/serve/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"probe.example"};
static const struct guard open_guard = {.names = names, .name_count = 1};

static unsigned status_of(struct serve_request request)
{
    struct serve_answer answer = {.status = 0};
    if (!request.path)
        request.path = "/api/v1/summary";
    if (!request.method)
        request.method = "GET";
    bool is_in = guard_lets_in(&open_guard, &request, &answer);
    text_free(&answer.body);
    return is_in ? 200 : answer.status;
}

static void a_host_is_an_address_or_a_name_of_ours(void **state)
{
    (void)state;
    static const char *const ours[] = {
        "127.0.0.1",      "127.0.0.1:8154", "192.0.2.1:80",       "[::1]:8154",    "[2001:db8::1]",
        "localhost:8154", "LocalHost",      "probe.example:8154", "Probe.Example",
    };
    static const char *const others[] = {
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8154",
        "::1",
        "[::1",
        "[127.0.0.1]:8154",
        "[localhost]",
        "127.0.0.1:",
        "127.0.0.1:8154@evil",
        "localhost:80:90",
        ":8154",
        "127.1",
        "probe.example.",
        "xprobe.example",
        "localhost:8a",
    };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (status_of((struct serve_request){.headers = {.host = ours[i]}}) != 200)
            fail_msg("%s is ours", ours[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        unsigned status = status_of((struct serve_request){.headers = {.host = others[i]}});
        /* A port may be left out behind its colon (RFC 9110 §7.2). */
        if (status != (strcmp(others[i], "127.0.0.1:") == 0 ? 200u : 421u))
            fail_msg("'%s' gives %u", others[i], status);
    }
    assert_int_equal(status_of((struct serve_request){.headers = {.host = NULL}}), 421);
}

static void a_very_long_host_is_refused(void **state)
{
    (void)state;
    char host[5000];
    memset(host, 'a', sizeof host - 1);
    host[sizeof host - 1] = '\0';
    assert_int_equal(status_of((struct serve_request){.headers = {.host = host}}), 421);
}

static void pages_of_other_sites_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path, *origin, *fetch_site;
        unsigned status;
    } cases[] = {
        {"GET", "/api/v1/summary", NULL, NULL, 200},
        {"GET", "/api/v1/summary", NULL, "same-origin", 200},
        {"GET", "/api/v1/summary", NULL, "none", 200},
        {"GET", "/api/v1/summary", NULL, "cross-site", 403},
        {"GET", "/api/v1/summary", NULL, "same-site", 403},
        {"GET", "/", NULL, "cross-site", 200},
        {"GET", "/", "http://evil.example", NULL, 403},
        {"POST", "/api/v1/session", "http://localhost:8154", "same-origin", 200},
        {"POST", "/api/v1/session", "https://LOCALHOST:8154", NULL, 200},
        {"POST", "/api/v1/session", NULL, NULL, 200},
        {"POST", "/api/v1/session", "http://localhost", NULL, 403},
        {"POST", "/api/v1/session", "http://localhost:8154.evil.example", NULL, 403},
        {"POST", "/api/v1/session", "http://localhost:9999", NULL, 403},
        {"POST", "/api/v1/session", "ftp://localhost:8154", NULL, 403},
        {"POST", "/api/v1/session", "null", NULL, 403},
        {"POST", "/api/v1/session", "", NULL, 403},
        {"POST", "/api/v1/session", NULL, "cross-site", 403},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned status = status_of((struct serve_request){
            .method = cases[i].method,
            .path = cases[i].path,
            .headers = {.host = "localhost:8154",
                        .origin = cases[i].origin,
                        .fetch_site = cases[i].fetch_site,
                        .content_type = "application/json"},
        });
        if (status != cases[i].status)
            fail_msg("case %zu gives %u", i, status);
    }
}

static void what_is_sent_is_json(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        unsigned status;
    } cases[] = {
        {"application/json", 200},
        {"Application/JSON; charset=utf-8", 200},
        {"application/jsonp", 415},
        {"text/plain", 415},
        {"application/x-www-form-urlencoded", 415},
        {"", 415},
        {NULL, 415},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(
            status_of((struct serve_request){
                .method = "POST", .headers = {.host = "localhost", .content_type = cases[i].type}}),
            cases[i].status);
}

static struct guard closed_guard(void)
{
    struct guard guard = {.token = "0123456789abcdefghij"};
    struct error error;
    assert_true(guard_make_session(&guard, &error));
    return guard;
}

static void everybody_is_known_without_a_token(void **state)
{
    (void)state;
    assert_true(guard_knows(&open_guard, &(struct request_headers){.host = NULL}));
    assert_false(guard_is_token(&open_guard, ""));
}

static void the_token_is_needed_where_there_is_one(void **state)
{
    (void)state;
    static const struct {
        const char *authorization;
        bool is_known;
    } cases[] = {
        {"Bearer 0123456789abcdefghij", true},
        {"bearer 0123456789abcdefghij", true},
        {"Bearer 0123456789abcdefghiX", false},
        {"Bearer 0123456789abcdefghi", false},
        {"Bearer 0123456789abcdefghijk", false},
        {"Bearer X123456789abcdefghij", false},
        {"Bearer ", false},
        {"Bearer", false},
        {"Basic 0123456789abcdefghij", false},
        {"0123456789abcdefghij", false},
        {NULL, false},
    };
    struct guard guard = closed_guard();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct request_headers headers = {.authorization = cases[i].authorization};
        if (guard_knows(&guard, &headers) != cases[i].is_known)
            fail_msg("case %zu", i);
    }
}

static void a_session_stands_for_the_token(void **state)
{
    (void)state;
    struct guard guard = closed_guard();
    char set[ANSWER_WORD_SIZE], cookies[400];
    guard_cookie(&guard, true, set);
    assert_non_null(strstr(set, "; HttpOnly; SameSite=Strict"));
    assert_null(strstr(set, guard.token));
    set[strcspn(set, ";")] = '\0';
    assert_true(guard_knows(&guard, &(struct request_headers){.cookie = set}));
    snprintf(cookies, sizeof cookies, "a=b; %s; c=d", set);
    assert_true(guard_knows(&guard, &(struct request_headers){.cookie = cookies}));
    snprintf(cookies, sizeof cookies, "x%s", set);
    assert_false(guard_knows(&guard, &(struct request_headers){.cookie = cookies}));
    set[strlen(set) - 1] ^= 1;
    assert_false(guard_knows(&guard, &(struct request_headers){.cookie = set}));
    assert_false(guard_knows(&guard, &(struct request_headers){.cookie = "portscope_session="}));
    assert_false(guard_knows(&guard, &(struct request_headers){.cookie = ""}));
    guard_cookie(&guard, false, set);
    assert_non_null(strstr(set, "Max-Age=0"));
    assert_null(strstr(set, guard.session));
}

static void two_servers_have_two_sessions(void **state)
{
    (void)state;
    struct guard one = closed_guard(), other = closed_guard();
    assert_int_equal(strlen(one.session), SESSION_SIZE - 1);
    assert_string_not_equal(one.session, other.session);
}

static bool load(const char *content, mode_t mode, struct guard *guard, struct error *error)
{
    char path[] = "token-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, content, strlen(content)), strlen(content));
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
    bool is_loaded = guard_load_token(guard, path, error);
    unlink(path);
    return is_loaded;
}

static void a_token_file_is_private_and_holds_one_long_word(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        mode_t mode;
        const char *complaint; /* NULL: none */
    } cases[] = {
        {"0123456789abcdefghij\n", 0600, NULL},
        {"0123456789abcdefghij", 0400, NULL},
        {"0123456789abcdefghij\n", 0640, "chmod 600"},
        {"0123456789abcdefghij\n", 0604, "chmod 600"},
        {"0123456789abcdefghi\n", 0600, "20 to 256"},
        {"", 0600, "20 to 256"},
        {"0123456789 abcdefghij\n", 0600, "20 to 256"},
        {"0123456789abcdefghij\nmore\n", 0600, "20 to 256"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct guard guard = {.token = ""};
        struct error error = {.text = ""};
        bool is_loaded = load(cases[i].content, cases[i].mode, &guard, &error);
        assert_int_equal(is_loaded, cases[i].complaint == NULL);
        if (is_loaded)
            assert_string_equal(guard.token, "0123456789abcdefghij");
        else if (!strstr(error.text, cases[i].complaint))
            fail_msg("case %zu: %s", i, error.text);
    }
}

static void a_token_of_the_longest_kind_and_one_longer(void **state)
{
    (void)state;
    char words[TOKEN_SIZE_MAX + 3];
    struct guard guard;
    struct error error;
    memset(words, 'a', sizeof words);
    words[TOKEN_SIZE_MAX] = '\n';
    words[TOKEN_SIZE_MAX + 1] = '\0';
    assert_true(load(words, 0600, &guard, &error));
    words[TOKEN_SIZE_MAX] = 'a';
    words[TOKEN_SIZE_MAX + 1] = '\n';
    words[TOKEN_SIZE_MAX + 2] = '\0';
    assert_false(load(words, 0600, &guard, &error));
    assert_false(guard_load_token(&guard, "no/such/file", &error));
    assert_false(guard_load_token(&guard, ".", &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_an_address_or_a_name_of_ours),
        cmocka_unit_test(a_very_long_host_is_refused),
        cmocka_unit_test(pages_of_other_sites_are_refused),
        cmocka_unit_test(what_is_sent_is_json),
        cmocka_unit_test(everybody_is_known_without_a_token),
        cmocka_unit_test(the_token_is_needed_where_there_is_one),
        cmocka_unit_test(a_session_stands_for_the_token),
        cmocka_unit_test(two_servers_have_two_sessions),
        cmocka_unit_test(a_token_file_is_private_and_holds_one_long_word),
        cmocka_unit_test(a_token_of_the_longest_kind_and_one_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
