/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "model/payload_profile.h"

#include <string.h>

struct talk {
    struct flow flow;
    struct flow_sample sample;
};

static void say(struct talk *talk, enum flow_direction from, const void *bytes, size_t length)
{
    struct flow_sample *sample = &talk->sample;
    memcpy(sample->bytes[from] + sample->length[from], bytes, length);
    sample->length[from] = (uint16_t)(sample->length[from] + length);
    sample->message_size[sample->message_count] = (uint16_t)length;
    sample->message_from[sample->message_count++] = (uint8_t)from;
}

static struct payload_profile profile_of(struct talk *talk)
{
    talk->flow.key.protocol = TRANSPORT_UDP;
    talk->flow.sample = &talk->sample;
    return payload_profile_of(&talk->flow);
}

#define SAY(talk, from, literal) say((talk), (from), (literal), sizeof(literal) - 1)

static void a_flow_without_payload_has_no_fingerprint(void **state)
{
    (void)state;
    struct talk talk = {0};
    char text[PROFILE_TEXT_SIZE];
    struct payload_profile profile = profile_of(&talk);
    assert_int_equal(profile.fingerprint, 0);
    assert_string_equal(direction_profile_text(&profile.sides[TO_RESPONDER], text), "");
    assert_int_equal(payload_profile_of(&(struct flow){0}).fingerprint, 0);
}

static void magic_and_length_are_found(void **state)
{
    (void)state;
    struct talk talk = {0};
    char text[PROFILE_TEXT_SIZE];
    SAY(&talk, TO_RESPONDER, "NS\x00\x08\x01\x02\x03\xf4");
    SAY(&talk, TO_RESPONDER, "NS\x00\x0a\x07\x02\x09\xf1\xf2\xf3");
    SAY(&talk, TO_INITIATOR, "OK\r\n");
    struct payload_profile profile = profile_of(&talk);
    assert_string_equal(direction_profile_text(&profile.sides[TO_RESPONDER], text),
                        "binary, length be16 at 2, begins 4e5300??, 8 to 10 bytes");
    assert_string_equal(direction_profile_text(&profile.sides[TO_INITIATOR], text),
                        "text, 4 bytes");
}

/* Other values, other sizes, other numbers of messages: the same protocol. */
static void flows_of_one_form_have_one_fingerprint(void **state)
{
    (void)state;
    struct talk first = {0};
    struct talk second = {0};
    struct talk other = {0};
    SAY(&first, TO_RESPONDER, "NS\x00\x08\x01\x02\x03\xf4");
    SAY(&first, TO_RESPONDER, "NS\x00\x0a\x07\x02\x09\xf1\xf2\xf3");
    SAY(&second, TO_RESPONDER, "NS\x00\x09\xa1\x02\x03\xf4\xf8");
    SAY(&second, TO_RESPONDER, "NS\x00\x0b\xb7\x02\x09\xf1\xf2\xf3\xf7");
    SAY(&second, TO_RESPONDER, "NS\x00\x06\xb7\x02");
    SAY(&other, TO_RESPONDER, "XS\x00\x08\x01\x02\x03\xf4");
    SAY(&other, TO_RESPONDER, "XS\x00\x0a\x07\x02\x09\xf1\xf2\xf3");
    assert_int_equal(profile_of(&first).fingerprint, profile_of(&second).fingerprint);
    assert_int_not_equal(profile_of(&first).fingerprint, profile_of(&other).fingerprint);
}

/* The high octet of a sequence number stays for a flow and is another in the next; words that a
 * text begins with are chance too. */
static void counters_and_words_are_not_its_form(void **state)
{
    (void)state;
    struct talk first = {0};
    struct talk second = {0};
    SAY(&first, TO_RESPONDER, "\x17\x01\xee\x81\x90");
    SAY(&first, TO_RESPONDER, "\x17\x02\xcc\x05\xf1\x99");
    SAY(&second, TO_RESPONDER, "\x5b\x44\xe1\x07\x93");
    SAY(&second, TO_RESPONDER, "\x5b\x45\x9a\xd2\x84");
    assert_int_equal(profile_of(&first).fingerprint, profile_of(&second).fingerprint);
    struct talk words = {0};
    struct talk other_words = {0};
    SAY(&words, TO_RESPONDER, "STATUS 12\r\n");
    SAY(&words, TO_RESPONDER, "START 7\r\n");
    SAY(&other_words, TO_RESPONDER, "LOGIN bob\r\n");
    SAY(&other_words, TO_RESPONDER, "LOGOUT\r\n");
    assert_int_equal(profile_of(&words).fingerprint, profile_of(&other_words).fingerprint);
}

static void textures_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        enum texture texture;
    } samples[] = {
        {"\0\0\0\0\0\0\0\0", 8, TEXTURE_CONSTANT},
        {"STATUS 4711\r\n", 13, TEXTURE_TEXT},
        {"\x00\x01\x00\x01\x02\x00\x00\x01", 8, TEXTURE_BINARY},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct talk talk = {0};
        say(&talk, TO_RESPONDER, samples[i].bytes, samples[i].length);
        assert_int_equal(profile_of(&talk).sides[TO_RESPONDER].texture, samples[i].texture);
    }
    struct talk dense = {0};
    uint8_t bytes[200];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 167 + 13);
    say(&dense, TO_RESPONDER, bytes, sizeof bytes);
    struct payload_profile profile = profile_of(&dense);
    assert_int_equal(profile.sides[TO_RESPONDER].texture, TEXTURE_DENSE);
    assert_int_equal(profile.sides[TO_RESPONDER].entropy_permille, 1000);
    assert_int_equal(profile.sides[TO_RESPONDER].leading[0], -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_without_payload_has_no_fingerprint),
        cmocka_unit_test(magic_and_length_are_found),
        cmocka_unit_test(flows_of_one_form_have_one_fingerprint),
        cmocka_unit_test(counters_and_words_are_not_its_form),
        cmocka_unit_test(textures_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
