/* SPDX-License-Identifier: Apache-2.0 */
#include "model/payload_profile.h"

#include "base/cursor.h"
#include "base/phrase.h"

#include <math.h>
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

static void count_bytes(struct span bytes, uint16_t counts[256])
{
    memset(counts, 0, 256 * sizeof counts[0]);
    for (size_t i = 0; i < bytes.length; i++)
        counts[bytes.at[i]]++;
}

/* Printable ASCII, tabs and line ends. */
static uint16_t printable_permille(const uint16_t counts[256], size_t length)
{
    size_t printable = (size_t)counts['\t'] + counts['\r'] + counts['\n'];
    for (size_t byte = 0x20; byte < 0x7f; byte++)
        printable += counts[byte];
    return (uint16_t)(length > 0 ? 1000 * printable / length : 0);
}

/* Over the most that so many bytes can have: n bytes have at most log2(n) bits. */
static uint16_t entropy_permille(const uint16_t counts[256], size_t length)
{
    if (length < 2)
        return 0;
    double most = log2(length < 256 ? (double)length : 256);
    return (uint16_t)lround(1000 * entropy_of_counts(counts, (uint32_t)length) / most);
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
                                             enum flow_direction direction,
                                             const struct slices *slices)
{
    struct span bytes = {sample->bytes[direction], sample->length[direction]};
    uint16_t counts[256];
    count_bytes(bytes, counts);
    struct direction_profile side = {
        .entropy_permille = entropy_permille(counts, bytes.length),
        .printable_permille = printable_permille(counts, bytes.length),
        .length = find_length_field(slices),
        .messages = (uint8_t)slices->count,
    };
    side.texture = texture_of(&side, bytes.length);
    for (size_t i = 0; i < PROFILE_LEADING; i++)
        side.leading[i] = leading_octet(slices, i);
    for (size_t i = 0; i < slices->count; i++) {
        if (i == 0 || slices->sizes[i] < side.smallest)
            side.smallest = slices->sizes[i];
        if (slices->sizes[i] > side.largest)
            side.largest = slices->sizes[i];
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

/* Whether the octet there goes up from message to message, as the low one of a counter does. */
static bool counts_up(const struct slices *slices, size_t at)
{
    enum { STEP_MAX = 16 };
    for (size_t i = 0; i < slices->count; i++) {
        if (slices->messages[i].length <= at)
            return false;
        uint8_t step =
            i == 0 ? 1 : (uint8_t)(slices->messages[i].at[at] - slices->messages[i - 1].at[at]);
        if (step == 0 || step > STEP_MAX)
            return false;
    }
    return slices->count >= 2;
}

/* The high octet of a counter stays for a whole flow and is another in the next. */
static bool is_beside_counter(const struct slices *slices, size_t at)
{
    return counts_up(slices, at + 1) || (at > 0 && counts_up(slices, at - 1));
}

/* The octet that the messages of both sides begin with there, or -1. */
static int common_octet(const struct slices sides[FLOW_DIRECTIONS], size_t at)
{
    int common = -1;
    size_t messages = 0;
    for (int direction = 0; direction < FLOW_DIRECTIONS; direction++) {
        const struct slices *slices = &sides[direction];
        if (is_beside_counter(slices, at))
            return -1;
        for (size_t i = 0; i < slices->count; i++, messages++) {
            bool is_there = slices->messages[i].length > at;
            if (!is_there || (messages > 0 && slices->messages[i].at[at] != common))
                return -1;
            common = slices->messages[i].at[at];
        }
    }
    return messages >= 2 ? common : -1;
}

static bool is_alphanumeric(int octet)
{
    return (octet >= '0' && octet <= '9') || ((octet | 0x20) >= 'a' && (octet | 0x20) <= 'z');
}

static bool length_covers(const struct payload_profile *profile, unsigned at)
{
    for (int direction = 0; direction < FLOW_DIRECTIONS; direction++) {
        const struct length_field *length = &profile->sides[direction].length;
        if (at >= length->offset && at < (unsigned)length->offset + length->width)
            return true;
    }
    return false;
}

static bool is_text(const struct payload_profile *profile)
{
    return profile->sides[TO_RESPONDER].texture == TEXTURE_TEXT ||
           profile->sides[TO_INITIATOR].texture == TEXTURE_TEXT;
}

/* What all messages begin with. An octet of the length field is left out: its value is the
 * message's. Words that begin alike say nothing of a text's form, the marks before them do. */
static uint64_t mix_beginning(uint64_t hash, const struct payload_profile *profile,
                              const struct slices sides[FLOW_DIRECTIONS])
{
    bool has_ended = false;
    for (unsigned i = 0; i < PROFILE_LEADING; i++) {
        int octet = common_octet(sides, i);
        has_ended |= is_text(profile) && (octet < 0 || is_alphanumeric(octet));
        if (length_covers(profile, i))
            hash = mix(hash, 0x100);
        else
            hash = mix(hash, has_ended ? 0 : (uint64_t)(octet + 1));
    }
    return hash;
}

/* Sizes and counts differ between flows of one protocol, and how dense a few bytes are is chance;
 * kind of texture and framing stay. */
static uint64_t mix_side(uint64_t hash, const struct direction_profile *side)
{
    const struct length_field *length = &side->length;
    hash = mix(hash, side->texture == TEXTURE_DENSE ? TEXTURE_BINARY : side->texture);
    return mix(hash, length->width | (uint64_t)length->offset << 8 |
                         (uint64_t)length->is_little_endian << 16 |
                         (uint64_t)length->counts_all << 17);
}

struct payload_profile payload_profile_of(const struct flow *flow)
{
    struct payload_profile profile = {.fingerprint = 0};
    if (!flow->sample)
        return profile;
    struct slices slices[FLOW_DIRECTIONS];
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), flow->key.protocol);
    for (int direction = 0; direction < FLOW_DIRECTIONS; direction++) {
        slices[direction] = slices_of(flow->sample, direction);
        profile.sides[direction] = profile_side(flow->sample, direction, &slices[direction]);
        hash = mix_side(hash, &profile.sides[direction]);
    }
    hash = mix_beginning(hash, &profile, slices);
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

static void add_leading(struct phrase *phrase, const struct direction_profile *side)
{
    bool is_any = false;
    for (size_t i = 0; i < PROFILE_LEADING; i++)
        is_any |= side->leading[i] >= 0;
    if (!is_any)
        return;
    phrase_add(phrase, ", begins ");
    for (size_t i = 0; i < PROFILE_LEADING; i++) {
        if (side->leading[i] >= 0)
            phrase_add_hex(phrase, (uint8_t)side->leading[i]);
        else
            phrase_add(phrase, "??");
    }
}

static void add_length(struct phrase *phrase, const struct length_field *length)
{
    if (length->width == 0)
        return;
    phrase_add(phrase, length->is_little_endian ? ", length le" : ", length be");
    phrase_add_u64(phrase, length->width * 8u);
    phrase_add(phrase, " at ");
    phrase_add_u64(phrase, length->offset);
}

const char *direction_profile_text(const struct direction_profile *side,
                                   char out[PROFILE_TEXT_SIZE])
{
    struct phrase phrase = phrase_into(out, PROFILE_TEXT_SIZE);
    if (side->texture == TEXTURE_NONE)
        return out;
    phrase_add(&phrase, texture_name(side->texture));
    add_length(&phrase, &side->length);
    add_leading(&phrase, side);
    phrase_add(&phrase, ", ");
    if (side->smallest != side->largest) {
        phrase_add_u64(&phrase, side->smallest);
        phrase_add(&phrase, " to ");
    }
    phrase_add_u64(&phrase, side->largest);
    phrase_add(&phrase, " bytes");
    return out;
}
