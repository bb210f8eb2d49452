/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_builder.h"

#include "capture/pcapng_interface.h"

enum { TSRESOL = 9, TSOFFSET = 14, COMMENT = 1, END = 0, BINARY = 0x80 };

static void ticks_become_nanoseconds(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        int64_t offset_s;
        uint64_t ticks;
        int64_t time_ns;
    } cases[] = {
        {0, 0, 3, INT64_C(3000000000)},
        {3, 0, 1500, INT64_C(1500000000)},
        {6, 0, 1700000000123456, INT64_C(1700000000123456000)},
        {6, 100, 5000001, INT64_C(105000001000)},
        {6, -100, 5000001, INT64_C(-94999999000)},
        {9, 0, 1700000000123456789, INT64_C(1700000000123456789)},
        {12, 0, 5000000001999, INT64_C(5000000001)},
        {19, 0, UINT64_C(15000000000000000000), INT64_C(1500000000)},
        {BINARY, 0, 7, INT64_C(7000000000)},
        {BINARY | 1, 0, 3, INT64_C(1500000000)},
        {BINARY | 10, 0, 1025, INT64_C(1000976562)},
        {BINARY | 32, 0, UINT64_C(0x180000000), INT64_C(1500000000)},
        {BINARY | 34, 0, (UINT64_C(1) << 34) - 1, 999999999},
        {BINARY | 35, 0, (UINT64_C(1) << 35) - 1, 999999999},
        {BINARY | 63, 0, UINT64_MAX, INT64_C(1999999999)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tick_clock clock = {.offset_s = cases[i].offset_s};
        assert_true(tick_clock_set(&clock, cases[i].resolution));
        assert_true(tick_clock_ns(&clock, cases[i].ticks) == cases[i].time_ns);
    }
}

static void times_beyond_the_range_stay_at_its_end(void **state)
{
    (void)state;
    struct tick_clock clock = {0};
    assert_true(tick_clock_set(&clock, 6));
    assert_true(tick_clock_ns(&clock, UINT64_MAX) == INT64_MAX);
    clock.offset_s = INT64_MAX;
    assert_true(tick_clock_ns(&clock, 1) == INT64_MAX);
    clock.offset_s = INT64_MIN;
    assert_true(tick_clock_ns(&clock, 1) == INT64_MIN);
    clock.offset_s = 0;
    assert_true(tick_clock_set(&clock, 0));
    assert_true(tick_clock_ns(&clock, UINT64_MAX) == INT64_MAX);
    assert_true(tick_clock_ns(&clock, INT64_MAX / 1000000000 + 1) == INT64_MAX);
}

static void resolutions_beyond_64_bits_are_refused(void **state)
{
    (void)state;
    struct tick_clock clock = {0};
    for (unsigned resolution = 0; resolution < 256; resolution++) {
        unsigned exponent = resolution & 127;
        bool fits = resolution & BINARY ? exponent < 64 : exponent < 20;
        assert_int_equal(tick_clock_set(&clock, (uint8_t)resolution), fits);
        assert_true(!fits || clock.ticks_per_s > 0);
    }
}

/* What `body` describes when written in either byte order. */
static struct pcapng_interface read_body(void (*put_options)(struct builder *), bool is_big)
{
    struct builder body = {.is_big_endian = is_big};
    put_16(&body, 147);
    put_16(&body, 0);
    put_32(&body, 96);
    put_options(&body);
    bool is_swapped = is_big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    struct pcapng_interface interface;
    assert_true(pcapng_interface_read(&interface, cursor_over(built(&body)), is_swapped));
    builder_free(&body);
    assert_int_equal(interface.link_type, 147);
    assert_int_equal(interface.snaplen, 96);
    return interface;
}

static void put_clock(struct builder *body)
{
    put_option(body, COMMENT, 0x616263, 3);
    put_option(body, TSRESOL, 9, 1);
    put_option(body, TSOFFSET, (uint64_t)-5, 8);
    put_option(body, END, 0, 0);
    put_option(body, TSRESOL, 127, 1); /* behind the end: not an option */
}

static void put_nothing(struct builder *body)
{
    (void)body;
}

static void put_nonsense(struct builder *body)
{
    put_option(body, TSRESOL, 9, 2);  /* one byte too many */
    put_option(body, TSOFFSET, 9, 4); /* four too few */
    put_16(body, TSRESOL);
    put_16(body, 1); /* and one whose value is missing */
}

static void options_set_the_clock_in_both_byte_orders(void **state)
{
    (void)state;
    for (int is_big = 0; is_big <= 1; is_big++) {
        struct pcapng_interface interface = read_body(put_clock, is_big);
        assert_int_equal(interface.clock.ns_per_tick, 1);
        assert_true(interface.clock.offset_s == -5);
    }
}

static void without_usable_options_ticks_are_microseconds(void **state)
{
    (void)state;
    assert_int_equal(read_body(put_nothing, false).clock.ns_per_tick, 1000);
    struct pcapng_interface interface = read_body(put_nonsense, true);
    assert_int_equal(interface.clock.ns_per_tick, 1000);
    assert_int_equal(interface.clock.offset_s, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_become_nanoseconds),
        cmocka_unit_test(times_beyond_the_range_stay_at_its_end),
        cmocka_unit_test(resolutions_beyond_64_bits_are_refused),
        cmocka_unit_test(options_set_the_clock_in_both_byte_orders),
        cmocka_unit_test(without_usable_options_ticks_are_microseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
