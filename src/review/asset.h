/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of web/, carried in the program: style, scripts and what else a page is made of.
 */
#ifndef PORTSCOPE_REVIEW_ASSET_H
#define PORTSCOPE_REVIEW_ASSET_H

#include "base/cursor.h"

#include <stdint.h>

enum { ASSET_HASH_SIZE = 52 };

struct asset {
    const char *name; /* "style.css" */
    struct span bytes;
    uint8_t sha256[32];
};

/* All of them, ended by a name of NULL; made when the program is built. */
extern const struct asset assets[];

/* NULL when there is none of that name. */
const struct asset *asset_find(const char *name);

/* "sha256-n4bQ...=": by this word a content security policy lets it stand inline. Returns `out`. */
const char *asset_hash(const struct asset *asset, char out[ASSET_HASH_SIZE]);

/* "text/css; charset=utf-8", by the end of its name. */
const char *asset_type(const struct asset *asset);

#endif
