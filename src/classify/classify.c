/* SPDX-License-Identifier: Apache-2.0
 *
 * What the port is assigned to and what was seen in the payload are found apart and compared last.
 * An assigned port implies neither good traffic nor the assigned service (RFC 6335 section 9); that
 * is why no verdict rests on the port alone, and why a name that nothing corroborates is a guess.
 */
#include "classify/classify.h"

#include "base/phrase.h"

#include <string.h>
#include <strings.h>

/* What is asked about a flow, and answered once. */
struct question {
    const struct rulebook *rulebook;
    const struct flow *flow;
    const struct detection *detection;
    struct classification *answer;
};

/* A port of the flow, with what the rules say about it. */
struct candidate {
    enum port_side side;
    uint16_t port;
    bool is_watched;
    const struct service *service;
};

/* Whether a comma-separated list holds the word, case aside. */
static bool list_holds(const char *list, const char *word, size_t word_length)
{
    while (*list) {
        size_t length = strcspn(list, ",");
        if (length == word_length && strncasecmp(list, word, length) == 0)
            return true;
        list += length + (list[length] == ',');
    }
    return false;
}

/* A detected name has parts, "TLS.Google": one that is expected is enough. */
static bool is_expected(const struct service *service, const struct detection *detection)
{
    const char *part = detection->name;
    while (*part) {
        size_t length = strcspn(part, ".");
        if (list_holds(service->expects, part, length))
            return true;
        part += length + (part[length] == '.');
    }
    return list_holds(service->expects, detection->protocol, strlen(detection->protocol));
}

/* On the initiator's side most ports are picked at random: there a service that nobody watches
 * counts only when the payload says the same. */
static const struct service *service_at(const struct question *question, enum port_side side,
                                        uint16_t port, bool is_watched)
{
    const struct service *service =
        rulebook_service(question->rulebook, port, question->flow->key.protocol);
    bool is_believed = is_watched || side == PORT_SIDE_RESPONDER ||
                       (service && is_expected(service, question->detection));
    return is_believed ? service : NULL;
}

static struct candidate candidate_at(const struct question *question, enum port_side side)
{
    const struct flow *flow = question->flow;
    uint16_t port = side == PORT_SIDE_RESPONDER ? flow->responder.port : flow->initiator.port;
    bool is_watched = port_set_has(&question->rulebook->watched, port);
    return (struct candidate){
        .side = side,
        .port = port,
        .is_watched = is_watched,
        .service = service_at(question, side, port, is_watched),
    };
}

/* How much a port says about what the flow is for. */
static int weight(const struct candidate *candidate)
{
    return candidate->is_watched ? 2 : candidate->service != NULL;
}

/* The port that the flow is judged by: a watched one before one that only has a service, the
 * responder's before the initiator's. */
static struct candidate find_port(const struct question *question)
{
    struct candidate responder = candidate_at(question, PORT_SIDE_RESPONDER);
    struct candidate initiator = candidate_at(question, PORT_SIDE_INITIATOR);
    struct candidate *chosen = weight(&initiator) > weight(&responder) ? &initiator : &responder;
    if (weight(chosen) == 0)
        chosen->side = PORT_SIDE_NONE;
    else if (responder.port == initiator.port)
        chosen->side = PORT_SIDE_BOTH;
    return *chosen;
}

static bool is_stray(const struct question *question, const struct candidate *port)
{
    (void)question;
    return port->is_watched && port->side == PORT_SIDE_INITIATOR;
}

static bool is_unassigned(const struct question *question, const struct candidate *port)
{
    (void)question;
    return !port->service;
}

static bool is_empty(const struct question *question, const struct candidate *port)
{
    (void)port;
    return flow_payload_bytes(question->flow) == 0;
}

static bool is_unverified(const struct question *question, const struct candidate *port)
{
    (void)port;
    return !detection_is_named(question->detection);
}

static bool is_confirmed(const struct question *question, const struct candidate *port)
{
    return is_expected(port->service, question->detection);
}

static bool is_masquerade(const struct question *question, const struct candidate *port)
{
    (void)port;
    return question->detection->evidence != EVIDENCE_NONE &&
           !rulebook_unmet_evidence(question->rulebook, question->detection);
}

static bool is_guess(const struct question *question, const struct candidate *port)
{
    (void)question;
    (void)port;
    return true;
}

/* The first that holds is the verdict; each may lean on those above it not holding. */
static const struct {
    enum verdict verdict;
    bool (*holds)(const struct question *question, const struct candidate *port);
    bool is_what_was_detected; /* the application is what was detected, not what is assigned */
    const char *reason;
} verdicts[] = {
    {VERDICT_STRAY, is_stray, false,
     "the watched port is the initiator's own: the service asked for is at the other port"},
    {VERDICT_UNASSIGNED, is_unassigned, true, NULL},
    {VERDICT_EMPTY, is_empty, false, "no payload was seen: only the port speaks for the service"},
    {VERDICT_UNVERIFIED, is_unverified, false,
     "there is payload that nothing recognises: the port alone speaks for the service"},
    {VERDICT_CONFIRMED, is_confirmed, true, "what was detected is the assigned service"},
    {VERDICT_MASQUERADE, is_masquerade, true,
     "what was detected is not the assigned service, and more than one sign says so"},
    {VERDICT_GUESS, is_guess, false,
     "what was detected is not the assigned service, but nothing corroborates it"},
};

/* Opens the next reason; false when there is no room for one. */
static bool begin_why(struct classification *answer, struct phrase *phrase)
{
    if (answer->why_count == CLASSIFICATION_WHY_MAX)
        return false;
    *phrase = phrase_into(answer->why[answer->why_count++], DETECTION_WHY_SIZE);
    return true;
}

static void add_why(struct classification *answer, const char *reason)
{
    struct phrase phrase;
    if (begin_why(answer, &phrase))
        phrase_add(&phrase, reason);
}

static void add_port(struct phrase *phrase, const struct question *question, uint16_t port)
{
    const char *transport = transport_name(question->flow->key.protocol);
    phrase_add(phrase, "port ");
    phrase_add_u64(phrase, port);
    phrase_add(phrase, "/");
    phrase_add(phrase, transport ? transport : "ip");
}

/* Names the rule file without its line: an edit elsewhere in it must not change a record. */
static void say_assigned(const struct question *question, const struct candidate *port)
{
    const struct service *service = port->service;
    struct phrase phrase;
    if (!begin_why(question->answer, &phrase))
        return;
    if (port->port == 0) {
        phrase_add(&phrase, "the flow has no ports");
        return;
    }
    add_port(&phrase, question, port->port);
    if (service) {
        phrase_add(&phrase, " (");
        phrase_add(&phrase, port_side_name(port->side));
        phrase_add(&phrase, ") is assigned to ");
        phrase_add(&phrase, service->name);
        phrase_add(&phrase, " by ");
        phrase_add_n(&phrase, service->defined_at, strcspn(service->defined_at, ":"));
    } else {
        phrase_add(&phrase, port->is_watched ? " is watched and assigned to nothing in the rules"
                                             : " is assigned to nothing in the rules");
    }
}

static void say_detected(const struct question *question)
{
    const struct detection *detection = question->detection;
    struct phrase phrase;
    if (!detection_is_named(detection) || !begin_why(question->answer, &phrase))
        return;
    if (detection->confidence == CONFIDENCE_NONE) {
        phrase_add(&phrase, detection->name);
        phrase_add(&phrase, " was recognised by its form alone, nDPI does not know it");
    } else {
        phrase_add(&phrase, "nDPI recognised ");
        phrase_add(&phrase, detection->name);
        phrase_add(&phrase, " (confidence ");
        phrase_add(&phrase, confidence_name(detection->confidence));
        phrase_add(&phrase, ", evidence ");
        phrase_add(&phrase, evidence_name(detection->evidence));
        phrase_add(&phrase, ")");
    }
    if (detection->why[0] != '\0')
        add_why(question->answer, detection->why);
}

/* A guess with evidence has not the evidence that its name needs: the rule says why. */
static void say_reason(const struct question *question, enum verdict verdict, const char *reason)
{
    const struct evidence_rule *unmet =
        verdict == VERDICT_GUESS ? rulebook_unmet_evidence(question->rulebook, question->detection)
                                 : NULL;
    struct phrase phrase;
    if (unmet && *unmet->reason && begin_why(question->answer, &phrase)) {
        phrase_add(&phrase, "the evidence is not enough for ");
        phrase_add(&phrase, unmet->name);
        phrase_add(&phrase, ": ");
        phrase_add(&phrase, unmet->reason);
    } else if (reason) {
        add_why(question->answer, reason);
    }
}

static void take_detected(const struct question *question)
{
    const struct detection *detection = question->detection;
    struct classification *answer = question->answer;
    uint16_t id = detection->application_id ? detection->application_id : detection->master_id;
    const struct application *application =
        rulebook_application(question->rulebook, detection->protocol, detection->category);
    bool is_named = detection_is_named(detection);
    phrase_copy(answer->application, sizeof answer->application,
                is_named ? detection->protocol : question->rulebook->unknown.name);
    answer->application_id = (struct application_id){.engine = ENGINE_NDPI, .selector = id};
    answer->attributes =
        is_named ? &application->attributes : &question->rulebook->unknown.attributes;
}

static void take_assigned(const struct service *service, struct classification *answer)
{
    phrase_copy(answer->application, sizeof answer->application, service->name);
    answer->application_id = service->application_id;
    answer->attributes = &service->attributes;
}

void classify_flow(const struct rulebook *rulebook, const struct flow *flow,
                   const struct detection *detection, struct classification *out)
{
    const struct question question = {rulebook, flow, detection, out};
    const struct candidate port = find_port(&question);
    *out = (struct classification){.port_side = port.side, .assigned = port.service};

    size_t row = 0;
    while (!verdicts[row].holds(&question, &port))
        row++;
    out->verdict = verdicts[row].verdict;

    if (port.service && !verdicts[row].is_what_was_detected)
        take_assigned(port.service, out);
    else
        take_detected(&question);

    say_assigned(&question, &port);
    say_detected(&question);
    say_reason(&question, out->verdict, verdicts[row].reason);
}
