/* SPDX-License-Identifier: Apache-2.0
 *
 *     +--------+--------+---------------+---------------------------+--------+
 *     |  type  | length | fixed fields  | options, each padded to 4 | length |
 *     +--------+--------+---------------+---------------------------+--------+
 *
 * Little-endian on every machine, so that the same packets give the same file.
 */
#include "output/pcapng.h"

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a,
    BYTE_ORDER = 0x1a2b3c4d,
};

enum {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_INTERFACE_NAME = 2,
    OPTION_PROGRAM = 4,
    OPTION_RESOLUTION = 9,
    OPTION_LENGTH_MAX = 65535,
};

enum { BLOCK_LENGTHS = 12, PACKET_FIELDS = 20, OPTION_HEAD = 4, NANOSECONDS = 9 };

static void add_u16(struct text *file, uint16_t number)
{
    text_add_char(file, (char)(number & 0xff));
    text_add_char(file, (char)(number >> 8));
}

static void add_u32(struct text *file, uint32_t number)
{
    add_u16(file, (uint16_t)(number & 0xffff));
    add_u16(file, (uint16_t)(number >> 16));
}

static size_t padded(size_t length)
{
    return (length + 3) / 4 * 4;
}

static void add_padded(struct text *file, const void *bytes, size_t length)
{
    text_add_n(file, bytes, length);
    for (size_t i = length; i < padded(length); i++)
        text_add_char(file, '\0');
}

static size_t comment_length(const char *comment)
{
    size_t length = comment ? strlen(comment) : 0;
    return length < OPTION_LENGTH_MAX ? length : OPTION_LENGTH_MAX;
}

static void add_option(struct text *file, uint16_t code, const void *bytes, size_t length)
{
    add_u16(file, code);
    add_u16(file, (uint16_t)length);
    add_padded(file, bytes, length);
}

static void add_words(struct text *file, uint16_t code, const char *words)
{
    if (words)
        add_option(file, code, words, comment_length(words));
}

/* Where the block begins; its length is filled in when it ends. */
static size_t begin_block(struct text *file, uint32_t type)
{
    size_t start = file->length;
    add_u32(file, type);
    add_u32(file, 0);
    return start;
}

static void end_block(struct text *file, size_t start)
{
    add_option(file, OPTION_END, "", 0);
    uint32_t length = (uint32_t)(file->length - start + 4);
    for (size_t i = 0; i < 4; i++)
        file->data[start + 4 + i] = (char)(length >> (8 * i) & 0xff);
    add_u32(file, length);
}

void pcapng_add_section(struct text *file, const char *comment)
{
    size_t start = begin_block(file, BLOCK_SECTION);
    add_u32(file, BYTE_ORDER);
    add_u16(file, 1); /* version 1.0 */
    add_u16(file, 0);
    add_u32(file, UINT32_MAX); /* length of the section: not said */
    add_u32(file, UINT32_MAX);
    add_words(file, OPTION_COMMENT, comment);
    add_words(file, OPTION_PROGRAM, "portscope");
    end_block(file, start);
}

void pcapng_add_interface(struct text *file, uint16_t link_type, const char *name,
                          const char *comment)
{
    const uint8_t resolution = NANOSECONDS;
    size_t start = begin_block(file, BLOCK_INTERFACE);
    add_u16(file, link_type);
    add_u16(file, 0);
    add_u32(file, 0); /* snap length: frames say by themselves where they were cut */
    add_words(file, OPTION_COMMENT, comment);
    add_words(file, OPTION_INTERFACE_NAME, name);
    add_option(file, OPTION_RESOLUTION, &resolution, sizeof resolution);
    end_block(file, start);
}

void pcapng_add_packet(struct text *file, const struct pcapng_packet *packet, const char *comment)
{
    uint64_t time_ns = packet->time_ns > 0 ? (uint64_t)packet->time_ns : 0;
    size_t start = begin_block(file, BLOCK_PACKET);
    add_u32(file, packet->interface);
    add_u32(file, (uint32_t)(time_ns >> 32));
    add_u32(file, (uint32_t)(time_ns & UINT32_MAX));
    add_u32(file, (uint32_t)packet->bytes.length);
    add_u32(file, packet->wire_length);
    add_padded(file, packet->bytes.at, packet->bytes.length);
    add_words(file, OPTION_COMMENT, comment);
    end_block(file, start);
}

size_t pcapng_packet_size(size_t captured, const char *comment)
{
    size_t option = comment ? OPTION_HEAD + padded(comment_length(comment)) : 0;
    return BLOCK_LENGTHS + PACKET_FIELDS + padded(captured) + option + OPTION_HEAD;
}
