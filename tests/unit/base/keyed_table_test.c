/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/keyed_table.h"

#include <stdlib.h>

static const struct siphash_key key = {{1, 2}};

static int *add(struct keyed_table *table, uint32_t number)
{
    return keyed_table_find_or_add(table, &number, NULL);
}

static int *find(const struct keyed_table *table, uint32_t number)
{
    return keyed_table_find(table, &number);
}

static void what_was_added_is_found_and_nothing_else(void **state)
{
    (void)state;
    struct keyed_table *table = keyed_table_new(10, sizeof(uint32_t), sizeof(int), &key);
    bool is_new = false;
    uint32_t seven = 7;
    int *value = keyed_table_find_or_add(table, &seven, &is_new);
    assert_true(is_new);
    assert_int_equal(*value, 0);
    *value = 70;
    assert_ptr_equal(keyed_table_find_or_add(table, &seven, &is_new), value);
    assert_false(is_new);
    assert_int_equal(*find(table, 7), 70);
    assert_null(find(table, 8));
    assert_int_equal(*(const uint32_t *)keyed_table_key(table, value), 7);
    keyed_table_remove(table, &seven);
    assert_null(find(table, 7));
    keyed_table_remove(table, &seven);
    assert_int_equal(keyed_table_count(table), 0);
    assert_null(keyed_table_oldest(table));
    keyed_table_free(table);
}

static void the_entry_touched_longest_ago_makes_room(void **state)
{
    (void)state;
    struct keyed_table *table = keyed_table_new(3, sizeof(uint32_t), sizeof(int), &key);
    for (uint32_t i = 1; i <= 3; i++)
        *add(table, i) = (int)i;
    add(table, 1); /* younger now than 2 */
    assert_int_equal(keyed_table_evicted(table), 0);
    assert_int_equal(*add(table, 4), 0);
    assert_null(find(table, 2));
    assert_non_null(find(table, 1));
    assert_non_null(find(table, 3));
    assert_int_equal(keyed_table_count(table), 3);
    assert_int_equal(keyed_table_evicted(table), 1);
    keyed_table_free(table);
}

/* Against a plain list in order of age. */
static void it_behaves_like_a_list(void **state)
{
    (void)state;
    enum { ROOM = 17, STEPS = 20000, KEYS = 40 };
    struct keyed_table *table = keyed_table_new(ROOM, sizeof(uint32_t), sizeof(int), &key);
    uint32_t list[ROOM];
    size_t count = 0;
    srand(5);
    for (int step = 0; step < STEPS; step++) {
        uint32_t word = (uint32_t)(rand() % KEYS);
        bool removes = rand() % 4 == 0, is_new = true;
        size_t at = 0;
        while (at < count && list[at] != word)
            at++;
        bool was_there = at < count;
        if (was_there || (!removes && count == ROOM)) {
            for (size_t i = was_there ? at : 0; i + 1 < count; i++)
                list[i] = list[i + 1];
            count--;
        }
        if (removes) {
            keyed_table_remove(table, &word);
        } else {
            keyed_table_find_or_add(table, &word, &is_new);
            list[count++] = word;
            assert_int_equal(is_new, !was_there);
        }
        assert_int_equal(keyed_table_count(table), count);
        size_t i = 0;
        void *value = keyed_table_oldest(table);
        for (; value; value = keyed_table_younger(table, value), i++)
            assert_int_equal(*(const uint32_t *)keyed_table_key(table, value), list[i]);
        assert_int_equal(i, count);
    }
    keyed_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found_and_nothing_else),
        cmocka_unit_test(the_entry_touched_longest_ago_makes_room),
        cmocka_unit_test(it_behaves_like_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
