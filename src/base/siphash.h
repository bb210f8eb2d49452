/* SPDX-License-Identifier: Apache-2.0
 *
 * SipHash-1-3: the keyed hash of every table that traffic can fill. With an unknown key nobody can
 * choose packets that all fall into one bucket (Aumasson and Bernstein, 2012).
 */
#ifndef PORTSCOPE_BASE_SIPHASH_H
#define PORTSCOPE_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t words[2];
};

/* A key from the kernel's random source; stops the program when there is none. */
struct siphash_key siphash_random_key(void);

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t length);

#endif
