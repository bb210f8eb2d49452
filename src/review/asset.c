/* SPDX-License-Identifier: Apache-2.0 */
#include "review/asset.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

const struct asset *asset_find(const char *name)
{
    for (const struct asset *asset = assets; asset->name; asset++) {
        if (strcmp(asset->name, name) == 0)
            return asset;
    }
    return NULL;
}

/* Three octets are four digits of base 64 (RFC 4648 §4); the last group of 32 octets lacks one. */
const char *asset_hash(const struct asset *asset, char out[ASSET_HASH_SIZE])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t at = (size_t)snprintf(out, ASSET_HASH_SIZE, "sha256-");
    for (size_t i = 0; i < sizeof asset->sha256; i += 3) {
        bool is_last = i + 3 > sizeof asset->sha256;
        uint32_t group = (uint32_t)asset->sha256[i] << 16 | (uint32_t)asset->sha256[i + 1] << 8;
        group |= is_last ? 0 : asset->sha256[i + 2];
        out[at++] = digits[group >> 18];
        out[at++] = digits[group >> 12 & 63];
        out[at++] = digits[group >> 6 & 63];
        out[at++] = is_last ? '=' : digits[group & 63];
    }
    out[at] = '\0';
    return out;
}

const char *asset_type(const struct asset *asset)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        {".css", "text/css; charset=utf-8"},
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
    };
    const char *end = strrchr(asset->name, '.');
    for (size_t i = 0; end && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(end, types[i].end) == 0)
            return types[i].type;
    }
    return "text/plain; charset=utf-8";
}
