/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "capture/source.h"
#include "output/pcapng.h"

#include <stdio.h>
#include <unistd.h>

enum { ETHERNET = 1, RAW_IP = 101 };

/* The file as a source reads it. */
static struct source *read_again(const struct text *file)
{
    const struct source_options options = {0};
    struct error error;
    FILE *written = tmpfile();
    assert_non_null(written);
    assert_int_equal(fwrite(file->data, 1, file->length, written), file->length);
    rewind(written);
    int descriptor = dup(fileno(written));
    fclose(written);
    struct source *source = source_open_fd(descriptor, "written", &options, &error);
    assert_non_null(source);
    return source;
}

static void add(struct text *file, uint32_t interface, int64_t time_ns, size_t length)
{
    static const uint8_t bytes[70] = {0xca, 0xfe};
    const struct pcapng_packet packet = {interface, time_ns, {bytes, length}, 90};
    size_t before = file->length;
    pcapng_add_packet(file, &packet, "why");
    assert_int_equal(file->length - before, pcapng_packet_size(length, "why"));
}

static void what_is_written_is_read_again(void **state)
{
    struct text file = {0};
    struct batch batch;
    struct error error;
    (void)state;
    pcapng_add_section(&file, "title\nreasons");
    pcapng_add_interface(&file, ETHERNET, "one.pcap", NULL);
    add(&file, 0, 1700000000123456789, 70);
    pcapng_add_interface(&file, RAW_IP, NULL, "another link");
    add(&file, 1, 1700000000123456790, 3);
    add(&file, 0, 0, 0);
    struct source *source = read_again(&file);
    assert_int_equal(source_next(source, &batch, &error), SOURCE_BATCH);
    assert_int_equal(batch.count, 3);
    assert_true(batch.frames[0].time_ns == 1700000000123456789);
    assert_int_equal(batch.frames[0].link_type, ETHERNET);
    assert_int_equal(batch.frames[0].bytes.length, 70);
    assert_int_equal(batch.frames[0].wire_length, 90);
    assert_true(batch.frames[1].time_ns == 1700000000123456790);
    assert_int_equal(batch.frames[1].link_type, RAW_IP);
    assert_int_equal(batch.frames[1].bytes.length, 3);
    assert_int_equal(batch.frames[1].bytes.at[1], 0xfe);
    assert_int_equal(batch.frames[2].bytes.length, 0);
    assert_int_equal(source_next(source, &batch, &error), SOURCE_END);
    source_close(source);
    text_free(&file);
}

static void every_length_is_padded_to_four(void **state)
{
    (void)state;
    for (size_t length = 0; length < 9; length++) {
        struct text file = {0};
        char comment[10] = "";
        memset(comment, 'x', length);
        pcapng_add_section(&file, comment);
        assert_int_equal(file.length % 4, 0);
        pcapng_add_interface(&file, ETHERNET, comment, comment);
        assert_int_equal(file.length % 4, 0);
        add(&file, 0, 1, length);
        assert_int_equal(file.length % 4, 0);
        source_close(read_again(&file));
        text_free(&file);
    }
}

static void a_comment_too_long_for_an_option_is_cut(void **state)
{
    struct text file = {0}, comment = {0};
    struct batch batch;
    struct error error;
    (void)state;
    memset(text_room(&comment, 70000), 'x', 70000);
    text_added(&comment, 70000);
    pcapng_add_section(&file, text_words(&comment));
    pcapng_add_interface(&file, ETHERNET, NULL, NULL);
    add(&file, 0, 1, 60);
    struct source *source = read_again(&file);
    assert_int_equal(source_next(source, &batch, &error), SOURCE_BATCH);
    source_close(source);
    text_free(&comment);
    text_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(every_length_is_padded_to_four),
        cmocka_unit_test(a_comment_too_long_for_an_option_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
