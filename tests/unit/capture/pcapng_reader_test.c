/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_builder.h"

enum {
    ETHERNET = 1,
    RAW = 101,
    NAMES = 4,
    OBSOLETE_PACKET = 2,
    TSRESOL = 9,
    TSOFFSET = 14,
};

static void put_start(struct builder *file)
{
    put_section(file);
    put_interface(file, ETHERNET, 0);
}

static void both_byte_orders_are_read(void **state)
{
    (void)state;
    for (int is_big = 0; is_big <= 1; is_big++) {
        struct builder file = {.is_big_endian = is_big};
        put_start(&file);
        put_enhanced_packet(&file, 0, 1700000000000001, 61, 1500);
        struct seen seen = see_built(&file);
        assert_int_equal(seen.status, SOURCE_END);
        assert_int_equal(seen.frames, 1);
        assert_int_equal(seen.bad_payloads, 0);
        assert_int_equal(seen.bytes, 61);
        assert_int_equal(seen.first.wire_length, 1500);
        assert_int_equal(seen.first.link_type, ETHERNET);
        assert_true(seen.first.time_ns == INT64_C(1700000000000001000));
    }
}

static void sections_differ_in_byte_order_and_forget_interfaces(void **state)
{
    (void)state;
    struct builder file = {0};
    put_start(&file);
    put_enhanced_packet(&file, 0, 1, 10, 10);
    file.is_big_endian = true;
    put_section(&file);
    put_interface(&file, RAW, 0);
    put_enhanced_packet(&file, 0, 2, 11, 11);
    put_section(&file);
    put_enhanced_packet(&file, 0, 3, 12, 12);
    struct seen seen = see_built(&file);
    assert_int_equal(seen.frames, 2);
    assert_int_equal(seen.last.link_type, RAW);
    assert_int_equal(seen.last.time_ns, 2000);
    assert_int_equal(seen.bad_payloads, 0);
    assert_int_equal(seen.status, SOURCE_FAILED);
    assert_says(&seen.error, "packet 3 at byte 212 comes before any interface");
}

static void interfaces_differ_in_link_type_snaplen_and_clock(void **state)
{
    (void)state;
    struct builder file = {0};
    put_start(&file);
    size_t raw = begin_interface(&file, RAW, 96);
    put_option(&file, TSRESOL, 9, 1);
    end_block(&file, raw);
    put_enhanced_packet(&file, 1, 5, 10, 10);
    put_enhanced_packet(&file, 0, 5, 20, 20);
    struct seen seen = see_built(&file);
    assert_int_equal(seen.first.link_type, RAW);
    assert_int_equal(seen.first.time_ns, 5);
    assert_int_equal(seen.last.link_type, ETHERNET);
    assert_int_equal(seen.last.time_ns, 5000);
}

static void simple_packets_are_cut_at_the_snaplen_and_take_the_time_before(void **state)
{
    (void)state;
    struct builder file = {0};
    put_section(&file);
    put_interface(&file, RAW, 33);
    put_enhanced_packet(&file, 0, 7, 1, 1);
    put_simple_packet(&file, 33, 1000);
    struct seen seen = see_built(&file);
    assert_int_equal(seen.frames, 2);
    assert_int_equal(seen.bytes, 34);
    assert_int_equal(seen.bad_payloads, 0);
    assert_int_equal(seen.last.wire_length, 1000);
    assert_int_equal(seen.last.time_ns, 7000);
    assert_int_equal(seen.last.link_type, RAW);
}

static void obsolete_packet_blocks_are_read(void **state)
{
    (void)state;
    for (int is_big = 0; is_big <= 1; is_big++) {
        struct builder file = {.is_big_endian = is_big};
        put_start(&file);
        put_interface(&file, RAW, 0);
        size_t block = begin_block(&file, OBSOLETE_PACKET);
        put_16(&file, 1);
        put_16(&file, 0xffff); /* drops */
        put_32(&file, 1);
        put_32(&file, 2);
        put_32(&file, 13);
        put_32(&file, 14);
        put_payload(&file, 13);
        end_block(&file, block);
        struct seen seen = see_built(&file);
        assert_int_equal(seen.frames, 1);
        assert_int_equal(seen.bad_payloads, 0);
        assert_int_equal(seen.first.wire_length, 14);
        assert_int_equal(seen.first.link_type, RAW);
        assert_true(seen.first.time_ns == INT64_C(4294967298000));
    }
}

static void blocks_of_other_kinds_are_passed_over_whatever_their_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 4, 1 << 10, 1 << 19, (1 << 19) + 4, 3 << 20, (1 << 24) - 12};
    struct builder file = {0};
    put_start(&file);
    size_t count = sizeof sizes / sizeof sizes[0];
    for (size_t i = 0; i < count; i++) {
        size_t block = begin_block(&file, NAMES + (uint32_t)i * 0x80000);
        put_payload(&file, sizes[i]);
        end_block(&file, block);
        put_enhanced_packet(&file, 0, i, 30, 30);
    }
    struct seen seen = see_built(&file);
    assert_int_equal(seen.status, SOURCE_END);
    assert_int_equal(seen.frames, count);
    assert_int_equal(seen.bad_payloads, 0);
}

static void options_behind_packets_are_ignored(void **state)
{
    (void)state;
    struct builder file = {0};
    put_start(&file);
    size_t block = begin_enhanced_packet(&file, 0, 1, 10, 10);
    put_option(&file, 1, 0x74786574, 4); /* a comment */
    put_option(&file, 0xffff, 0, 0);
    put_16(&file, 2); /* and one that claims more than there is */
    put_16(&file, 0xfff0);
    end_block(&file, block);
    put_enhanced_packet(&file, 0, 1, 10, 10);
    struct seen seen = see_built(&file);
    assert_int_equal(seen.status, SOURCE_END);
    assert_int_equal(seen.frames, 2);
}

static void a_file_cut_anywhere_gives_all_whole_packets_first(void **state)
{
    (void)state;
    struct builder file = {.is_big_endian = true};
    enum { PACKETS = 4 };
    size_t ends[7], count = 0;
    put_section(&file);
    ends[count++] = file.bytes.length;
    put_interface(&file, ETHERNET, 0);
    ends[count++] = file.bytes.length;
    for (uint32_t i = 0; i < 3; i++) {
        put_enhanced_packet(&file, 0, i, 10 + i, 10 + i);
        ends[count++] = file.bytes.length;
    }
    put_simple_packet(&file, 9, 9);
    ends[count++] = file.bytes.length;
    file.is_big_endian = false;
    put_section(&file);
    ends[count++] = file.bytes.length;
    size_t passed = 0;
    for (size_t length = 0; length <= file.bytes.length; length++) {
        passed += passed < count && length == ends[passed];
        struct seen seen = see((struct span){built(&file).at, length});
        size_t frames = passed > 2 ? passed - 2 : 0;
        assert_int_equal(seen.frames, frames < PACKETS ? frames : PACKETS);
        assert_int_equal(seen.bad_payloads, 0);
        bool is_whole = passed > 0 && length == ends[passed - 1];
        assert_int_equal(seen.status, is_whole ? SOURCE_END : SOURCE_FAILED);
    }
    builder_free(&file);
}

static void a_cut_in_a_skipped_block_is_noticed(void **state)
{
    (void)state;
    struct builder file = {0};
    put_start(&file);
    put_enhanced_packet(&file, 0, 1, 10, 10);
    size_t at = file.bytes.length;
    size_t block = begin_block(&file, NAMES);
    put_payload(&file, 3 << 20);
    end_block(&file, block);
    file.bytes.length--;
    struct seen seen = see_built(&file);
    assert_int_equal(seen.frames, 1);
    assert_int_equal(seen.status, SOURCE_FAILED);
    char words[100];
    snprintf(words, sizeof words, "ends in the middle of the record at byte %zu, behind packet 1",
             at);
    assert_says(&seen.error, words);
}

/* Each writes one bad block behind a good packet. */
static void put_no_interface(struct builder *file)
{
    put_enhanced_packet(file, 3, 1, 10, 10);
}

static void put_long_claim(struct builder *file)
{
    size_t block = begin_enhanced_packet(file, 0, 1, 10, 10);
    file->bytes.data[block + 20] = 13; /* captured: one more than the padding can hide */
    end_block(file, block);
}

static void put_huge_claim(struct builder *file)
{
    put_enhanced_packet(file, 0, 1, 262145, 262145);
}

static void put_short_packet(struct builder *file)
{
    size_t block = begin_block(file, 6);
    put_payload(file, 16);
    end_block(file, block);
}

static void put_empty_simple_packet(struct builder *file)
{
    end_block(file, begin_block(file, 3));
}

static void put_lying_simple_packet(struct builder *file)
{
    put_simple_packet(file, 8, 9);
}

static void put_short_interface(struct builder *file)
{
    size_t block = begin_block(file, 1);
    put_32(file, 1);
    end_block(file, block);
}

static void put_absurd_clock(struct builder *file)
{
    size_t block = begin_interface(file, ETHERNET, 0);
    put_option(file, TSRESOL, 127, 1);
    end_block(file, block);
}

static void put_length(struct builder *file, uint32_t length)
{
    put_32(file, NAMES);
    put_32(file, length);
    put_payload(file, 64);
}

static void put_length_0(struct builder *file)
{
    put_length(file, 0);
}

static void put_length_8(struct builder *file)
{
    put_length(file, 8);
}

static void put_length_odd(struct builder *file)
{
    put_length(file, 33);
}

static void put_length_huge(struct builder *file)
{
    put_length(file, UINT32_MAX - 3);
}

static void put_packet_huge(struct builder *file)
{
    size_t block = begin_enhanced_packet(file, 0, 1, 10, 10);
    put_payload(file, 600000);
    end_block(file, block);
}

static void put_two_lengths(struct builder *file)
{
    put_enhanced_packet(file, 0, 1, 10, 10);
    file->bytes.data[file->bytes.length - 4] = 48;
}

static void put_bad_order(struct builder *file)
{
    put_section(file);
    file->bytes.data[file->bytes.length - 20] = 0;
}

static void put_version_2(struct builder *file)
{
    put_section(file);
    file->bytes.data[file->bytes.length - 16] = 2;
}

static void put_short_section(struct builder *file)
{
    size_t block = begin_block(file, 0x0a0d0d0a);
    put_32(file, 0x1a2b3c4d);
    end_block(file, block);
}

static const struct fault {
    void (*put)(struct builder *file);
    const char *says;
} faults[] = {
    {put_no_interface, "packet 2 at byte 92 names interface 3, but its section has only 1"},
    {put_long_claim, "packet 2 at byte 92 claims 13 bytes, more than the 12 its block has"},
    {put_huge_claim, "packet 2 at byte 92 claims 262145 bytes, more than the 262144 allowed"},
    {put_short_packet, "packet 2 at byte 92 has a block too short for a packet"},
    {put_empty_simple_packet, "packet 2 at byte 92 has a block too short for a packet"},
    {put_lying_simple_packet, "packet 2 at byte 92 claims 9 bytes, more than the 8 its block has"},
    {put_short_interface, "the block at byte 92, behind packet 1, describes no interface"},
    {put_absurd_clock, "the block at byte 92, behind packet 1, describes no interface"},
    {put_length_0, "the block at byte 92, behind packet 1, has the impossible length 0"},
    {put_length_8, "has the impossible length 8"},
    {put_length_odd, "has the impossible length 33"},
    {put_length_huge, "claims 4294967292 bytes, more than the 16777216 allowed"},
    {put_packet_huge, "claims 600044 bytes, more than the 524288 allowed"},
    {put_two_lengths, "has the length 44 in front and 48 behind"},
    {put_bad_order, "is a section header with a wrong byte-order magic"},
    {put_version_2, "begins a section of pcapng version 2.0"},
    {put_short_section, "is too short for a section header"},
};

static void damage_ends_the_reading_and_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct builder file = {0};
        put_start(&file);
        put_enhanced_packet(&file, 0, 1, 10, 10);
        faults[i].put(&file);
        put_enhanced_packet(&file, 0, 1, 10, 10);
        struct seen seen = see_built(&file);
        assert_int_equal(seen.status, SOURCE_FAILED);
        assert_says(&seen.error, faults[i].says);
        assert_int_equal(seen.frames, 1);
    }
}

static void the_number_of_interfaces_is_bounded(void **state)
{
    (void)state;
    struct builder file = {0};
    put_section(&file);
    for (int i = 0; i < 65536; i++)
        put_interface(&file, RAW, 0);
    put_enhanced_packet(&file, 65535, 1, 10, 10);
    put_interface(&file, RAW, 0);
    struct seen seen = see_built(&file);
    assert_int_equal(seen.frames, 1);
    assert_int_equal(seen.status, SOURCE_FAILED);
    assert_says(&seen.error, "more than the 65536 interfaces allowed");
}

static void a_wrong_byte_order_magic_at_the_start_is_no_capture(void **state)
{
    (void)state;
    struct builder file = {0};
    put_section(&file);
    file.bytes.data[8] = 0;
    struct seen seen = see_built(&file);
    assert_false(seen.is_open);
    assert_says(&seen.error, "byte-order magic");
}

static void no_change_of_a_header_byte_does_harm(void **state)
{
    (void)state;
    struct builder file = {0};
    put_start(&file);
    put_enhanced_packet(&file, 0, 1, 4, 4);
    put_simple_packet(&file, 4, 4);
    assert_no_change_does_harm(&file, file.bytes.length, 2);
    builder_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_are_read),
        cmocka_unit_test(sections_differ_in_byte_order_and_forget_interfaces),
        cmocka_unit_test(interfaces_differ_in_link_type_snaplen_and_clock),
        cmocka_unit_test(simple_packets_are_cut_at_the_snaplen_and_take_the_time_before),
        cmocka_unit_test(obsolete_packet_blocks_are_read),
        cmocka_unit_test(blocks_of_other_kinds_are_passed_over_whatever_their_size),
        cmocka_unit_test(options_behind_packets_are_ignored),
        cmocka_unit_test(a_file_cut_anywhere_gives_all_whole_packets_first),
        cmocka_unit_test(a_cut_in_a_skipped_block_is_noticed),
        cmocka_unit_test(damage_ends_the_reading_and_is_named),
        cmocka_unit_test(the_number_of_interfaces_is_bounded),
        cmocka_unit_test(a_wrong_byte_order_magic_at_the_start_is_no_capture),
        cmocka_unit_test(no_change_of_a_header_byte_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
