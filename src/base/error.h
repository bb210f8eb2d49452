/* SPDX-License-Identifier: Apache-2.0
 *
 * One sentence for the person who can mend it. Whoever notices a fault writes it here and returns
 * false (or NULL); only app/ prints it and chooses the exit status.
 */
#ifndef PORTSCOPE_BASE_ERROR_H
#define PORTSCOPE_BASE_ERROR_H

#include <stdbool.h>

struct error {
    char text[2048];
    bool is_usage; /* the user's own words are wrong, rather than the world */
};

/* Writes the sentence and returns false, so that a fault is one line:
 *     return error_set(error, "%s:%u: unknown key '%s'", file, line, key);
 * Untrusted words go through text_printable() first. `error` may be NULL: nobody is listening. */
__attribute__((format(printf, 2, 3))) bool error_set(struct error *error, const char *format, ...);

/* The same for a word of the command line that is wrong. */
__attribute__((format(printf, 2, 3))) bool error_usage(struct error *error, const char *format,
                                                       ...);

/* As error_set(), with ": " and the words of errno behind it. */
__attribute__((format(printf, 2, 3))) bool error_set_errno(struct error *error, const char *format,
                                                           ...);

#endif
