/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/pcapng_interface.h"

#include "base/timestamp.h"
#include "capture/byte_order.h"

enum {
    DESCRIPTION_SIZE = 8, /* link type, reserved, snaplen */
    OPTION_END = 0,
    OPTION_TSRESOL = 9,
    OPTION_TSOFFSET = 14,

    RESOLUTION_DEFAULT = 6, /* microseconds */
    RESOLUTION_BINARY = 0x80,
    DECIMAL_EXPONENT_MAX = 19, /* 10^19 is the largest power of ten in 64 bits */
    BINARY_EXPONENT_MAX = 63,
    BINARY_EXPONENT_EXACT = 34, /* (2^34 - 1) * 10^9 still fits in 64 bits */
};

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

bool tick_clock_set(struct tick_clock *clock, uint8_t resolution)
{
    bool is_binary = resolution & RESOLUTION_BINARY;
    uint8_t exponent = resolution & (uint8_t)~RESOLUTION_BINARY;
    if (exponent > (is_binary ? BINARY_EXPONENT_MAX : DECIMAL_EXPONENT_MAX))
        return false;
    clock->is_binary = is_binary;
    clock->exponent = exponent;
    clock->ticks_per_s = is_binary ? UINT64_C(1) << exponent : power_of_ten(exponent);
    bool is_whole = (uint64_t)NS_PER_S % clock->ticks_per_s == 0;
    clock->ns_per_tick = is_whole ? (uint64_t)NS_PER_S / clock->ticks_per_s : 0;
    return true;
}

/* A fraction of a second in nanoseconds, rounded down, without leaving 64 bits. */
static uint64_t fraction_ns(const struct tick_clock *clock, uint64_t fraction)
{
    if (clock->ns_per_tick)
        return fraction * clock->ns_per_tick;
    if (!clock->is_binary)
        return fraction / (clock->ticks_per_s / (uint64_t)NS_PER_S);
    unsigned too_fine =
        clock->exponent > BINARY_EXPONENT_EXACT ? clock->exponent - BINARY_EXPONENT_EXACT : 0;
    return (fraction >> too_fine) * (uint64_t)NS_PER_S >> (clock->exponent - too_fine);
}

/* The usual clock, micro- or nanoseconds since 1970, without a division. */
static bool is_plain_time(const struct tick_clock *clock, uint64_t ticks, int64_t *out_ns)
{
    return clock->ns_per_tick && clock->offset_s == 0 &&
           !__builtin_mul_overflow(ticks, clock->ns_per_tick, out_ns);
}

int64_t tick_clock_ns(const struct tick_clock *clock, uint64_t ticks)
{
    int64_t time_ns;
    if (is_plain_time(clock, ticks, &time_ns))
        return time_ns;
    uint64_t seconds = ticks / clock->ticks_per_s;
    int64_t fraction = (int64_t)fraction_ns(clock, ticks % clock->ticks_per_s);
    int64_t since_1970;
    if (seconds > INT64_MAX ||
        __builtin_add_overflow((int64_t)seconds, clock->offset_s, &since_1970))
        return INT64_MAX;
    if (__builtin_mul_overflow(since_1970, NS_PER_S, &time_ns))
        return since_1970 < 0 ? INT64_MIN : INT64_MAX;
    return __builtin_add_overflow(time_ns, fraction, &time_ns) ? INT64_MAX : time_ns;
}

struct option {
    uint16_t code;
    struct span value;
};

/* The next option; false at their end, which is also where they make no sense any more. */
static bool next_option(struct cursor *options, bool is_swapped, struct option *out)
{
    const uint8_t *head = cursor_take(options, 4);
    if (!head)
        return false;
    out->code = u16_at(head, is_swapped);
    out->value.length = u16_at(head + 2, is_swapped);
    out->value.at = cursor_take(options, out->value.length);
    if (!out->value.at || out->code == OPTION_END)
        return false;
    cursor_skip(options, -out->value.length & 3); /* values are padded to 32 bits */
    return true;
}

static bool apply_option(struct tick_clock *clock, const struct option *option, bool is_swapped)
{
    if (option->code == OPTION_TSRESOL && option->value.length == 1)
        return tick_clock_set(clock, option->value.at[0]);
    if (option->code == OPTION_TSOFFSET && option->value.length == 8)
        clock->offset_s = (int64_t)u64_at(option->value.at, is_swapped);
    return true;
}

bool pcapng_interface_read(struct pcapng_interface *interface, struct cursor body, bool is_swapped)
{
    const uint8_t *description = cursor_take(&body, DESCRIPTION_SIZE);
    if (!description)
        return false;
    *interface = (struct pcapng_interface){
        .link_type = u16_at(description, is_swapped),
        .snaplen = u32_at(description + 4, is_swapped),
    };
    tick_clock_set(&interface->clock, RESOLUTION_DEFAULT);
    for (struct option option; next_option(&body, is_swapped, &option);)
        if (!apply_option(&interface->clock, &option, is_swapped))
            return false;
    return true;
}
