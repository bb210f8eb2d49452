/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes captures into memory, byte by byte in either order, and reads them back through a source.
 */
#ifndef PORTSCOPE_TESTS_CAPTURE_BUILDER_H
#define PORTSCOPE_TESTS_CAPTURE_BUILDER_H

#include "unit.h"

#include "base/text.h"
#include "capture/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes being written; the text is only a growing buffer here. */
struct builder {
    struct text bytes;
    bool is_big_endian;
};

static inline void put(struct builder *builder, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        unsigned shift = 8 * (builder->is_big_endian ? width - 1 - i : i);
        text_add_char(&builder->bytes, (char)(value >> shift));
    }
}

static inline void put_16(struct builder *builder, uint64_t value)
{
    put(builder, value, 2);
}

static inline void put_32(struct builder *builder, uint64_t value)
{
    put(builder, value, 4);
}

/* Bytes that tell where they stand, so that a frame from the wrong place is noticed. */
static inline void put_payload(struct builder *builder, size_t length)
{
    for (size_t i = 0; i < length; i++)
        text_add_char(&builder->bytes, (char)(i * 7 + length));
}

static inline bool is_payload(struct span bytes)
{
    for (size_t i = 0; i < bytes.length; i++)
        if (bytes.at[i] != (uint8_t)(i * 7 + bytes.length))
            return false;
    return true;
}

static inline struct span built(const struct builder *builder)
{
    return (struct span){(const uint8_t *)builder->bytes.data, builder->bytes.length};
}

static inline void builder_free(struct builder *builder)
{
    text_free(&builder->bytes);
}

static inline void put_pcap_header(struct builder *builder, uint32_t magic, uint32_t link_type)
{
    put_32(builder, magic);
    put_16(builder, 2);
    put_16(builder, 4);
    put_32(builder, 0);
    put_32(builder, 0);
    put_32(builder, 65535);
    put_32(builder, link_type);
}

static inline void put_pcap_record(struct builder *builder, uint32_t seconds, uint32_t fraction,
                                   uint32_t captured, uint32_t wire)
{
    put_32(builder, seconds);
    put_32(builder, fraction);
    put_32(builder, captured);
    put_32(builder, wire);
    put_payload(builder, captured);
}

/* A pcapng block is begun, filled, and ended with its lengths. Returns where it began. */
static inline size_t begin_block(struct builder *builder, uint32_t type)
{
    size_t start = builder->bytes.length;
    put_32(builder, type);
    put_32(builder, 0);
    return start;
}

static inline void end_block(struct builder *builder, size_t start)
{
    while (builder->bytes.length % 4 != 0)
        put(builder, 0, 1);
    size_t length = builder->bytes.length - start + 4;
    put_32(builder, length);
    memcpy(builder->bytes.data + start + 4, builder->bytes.data + builder->bytes.length - 4, 4);
}

static inline void put_option(struct builder *builder, uint16_t code, uint64_t value,
                              unsigned width)
{
    put_16(builder, code);
    put_16(builder, width);
    put(builder, value, width);
    put(builder, 0, -width & 3);
}

static inline void put_section(struct builder *builder)
{
    size_t block = begin_block(builder, 0x0a0d0d0a);
    put_32(builder, 0x1a2b3c4d);
    put_16(builder, 1);
    put_16(builder, 0);
    put(builder, UINT64_MAX, 8);
    end_block(builder, block);
}

/* Ends with the block's options still open: end_block() closes them. */
static inline size_t begin_interface(struct builder *builder, uint16_t link_type, uint32_t snaplen)
{
    size_t block = begin_block(builder, 1);
    put_16(builder, link_type);
    put_16(builder, 0);
    put_32(builder, snaplen);
    return block;
}

static inline void put_interface(struct builder *builder, uint16_t link_type, uint32_t snaplen)
{
    end_block(builder, begin_interface(builder, link_type, snaplen));
}

static inline size_t begin_enhanced_packet(struct builder *builder, uint32_t interface,
                                           uint64_t ticks, uint32_t captured, uint32_t wire)
{
    size_t block = begin_block(builder, 6);
    put_32(builder, interface);
    put_32(builder, ticks >> 32);
    put_32(builder, ticks & UINT32_MAX);
    put_32(builder, captured);
    put_32(builder, wire);
    put_payload(builder, captured);
    put(builder, 0, -captured & 3);
    return block;
}

static inline void put_enhanced_packet(struct builder *builder, uint32_t interface, uint64_t ticks,
                                       uint32_t captured, uint32_t wire)
{
    end_block(builder, begin_enhanced_packet(builder, interface, ticks, captured, wire));
}

static inline void put_simple_packet(struct builder *builder, uint32_t captured, uint32_t wire)
{
    size_t block = begin_block(builder, 3);
    put_32(builder, wire);
    put_payload(builder, captured);
    end_block(builder, block);
}

/* A file that has no name any more and holds the bytes. */
static inline int file_of(struct span bytes)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.length, file), bytes.length);
    rewind(file); /* flushes, too */
    int fd = dup(fileno(file));
    assert_true(fd >= 0);
    fclose(file);
    return fd;
}

/* A pipe that holds the bytes, which must fit into it, and ends behind them. */
static inline int pipe_of(struct span bytes)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes.at, bytes.length), bytes.length);
    close(ends[1]);
    return ends[0];
}

/* Root may read everything: tests of permissions run as nobody, or not at all. */
enum { NOBODY = 65534 };

static inline void lay_privileges_down(void)
{
    if (geteuid() == 0 && seteuid(NOBODY) != 0)
        skip();
}

static inline void take_privileges_up(void)
{
    assert_int_equal(seteuid(getuid()), 0);
}

static const struct source_options no_bounds = {0};
static const struct source_options with_helper = {.reads_ahead = true};

enum { PIPE_HOLDS = 65536 };

/* What came out of a source until it ended or failed. */
struct seen {
    bool is_open;
    size_t frames, bad_payloads;
    uint64_t bytes;
    struct frame first, last; /* without their bytes, which are gone */
    enum source_status status;
    struct source_statistics statistics;
    struct error error;
};

static inline void see_batch(struct seen *seen, const struct batch *batch)
{
    assert_in_range(batch->count, 1, SOURCE_BATCH_FRAMES);
    for (size_t i = 0; i < batch->count; i++) {
        struct frame frame = batch->frames[i];
        assert_true(frame.wire_length >= frame.bytes.length);
        seen->bad_payloads += !is_payload(frame.bytes);
        seen->bytes += frame.bytes.length;
        frame.bytes.at = NULL;
        if (seen->frames++ == 0)
            seen->first = frame;
        seen->last = frame;
    }
}

static inline struct seen see_source(struct source *source)
{
    struct seen seen = {.is_open = true};
    struct batch batch;
    while ((seen.status = source_next(source, &batch, &seen.error)) == SOURCE_BATCH)
        see_batch(&seen, &batch);
    seen.statistics = source_statistics(source);
    source_close(source);
    return seen;
}

static inline struct seen see_fd(int fd, const struct source_options *options)
{
    struct seen refused = {.status = SOURCE_FAILED};
    struct source *source = source_open_fd(fd, "x.pcap", options, &refused.error);
    return source ? see_source(source) : refused;
}

/* The bytes of a file, and the same read ahead by a thread, with the same outcome. */
static inline struct seen see(struct span bytes)
{
    struct seen seen = see_fd(file_of(bytes), &no_bounds);
    int fd = bytes.length <= PIPE_HOLDS ? pipe_of(bytes) : file_of(bytes);
    struct seen again = see_fd(fd, &with_helper);
    assert_int_equal(again.is_open, seen.is_open);
    assert_int_equal(again.frames, seen.frames);
    assert_int_equal(again.bytes, seen.bytes);
    assert_int_equal(again.status, seen.status);
    assert_int_equal(again.statistics.capture_bytes, seen.statistics.capture_bytes);
    if (seen.status == SOURCE_FAILED)
        assert_string_equal(again.error.text, seen.error.text);
    return seen;
}

/* Reads what was built and frees it. */
static inline struct seen see_built(struct builder *builder)
{
    struct seen seen = see(built(builder));
    builder_free(builder);
    return seen;
}

/* Gives each of the first `length` bytes many other values, and reads the file each time. */
static inline void assert_no_change_does_harm(struct builder *file, size_t length, size_t frames)
{
    for (size_t at = 0; at < length; at++) {
        for (unsigned change = 1; change < 256; change += change < 4 ? 1 : 3) {
            file->bytes.data[at] ^= (char)change;
            struct seen seen = see_fd(pipe_of(built(file)), &no_bounds);
            assert_true(seen.frames <= frames);
            assert_true(seen.status == SOURCE_END || strstr(seen.error.text, "x.pcap: "));
            file->bytes.data[at] ^= (char)change;
        }
    }
}

static inline void assert_says(const struct error *error, const char *words)
{
    if (!strstr(error->text, words))
        fail_msg("\"%s\" does not say \"%s\"", error->text, words);
}

#endif
