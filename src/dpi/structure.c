/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/structure.h"

#include <string.h>

bool structure_fits(const struct structure *structure, const struct message *message)
{
    if (structure->fits)
        return structure->fits(message);
    return message->bytes.length >= structure->magic_length &&
           memcmp(message->bytes.at, structure->magic, structure->magic_length) == 0;
}

bool structure_covers(const struct structure *structure, uint16_t master_id,
                      uint16_t application_id)
{
    for (size_t i = 0; i < STRUCTURE_IDS_MAX && structure->ids[i] != 0; i++) {
        if (structure->ids[i] == master_id || structure->ids[i] == application_id)
            return true;
    }
    return false;
}

/* The beginnings of TCP's directions, or UDP's messages. */
static size_t unit_count(const struct conversation *conversation)
{
    return conversation->transport == TRANSPORT_TCP ? (size_t)FLOW_DIRECTIONS
                                                    : conversation->message_count;
}

static const struct message *unit_at(const struct conversation *conversation, size_t index)
{
    return conversation->transport == TRANSPORT_TCP ? &conversation->streams[index]
                                                    : &conversation->messages[index];
}

static bool any_fits(const struct structure *structure, const struct message *messages,
                     size_t count, const struct message **witness)
{
    for (size_t i = 0; i < count; i++) {
        if (messages[i].bytes.length > 0 && structure_fits(structure, &messages[i])) {
            *witness = &messages[i];
            return true;
        }
    }
    return false;
}

static bool every_fits(const struct structure *structure, const struct conversation *conversation,
                       const struct message **witness)
{
    size_t fitting = 0;
    for (size_t i = 0; i < unit_count(conversation); i++) {
        const struct message *unit = unit_at(conversation, i);
        if (unit->bytes.length == 0)
            continue;
        if (!structure_fits(structure, unit))
            return false;
        if (fitting++ == 0 || unit->number < (*witness)->number)
            *witness = unit;
    }
    return fitting >= (structure->rule == FITS_TWICE ? 2 : 1);
}

static uint8_t transport_bit(const struct conversation *conversation)
{
    switch (conversation->transport) {
    case TRANSPORT_TCP:
        return STRUCTURE_TCP;
    case TRANSPORT_UDP:
        return STRUCTURE_UDP;
    default:
        return 0;
    }
}

bool structure_agrees(const struct structure *structure, const struct conversation *conversation,
                      const struct message **witness)
{
    if (!(structure->transports & transport_bit(conversation)) ||
        (structure->applies && !structure->applies(conversation)))
        return false;
    if (structure->rule != FITS_ANY)
        return every_fits(structure, conversation, witness);
    return any_fits(structure, conversation->streams, FLOW_DIRECTIONS, witness) ||
           any_fits(structure, conversation->messages, conversation->message_count, witness);
}
