/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/words.h"

#include <stdio.h>

static const char *transport_words(uint8_t protocol)
{
    const char *name = transport_name(protocol);
    return name ? name : "protocol without a name,";
}

const char *port_words(const struct observation *seen, char out[WORDS_SIZE])
{
    const struct service *service = seen->record->classification.assigned;
    const char *transport = transport_words(seen->protocol);
    if (service && service->port == seen->port)
        snprintf(out, WORDS_SIZE, "%s %u (%s)", transport, seen->port, service->name);
    else
        snprintf(out, WORDS_SIZE, "%s %u", transport, seen->port);
    return out;
}

const char *server_words(const struct observation *seen, char out[WORDS_SIZE])
{
    char address[ADDRESS_TEXT_SIZE], port[WORDS_SIZE];
    snprintf(out, WORDS_SIZE, "%s on %.70s", address_text(&seen->server, address),
             port_words(seen, port));
    return out;
}

const char *pair_words(const struct observation *seen, char out[WORDS_SIZE])
{
    char client[ADDRESS_TEXT_SIZE], server[ADDRESS_TEXT_SIZE];
    snprintf(out, WORDS_SIZE, "%s to %s on %s %u", address_text(&seen->client, client),
             address_text(&seen->server, server), transport_words(seen->protocol), seen->port);
    return out;
}

const char *policy_words(const struct observation *seen, char out[WORDS_SIZE])
{
    if (seen->rule)
        snprintf(out, WORDS_SIZE, "forbidden by %.40s: %.70s", seen->rule->defined_at,
                 seen->rule->comment);
    else
        snprintf(out, WORDS_SIZE, "no entry of the site policy allows it");
    return out;
}
