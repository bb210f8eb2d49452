/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/address.h"

static struct address parsed(const char *word)
{
    struct address address;
    assert_true(address_parse(word, &address));
    return address;
}

static void addresses_are_read_and_written(void **state)
{
    (void)state;
    char text[ADDRESS_TEXT_SIZE];
    struct address four = parsed("192.0.2.1");
    struct address six = parsed("2001:db8:0:0::1");
    assert_string_equal(address_text(&four, text), "192.0.2.1");
    assert_string_equal(address_text(&six, text), "2001:db8::1");
    assert_false(address_parse("192.0.2", &four));
    assert_false(address_parse("", &four));
    struct address none = {0};
    assert_string_equal(address_text(&none, text), "-");
}

static void addresses_are_ordered(void **state)
{
    (void)state;
    struct address a = parsed("10.0.0.1");
    struct address b = parsed("10.0.0.2");
    struct address c = parsed("::1");
    assert_true(address_compare(&a, &b) < 0);
    assert_true(address_compare(&b, &a) > 0);
    assert_true(address_compare(&b, &c) < 0);
    assert_int_equal(address_compare(&a, &a), 0);
}

static void networks_contain_what_they_should(void **state)
{
    (void)state;
    static const struct {
        const char *network, *address;
        bool expected;
    } cases[] = {
        {"10.0.0.0/8", "10.255.0.1", true},      {"10.0.0.0/8", "11.0.0.1", false},
        {"192.0.2.128/25", "192.0.2.200", true}, {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.7", "192.0.2.7", true},        {"192.0.2.7", "192.0.2.6", false},
        {"fd00::/8", "fd12::1", true},           {"fd00::/8", "fe80::1", false},
        {"0.0.0.0/0", "1.2.3.4", true},          {"0.0.0.0/0", "::1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct network network;
        struct address address = parsed(cases[i].address);
        assert_true(network_parse(cases[i].network, &network));
        assert_int_equal(network_contains(&network, &address), cases[i].expected);
    }
}

static void nonsense_is_no_network(void **state)
{
    (void)state;
    static const char *const words[] = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "/8",
                                        "::/129",      "x/8",       "10.0.0.0/8x"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct network network;
        assert_false(network_parse(words[i], &network));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_written),
        cmocka_unit_test(addresses_are_ordered),
        cmocka_unit_test(networks_contain_what_they_should),
        cmocka_unit_test(nonsense_is_no_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
