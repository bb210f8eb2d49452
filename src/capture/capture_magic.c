/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/capture_magic.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* clang-format off */
static const struct pcap_variant pcap_variants[] = {
    {0xa1b2c3d4, true,  1000, 16},
    {0xd4c3b2a1, false, 1000, 16},
    {0xa1b23c4d, true,  1,    16},
    {0x4d3cb2a1, false, 1,    16},
    {0xa1b2cd34, true,  1000, 24},
    {0x34cdb2a1, false, 1000, 24},
};

/* What is often taken for a capture, or holds one in a form that is not read. */
static const struct other_format other_formats[] = {
    {"BZh",      3, "a bzip2 archive",        "unpack it with bunzip2 first"},
    {"\xfd" "7zX", 4, "an xz archive",        "unpack it with unxz first"},
    {"\x04\x22\x4d\x18", 4, "an lz4 archive", "unpack it with unlz4 first"},
    {"PK\x03\x04", 4, "a zip archive",        "unpack it with unzip first"},
    {"7z\xbc\xaf", 4, "a 7-Zip archive",      "unpack it first"},
    {"Rar!",     4, "a RAR archive",          "unpack it first"},
    {"snoo",     4, "a snoop capture",        "convert it with: editcap -F pcap IN OUT"},
    {"GMBU",     4, "a Network Monitor capture", "convert it with: editcap -F pcap IN OUT"},
    {"TRSN",     4, "a Sniffer capture",      "convert it with: editcap -F pcap IN OUT"},
    {"vers",     4, "a Git LFS pointer, not the file itself", "fetch it with: git lfs pull"},
    {"\x7f" "ELF", 4, "a program",            "name a pcap or pcapng file"},
};
/* clang-format on */

enum {
    PCAPNG_MAGIC = 0x0a0d0d0a,       /* a Section Header Block's type, the same in both orders */
    GZIP_MAGIC = 0x1f8b,             /* RFC 1952 §2.3.1 */
    ZSTD_MAGIC = 0x28b52ffd,         /* RFC 8878 §3.1.1, as the bytes stand */
    ZSTD_SKIPPABLE_MAGIC = 0x2a4d18, /* §3.1.2: 0x50..0x5f before it; pzstd begins with one */
};

static uint32_t magic_of(struct span start)
{
    struct cursor cursor = cursor_over(start);
    return cursor_be32(&cursor);
}

const struct pcap_variant *pcap_variant_of(struct span start)
{
    uint32_t magic = magic_of(start);
    for (size_t i = 0; i < COUNT_OF(pcap_variants); i++)
        if (pcap_variants[i].magic == magic)
            return &pcap_variants[i];
    return NULL;
}

bool is_pcapng(struct span start)
{
    return magic_of(start) == PCAPNG_MAGIC;
}

bool is_capture(struct span start)
{
    return is_pcapng(start) || pcap_variant_of(start);
}

const struct codec *codec_of(struct span start)
{
    uint32_t magic = magic_of(start);
    if (magic >> 16 == GZIP_MAGIC)
        return &gzip_codec;
    bool is_skippable = (magic & 0xffffff) == ZSTD_SKIPPABLE_MAGIC && magic >> 28 == 5;
    return magic == ZSTD_MAGIC || is_skippable ? &zstd_codec : NULL;
}

const struct other_format *other_format_of(struct span start)
{
    for (size_t i = 0; i < COUNT_OF(other_formats); i++) {
        const struct other_format *format = &other_formats[i];
        if (start.length >= format->magic_length &&
            memcmp(start.at, format->magic, format->magic_length) == 0)
            return format;
    }
    return NULL;
}
