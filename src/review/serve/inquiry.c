/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/inquiry.h"

#include "review/review.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *inquiry_parameter(const struct inquiry *inquiry, enum parameter parameter)
{
    const char *word = inquiry->request->parameters[parameter];
    return word && *word != '\0' ? word : NULL;
}

bool inquiry_refuse(struct inquiry *inquiry, unsigned status, struct error *error,
                    const char *format, ...)
{
    char words[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    inquiry->status = status;
    return error_set(error, "%s", words);
}

static bool refuse_word(struct inquiry *inquiry, enum parameter parameter, const char *wanted,
                        struct error *error)
{
    char shown[80];
    return inquiry_refuse(
        inquiry, 400, error, "%s: '%s' is not %s", parameter_name(parameter),
        text_printable(inquiry->request->parameters[parameter], shown, sizeof shown), wanted);
}

static bool keep_last(void *context, const struct store_group *group)
{
    *(int64_t *)context = group->last_ns;
    return false;
}

/* "2h" is before the newest packet, which must be asked for. */
static bool read_times(struct inquiry *inquiry, struct error *error)
{
    static const enum parameter parameters[] = {PARAMETER_SINCE, PARAMETER_UNTIL};
    int64_t *const places[] = {&inquiry->filter.since_ns, &inquiry->filter.until_ns};
    const struct store_filter everything = {0};
    const struct store_grouping one = {.key_count = 0};
    int64_t end_ns = 0, time_ns;
    for (size_t i = 0; i < 2; i++) {
        const char *word = inquiry_parameter(inquiry, parameters[i]);
        if (!word)
            continue;
        bool is_relative =
            !review_time_parse(word, 0, INT64_MAX, &time_ns) || strpbrk(word, "-T:") == NULL;
        if (is_relative && end_ns == 0 &&
            !store_groups(inquiry->store, &everything, &one, keep_last, &end_ns, error))
            return false;
        if (!review_time_parse(word, inquiry->began_ns, end_ns, places[i]))
            return refuse_word(inquiry, parameters[i], "a time; write 2026-11-20T09:15 or 2h",
                               error);
    }
    return true;
}

static bool read_number(struct inquiry *inquiry, enum parameter parameter, uint64_t *out,
                        struct error *error)
{
    const char *word = inquiry_parameter(inquiry, parameter);
    char *end;
    if (!word)
        return true;
    errno = 0;
    unsigned long long number = strtoull(word, &end, 10);
    if (*word < '0' || *word > '9' || *end != '\0' || errno != 0 || number == 0 ||
        number > INQUIRY_LIMIT_MAX)
        return refuse_word(inquiry, parameter, "a number from 1 to 500", error);
    *out = number;
    return true;
}

static bool read_order(struct inquiry *inquiry, struct error *error)
{
    const char *sort = inquiry_parameter(inquiry, PARAMETER_SORT);
    const char *order = inquiry_parameter(inquiry, PARAMETER_ORDER);
    inquiry->is_ascending = order && strcmp(order, "ascending") == 0;
    if (order && !inquiry->is_ascending && strcmp(order, "descending") != 0)
        return refuse_word(inquiry, PARAMETER_ORDER, "ascending or descending", error);
    if (sort && !store_measure_parse(sort, &inquiry->sort))
        return refuse_word(inquiry, PARAMETER_SORT, "flows, packets, bytes, payload, first or last",
                           error);
    return true;
}

bool inquiry_read(struct inquiry *inquiry, struct error *error)
{
    struct store_filter *filter = &inquiry->filter;
    const char *host = inquiry_parameter(inquiry, PARAMETER_HOST);
    const char *severity = inquiry_parameter(inquiry, PARAMETER_SEVERITY);
    inquiry->limit = INQUIRY_LIMIT_DEFAULT;
    filter->service = inquiry_parameter(inquiry, PARAMETER_SERVICE);
    filter->verdict = inquiry_parameter(inquiry, PARAMETER_VERDICT);
    filter->application = inquiry_parameter(inquiry, PARAMETER_APPLICATION);
    filter->probe = inquiry_parameter(inquiry, PARAMETER_PROBE);
    filter->search = inquiry_parameter(inquiry, PARAMETER_SEARCH);
    filter->has_host = host != NULL;
    if (host && !network_parse(host, &filter->host))
        return refuse_word(inquiry, PARAMETER_HOST, "an address or a network", error);
    if (severity && !severity_parse(severity, &filter->severity))
        return refuse_word(inquiry, PARAMETER_SEVERITY, "info, low, medium, high or critical",
                           error);
    return read_times(inquiry, error) && read_order(inquiry, error) &&
           read_number(inquiry, PARAMETER_LIMIT, &inquiry->limit, error);
}
