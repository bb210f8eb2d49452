/* SPDX-License-Identifier: Apache-2.0 */
#include "base/phrase.h"

void phrase_add_u64(struct phrase *phrase, uint64_t number)
{
    char reversed[20];
    size_t at = sizeof reversed;
    do
        reversed[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    phrase_add_n(phrase, reversed + at, sizeof reversed - at);
}

void phrase_add_hex(struct phrase *phrase, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    const char both[2] = {digits[byte >> 4], digits[byte & 15]};
    phrase_add_n(phrase, both, sizeof both);
}
