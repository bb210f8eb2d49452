/* SPDX-License-Identifier: Apache-2.0 */
#include "output/record_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *transport_text(uint8_t protocol, char out[TRANSPORT_TEXT_SIZE])
{
    const char *name = transport_name(protocol);
    if (name)
        return name;
    snprintf(out, TRANSPORT_TEXT_SIZE, "%u", (unsigned)protocol);
    return out;
}

const char *lower_case(const char *word, char *out, size_t size)
{
    size_t i = 0;
    for (; i + 1 < size && word[i] != '\0'; i++)
        out[i] = (char)tolower((unsigned char)word[i]);
    out[i] = '\0';
    return out;
}

const char *uid_text(uint64_t flow_id, char out[UID_TEXT_SIZE])
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char reversed[UID_TEXT_SIZE];
    size_t count = 0;
    do {
        reversed[count++] = digits[flow_id % 62];
        flow_id /= 62;
    } while (flow_id > 0);
    char *at = out;
    *at++ = 'C';
    while (count > 0)
        *at++ = reversed[--count];
    *at = '\0';
    return out;
}

const char *app_protocol(const struct detection *detection, char out[DETECTION_NAME_SIZE])
{
    if (!detection_is_named(detection))
        return detection->packets_inspected > 0 ? "failed" : NULL;
    lower_case(detection->name, out, DETECTION_NAME_SIZE);
    out[strcspn(out, ".")] = '\0';
    return out;
}

bool detection_is_sure(const struct flow_record *record)
{
    const struct detection *detection = &record->detection;
    enum verdict verdict = record->classification.verdict;
    if (!detection_is_named(detection) || verdict == VERDICT_GUESS)
        return false;
    return detection->evidence != EVIDENCE_NONE || verdict == VERDICT_CONFIRMED ||
           (verdict == VERDICT_UNASSIGNED && detection->confidence == CONFIDENCE_DPI);
}

void add_protocol_id(struct text *text, const struct detection *detection)
{
    if (detection->master_id > 0) {
        text_add_u64(text, detection->master_id);
        if (detection->application_id > 0 && detection->application_id != detection->master_id)
            text_add_char(text, '.');
        else
            return;
    }
    text_add_u64(text, detection->application_id);
}

void add_risk(struct text *text, unsigned risk_id)
{
    const char *name = risk_name(risk_id);
    text_add(text, name ? name : "risk-");
    if (!name)
        text_add_u64(text, risk_id);
}

void add_entropy(struct text *text, double bits)
{
    uint64_t thousandths = (uint64_t)(bits * 1000 + 0.5);
    text_add_u64(text, thousandths / 1000);
    char digits[] = {'.', (char)('0' + thousandths / 100 % 10), (char)('0' + thousandths / 10 % 10),
                     (char)('0' + thousandths % 10)};
    text_add_n(text, digits, sizeof digits);
}

struct span first_bytes(const struct flow *flow, enum flow_direction direction)
{
    if (!flow->sample)
        return (struct span){0};
    size_t length = flow->sample->length[direction];
    return (struct span){flow->sample->bytes[direction],
                         length < FLOW_FIRST_BYTES ? length : FLOW_FIRST_BYTES};
}

void add_endpoint(struct text *line, const struct address *address, unsigned port)
{
    char words[ADDRESS_TEXT_SIZE];
    address_text(address, words);
    text_addf(line, address->version == 6 ? "[%s]" : "%s", words);
    if (port > 0)
        text_addf(line, ":%u", port);
}

void add_printable(struct text *line, const char *string)
{
    text_add_printable(line, span_of(string));
}
