/* SPDX-License-Identifier: Apache-2.0 */
#include "output/record_words.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *transport_text(uint8_t protocol, char out[TRANSPORT_TEXT_SIZE])
{
    const char *name = transport_name(protocol);
    if (name)
        snprintf(out, TRANSPORT_TEXT_SIZE, "%s", name);
    else
        snprintf(out, TRANSPORT_TEXT_SIZE, "%u", (unsigned)protocol);
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
    size_t i = 0;
    for (; i + 1 < DETECTION_NAME_SIZE && detection->name[i] && detection->name[i] != '.'; i++)
        out[i] = (char)tolower((unsigned char)detection->name[i]);
    out[i] = '\0';
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

double sample_entropy(const struct flow *flow)
{
    const struct flow_sample *sample = flow->sample;
    if (!sample || sample->length[TO_RESPONDER] + sample->length[TO_INITIATOR] == 0)
        return -1;
    uint32_t counts[256] = {0};
    uint32_t total = 0;
    for (size_t side = 0; side < FLOW_DIRECTIONS; side++) {
        for (size_t i = 0; i < sample->length[side]; i++)
            counts[sample->bytes[side][i]]++;
        total += sample->length[side];
    }
    double bits = 0;
    for (size_t byte = 0; byte < 256; byte++) {
        if (counts[byte] > 0)
            bits += counts[byte] * log2((double)total / counts[byte]);
    }
    return bits / total;
}

struct span first_bytes(const struct flow *flow, enum flow_direction direction)
{
    if (!flow->sample)
        return (struct span){0};
    size_t length = flow->sample->length[direction];
    return (struct span){flow->sample->bytes[direction],
                         length < FLOW_FIRST_BYTES ? length : FLOW_FIRST_BYTES};
}
