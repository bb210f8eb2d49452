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

static bool is_cut(const struct conversation *conversation)
{
    for (size_t i = 0; i < conversation->message_count; i++) {
        if (message_is_cut(&conversation->messages[i]))
            return true;
    }
    return false;
}

/* The server's name, the host or the question, by which an application goes, stand in what the
 * initiator says first. */
static bool request_is_cut(const struct conversation *conversation)
{
    for (size_t i = 0; i < conversation->message_count; i++) {
        if (conversation->messages[i].from == TO_RESPONDER)
            return message_is_cut(&conversation->messages[i]);
    }
    return is_cut(conversation);
}

/* nDPI also calls an application by the network that an address is in, as long as the payload says
 * nothing better. */
static bool is_by_address(const struct corroboration *job, const struct detection *detection)
{
    const struct endpoint *ends[] = {&job->flow->initiator, &job->flow->responder};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (ndpi_engine_application_at(job->engine, &ends[i]->address) == detection->application_id)
            return detection->hostname[0] == '\0';
    }
    return false;
}

static bool request_was_seen(const struct conversation *conversation)
{
    for (size_t i = 0; i < conversation->message_count; i++) {
        if (conversation->messages[i].from == TO_RESPONDER)
            return true;
    }
    return false;
}

/* Whether more of the flow could give the application another name: what was to tell it is cut, or
 * it goes by its address alone while what would tell better may still come. */
static bool application_is_open(const struct corroboration *job, const struct structure *structure,
                                const struct detection *detection)
{
    enum { MESSAGES_MIN = 4 };
    const struct conversation *conversation = job->conversation;
    if (detection->master_id == 0 || detection->application_id == 0)
        return false;
    bool is_short = conversation->message_count < MESSAGES_MIN;
    bool is_early = structure->names_late && structure->names_late(conversation)
                        ? is_short || is_cut(conversation)
                        : is_short && !request_was_seen(conversation);
    return request_is_cut(conversation) || (is_early && is_by_address(job, detection));
}

/* The name becomes that of protocol `id` alone; what was read from the payload stays. */
static void name_only(struct ndpi_engine *engine, uint16_t id, struct detection *detection)
{
    const char *name;
    const char *category;
    if (!ndpi_engine_protocol(engine, id, &name, &category))
        return;
    detection->master_id = 0;
    detection->application_id = id;
    snprintf(detection->name, sizeof detection->name, "%s", name);
    snprintf(detection->protocol, sizeof detection->protocol, "%s", name);
    snprintf(detection->category, sizeof detection->category, "%s", category);
}

static uint16_t carrier_of(const struct detection *detection)
{
    return detection->master_id ? detection->master_id : detection->application_id;
}

/* What nDPI read in zeros that stand for missing bytes is nothing that the flow said. */
static void forget_details(struct ndpi_engine *engine, struct detection *detection)
{
    uint16_t id = carrier_of(detection);
    *detection = (struct detection){
        .category_id = detection->category_id,
        .confidence = detection->confidence,
    };
    name_only(engine, id, detection);
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
    job->totals->redissection_packets += result.packets;
    /* The caches are emptied with each packet: what nDPI marks as theirs is of this flow. */
    bool is_said =
        result.answer.confidence == CONFIDENCE_DPI || result.answer.confidence == CONFIDENCE_CACHE;
    return is_said &&
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

static void take_structure(const struct corroboration *job, const struct structure *structure,
                           const struct message *witness, struct detection *detection)
{
    detection->evidence = EVIDENCE_STRUCTURE;
    say_why(detection, structure->label, witness);
    /* nDPI takes a carrier from the initiator's port too: "BGP.HTTP". */
    if (detection->master_id && !structure_covers(structure, detection->master_id, 0))
        name_only(job->engine, detection->application_id, detection);
    if (application_is_open(job, structure, detection))
        name_only(job->engine, detection->master_id, detection);
}

/* nDPI, asked again, or the form alone where it is enough. */
static bool finds_it(const struct corroboration *job, const struct structure *structure,
                     struct detection *detection)
{
    if (structure->is_sufficient) {
        *detection = (struct detection){.packets_inspected = detection->packets_inspected};
        name_only(job->engine, structure->ids[0], detection);
        return true;
    }
    return redissect(job, structure, detection);
}

/* In the table's order, so that a special form is asked about before a general one that it has as
 * well. With `may_look` unset nothing is asked, and the first form that fits must be the name's. */
static bool find_name(const struct corroboration *job, bool may_look, struct detection *detection)
{
    int looks = 0;
    for (size_t i = 0; i < structure_count; i++) {
        const struct structure *structure = &structures[i];
        const struct message *witness;
        if (!structure_agrees(structure, job->conversation, &witness))
            continue;
        bool is_its_name =
            detection_is_named(detection) &&
            structure_covers(structure, detection->master_id, detection->application_id);
        bool is_open = structure->is_open && structure->is_open(job->conversation);
        if (!may_look &&
            (!is_its_name || is_open || application_is_open(job, structure, detection)))
            return false;
        if (!is_its_name && looks++ == LOOKS_MAX)
            job->totals->redissection_bounds++;
        if (is_its_name || (looks <= LOOKS_MAX && finds_it(job, structure, detection))) {
            take_structure(job, structure, witness, detection);
            if (is_open)
                detection->evidence = EVIDENCE_NONE;
            return true;
        }
    }
    return false;
}

/* The form that the named protocol always has. */
static const struct structure *necessary_form(const struct detection *detection)
{
    for (size_t i = 0; i < structure_count; i++) {
        const struct structure *structure = &structures[i];
        if (structure->is_necessary &&
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

bool corroborate_by_structure(const struct corroboration *job, struct detection *detection)
{
    return detection_is_named(detection) && find_name(job, false, detection);
}

void corroborate(const struct corroboration *job, struct detection *detection)
{
    bool is_found = find_name(job, true, detection);
    if (is_found || !detection_is_named(detection))
        return;
    const struct structure *necessary = necessary_form(detection);
    if (necessary && !is_cut(job->conversation))
        withdraw(detection, necessary);
    else if (!necessary && detection->confidence == CONFIDENCE_DPI)
        look_at_the_rest(job, detection);
}
