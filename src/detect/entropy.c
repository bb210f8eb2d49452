/* SPDX-License-Identifier: Apache-2.0
 *
 * Payload that looks random where nothing was recognised: encryption of one's own, or a tunnel.
 * Shannon's entropy cannot reach fixed bounds in short samples, so the test is chi-square over the
 * 256 byte values, whose mean (255) and spread do not depend on the length; random bytes lie near
 * the mean, text and structured binary far above. The first TCP message is also held against the
 * rule for "fully encrypted" traffic (Wu et al., USENIX Security 2023). False alarms: compressed
 * data; a site's own encryption, which the policy can allow.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

#include <math.h>

enum { BYTES_MIN = 128, FIRST_MESSAGE_MIN = 100, VALUES = 256 };

struct entropy {
    double chi_square;
};

static const struct setting entropy_settings[] = {
    {"chi-square", SETTING_NUMBER, offsetof(struct entropy, chi_square), "345",
     "at most; 255 is the mean of random bytes, and 345 four deviations above"},
    {0},
};

struct byte_facts {
    double chi_square;
    double entropy; /* as a part of what the length allows */
};

static struct byte_facts facts_of(const uint8_t *bytes, size_t length)
{
    unsigned counts[VALUES] = {0};
    struct byte_facts facts = {0};
    double expected = (double)length / VALUES;
    for (size_t i = 0; i < length; i++)
        counts[bytes[i]]++;
    for (size_t i = 0; i < VALUES; i++) {
        double distance = counts[i] - expected;
        double share = (double)counts[i] / (double)length;
        facts.chi_square += distance * distance / expected;
        if (counts[i] > 0)
            facts.entropy -= share * log2(share);
    }
    facts.entropy /= log2(length < VALUES ? (double)length : VALUES);
    return facts;
}

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte <= 0x7e;
}

/* What exempts a first message: bits that are not balanced, or text. */
static bool is_fully_encrypted(const uint8_t *bytes, size_t length)
{
    size_t bits = 0, printable = 0, run = 0, longest = 0, leading = 0;
    for (size_t i = 0; i < length; i++) {
        bits += (size_t)__builtin_popcount(bytes[i]);
        printable += is_printable(bytes[i]);
        run = is_printable(bytes[i]) ? run + 1 : 0;
        longest = run > longest ? run : longest;
        leading += leading == i && is_printable(bytes[i]);
    }
    double bits_a_byte = (double)bits / (double)length;
    return bits_a_byte > 3.4 && bits_a_byte < 4.6 && leading < 6 && 2 * printable <= length &&
           longest < 20;
}

static bool first_message_is_encrypted(const struct observation *seen)
{
    const struct flow_sample *sample = seen->flow->sample;
    if (seen->protocol != TRANSPORT_TCP || sample->message_count == 0 || seen->is_continued)
        return false;
    unsigned from = sample->message_from[0];
    size_t length = sample->message_size[0];
    if (length > sample->length[from])
        length = sample->length[from];
    return length >= FIRST_MESSAGE_MIN && is_fully_encrypted(sample->bytes[from], length);
}

static bool is_unknown(const struct observation *seen)
{
    enum verdict verdict = seen->record->classification.verdict;
    return verdict == VERDICT_UNVERIFIED || verdict == VERDICT_GUESS;
}

static void report(struct detecting *d, const struct observation *seen,
                   const struct byte_facts *facts, size_t length)
{
    bool is_encrypted = first_message_is_encrypted(seen);
    const struct claim claim = {
        .subject = subject_of_server(seen),
        .severity = seen->is_forbidden ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = is_encrypted ? 80 : 60,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char where[WORDS_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s: payload that looks random", server_words(seen, where));
    finding_why(finding, "chi-square %.0f over %zu bytes, where random bytes have 255 +- 23",
                facts->chi_square, length);
    finding_why(finding, "entropy is %.0f %% of what so many bytes can have", facts->entropy * 100);
    if (is_encrypted)
        finding_why(finding, "the first message has the marks of fully encrypted traffic");
}

static void entropy_on_flow(struct detecting *d, const struct observation *seen)
{
    const struct entropy *watch = d->state;
    const struct flow_sample *sample = seen->flow->sample;
    const uint32_t doubtful =
        FLOW_MARK_FRAGMENT_OVERLAP | FLOW_MARK_TINY_FRAGMENT | FLOW_MARK_BAD_LENGTH;
    if (!seen->is_watched || seen->is_allowed || !sample || !is_unknown(seen) ||
        seen->flow->marks & doubtful)
        return;
    for (unsigned way = 0; way < FLOW_DIRECTIONS; way++) {
        size_t length = sample->length[way];
        if (length < BYTES_MIN)
            continue;
        struct byte_facts facts = facts_of(sample->bytes[way], length);
        if (facts.chi_square <= watch->chi_square) {
            report(d, seen, &facts, length);
            return;
        }
    }
}

const struct detector entropy_detector = {
    .name = "entropy",
    .help = "payload that looks random where nothing was recognised",
    .signature_id = 1540022,
    .attack_id = "T1573",
    .attack_name = "Encrypted Channel",
    .next = "Name the program on the server; a service of the site that encrypts belongs into the "
            "site policy.",
    .state_size = sizeof(struct entropy),
    .settings = entropy_settings,
    .on_flow = entropy_on_flow,
};
