/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/memory.h"
#include "review/serve/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int new_events(void **state)
{
    struct events *events = memory_new(1, sizeof *events);
    events_open(events);
    *state = events;
    return 0;
}

static int free_events(void **state)
{
    events_close(*state);
    free(*state);
    return 0;
}

static void assert_reads(struct serve_listener *listener, const char *words)
{
    char block[4096];
    size_t length = events_read(listener, block, sizeof block - 1);
    block[length] = '\0';
    assert_string_equal(block, words);
}

static struct serve_listener *listen_from(struct events *events, const char *heard)
{
    struct serve_listener *listener = events_listen(events, heard);
    assert_non_null(listener);
    assert_reads(listener, "retry: 2000\n: listening\n\n");
    return listener;
}

static void a_listener_hears_what_happens_from_then_on(void **state)
{
    struct events *events = *state;
    events_tell(events, "change", "{}");
    struct serve_listener *listener = listen_from(events, NULL);
    events_tell(events, "finding", "{\"id\":\"x\"}");
    events_tell(events, "change", "{}");
    assert_reads(listener, "id: 2\nevent: finding\ndata: {\"id\":\"x\"}\n\n"
                           "id: 3\nevent: change\ndata: {}\n\n");
    events_leave(listener);
}

static void whoever_comes_back_misses_nothing(void **state)
{
    struct events *events = *state;
    for (int i = 0; i < 3; i++)
        events_tell(events, "change", "{}");
    struct serve_listener *listener = listen_from(events, "2");
    assert_reads(listener, "id: 3\nevent: change\ndata: {}\n\n");
    events_leave(listener);
}

static void whoever_was_away_for_long_is_told(void **state)
{
    struct events *events = *state;
    for (int i = 0; i < EVENTS_KEPT + 5; i++)
        events_tell(events, "change", "{}");
    struct serve_listener *listener = listen_from(events, "2");
    char words[64];
    snprintf(words, sizeof words, "id: %d\nevent: missed\ndata: {}\n\n", EVENTS_KEPT + 5);
    assert_reads(listener, words);
    events_leave(listener);
}

static void a_number_that_is_not_ours_means_nothing(void **state)
{
    static const char *const words[] = {"9", "x", "", "-1", "1x", "99999999999999999999999"};
    struct events *events = *state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct serve_listener *listener = listen_from(events, words[i]);
        events_tell(events, "change", "{}");
        char block[100];
        assert_in_range(events_read(listener, block, sizeof block), 20, 40);
        events_leave(listener);
    }
}

static void an_event_may_be_read_in_pieces(void **state)
{
    struct events *events = *state;
    struct serve_listener *listener = listen_from(events, NULL);
    char piece[4], whole[100] = "";
    size_t length = 0;
    events_tell(events, "change", "{}");
    while (strstr(whole, "\n\n") == NULL) {
        size_t more = events_read(listener, piece, sizeof piece);
        memcpy(whole + length, piece, more);
        length += more;
        whole[length] = '\0';
    }
    assert_string_equal(whole, "id: 1\nevent: change\ndata: {}\n\n");
    events_leave(listener);
}

static void silence_is_broken_now_and_then(void **state)
{
    struct events *events = *state;
    struct serve_listener *listener = listen_from(events, NULL);
    for (int i = 0; i < EVENTS_TICKS_OF_SILENCE; i++)
        events_tick(events);
    assert_reads(listener, ":\n\n");
    events_leave(listener);
}

static void there_are_so_many_listeners_and_no_more(void **state)
{
    struct events *events = *state;
    struct serve_listener *listeners[EVENTS_LISTENERS_MAX];
    for (size_t i = 0; i < EVENTS_LISTENERS_MAX; i++)
        listeners[i] = listen_from(events, NULL);
    assert_null(events_listen(events, NULL));
    events_leave(listeners[0]);
    listeners[0] = listen_from(events, NULL);
    for (size_t i = 0; i < EVENTS_LISTENERS_MAX; i++)
        events_leave(listeners[i]);
    assert_int_equal(events_listeners(events), 0);
}

static void the_end_sends_listeners_home(void **state)
{
    struct events *events = *state;
    struct serve_listener *listener = listen_from(events, NULL);
    events_end(events);
    assert_reads(listener, "");
    events_leave(listener);
    assert_null(events_listen(events, NULL));
}

#define WITH_EVENTS(test) cmocka_unit_test_setup_teardown(test, new_events, free_events)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_EVENTS(a_listener_hears_what_happens_from_then_on),
        WITH_EVENTS(whoever_comes_back_misses_nothing),
        WITH_EVENTS(whoever_was_away_for_long_is_told),
        WITH_EVENTS(a_number_that_is_not_ours_means_nothing),
        WITH_EVENTS(an_event_may_be_read_in_pieces),
        WITH_EVENTS(silence_is_broken_now_and_then),
        WITH_EVENTS(there_are_so_many_listeners_and_no_more),
        WITH_EVENTS(the_end_sends_listeners_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
