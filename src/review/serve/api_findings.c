/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/inquiry.h"

#include "output/json.h"
#include "review/serve/row_json.h"
#include "review/serve/sent.h"

#include <stdio.h>

enum { COMMENT_SIZE = 2001, BY_SIZE = 65 };

/* What a list shows; one finding has everything. */
static const char *const brief[] = {"id",    "severity", "confidence", "detector",  "title",
                                    "why",   "count",    "first_ns",   "last_ns",   "stored_ns",
                                    "hosts", "service",  "probe",      "attack_id", NULL};

struct listing {
    struct text *json;
    uint64_t limit, found, acknowledged;
    bool shows_acknowledged;
};

static bool add_finding(void *context, const struct store_finding *finding)
{
    struct listing *listing = context;
    listing->acknowledged += finding->is_acknowledged;
    if (finding->is_acknowledged && !listing->shows_acknowledged)
        return true;
    if (listing->found++ < listing->limit)
        finding_json(listing->json, finding, brief);
    return true;
}

bool answer_findings(struct inquiry *inquiry, struct error *error)
{
    const char *acknowledged = inquiry_parameter(inquiry, PARAMETER_ACKNOWLEDGED);
    struct listing listing = {.json = inquiry->json, .limit = inquiry->limit};
    listing.shows_acknowledged = acknowledged && strcmp(acknowledged, "yes") == 0;
    if (acknowledged && !listing.shows_acknowledged && strcmp(acknowledged, "no") != 0)
        return inquiry_refuse(inquiry, 400, error, "acknowledged: write yes or no");
    json_begin(inquiry->json, NULL, '{');
    json_begin(inquiry->json, "findings", '[');
    if (!store_findings(inquiry->store, &inquiry->filter, add_finding, &listing, error))
        return false;
    json_end(inquiry->json, ']');
    json_number(inquiry->json, "found", listing.found);
    json_number(inquiry->json, "acknowledged", listing.acknowledged);
    json_end(inquiry->json, '}');
    return true;
}

static bool is_id(const char *word)
{
    size_t length = strspn(word, "0123456789abcdefABCDEF");
    return length > 0 && length < STORE_FINDING_ID_SIZE && word[length] == '\0';
}

struct one {
    struct text *json;
    char id[STORE_FINDING_ID_SIZE];
    bool is_found;
};

static bool take_finding(void *context, const struct store_finding *finding)
{
    struct one *one = context;
    snprintf(one->id, sizeof one->id, "%s", finding->id);
    one->is_found = true;
    if (one->json)
        finding_json(one->json, finding, NULL);
    return false;
}

/* The store says the same to "there is none" and to "several begin so": 404 either way. */
static bool find(struct inquiry *inquiry, struct one *one, struct error *error)
{
    if (!is_id(inquiry->id))
        return inquiry_refuse(inquiry, 404, error, "no finding has this id");
    bool is_done = store_finding_by_id(inquiry->store, inquiry->id, take_finding, one, error);
    if (!is_done && strstr(error->text, inquiry->id))
        inquiry->status = 404;
    return is_done;
}

bool answer_finding(struct inquiry *inquiry, struct error *error)
{
    struct one one = {.json = inquiry->json};
    return find(inquiry, &one, error);
}

bool answer_acknowledge(struct inquiry *inquiry, struct error *error)
{
    char comment[COMMENT_SIZE], by[BY_SIZE];
    const struct sent_member members[] = {{"comment", comment, sizeof comment},
                                          {"by", by, sizeof by}};
    struct one one = {0};
    const struct store_acknowledgement said = {
        .finding_id = one.id, .by = by, .comment = comment, .at_ns = inquiry->began_ns};
    if (!sent_read(inquiry->request->body, members, 2))
        return inquiry_refuse(inquiry, 400, error,
                              "send {\"comment\": \"...\", \"by\": \"...\"}: strings of less than "
                              "%d and %d octets",
                              COMMENT_SIZE, BY_SIZE);
    if (strspn(comment, " \t\r\n") == strlen(comment))
        return inquiry_refuse(inquiry, 400, error, "say why, in \"comment\"");
    return find(inquiry, &one, error) && store_acknowledge(inquiry->store, &said, error) &&
           answer_finding(inquiry, error);
}
