/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ports.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_SIZE = 64, PORT_MAX = 65535 };

/* Bit n of the transports is the n-th. */
static const char *const transport_words[] = {"tcp", "udp", "sctp", "dccp"};
enum { TRANSPORT_WORDS = sizeof transport_words / sizeof transport_words[0] };

bool port_parse(const char *word, uint16_t *port, struct error *error)
{
    char printable[WORD_SIZE];
    size_t digits = strspn(word, "0123456789");
    if (digits == 0 || word[digits] != '\0')
        return error_set(error, "'%s' is not a port number",
                         text_printable(word, printable, sizeof printable));
    uint32_t number = 0;
    for (const char *at = word; *at && number <= PORT_MAX; at++)
        number = number * 10 + (uint32_t)(*at - '0');
    if (number > PORT_MAX)
        return error_set(error, "port %s is over 65535",
                         text_printable(word, printable, sizeof printable));
    if (number == 0)
        return error_set(error, "port 0 is never used by a service");
    *port = (uint16_t)number;
    return true;
}

uint8_t transport_parse(const char *word)
{
    for (unsigned i = 0; i < TRANSPORT_WORDS; i++) {
        if (strcasecmp(word, transport_words[i]) == 0)
            return (uint8_t)(1u << i);
    }
    return 0;
}

const char *transports_text(uint8_t transports, char out[TRANSPORTS_TEXT_SIZE])
{
    size_t length = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < TRANSPORT_WORDS; i++) {
        if (transports >> i & 1)
            length += (size_t)snprintf(out + length, TRANSPORTS_TEXT_SIZE - length, "%s%s",
                                       length > 0 ? "/" : "", transport_words[i]);
    }
    return out;
}

/* Copies the first `length` letters of `words`, cut to fit: a cut word is no port anyway. */
static void copy_word(const char *words, size_t length, char out[WORD_SIZE])
{
    size_t copied = length < WORD_SIZE ? length : WORD_SIZE - 1;
    memcpy(out, words, copied);
    out[copied] = '\0';
}

bool port_word_parse(const char *word, uint16_t *port, uint8_t *transports, struct error *error)
{
    char number[WORD_SIZE], printable[WORD_SIZE];
    size_t length = strcspn(word, "/");
    copy_word(word, length, number);
    if (!port_parse(number, port, error))
        return false;
    bool has_transport = word[length] == '/';
    *transports = has_transport ? transport_parse(word + length + 1) : (1u << TRANSPORT_WORDS) - 1;
    if (*transports == 0)
        return error_set(error, "unknown transport '%s'; it is tcp, udp, sctp or dccp",
                         text_printable(word + length + 1, printable, sizeof printable));
    return true;
}

bool watch_parse(const char *words, struct port_set *watched, struct error *error)
{
    unsigned entry = 1;
    for (const char *at = words;; entry++) {
        size_t length = strcspn(at, ",");
        char word[WORD_SIZE];
        uint16_t port;
        uint8_t transports;
        struct error reason;
        copy_word(at, length, word);
        if (!port_word_parse(word, &port, &transports, &reason))
            return error_set(error,
                             "--watch, entry %u: %s; write PORT[/PROTO],... as in 8154,9000/udp",
                             entry, reason.text);
        port_set_add(watched, port);
        if (at[length] == '\0')
            return true;
        at += length + 1;
    }
}
