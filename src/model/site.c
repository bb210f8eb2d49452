/* SPDX-License-Identifier: Apache-2.0 */
#include "model/site.h"

#include "base/timestamp.h"

static const char *const zone_names[ZONES] = {
    [ZONE_NONE] = "none",
    [ZONE_PROD] = "prod",
    [ZONE_DEV] = "dev",
    [ZONE_MANAGEMENT] = "management",
};

const char *zone_name(enum zone zone)
{
    return zone_names[zone];
}

static const struct network default_home[] = {
    {{.bytes = {10}, .version = 4}, 8},          /* RFC 1918 */
    {{.bytes = {172, 16}, .version = 4}, 12},    /* RFC 1918 */
    {{.bytes = {192, 168}, .version = 4}, 16},   /* RFC 1918 */
    {{.bytes = {100, 64}, .version = 4}, 10},    /* RFC 6598 */
    {{.bytes = {127}, .version = 4}, 8},         /* RFC 1122 */
    {{.bytes = {169, 254}, .version = 4}, 16},   /* RFC 3927 */
    {{.bytes = {0xfc}, .version = 6}, 7},        /* RFC 4193 */
    {{.bytes = {0xfe, 0x80}, .version = 6}, 10}, /* RFC 4291 */
    {{.bytes = {[15] = 1}, .version = 6}, 128},  /* RFC 4291 */
};

struct site site_default(void)
{
    return (struct site){
        .home = {default_home, sizeof default_home / sizeof default_home[0]},
    };
}

bool network_list_holds(const struct network_list *list, const struct address *address)
{
    for (size_t i = 0; i < list->count; i++) {
        if (network_contains(&list->all[i], address))
            return true;
    }
    return false;
}

bool site_is_home(const struct site *site, const struct address *address)
{
    return network_list_holds(&site->home, address);
}

enum zone site_zone(const struct site *site, const struct address *address)
{
    for (enum zone zone = ZONE_PROD; zone < ZONES; zone++) {
        if (network_list_holds(&site->zones[zone], address))
            return zone;
    }
    return ZONE_NONE;
}

static bool holds_or_empty(const struct network_list *list, const struct address *address)
{
    return list->count == 0 || network_list_holds(list, address);
}

static bool matches_peers(const struct site_rule *rule, const struct site_question *question)
{
    if (holds_or_empty(&rule->from, &question->client) &&
        holds_or_empty(&rule->to, &question->server))
        return true;
    return rule->is_both_ways && holds_or_empty(&rule->from, &question->server) &&
           holds_or_empty(&rule->to, &question->client);
}

static bool is_in_hours(const struct site_rule *rule, int64_t time_ns)
{
    enum { MINUTES_A_DAY = 24 * 60, EPOCH_WEEKDAY = 3 /* 1970-01-01 was a Thursday */ };
    int64_t minutes = time_ns / (60 * NS_PER_S) - (time_ns % (60 * NS_PER_S) < 0);
    int64_t day = minutes / MINUTES_A_DAY - (minutes % MINUTES_A_DAY < 0);
    int64_t minute = minutes - day * MINUTES_A_DAY;
    int64_t weekday = ((day + EPOCH_WEEKDAY) % 7 + 7) % 7;
    bool is_late_part = rule->begin > rule->end && minute < rule->end;
    if (is_late_part) /* belongs to the day on which the hours began */
        weekday = (weekday + 6) % 7;
    if (!(rule->days >> weekday & 1))
        return false;
    if (rule->begin <= rule->end)
        return minute >= rule->begin && minute < rule->end;
    return minute >= rule->begin || is_late_part;
}

bool site_rule_fits(const struct site_rule *rule, const struct site_question *question)
{
    return (!rule->ports || port_set_has(rule->ports, question->port)) &&
           rule->transports & service_transport_of(question->protocol) &&
           matches_peers(rule, question);
}

bool site_rule_has_hours(const struct site_rule *rule)
{
    return rule->days != SITE_ALL_DAYS || rule->begin != 0 || rule->end != SITE_DAY_END;
}

const struct site_rule *site_decide(const struct site *site, const struct site_question *question)
{
    for (size_t i = 0; i < site->rule_count; i++) {
        if (site_rule_fits(&site->rules[i], question) &&
            is_in_hours(&site->rules[i], question->time_ns))
            return &site->rules[i];
    }
    return NULL;
}
