/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_builder.h"

enum { HEADER = 24, RECORD = 16, ETHERNET = 1 };

static const struct variant {
    uint32_t magic;
    int64_t ns_per_fraction;
    unsigned extra; /* bytes a record's header has more */
} variants[] = {{0xa1b2c3d4, 1000, 0}, {0xa1b23c4d, 1, 0}, {0xa1b2cd34, 1000, 8}};

static void put_variant_record(struct builder *file, const struct variant *variant, uint32_t length)
{
    put_32(file, 1700000000);
    put_32(file, 999999);
    put_32(file, length);
    put_32(file, length + 5);
    put(file, UINT64_MAX, variant->extra);
    put_payload(file, length);
}

static void every_variant_is_read_in_both_byte_orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof variants / sizeof variants[0]; i++) {
        const struct variant *variant = &variants[i / 2];
        struct builder file = {.is_big_endian = i % 2};
        put_pcap_header(&file, variant->magic, ETHERNET);
        put_variant_record(&file, variant, 60);
        put_variant_record(&file, variant, 0);
        put_variant_record(&file, variant, 1);
        struct seen seen = see_built(&file);
        assert_int_equal(seen.status, SOURCE_END);
        assert_int_equal(seen.frames, 3);
        assert_int_equal(seen.bytes, 61);
        assert_int_equal(seen.bad_payloads, 0);
        assert_int_equal(seen.first.link_type, ETHERNET);
        assert_int_equal(seen.first.wire_length, 65);
        assert_true(seen.first.time_ns ==
                    INT64_C(1700000000000000000) + 999999 * variant->ns_per_fraction);
    }
}

static void the_checksum_flags_of_the_link_type_are_masked(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, 0x54000071);
    put_pcap_record(&file, 1, 2, 10, 10);
    assert_int_equal(see_built(&file).first.link_type, 0x71);
}

static void a_capture_without_packets_is_a_capture(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    struct seen seen = see_built(&file);
    assert_true(seen.is_open);
    assert_int_equal(seen.status, SOURCE_END);
    assert_int_equal(seen.frames, 0);
}

static void lengths_and_times_that_cannot_be_are_made_harmless(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    put_pcap_record(&file, UINT32_MAX, UINT32_MAX, 60, 10);
    struct seen seen = see_built(&file);
    assert_int_equal(seen.first.wire_length, 60);
    int64_t seconds = INT64_C(4294967295) + 4294;
    assert_true(seen.first.time_ns == seconds * 1000000000 + 967295000);
}

static void the_lengths_of_old_versions_may_be_exchanged(void **state)
{
    (void)state;
    for (char minor = 0; minor <= 3; minor++) {
        struct builder file = {0};
        put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
        file.bytes.data[6] = minor;
        put_32(&file, 1);
        put_32(&file, 2);
        put_32(&file, 1500);
        put_32(&file, 20);
        put_payload(&file, 20);
        struct seen seen = see_built(&file);
        assert_int_equal(seen.status, SOURCE_END);
        assert_int_equal(seen.bytes, 20);
        assert_int_equal(seen.first.wire_length, 1500);
    }
}

static void unknown_versions_are_refused(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    file.bytes.data[4] = 3;
    struct seen seen = see_built(&file);
    assert_false(seen.is_open);
    assert_says(&seen.error, "x.pcap: is pcap version 3.4");
}

/* Frames of all sizes, so that blocks cut records at many places. */
static void records_that_straddle_blocks_arrive_whole(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    size_t frames = 0;
    for (uint32_t length = 0; file.bytes.length < 5 << 20; length = (length * 5 + 77) % 70001)
        put_pcap_record(&file, (uint32_t)frames++, 0, length, length);
    put_pcap_record(&file, (uint32_t)frames++, 0, 262144, 262144);
    put_pcap_record(&file, (uint32_t)frames++, 0, 262144, 262144);
    size_t size = file.bytes.length;
    struct seen seen = see_built(&file);
    assert_int_equal(seen.status, SOURCE_END);
    assert_int_equal(seen.frames, frames);
    assert_int_equal(seen.bad_payloads, 0);
    assert_true(seen.last.time_ns == (int64_t)(frames - 1) * 1000000000);
    assert_int_equal(seen.statistics.input_bytes, size);
    assert_int_equal(seen.statistics.input_size, size);
    assert_int_equal(seen.statistics.capture_bytes, size);
}

static void many_small_frames_come_in_several_batches(void **state)
{
    (void)state;
    struct builder file = {.is_big_endian = true};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    for (uint32_t i = 0; i < 10 * SOURCE_BATCH_FRAMES + 3; i++)
        put_pcap_record(&file, i, 0, 3, 3);
    struct seen seen = see_built(&file);
    assert_int_equal(seen.frames, 10 * SOURCE_BATCH_FRAMES + 3);
    assert_int_equal(seen.status, SOURCE_END);
}

static void a_file_cut_anywhere_gives_all_whole_packets_first(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    for (uint32_t i = 0; i < 3; i++)
        put_pcap_record(&file, i, 0, 20, 20);
    for (size_t length = 0; length <= file.bytes.length; length++) {
        struct seen seen = see((struct span){built(&file).at, length});
        assert_int_equal(seen.is_open, length >= HEADER);
        size_t whole = length < HEADER ? 0 : (length - HEADER) / (RECORD + 20);
        bool is_cut = length < HEADER || (length - HEADER) % (RECORD + 20) != 0;
        assert_int_equal(seen.frames, whole);
        assert_int_equal(seen.bad_payloads, 0);
        assert_int_equal(seen.status, is_cut ? SOURCE_FAILED : SOURCE_END);
        assert_true(!is_cut || strncmp(seen.error.text, "x.pcap: ", 8) == 0);
    }
    builder_free(&file);
}

static void a_cut_says_where(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    put_pcap_record(&file, 1, 0, 20, 20);
    put_pcap_record(&file, 2, 0, 20, 20);
    file.bytes.length--;
    struct seen seen = see_built(&file);
    assert_int_equal(seen.frames, 1);
    assert_says(&seen.error, "ends in the middle of the record at byte 60, behind packet 1");
}

static void an_impossible_length_ends_the_reading_there(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {262145, 0x7fffffff, UINT32_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct builder file = {0};
        put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
        put_pcap_record(&file, 1, 0, 20, 20);
        size_t second = file.bytes.length;
        put_pcap_record(&file, 2, 0, 300000, 300000);
        memcpy(file.bytes.data + second + 8, &lengths[i], 4);
        struct seen seen = see_built(&file);
        assert_int_equal(seen.frames, 1);
        assert_int_equal(seen.status, SOURCE_FAILED);
        char words[100];
        snprintf(words, sizeof words, "packet 2 at byte 60 claims %u bytes, more than the 262144",
                 lengths[i]);
        assert_says(&seen.error, words);
    }
}

static void a_failed_source_fails_again_with_the_same_words(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    put_payload(&file, 7);
    struct error first, second;
    struct source *source = source_open_fd(file_of(built(&file)), "x", &no_bounds, &first);
    struct batch batch;
    assert_int_equal(source_next(source, &batch, &first), SOURCE_FAILED);
    assert_int_equal(source_next(source, &batch, &second), SOURCE_FAILED);
    assert_string_equal(first.text, second.text);
    source_close(source);
    builder_free(&file);
}

static void no_change_of_a_header_byte_does_harm(void **state)
{
    (void)state;
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, ETHERNET);
    put_pcap_record(&file, 1, 0, 20, 20);
    put_pcap_record(&file, 2, 0, 20, 20);
    assert_no_change_does_harm(&file, HEADER + RECORD, 3);
    builder_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant_is_read_in_both_byte_orders),
        cmocka_unit_test(the_checksum_flags_of_the_link_type_are_masked),
        cmocka_unit_test(a_capture_without_packets_is_a_capture),
        cmocka_unit_test(lengths_and_times_that_cannot_be_are_made_harmless),
        cmocka_unit_test(the_lengths_of_old_versions_may_be_exchanged),
        cmocka_unit_test(unknown_versions_are_refused),
        cmocka_unit_test(records_that_straddle_blocks_arrive_whole),
        cmocka_unit_test(many_small_frames_come_in_several_batches),
        cmocka_unit_test(a_file_cut_anywhere_gives_all_whole_packets_first),
        cmocka_unit_test(a_cut_says_where),
        cmocka_unit_test(an_impossible_length_ends_the_reading_there),
        cmocka_unit_test(a_failed_source_fails_again_with_the_same_words),
        cmocka_unit_test(no_change_of_a_header_byte_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
