/* SPDX-License-Identifier: Apache-2.0
 *
 * Pieces of the sentences that several detectors write.
 */
#ifndef PORTSCOPE_DETECT_WORDS_H
#define PORTSCOPE_DETECT_WORDS_H

#include "detect/observation.h"

enum { WORDS_SIZE = 128 };

/* "TCP 154 (netsc-prod)"; returns `out`. */
const char *port_words(const struct observation *seen, char out[WORDS_SIZE]);

/* "198.51.100.1 on TCP 154 (netsc-prod)"; returns `out`. */
const char *server_words(const struct observation *seen, char out[WORDS_SIZE]);

/* "192.0.2.1 to 198.51.100.1 on TCP 154"; returns `out`. */
const char *pair_words(const struct observation *seen, char out[WORDS_SIZE]);

/* What the policy said: the entry's place and comment, or that none matched; returns `out`. */
const char *policy_words(const struct observation *seen, char out[WORDS_SIZE]);

#endif
