/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/siphash.h"

static void the_hash_depends_on_key_and_every_byte(void **state)
{
    (void)state;
    struct siphash_key a = {{1, 2}};
    struct siphash_key b = {{1, 3}};
    uint8_t bytes[20] = {0};
    uint64_t first = siphash(&a, bytes, sizeof bytes);
    assert_true(first == siphash(&a, bytes, sizeof bytes));
    assert_true(first != siphash(&b, bytes, sizeof bytes));
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] ^= 1;
        assert_true(first != siphash(&a, bytes, sizeof bytes));
        bytes[i] ^= 1;
    }
    assert_true(first != siphash(&a, bytes, sizeof bytes - 1));
}

static void two_random_keys_differ(void **state)
{
    (void)state;
    struct siphash_key a = siphash_random_key();
    struct siphash_key b = siphash_random_key();
    assert_true(a.words[0] != b.words[0] || a.words[1] != b.words[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_depends_on_key_and_every_byte),
        cmocka_unit_test(two_random_keys_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
