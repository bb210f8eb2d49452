/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of bytes that tell their own offset, read alone and with a helper.
 */
#include "capture_builder.h"

#include "capture/read_ahead.h"

#include <fcntl.h>
#include <unistd.h>

enum { LONG = 20 * BLOCK_SIZE + 12345 };

static uint8_t byte_at(size_t offset)
{
    return (uint8_t)(offset * 2654435761u >> 13);
}

/* A file of such bytes behind `lead` others. */
static int patterned_file(size_t lead, size_t length)
{
    struct builder file = {0};
    for (size_t i = 0; i < lead; i++)
        put(&file, 0, 1);
    for (size_t i = 0; i < length; i++)
        put(&file, byte_at(i), 1);
    int fd = file_of(built(&file));
    builder_free(&file);
    return fd;
}

static struct read_ahead *open_ahead(int fd, bool wants_helper)
{
    struct error error;
    struct stream *stream = stream_open(fd, "x", &no_bounds, &error);
    assert_non_null(stream);
    return read_ahead_open(stream, wants_helper);
}

static enum stream_status take(struct read_ahead *ahead, size_t *offset)
{
    struct block *block;
    struct error error;
    enum stream_status status = read_ahead_next(ahead, &block, &error);
    if (status != STREAM_BYTES)
        return status;
    assert_in_range(block->length, 1, BLOCK_SIZE);
    size_t wrong = 0;
    for (size_t i = 0; i < block->length; i++, (*offset)++)
        wrong += block->memory[BLOCK_HEADROOM + i] != byte_at(*offset);
    assert_int_equal(wrong, 0);
    assert_int_equal(read_ahead_statistics(ahead).input_bytes, *offset);
    read_ahead_give_back(ahead, block);
    return STREAM_BYTES;
}

static enum stream_status take_all(struct read_ahead *ahead, size_t *offset)
{
    enum stream_status status;
    do
        status = take(ahead, offset);
    while (status == STREAM_BYTES || status == STREAM_INTERRUPTED);
    return status;
}

static void blocks_come_in_order_and_end(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, BLOCK_SIZE, 4 * BLOCK_SIZE, LONG};
    for (size_t i = 0; i < 2 * sizeof lengths / sizeof lengths[0]; i++) {
        struct read_ahead *ahead = open_ahead(patterned_file(0, lengths[i / 2]), i % 2);
        size_t offset = 0;
        assert_int_equal(take_all(ahead, &offset), STREAM_END);
        assert_int_equal(offset, lengths[i / 2]);
        assert_int_equal(take(ahead, &offset), STREAM_END);
        read_ahead_close(ahead);
    }
}

static void
reading_starts_where_the_descriptor_stands_and_leaves_it_behind_what_was_read(void **state)
{
    (void)state;
    for (int is_helped = 0; is_helped <= 1; is_helped++) {
        int fd = patterned_file(100, LONG);
        assert_int_equal(lseek(fd, 100, SEEK_SET), 100);
        struct read_ahead *ahead = open_ahead(dup(fd), is_helped);
        size_t offset = 0;
        assert_int_equal(take(ahead, &offset), STREAM_BYTES);
        read_ahead_close(ahead);
        assert_int_equal(lseek(fd, 0, SEEK_CUR), 100 + offset);
        close(fd);
    }
}

static void a_file_that_shrinks_ends_where_it_ends_then(void **state)
{
    (void)state;
    for (int is_helped = 0; is_helped <= 1; is_helped++) {
        int fd = patterned_file(0, LONG);
        struct read_ahead *ahead = open_ahead(dup(fd), is_helped);
        size_t offset = 0;
        assert_int_equal(take(ahead, &offset), STREAM_BYTES);
        assert_int_equal(ftruncate(fd, 15 * BLOCK_SIZE + 1), 0);
        assert_int_equal(take_all(ahead, &offset), STREAM_END);
        assert_int_equal(offset, 15 * BLOCK_SIZE + 1);
        read_ahead_close(ahead);
        close(fd);
    }
}

static void a_file_that_grows_has_no_gap(void **state)
{
    (void)state;
    int fd = patterned_file(0, LONG);
    struct read_ahead *ahead = open_ahead(dup(fd), true);
    size_t offset = 0;
    for (size_t length = LONG; take(ahead, &offset) == STREAM_BYTES; length++) {
        uint8_t next = byte_at(length);
        assert_int_equal(pwrite(fd, &next, 1, (off_t)length), 1);
    }
    assert_in_range(offset, LONG, LONG + LONG / BLOCK_SIZE + 1);
    read_ahead_close(ahead);
    close(fd);
}

static void a_silent_pipe_is_told_of_and_can_be_closed(void **state)
{
    (void)state;
    for (int is_helped = 0; is_helped <= 1; is_helped++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        for (size_t i = 0; i < 8; i++)
            assert_int_equal(write(ends[1], &(uint8_t){byte_at(i)}, 1), 1);
        struct read_ahead *ahead = open_ahead(ends[0], is_helped);
        size_t offset = 0;
        assert_int_equal(take(ahead, &offset), STREAM_BYTES);
        assert_int_equal(take(ahead, &offset), STREAM_INTERRUPTED);
        assert_int_equal(write(ends[1], &(uint8_t){byte_at(8)}, 1), 1);
        while (take(ahead, &offset) == STREAM_INTERRUPTED)
            ;
        assert_int_equal(offset, 9);
        read_ahead_close(ahead);
        close(ends[1]);
    }
}

static void closing_early_is_allowed(void **state)
{
    (void)state;
    size_t offset = 0;
    read_ahead_close(NULL);
    for (size_t taken = 0; taken < 4; taken++) {
        struct read_ahead *ahead = open_ahead(patterned_file(0, LONG), true);
        offset = 0;
        for (size_t i = 0; i < taken; i++)
            assert_int_equal(take(ahead, &offset), STREAM_BYTES);
        read_ahead_close(ahead);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_come_in_order_and_end),
        cmocka_unit_test(
            reading_starts_where_the_descriptor_stands_and_leaves_it_behind_what_was_read),
        cmocka_unit_test(a_file_that_shrinks_ends_where_it_ends_then),
        cmocka_unit_test(a_file_that_grows_has_no_gap),
        cmocka_unit_test(a_silent_pipe_is_told_of_and_can_be_closed),
        cmocka_unit_test(closing_early_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
