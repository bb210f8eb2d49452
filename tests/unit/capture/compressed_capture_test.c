/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_builder.h"

#include <zlib.h>
#include <zstd.h>

enum { MIB = 1024 * 1024 };

/* Appends `plain` as one gzip member. */
static void put_gzip(struct builder *out, struct span plain)
{
    z_stream zip = {0};
    assert_int_equal(deflateInit2(&zip, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    uLong size = deflateBound(&zip, plain.length);
    uint8_t *packed = malloc(size);
    struct builder copy = {0}; /* zlib wants to be free to write to it */
    text_add_n(&copy.bytes, (const char *)plain.at, plain.length);
    zip.next_in = (Bytef *)copy.bytes.data;
    zip.avail_in = (uInt)plain.length;
    zip.next_out = packed;
    zip.avail_out = (uInt)size;
    assert_int_equal(deflate(&zip, Z_FINISH), Z_STREAM_END);
    text_add_n(&out->bytes, (const char *)packed, size - zip.avail_out);
    deflateEnd(&zip);
    builder_free(&copy);
    free(packed);
}

/* Appends `plain` as one zstd frame. */
static void put_zstd(struct builder *out, struct span plain)
{
    size_t size = ZSTD_compressBound(plain.length);
    uint8_t *packed = malloc(size);
    size = ZSTD_compress(packed, size, plain.at, plain.length, 3);
    assert_false(ZSTD_isError(size));
    text_add_n(&out->bytes, (const char *)packed, size);
    free(packed);
}

static const struct packing {
    const char *name;
    void (*put)(struct builder *out, struct span plain);
} packings[] = {{"gzip", put_gzip}, {"zstd", put_zstd}};

enum { PACKINGS = sizeof packings / sizeof packings[0] };

static struct builder capture_of(uint32_t frames, uint32_t length)
{
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, 1);
    for (uint32_t i = 0; i < frames; i++)
        put_pcap_record(&file, i, 0, length, length);
    return file;
}

static struct span part(struct span bytes, size_t start, size_t length)
{
    return (struct span){bytes.at + start, length};
}

static void packed_captures_are_read_by_their_magic(void **state)
{
    (void)state;
    struct builder plain = capture_of(30000, 100);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, built(&plain));
        size_t size = packed.bytes.length;
        struct seen seen = see_built(&packed);
        assert_int_equal(seen.status, SOURCE_END);
        assert_int_equal(seen.frames, 30000);
        assert_int_equal(seen.bad_payloads, 0);
        assert_int_equal(seen.statistics.input_bytes, size);
        assert_int_equal(seen.statistics.input_size, size);
        assert_int_equal(seen.statistics.capture_bytes, plain.bytes.length);
        assert_false(seen.statistics.hit_inflate_limit);
    }
    builder_free(&plain);
}

/* gzip members or zstd frames, cut anywhere in the capture, an empty one among them. */
static void pieces_behind_one_another_are_one_capture(void **state)
{
    (void)state;
    struct builder plain = capture_of(100, 50);
    struct span all = built(&plain);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, part(all, 0, 3));
        packings[i].put(&packed, part(all, 3, 0));
        packings[i].put(&packed, part(all, 3, 2000));
        packings[i].put(&packed, part(all, 2003, all.length - 2003));
        struct seen seen = see_built(&packed);
        assert_int_equal(seen.status, SOURCE_END);
        assert_int_equal(seen.frames, 100);
        assert_int_equal(seen.bad_payloads, 0);
    }
    builder_free(&plain);
}

static void a_skippable_zstd_frame_may_come_first(void **state)
{
    (void)state;
    struct builder plain = capture_of(3, 50), packed = {0};
    put_32(&packed, 0x184d2a53);
    put_32(&packed, 5);
    put_payload(&packed, 5);
    put_zstd(&packed, built(&plain));
    struct seen seen = see_built(&packed);
    assert_int_equal(seen.status, SOURCE_END);
    assert_int_equal(seen.frames, 3);
    builder_free(&plain);
}

static void a_packed_file_cut_anywhere_gives_whole_packets_and_then_fails(void **state)
{
    (void)state;
    struct builder plain = capture_of(40, 60);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, part(built(&plain), 0, 1000));
        packings[i].put(&packed, part(built(&plain), 1000, plain.bytes.length - 1000));
        size_t frames = 0;
        for (size_t length = 0; length < packed.bytes.length; length++) {
            struct seen seen = see(part(built(&packed), 0, length));
            assert_int_equal(seen.status, SOURCE_FAILED);
            assert_int_equal(seen.bad_payloads, 0);
            assert_true(seen.frames >= frames);
            frames = seen.frames;
            assert_true(seen.error.text[0] != '\0');
        }
        assert_true(frames >= 12); /* what the first piece holds */
        builder_free(&packed);
    }
    builder_free(&plain);
}

static void a_cut_says_that_the_packed_data_ends(void **state)
{
    (void)state;
    struct builder plain = capture_of(1000, 60);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, built(&plain));
        packed.bytes.length -= 4;
        struct seen seen = see_built(&packed);
        assert_int_equal(seen.status, SOURCE_FAILED);
        assert_says(&seen.error, packings[i].name);
        assert_says(&seen.error, "data ends early after");
    }
    builder_free(&plain);
}

static void damaged_packed_data_is_named_after_what_came_before(void **state)
{
    (void)state;
    struct builder plain = capture_of(10, 60);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, built(&plain));
        put_payload(&packed, 50); /* neither a member nor a frame */
        struct seen seen = see_built(&packed);
        assert_int_equal(seen.frames, 10);
        assert_int_equal(seen.status, SOURCE_FAILED);
        assert_says(&seen.error, "data is damaged at byte");
        char words[80];
        snprintf(words, sizeof words, "the %zu bytes unpacked before it were read",
                 plain.bytes.length);
        assert_says(&seen.error, words);
    }
    builder_free(&plain);
}

static void a_wrong_checksum_is_damage(void **state)
{
    (void)state;
    struct builder plain = capture_of(10, 60), packed = {0};
    put_gzip(&packed, built(&plain));
    packed.bytes.data[packed.bytes.length - 8] ^= 1;
    struct seen seen = see_built(&packed);
    assert_int_equal(seen.frames, 10);
    assert_int_equal(seen.status, SOURCE_FAILED);
    assert_says(&seen.error, "incorrect data check");
    builder_free(&plain);
}

static void a_fault_in_a_packed_capture_gives_the_unpacked_offset(void **state)
{
    (void)state;
    struct builder plain = capture_of(1, 60);
    put_32(&plain, 0);
    put_32(&plain, 0);
    put_32(&plain, 1 << 20);
    put_32(&plain, 1 << 20);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, built(&plain));
        struct seen seen = see_built(&packed);
        assert_int_equal(seen.frames, 1);
        assert_says(&seen.error, "packet 2 at unpacked byte 100 claims 1048576 bytes");
    }
    builder_free(&plain);
}

static struct seen see_bounded(struct builder *packed, uint64_t bytes, uint32_t ratio)
{
    struct source_options options = {.max_inflate_bytes = bytes, .max_inflate_ratio = ratio};
    return see_fd(file_of(built(packed)), &options);
}

static void unpacking_stops_at_the_size_allowed(void **state)
{
    (void)state;
    struct builder plain = capture_of(10, 84);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, built(&plain));
        struct seen enough = see_bounded(&packed, plain.bytes.length, 0);
        assert_int_equal(enough.status, SOURCE_END);
        assert_int_equal(enough.frames, 10);
        assert_false(enough.statistics.hit_inflate_limit);

        struct seen seen = see_bounded(&packed, plain.bytes.length - 1, 0);
        assert_int_equal(seen.status, SOURCE_FAILED);
        assert_int_equal(seen.frames, 9);
        assert_int_equal(seen.statistics.capture_bytes, plain.bytes.length - 1);
        assert_true(seen.statistics.hit_inflate_limit);
        assert_says(&seen.error, "unpacks to more than the 1023 bytes allowed (--max-inflate)");
        builder_free(&packed);
    }
    builder_free(&plain);
}

static void unpacking_stops_at_the_ratio_allowed(void **state)
{
    (void)state;
    struct builder plain = {0};
    put_pcap_header(&plain, 0xa1b2c3d4, 1);
    while (plain.bytes.length < 40 * MIB)
        put_pcap_record(&plain, 0, 0, 0, 0);
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, built(&plain));
        assert_int_equal(see_bounded(&packed, 0, 0).status, SOURCE_END);
        struct seen seen = see_bounded(&packed, 0, 100);
        assert_int_equal(seen.status, SOURCE_FAILED);
        assert_true(seen.statistics.hit_inflate_limit);
        assert_true(seen.statistics.capture_bytes >= MIB);
        assert_true(seen.statistics.capture_bytes < 10 * MIB);
        assert_says(&seen.error, "unpacks to more than 100 times its size");
        builder_free(&packed);
    }
    builder_free(&plain);
}

static void a_small_capture_may_have_any_ratio(void **state)
{
    (void)state;
    struct builder plain = capture_of(0, 0), packed = {0};
    for (int i = 0; i < 60000; i++)
        put_pcap_record(&plain, 0, 0, 0, 0);
    put_gzip(&packed, built(&plain));
    struct seen seen = see_bounded(&packed, 0, 10);
    assert_int_equal(seen.status, SOURCE_END);
    assert_int_equal(seen.frames, 60000);
    builder_free(&plain);
    builder_free(&packed);
}

static void bounds_do_not_touch_plain_captures(void **state)
{
    (void)state;
    struct builder plain = capture_of(100, 1000);
    struct seen seen = see_bounded(&plain, 10, 1);
    assert_int_equal(seen.status, SOURCE_END);
    assert_int_equal(seen.frames, 100);
    builder_free(&plain);
}

static void what_is_packed_twice_is_refused(void **state)
{
    (void)state;
    struct builder plain = capture_of(10, 60);
    for (size_t outer = 0; outer < PACKINGS; outer++) {
        for (size_t inner = 0; inner < PACKINGS; inner++) {
            struct builder once = {0}, twice = {0};
            packings[inner].put(&once, built(&plain));
            packings[outer].put(&twice, built(&once));
            struct seen seen = see_built(&twice);
            builder_free(&once);
            assert_false(seen.is_open);
            char words[80];
            snprintf(words, sizeof words, "is compressed twice (%s in %s); unpack it once",
                     packings[inner].name, packings[outer].name);
            assert_says(&seen.error, words);
        }
    }
    builder_free(&plain);
}

static void what_is_packed_but_no_capture_is_refused(void **state)
{
    (void)state;
    struct span nothing = {(const uint8_t *)"", 0}, words = span_of("some text\n");
    for (size_t i = 0; i < PACKINGS; i++) {
        struct builder packed = {0};
        packings[i].put(&packed, nothing);
        struct seen seen = see_built(&packed);
        assert_false(seen.is_open);
        assert_says(&seen.error, "is empty when unpacked");
        packed = (struct builder){0};
        packings[i].put(&packed, words);
        seen = see_built(&packed);
        assert_false(seen.is_open);
        assert_says(&seen.error, "begins with the bytes 736f6d65 when unpacked");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_captures_are_read_by_their_magic),
        cmocka_unit_test(pieces_behind_one_another_are_one_capture),
        cmocka_unit_test(a_skippable_zstd_frame_may_come_first),
        cmocka_unit_test(a_packed_file_cut_anywhere_gives_whole_packets_and_then_fails),
        cmocka_unit_test(a_cut_says_that_the_packed_data_ends),
        cmocka_unit_test(damaged_packed_data_is_named_after_what_came_before),
        cmocka_unit_test(a_wrong_checksum_is_damage),
        cmocka_unit_test(a_fault_in_a_packed_capture_gives_the_unpacked_offset),
        cmocka_unit_test(unpacking_stops_at_the_size_allowed),
        cmocka_unit_test(unpacking_stops_at_the_ratio_allowed),
        cmocka_unit_test(a_small_capture_may_have_any_ratio),
        cmocka_unit_test(bounds_do_not_touch_plain_captures),
        cmocka_unit_test(what_is_packed_twice_is_refused),
        cmocka_unit_test(what_is_packed_but_no_capture_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
