/* SPDX-License-Identifier: Apache-2.0 */
#include "base/address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static size_t width(uint8_t version)
{
    return version == 4 ? 4 : 16;
}

struct address address_from_bytes(const uint8_t *bytes, uint8_t version)
{
    struct address address = {.version = version};
    memcpy(address.bytes, bytes, width(version));
    return address;
}

bool address_parse(const char *word, struct address *out)
{
    struct address address = {.version = 4};
    if (inet_pton(AF_INET, word, address.bytes) != 1) {
        address.version = 6;
        if (inet_pton(AF_INET6, word, address.bytes) != 1)
            return false;
    }
    *out = address;
    return true;
}

/* By hand, because every record has several: inet_ntop() goes through printf for these. */
static const char *ipv4_text(const uint8_t *bytes, char out[ADDRESS_TEXT_SIZE])
{
    char *at = out;
    for (size_t i = 0; i < 4; i++) {
        unsigned byte = bytes[i];
        if (i > 0)
            *at++ = '.';
        if (byte >= 100)
            *at++ = (char)('0' + byte / 100);
        if (byte >= 10)
            *at++ = (char)('0' + byte / 10 % 10);
        *at++ = (char)('0' + byte % 10);
    }
    *at = '\0';
    return out;
}

const char *address_text(const struct address *address, char out[ADDRESS_TEXT_SIZE])
{
    if (address->version == 4)
        return ipv4_text(address->bytes, out);
    if (address->version != 6 || !inet_ntop(AF_INET6, address->bytes, out, ADDRESS_TEXT_SIZE))
        memcpy(out, "-", 2);
    return out;
}

int address_compare(const struct address *a, const struct address *b)
{
    if (a->version != b->version)
        return a->version < b->version ? -1 : 1;
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool network_parse(const char *word, struct network *out)
{
    char text[ADDRESS_TEXT_SIZE];
    const char *slash = strchr(word, '/');
    size_t length = slash ? (size_t)(slash - word) : strlen(word);
    if (length >= sizeof text)
        return false;
    memcpy(text, word, length);
    text[length] = '\0';

    struct network network;
    if (!address_parse(text, &network.address))
        return false;
    unsigned long most = width(network.address.version) * 8;
    unsigned long bits = most;
    if (slash) {
        char *end;
        bits = strtoul(slash + 1, &end, 10);
        if (slash[1] < '0' || slash[1] > '9' || *end != '\0' || bits > most)
            return false;
    }
    network.prefix_length = (uint8_t)bits;
    *out = network;
    return true;
}

bool network_contains(const struct network *network, const struct address *address)
{
    if (network->address.version != address->version)
        return false;
    size_t whole = network->prefix_length / 8;
    if (memcmp(network->address.bytes, address->bytes, whole) != 0)
        return false;
    unsigned rest = network->prefix_length % 8;
    if (rest == 0)
        return true;
    uint8_t mask = (uint8_t)(0xff << (8 - rest));
    return ((network->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0;
}
