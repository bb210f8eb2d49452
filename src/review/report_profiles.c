/* SPDX-License-Identifier: Apache-2.0
 *
 * Payload that nothing recognises, by its fingerprint: the same unknown protocol is one row,
 * however many flows speak it.
 */
#include "review/report_parts.h"

#include "base/memory.h"
#include "model/flow.h"
#include "output/bounded_map.h"
#include "output/page.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { PROFILES_MAX = 512, ROWS_MAX = 25, FLOWS_MAX = 20000, FORM_SIZE = 128, NAME_SIZE = 64 };

struct profile_key {
    char fingerprint[24];
    uint16_t port;
    uint8_t protocol, zero[5]; /* explicit padding */
};
_Static_assert(sizeof(struct profile_key) == 32, "a key has no hidden padding");

struct profile {
    struct profile_key key;
    char service[NAME_SIZE], forms[FLOW_DIRECTIONS][FORM_SIZE];
    char first[FLOW_DIRECTIONS][2 * FLOW_FIRST_BYTES + 1];
    double entropy_least, entropy_most;
    struct address initiator, responder; /* of the first flow */
    uint64_t flows, payload;
};

struct profiles {
    struct bounded_map map;
    uint64_t flows, untold;
};

static const char *word_of(const json_t *object, const char *key)
{
    const char *word = json_string_value(json_object_get(object, key));
    return word ? word : "";
}

static void describe(struct profile *profile, const struct store_flow *flow, const json_t *metadata)
{
    snprintf(profile->service, NAME_SIZE, "%s", flow->service);
    snprintf(profile->forms[TO_RESPONDER], FORM_SIZE, "%s", word_of(metadata, "form_there"));
    snprintf(profile->forms[TO_INITIATOR], FORM_SIZE, "%s", word_of(metadata, "form_back"));
    snprintf(profile->first[TO_RESPONDER], sizeof profile->first[0], "%s", flow->first_there);
    snprintf(profile->first[TO_INITIATOR], sizeof profile->first[0], "%s", flow->first_back);
    profile->initiator = flow->initiator;
    profile->responder = flow->responder;
}

static void add_to_profile(struct profiles *profiles, const struct store_flow *flow,
                           const json_t *metadata)
{
    struct profile_key key = {.port = flow->responder_port, .protocol = flow->protocol};
    snprintf(key.fingerprint, sizeof key.fingerprint, "%s", word_of(metadata, "fingerprint"));
    struct profile *profile = bounded_map_find_or_add(&profiles->map, &key);
    if (!profile) {
        profiles->untold++;
        return;
    }
    double entropy = strtod(word_of(metadata, "entropy"), NULL);
    if (profile->flows == 0)
        describe(profile, flow, metadata);
    if (profile->flows == 0 || entropy < profile->entropy_least)
        profile->entropy_least = entropy;
    if (entropy > profile->entropy_most)
        profile->entropy_most = entropy;
    profile->flows++;
    profile->payload += flow->payload_there + flow->payload_back;
}

static bool add_flow(void *context, const struct store_flow *flow)
{
    struct profiles *profiles = context;
    json_t *metadata = json_loads(flow->metadata, 0, NULL);
    profiles->flows++;
    if (word_of(metadata, "fingerprint")[0] != '\0')
        add_to_profile(profiles, flow, metadata);
    json_decref(metadata);
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct profile *a = left, *b = right;
    if (a->flows != b->flows)
        return a->flows < b->flows ? 1 : -1;
    if (a->payload != b->payload)
        return a->payload < b->payload ? 1 : -1;
    return memcmp(&a->key, &b->key, sizeof a->key);
}

/* "5353482d" as octets and, where they can be printed, as letters. */
static void add_bytes(struct text *out, const char *hex)
{
    if (hex[0] == '\0')
        return;
    text_add(out, "<br><code>");
    for (size_t i = 0; hex[i] != '\0' && hex[i + 1] != '\0'; i += 2) {
        text_add(out, i > 0 ? " " : "");
        html_words_n(out, hex + i, 2);
    }
    text_add(out, "</code> <code class=\"quiet\">");
    for (size_t i = 0; hex[i] != '\0' && hex[i + 1] != '\0'; i += 2) {
        const char digits[] = {hex[i], hex[i + 1], '\0'};
        char letter = (char)strtoul(digits, NULL, 16);
        html_words_n(out, letter >= 0x20 && letter < 0x7f && letter != '\\' ? &letter : ".", 1);
    }
    text_add(out, "</code>");
}

static void add_side(struct text *out, const struct profile *profile, enum flow_direction direction)
{
    text_add(out, "<td>");
    if (profile->forms[direction][0] != '\0')
        html_words(out, profile->forms[direction]);
    else
        text_add(out, profile->first[direction][0] != '\0' ? "" : "silent");
    add_bytes(out, profile->first[direction]);
    text_add(out, "</td>");
}

static void add_where(struct text *out, const struct profile *profile)
{
    char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];
    const char *transport = transport_name(profile->key.protocol);
    text_add(out, "<td>");
    html_words(out, profile->service[0] != '\0' ? profile->service : "(no rule)");
    text_addf(out, ", %s %u<br><span class=\"quiet small\">%s &#8594; %s</span></td>",
              transport ? transport : "IP", (unsigned)profile->key.port,
              address_text(&profile->initiator, from), address_text(&profile->responder, to));
}

static void add_row(struct text *out, const struct profile *profile)
{
    html_row_begin(out);
    text_add(out, "<td class=\"whole\">");
    html_code(out, profile->key.fingerprint);
    text_add(out, "</td>");
    add_where(out, profile);
    html_cell_count(out, profile->flows);
    html_cell_bytes(out, profile->payload);
    text_addf(out, "<td class=\"number\">%.1f", profile->entropy_least);
    if (profile->entropy_most - profile->entropy_least >= 0.05)
        text_addf(out, "&ndash;%.1f", profile->entropy_most);
    text_add(out, "</td>");
    add_side(out, profile, TO_RESPONDER);
    add_side(out, profile, TO_INITIATOR);
    html_row_end(out);
}

static void add_table(struct text *out, const struct profiles *profiles)
{
    static const struct html_column columns[] = {
        {"fingerprint", false},
        {"where, for example", false},
        {"flows", true},
        {"payload", true},
        {"entropy", true},
        {"the initiator sends", false},
        {"the responder sends", false},
    };
    const struct profile *all = (const struct profile *)(const void *)profiles->map.items;
    html_table_begin(out, "Fingerprints", columns, sizeof columns / sizeof columns[0]);
    size_t start = out->length, shown = 0;
    for (; shown < profiles->map.count && shown < ROWS_MAX &&
           out->length - start < REPORT_PROFILES_BYTES;
         shown++)
        add_row(out, &all[shown]);
    html_table_end(out);
    html_more(out, profiles->map.count - shown, "more fingerprint", ".");
    html_more(out, profiles->untold, "more flow", " of still other fingerprints.");
}

static bool gather(struct report *report, struct profiles *profiles, struct error *error)
{
    const struct store_page newest = {.by = STORE_FIRST, .limit = FLOWS_MAX};
    const uint64_t *verdicts = report->sums.verdicts;
    struct store_filter filter = report->review->filter;
    if (verdicts[VERDICT_UNVERIFIED] + verdicts[VERDICT_GUESS] + verdicts[VERDICT_UNASSIGNED] == 0)
        return true;
    if (!filter.verdict)
        filter.verdict = "unverified,guess,unassigned";
    return store_flows(report->review->store, &filter, &newest, add_flow, profiles, error);
}

bool section_profiles(struct report *report, struct error *error)
{
    struct profiles profiles = {.flows = 0};
    bounded_map_init(&profiles.map, PROFILES_MAX, sizeof(struct profile),
                     sizeof(struct profile_key));
    bool is_done = gather(report, &profiles, error);
    section_begin(report, "profiles", "Payload that nothing recognises",
                  profiles.map.count > 0
                      ? "Flows whose payload has the same form have the same fingerprint. "
                        "Entropy is in bits a byte."
                      : "There is none.");
    if (profiles.map.count > 0) {
        qsort(profiles.map.items, profiles.map.count, sizeof(struct profile), compare);
        add_table(report->out, &profiles);
    }
    if (profiles.flows == FLOWS_MAX)
        text_addf(report->out, "<p class=\"more\">Of the newest %d such flows.</p>\n", FLOWS_MAX);
    section_end(report);
    bounded_map_reset(&profiles.map);
    return is_done;
}
