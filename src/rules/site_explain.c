/* SPDX-License-Identifier: Apache-2.0
 *
 * `portscope rules explain --site FILE SRC DST PORT[/PROTO]`.
 */
#include "rules/rules.h"

#include "base/text.h"
#include "model/flow.h"
#include "rules/ports.h"
#include "rules/sheet.h"

static void add_hours(struct text *words, const struct site_rule *rule)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    if (rule->begin != 0 || rule->end != SITE_DAY_END)
        text_addf(words, ", %02u:%02u-%02u:%02u UTC", rule->begin / 60U, rule->begin % 60U,
                  rule->end / 60U, rule->end % 60U);
    for (unsigned i = 0; i < 7 && rule->days != SITE_ALL_DAYS; i++) {
        if (rule->days >> i & 1)
            text_addf(words, " %s", days[i]);
    }
}

static void print_rule(FILE *out, const struct site_rule *rule)
{
    struct text words = {0};
    text_addf(&words, "%s by %s", rule->is_allowed ? "allowed" : "forbidden", rule->defined_at);
    add_hours(&words, rule);
    text_addf(&words, ": %s", rule->comment);
    sheet_text(out, site_rule_has_hours(rule) ? "in its hours" : "decides", text_words(&words));
    text_free(&words);
}

/* Entries with hours decide at times, so all are told up to the first without. */
static void explain(const struct site *site, const struct site_question *question, FILE *out)
{
    for (size_t i = 0; i < site->rule_count; i++) {
        const struct site_rule *rule = &site->rules[i];
        if (!site_rule_fits(rule, question))
            continue;
        print_rule(out, rule);
        if (!site_rule_has_hours(rule))
            return;
    }
    sheet_text(out, "else", "no entry of the site policy matches: unexpected");
}

static void print_host(FILE *out, const struct site *site, const char *key,
                       const struct address *address)
{
    struct text words = {0};
    char name[ADDRESS_TEXT_SIZE];
    text_addf(&words, "%s, %s, zone %s%s", address_text(address, name),
              site_is_home(site, address) ? "home" : "outside", zone_name(site_zone(site, address)),
              network_list_holds(&site->components, address) ? ", a component" : "");
    sheet_text(out, key, text_words(&words));
    text_free(&words);
}

static bool read_host(const char *word, struct address *address, struct error *error)
{
    char shown[64];
    return address_parse(word, address) ||
           error_set(error, "'%s' is not an address", text_printable(word, shown, sizeof shown));
}

bool site_explain(const struct site *site, const char *const words[3], FILE *out,
                  struct error *error)
{
    static const uint8_t protocols[] = {TRANSPORT_TCP, TRANSPORT_UDP, TRANSPORT_SCTP,
                                        TRANSPORT_DCCP};
    struct site_question question = {0};
    uint8_t transports;
    if (!read_host(words[0], &question.client, error) ||
        !read_host(words[1], &question.server, error) ||
        !port_word_parse(words[2], &question.port, &transports, error))
        return false;
    print_host(out, site, "from", &question.client);
    print_host(out, site, "to", &question.server);
    for (unsigned i = 0; i < sizeof protocols; i++) {
        bool is_asked = transports == (1u << i) || (transports >> i & 1 && i < 2);
        if (!is_asked)
            continue;
        char port[32];
        question.protocol = protocols[i];
        snprintf(port, sizeof port, "%s %u", transport_name(protocols[i]), question.port);
        sheet_text(out, "on", port);
        explain(site, &question, out);
    }
    return true;
}

void site_summary(const struct site *site, FILE *out)
{
    fprintf(out, "site policy: %zu entr%s, %zu home network%s, %zu component%s\n", site->rule_count,
            site->rule_count == 1 ? "y" : "ies", site->home.count, site->home.count == 1 ? "" : "s",
            site->components.count, site->components.count == 1 ? "" : "s");
}
