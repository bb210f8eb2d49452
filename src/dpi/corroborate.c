/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/corroborate.h"

#include "dpi/second_look.h"
#include "dpi/structure.h"

#include <stdio.h>
#include <string.h>

/* Second looks at one flow; what a flow can cost is bounded by this. */
enum { LOOKS_MAX = 4 };

static const char *side_name(enum flow_direction from)
{
    return from == TO_RESPONDER ? "initiator" : "responder";
}

/* "SSH banner from the responder at packet 4" */
static void say_why(struct detection *detection, const char *label, const struct message *witness)
{
    snprintf(detection->why, sizeof detection->why, "%s from the %s at packet %u", label,
             side_name(witness->from), (unsigned)witness->number);
}

static void take_structure(struct detection *detection, const struct structure *structure,
                           const struct message *witness)
{
    detection->evidence = EVIDENCE_STRUCTURE;
    say_why(detection, structure->label, witness);
}

bool corroborate_by_structure(const struct corroboration *job, struct detection *detection)
{
    if (!detection_is_named(detection))
        return false;
    for (size_t i = 0; i < structure_count; i++) {
        const struct structure *structure = &structures[i];
        const struct message *witness;
        if (structure_covers(structure, detection->master_id, detection->application_id) &&
            structure_agrees(structure, job->conversation, &witness)) {
            take_structure(detection, structure, witness);
            return true;
        }
    }
    return false;
}

static bool is_cut(const struct conversation *conversation)
{
    for (size_t i = 0; i < conversation->message_count; i++) {
        if (message_is_cut(&conversation->messages[i]))
            return true;
    }
    return false;
}

/* What nDPI read in zeros that stand for missing bytes is nothing that the flow said; the protocol
 * is what remains, without the application that was seen in it. */
static void forget_details(struct ndpi_engine *engine, struct detection *detection)
{
    uint16_t id = detection->master_id ? detection->master_id : detection->application_id;
    const char *name;
    const char *category;
    if (!ndpi_engine_protocol(engine, id, &name, &category))
        return;
    *detection = (struct detection){
        .master_id = id,
        .category_id = detection->category_id,
        .confidence = detection->confidence,
    };
    snprintf(detection->name, sizeof detection->name, "%s", name);
    snprintf(detection->protocol, sizeof detection->protocol, "%s", name);
    snprintf(detection->category, sizeof detection->category, "%s", category);
}

/* Keeps what the flow has already said of itself. */
static void replace(struct detection *detection, const struct detection *found, uint16_t port)
{
    uint32_t packets = detection->packets_inspected;
    *detection = *found;
    detection->packets_inspected = packets;
    detection->redissected_port = port;
}

static bool look_confirms(const struct corroboration *job, const struct look *look,
                          const struct structure *structure, struct detection *found)
{
    job->totals->redissections++;
    struct look_result result = look_again(job->engine, look, found);
    return result.answer.confidence == CONFIDENCE_DPI &&
           structure_covers(structure, result.answer.master_id, result.answer.application_id);
}

/* The streams' beginnings as messages, in the order in which they appeared. */
static size_t first_flight(const struct conversation *conversation, struct message out[2])
{
    size_t count = 0;
    for (int direction = 0; direction < FLOW_DIRECTIONS; direction++) {
        if (conversation->streams[direction].bytes.length > 0)
            out[count++] = conversation->streams[direction];
    }
    if (count == 2 && out[1].number < out[0].number) {
        struct message first = out[1];
        out[1] = out[0];
        out[0] = first;
    }
    return count;
}

/* As the messages came, then as first flights, in which a banner split over segments is whole. */
static bool redissect(const struct corroboration *job, const struct structure *structure,
                      struct detection *detection)
{
    struct message flight[FLOW_DIRECTIONS];
    struct detection found;
    struct look look = {
        .flow = job->flow,
        .messages = job->conversation->messages,
        .count = job->conversation->message_count,
        .service_port = structure->service_port,
        .client_port = structure->client_port,
    };
    bool is_confirmed = look_confirms(job, &look, structure, &found);
    if (!is_confirmed && job->conversation->transport == TRANSPORT_TCP) {
        look.messages = flight;
        look.count = first_flight(job->conversation, flight);
        is_confirmed = look_confirms(job, &look, structure, &found);
    }
    if (is_confirmed) {
        job->totals->redissection_hits++;
        if (is_cut(job->conversation))
            forget_details(job->engine, &found);
        replace(detection, &found, structure->service_port);
    }
    return is_confirmed;
}

static bool find_other_name(const struct corroboration *job, struct detection *detection)
{
    int looks = 0;
    for (size_t i = 0; i < structure_count && looks < LOOKS_MAX; i++) {
        const struct structure *structure = &structures[i];
        const struct message *witness;
        if (!structure_agrees(structure, job->conversation, &witness))
            continue;
        looks++;
        if (redissect(job, structure, detection)) {
            take_structure(detection, structure, witness);
            return true;
        }
    }
    return false;
}

/* A name whose protocol always has a form that these messages do not have. */
static const struct structure *contradicted_by(const struct corroboration *job,
                                               const struct detection *detection)
{
    for (size_t i = 0; i < structure_count; i++) {
        const struct structure *structure = &structures[i];
        if (structure->is_necessary && !is_cut(job->conversation) &&
            structure_covers(structure, detection->master_id, detection->application_id))
            return structure;
    }
    return NULL;
}

static void withdraw(struct detection *detection, const struct structure *structure)
{
    char name[DETECTION_NAME_SIZE];
    memcpy(name, detection->name, sizeof name);
    *detection = (struct detection){.packets_inspected = detection->packets_inspected};
    snprintf(detection->why, sizeof detection->why, "not %s as nDPI said: no %s", name,
             structure->label);
}

/* After the messages that gave the name, do the later ones give it again by themselves? */
static void look_at_the_rest(const struct corroboration *job, struct detection *detection)
{
    const struct conversation *conversation = job->conversation;
    struct look look = {
        .flow = job->flow,
        .messages = conversation->messages,
        .count = conversation->message_count,
    };
    struct look_result first = look_again(job->engine, &look, NULL);
    if (!ndpi_answer_is_named(&first.answer) || first.named_at + 1 >= look.count)
        return;
    const struct message *witness = &look.messages[first.named_at];
    look.messages += first.named_at + 1;
    look.count -= first.named_at + 1;
    struct look_result rest = look_again(job->engine, &look, NULL);
    if (rest.answer.confidence != CONFIDENCE_DPI || rest.named_at == look.count ||
        rest.answer.application_id != detection->application_id ||
        rest.answer.master_id != detection->master_id)
        return;
    bool is_other = look.messages[rest.named_at].from != witness->from;
    detection->evidence = is_other ? EVIDENCE_OTHER_DIRECTION : EVIDENCE_SECOND_PACKET;
    say_why(detection,
            is_other ? "the same name for the answer" : "the same name for another packet",
            &look.messages[rest.named_at]);
}

void corroborate(const struct corroboration *job, struct detection *detection)
{
    if (corroborate_by_structure(job, detection) || find_other_name(job, detection) ||
        !detection_is_named(detection))
        return;
    const struct structure *structure = contradicted_by(job, detection);
    if (structure)
        withdraw(detection, structure);
    else if (detection->confidence == CONFIDENCE_DPI)
        look_at_the_rest(job, detection);
}
