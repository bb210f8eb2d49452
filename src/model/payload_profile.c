/* SPDX-License-Identifier: Apache-2.0 */
#include "model/payload_profile.h"

#include "base/cursor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LENGTH_OFFSET_MAX = 6,
    TEXT_PERMILLE = 950,
    DENSE_PERMILLE = 920,
    DENSE_BYTES_MIN = 48, /* fewer bytes differ by chance alone */
};

/* The messages of one direction that lie whole in the sample's bytes, or at least begin there. */
struct slices {
    struct span messages[FLOW_MESSAGES_MAX];
    uint16_t sizes[FLOW_MESSAGES_MAX];
    size_t count;
};

static struct slices slices_of(const struct flow_sample *sample, enum flow_direction direction)
{
    struct slices slices = {.count = 0};
    size_t at = 0;
    size_t length = sample->length[direction];
    for (size_t i = 0; i < sample->message_count && at < length; i++) {
        if (sample->message_from[i] != direction)
            continue;
        size_t size = sample->message_size[i];
        size_t there = size < length - at ? size : length - at;
        slices.messages[slices.count] = (struct span){sample->bytes[direction] + at, there};
        slices.sizes[slices.count++] = (uint16_t)size;
        at += there;
    }
    return slices;
}

static bool is_text_byte(uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7f) || byte == '\t' || byte == '\r' || byte == '\n';
}

static uint16_t printable_permille(struct span bytes)
{
    size_t printable = 0;
    for (size_t i = 0; i < bytes.length; i++)
        printable += is_text_byte(bytes.at[i]);
    return (uint16_t)(bytes.length > 0 ? 1000 * printable / bytes.length : 0);
}

/* Shannon's, over the most that so many bytes can have: n bytes have at most log2(n) bits. */
static uint16_t entropy_permille(struct span bytes)
{
    uint32_t counts[256] = {0};
    double bits = 0;
    double length = (double)bytes.length;
    if (bytes.length < 2)
        return 0;
    for (size_t i = 0; i < bytes.length; i++)
        counts[bytes.at[i]]++;
    for (size_t i = 0; i < 256; i++) {
        if (counts[i] > 0)
            bits -= counts[i] / length * log2(counts[i] / length);
    }
    double most = log2(length < 256 ? length : 256);
    return (uint16_t)lround(1000 * bits / most);
}

static enum texture texture_of(const struct direction_profile *side, size_t length)
{
    if (length == 0)
        return TEXTURE_NONE;
    if (side->entropy_permille == 0)
        return TEXTURE_CONSTANT;
    if (side->printable_permille >= TEXT_PERMILLE)
        return TEXTURE_TEXT;
    return length >= DENSE_BYTES_MIN && side->entropy_permille >= DENSE_PERMILLE ? TEXTURE_DENSE
                                                                                 : TEXTURE_BINARY;
}

/* With one message alone nothing says which octets are constant. */
static int16_t leading_octet(const struct slices *slices, size_t at)
{
    if (slices->count < 2 || slices->messages[0].length <= at)
        return -1;
    uint8_t octet = slices->messages[0].at[at];
    for (size_t i = 1; i < slices->count; i++) {
        if (slices->messages[i].length <= at || slices->messages[i].at[at] != octet)
            return -1;
    }
    return octet;
}

static bool field_tells_length(const struct slices *slices, const struct length_field *field)
{
    for (size_t i = 0; i < slices->count; i++) {
        struct cursor cursor = cursor_over(slices->messages[i]);
        cursor_skip(&cursor, field->offset);
        uint32_t value;
        if (field->width == 2)
            value = field->is_little_endian ? cursor_le16(&cursor) : cursor_be16(&cursor);
        else
            value = field->is_little_endian ? cursor_le32(&cursor) : cursor_be32(&cursor);
        uint32_t before = field->counts_all ? 0 : (uint32_t)field->offset + field->width;
        if (!cursor_ok(&cursor) || value + before != slices->sizes[i])
            return false;
    }
    return slices->count > 0;
}

static struct length_field find_length_field(const struct slices *slices)
{
    for (uint8_t offset = 0; offset <= LENGTH_OFFSET_MAX; offset++) {
        for (unsigned kind = 0; kind < 8; kind++) {
            struct length_field field = {
                .width = kind & 1 ? 2 : 4,
                .offset = offset,
                .is_little_endian = kind & 2,
                .counts_all = kind & 4,
            };
            if (field_tells_length(slices, &field))
                return field;
        }
    }
    return (struct length_field){0};
}

static struct direction_profile profile_side(const struct flow_sample *sample,
                                             enum flow_direction direction)
{
    struct slices slices = slices_of(sample, direction);
    struct span bytes = {sample->bytes[direction], sample->length[direction]};
    struct direction_profile side = {
        .entropy_permille = entropy_permille(bytes),
        .printable_permille = printable_permille(bytes),
        .length = find_length_field(&slices),
        .messages = (uint8_t)slices.count,
    };
    side.texture = texture_of(&side, bytes.length);
    for (size_t i = 0; i < PROFILE_LEADING; i++)
        side.leading[i] = leading_octet(&slices, i);
    for (size_t i = 0; i < slices.count; i++) {
        if (i == 0 || slices.sizes[i] < side.smallest)
            side.smallest = slices.sizes[i];
        if (slices.sizes[i] > side.largest)
            side.largest = slices.sizes[i];
    }
    return side;
}

/* FNV-1a: a name for what was found, not a defence; the same on every machine. */
static uint64_t mix(uint64_t hash, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        hash ^= value >> 8 * i & 0xff;
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Sizes and counts differ between flows of one protocol; texture, framing and leading octets do
 * not. An octet of the length field is left out: its value is the message's. */
static uint64_t mix_side(uint64_t hash, const struct direction_profile *side)
{
    const struct length_field *length = &side->length;
    hash = mix(hash, side->texture);
    hash = mix(hash, length->width | (uint64_t)length->offset << 8 |
                         (uint64_t)length->is_little_endian << 16 |
                         (uint64_t)length->counts_all << 17);
    for (unsigned i = 0; i < PROFILE_LEADING; i++) {
        bool is_length = i >= length->offset && i < (unsigned)length->offset + length->width;
        hash = mix(hash, is_length ? 0x100 : (uint64_t)(side->leading[i] + 1));
    }
    return hash;
}

struct payload_profile payload_profile_of(const struct flow *flow)
{
    struct payload_profile profile = {.fingerprint = 0};
    if (!flow->sample)
        return profile;
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), flow->key.protocol);
    for (int direction = 0; direction < FLOW_DIRECTIONS; direction++) {
        profile.sides[direction] = profile_side(flow->sample, direction);
        hash = mix_side(hash, &profile.sides[direction]);
    }
    bool is_silent = profile.sides[TO_RESPONDER].texture == TEXTURE_NONE &&
                     profile.sides[TO_INITIATOR].texture == TEXTURE_NONE;
    profile.fingerprint = is_silent ? 0 : hash;
    return profile;
}

const char *texture_name(enum texture texture)
{
    static const char *const names[] = {
        [TEXTURE_NONE] = "none",     [TEXTURE_CONSTANT] = "constant", [TEXTURE_TEXT] = "text",
        [TEXTURE_BINARY] = "binary", [TEXTURE_DENSE] = "dense",
    };
    return names[texture];
}

static size_t add_leading(const struct direction_profile *side, char *out, size_t size)
{
    size_t used = 0;
    bool is_any = false;
    for (size_t i = 0; i < PROFILE_LEADING; i++)
        is_any |= side->leading[i] >= 0;
    if (!is_any)
        return 0;
    used += (size_t)snprintf(out, size, ", begins ");
    for (size_t i = 0; i < PROFILE_LEADING; i++) {
        if (side->leading[i] >= 0)
            used += (size_t)snprintf(out + used, size - used, "%02x", (unsigned)side->leading[i]);
        else
            used += (size_t)snprintf(out + used, size - used, "??");
    }
    return used;
}

const char *direction_profile_text(const struct direction_profile *side,
                                   char out[PROFILE_TEXT_SIZE])
{
    const struct length_field *length = &side->length;
    out[0] = '\0';
    if (side->texture == TEXTURE_NONE)
        return out;
    size_t used = (size_t)snprintf(out, PROFILE_TEXT_SIZE, "%s", texture_name(side->texture));
    if (length->width > 0)
        used += (size_t)snprintf(out + used, PROFILE_TEXT_SIZE - used, ", length %s%u at %u",
                                 length->is_little_endian ? "le" : "be", length->width * 8u,
                                 (unsigned)length->offset);
    used += add_leading(side, out + used, PROFILE_TEXT_SIZE - used);
    if (side->smallest == side->largest)
        snprintf(out + used, PROFILE_TEXT_SIZE - used, ", %u bytes", (unsigned)side->largest);
    else
        snprintf(out + used, PROFILE_TEXT_SIZE - used, ", %u to %u bytes", (unsigned)side->smallest,
                 (unsigned)side->largest);
    return out;
}
