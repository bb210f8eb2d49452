/* SPDX-License-Identifier: Apache-2.0
 *
 * community-id v1 (github.com/corelight/community-id-spec): the id that other tools print for the
 * same five-tuple. VLANs and tunnels are not part of it.
 */
#include "model/flow.h"

#include <gcrypt.h>
#include <stdio.h>
#include <string.h>

enum { SHA1_SIZE = 20 };

static void put16(uint8_t *out, uint16_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static void base64(const uint8_t *bytes, size_t length, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (have > 1)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (have > 2)
            group |= bytes[i + 2];
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = have > 1 ? digits[group >> 6 & 63] : '=';
        *out++ = have > 2 ? digits[group & 63] : '=';
    }
    *out = '\0';
}

const char *flow_community_id(const struct flow *flow, char out[FLOW_COMMUNITY_ID_SIZE])
{
    const struct flow_key *key = &flow->key;
    size_t width = key->low.address.version == 4 ? 4 : 16;
    uint8_t input[2 + 16 + 16 + 2 + 2 + 2] = {0}; /* starts with the 16-bit start value, 0 */
    size_t length = 2;
    memcpy(input + length, key->low.address.bytes, width);
    memcpy(input + length + width, key->high.address.bytes, width);
    length += 2 * width;
    input[length] = key->protocol;
    length += 2;
    if (transport_has_ports(key->protocol)) {
        put16(input + length, key->low.port);
        put16(input + length + 2, key->high.port);
        length += 4;
    }
    uint8_t digest[SHA1_SIZE];
    gcry_md_hash_buffer(GCRY_MD_SHA1, digest, input, length);
    memcpy(out, "1:", 3);
    base64(digest, sizeof digest, out + 2);
    return out;
}
