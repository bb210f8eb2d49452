/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/detection_pack.h"

#include "dpi/ndpi_memory.h"

#include <string.h>

/* Everything before the first string, then the strings, each terminated, in the table's order. */
enum { FIXED_SIZE = offsetof(struct detection, name) };

struct detection_pack {
    _Alignas(struct detection) char fixed[FIXED_SIZE];
    char strings[];
};

#define STRING_FIELD(field)                                                                        \
    {                                                                                              \
        offsetof(struct detection, field), sizeof((struct detection *)0)->field                    \
    }

static const struct {
    size_t offset, size;
} fields[] = {
    STRING_FIELD(name),        STRING_FIELD(protocol),     STRING_FIELD(category),
    STRING_FIELD(why),         STRING_FIELD(hostname),     STRING_FIELD(user_agent),
    STRING_FIELD(url),         STRING_FIELD(ssh_client),   STRING_FIELD(ssh_server),
    STRING_FIELD(tls_version), STRING_FIELD(ja3_client),   STRING_FIELD(ja3_server),
    STRING_FIELD(ja4_client),  STRING_FIELD(hassh_client), STRING_FIELD(hassh_server),
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

struct detection_pack *detection_pack_new(const struct detection *detection)
{
    const char *bytes = (const char *)detection;
    size_t size = sizeof(struct detection_pack);
    for (size_t i = 0; i < FIELDS; i++)
        size += strlen(bytes + fields[i].offset) + 1;
    struct detection_pack *pack = ndpi_memory_new(size);
    if (!pack)
        return NULL;
    memcpy(pack->fixed, bytes, FIXED_SIZE);
    char *at = pack->strings;
    for (size_t i = 0; i < FIELDS; i++) {
        size_t length = strlen(bytes + fields[i].offset) + 1;
        memcpy(at, bytes + fields[i].offset, length);
        at += length;
    }
    return pack;
}

void detection_pack_free(struct detection_pack *pack)
{
    ndpi_memory_free(pack);
}

void detection_pack_open(const struct detection_pack *pack, struct detection *out)
{
    char *bytes = (char *)out;
    memset(out, 0, sizeof *out);
    memcpy(bytes, pack->fixed, FIXED_SIZE);
    const char *at = pack->strings;
    for (size_t i = 0; i < FIELDS; i++) {
        size_t length = strlen(at) + 1;
        memcpy(bytes + fields[i].offset, at, length);
        at += length;
    }
}
