/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/memory.h"
#include "review/serve/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int new_cache(void **state)
{
    struct cache *cache = memory_new(1, sizeof *cache);
    cache_open(cache);
    *state = cache;
    return 0;
}

static int free_cache(void **state)
{
    cache_close(*state);
    free(*state);
    return 0;
}

/* Whether the answer is at hand; else one is made, within `cost_ns`. */
static bool ask(struct cache *cache, const char *key, int64_t now_ns, int64_t cost_ns)
{
    struct text body = {0};
    struct cache_entry *entry;
    const struct cache_wish wish = {key, now_ns, false};
    bool is_found = cache_find(cache, &wish, &body, &entry);
    if (is_found) {
        assert_string_equal(text_words(&body), key);
    } else {
        text_add(&body, key);
        cache_keep(cache, entry, now_ns, now_ns + cost_ns, &body);
    }
    text_free(&body);
    return is_found;
}

static void an_answer_is_used_while_the_store_does_not_change(void **state)
{
    struct cache *cache = *state;
    assert_false(ask(cache, "a", 100, 5));
    assert_true(ask(cache, "a", 1000000, 5));
    assert_false(ask(cache, "b", 1000000, 5));
    cache_age(cache);
    assert_false(ask(cache, "a", 1000000, 5));
}

static void an_answer_that_took_long_is_used_for_a_while(void **state)
{
    struct cache *cache = *state;
    assert_false(ask(cache, "a", 0, 10));
    cache_age(cache);
    assert_true(ask(cache, "a", 10 + CACHE_PATIENCE * 10 - 1, 10));
    assert_false(ask(cache, "a", 10 + CACHE_PATIENCE * 10, 10));
}

static void who_must_have_it_fresh_gets_it_fresh(void **state)
{
    struct cache *cache = *state;
    struct text body = {0};
    struct cache_entry *entry;
    const struct cache_wish wish = {"a", 11, true};
    assert_false(ask(cache, "a", 0, 10));
    assert_true(cache_find(cache, &wish, &body, &entry));
    cache_age(cache);
    assert_true(ask(cache, "a", 11, 10));
    assert_false(cache_find(cache, &wish, &body, &entry));
    cache_keep(cache, entry, 11, 12, &body);
    text_free(&body);
}

static void nothing_is_true_after_our_own_change(void **state)
{
    struct cache *cache = *state;
    assert_false(ask(cache, "a", 0, 1000));
    cache_empty(cache);
    assert_false(ask(cache, "a", 1, 1000));
    assert_true(ask(cache, "a", 1000, 1000));
}

static void an_answer_that_was_under_way_during_our_change_is_not_kept(void **state)
{
    struct cache *cache = *state;
    struct text body = {0};
    struct cache_entry *entry;
    assert_false(cache_find(cache, &(struct cache_wish){"a", 0, false}, &body, &entry));
    cache_empty(cache);
    cache_keep(cache, entry, 0, 1000, &body);
    assert_false(ask(cache, "a", 1001, 1000));
    text_free(&body);
}

static void time_ends_every_answer(void **state)
{
    struct cache *cache = *state;
    assert_false(ask(cache, "a", 0, 0));
    assert_true(ask(cache, "a", CACHE_AGE_MAX_NS, 0));
    assert_false(ask(cache, "a", CACHE_AGE_MAX_NS + 1, 0));
}

static void a_clock_that_was_set_back_ends_answers(void **state)
{
    struct cache *cache = *state;
    assert_false(ask(cache, "a", 2 * CACHE_SLACK_NS, 0));
    assert_true(ask(cache, "a", CACHE_SLACK_NS, 0));
    assert_false(ask(cache, "a", CACHE_SLACK_NS - 1, 0));
}

static void what_could_not_be_answered_is_asked_again(void **state)
{
    struct cache *cache = *state;
    struct text body = {0};
    struct cache_entry *entry;
    assert_false(cache_find(cache, &(struct cache_wish){"a", 0, false}, &body, &entry));
    cache_keep(cache, entry, 0, 1, NULL);
    assert_false(ask(cache, "a", 2, 1));
    text_free(&body);
}

static void the_one_that_nobody_asks_for_makes_room(void **state)
{
    struct cache *cache = *state;
    char key[16];
    for (int i = 0; i < CACHE_ENTRIES; i++) {
        snprintf(key, sizeof key, "%d", i);
        assert_false(ask(cache, key, 0, 0));
    }
    assert_true(ask(cache, "0", 0, 0));
    assert_false(ask(cache, "new", 0, 0));
    assert_true(ask(cache, "0", 0, 0));
    assert_false(ask(cache, "1", 0, 0));
}

static void what_is_too_long_is_not_kept(void **state)
{
    struct cache *cache = *state;
    char key[CACHE_KEY_SIZE + 1];
    struct text body = {0};
    struct cache_entry *entry;
    memset(key, 'k', sizeof key);
    key[CACHE_KEY_SIZE] = '\0';
    assert_false(cache_find(cache, &(struct cache_wish){key, 0, false}, &body, &entry));
    assert_null(entry);
    cache_keep(cache, entry, 0, 0, &body);
    assert_false(cache_find(cache, &(struct cache_wish){"a", 0, false}, &body, &entry));
    for (int i = 0; i <= CACHE_BODY_MAX; i++)
        text_add_char(&body, 'x');
    cache_keep(cache, entry, 0, 0, &body);
    assert_false(ask(cache, "a", 0, 0));
    text_free(&body);
}

enum { ASKERS = 8 };

struct asker {
    struct cache *cache;
    pthread_barrier_t *start;
    unsigned *made;
};

static void *ask_along(void *context)
{
    const struct asker *asker = context;
    struct text body = {0};
    struct cache_entry *entry;
    pthread_barrier_wait(asker->start);
    if (!cache_find(asker->cache, &(struct cache_wish){"one", 5, false}, &body, &entry)) {
        __atomic_fetch_add(asker->made, 1, __ATOMIC_SEQ_CST);
        text_add(&body, "answer");
        cache_keep(asker->cache, entry, 5, 6, &body);
    }
    const char *words = strcmp(text_words(&body), "answer") == 0 ? "answer" : NULL;
    text_free(&body);
    return (void *)(uintptr_t)words;
}

static void those_who_ask_at_once_share_one_answer(void **state)
{
    pthread_t threads[ASKERS];
    pthread_barrier_t start;
    unsigned made = 0;
    struct asker asker = {*state, &start, &made};
    pthread_barrier_init(&start, NULL, ASKERS);
    for (size_t i = 0; i < ASKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_along, &asker), 0);
    for (size_t i = 0; i < ASKERS; i++) {
        void *words;
        pthread_join(threads[i], &words);
        assert_non_null(words);
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(made, 1);
}

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, new_cache, free_cache)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CACHE(an_answer_is_used_while_the_store_does_not_change),
        WITH_CACHE(an_answer_that_took_long_is_used_for_a_while),
        WITH_CACHE(who_must_have_it_fresh_gets_it_fresh),
        WITH_CACHE(nothing_is_true_after_our_own_change),
        WITH_CACHE(an_answer_that_was_under_way_during_our_change_is_not_kept),
        WITH_CACHE(time_ends_every_answer),
        WITH_CACHE(a_clock_that_was_set_back_ends_answers),
        WITH_CACHE(what_could_not_be_answered_is_asked_again),
        WITH_CACHE(the_one_that_nobody_asks_for_makes_room),
        WITH_CACHE(what_is_too_long_is_not_kept),
        WITH_CACHE(those_who_ask_at_once_share_one_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
