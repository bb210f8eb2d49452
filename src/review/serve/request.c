/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/request.h"

#include "output/json.h"

static const char *const names[PARAMETERS] = {
    [PARAMETER_SINCE] = "since",
    [PARAMETER_UNTIL] = "until",
    [PARAMETER_SERVICE] = "service",
    [PARAMETER_VERDICT] = "verdict",
    [PARAMETER_APPLICATION] = "application",
    [PARAMETER_PROBE] = "probe",
    [PARAMETER_HOST] = "host",
    [PARAMETER_SEARCH] = "search",
    [PARAMETER_SEVERITY] = "severity",
    [PARAMETER_ACKNOWLEDGED] = "acknowledged",
    [PARAMETER_BY] = "by",
    [PARAMETER_SORT] = "sort",
    [PARAMETER_ORDER] = "order",
    [PARAMETER_LIMIT] = "limit",
    [PARAMETER_AFTER] = "after",
    [PARAMETER_NEAR] = "near",
};

const char *parameter_name(enum parameter parameter)
{
    return names[parameter];
}

bool parameter_parse(const char *word, enum parameter *out)
{
    for (enum parameter parameter = 0; parameter < PARAMETERS; parameter++) {
        if (strcmp(names[parameter], word) == 0) {
            *out = parameter;
            return true;
        }
    }
    return false;
}

/* The words of RFC 9110 for what is answered here. */
static const char *title_of(unsigned status)
{
    static const struct {
        unsigned status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},         {401, "Unauthorized"},           {403, "Forbidden"},
        {404, "Not Found"},           {405, "Method Not Allowed"},     {409, "Conflict"},
        {413, "Content Too Large"},   {415, "Unsupported Media Type"}, {421, "Misdirected Request"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (titles[i].status == status)
            return titles[i].title;
    }
    return "Internal Server Error";
}

void answer_problem(struct serve_answer *answer, unsigned status, const char *sentence)
{
    answer->status = status;
    answer->type = "application/problem+json";
    answer->wants_credentials = status == 401;
    text_clear(&answer->body);
    json_begin(&answer->body, NULL, '{');
    json_word(&answer->body, "title", title_of(status));
    json_number(&answer->body, "status", status);
    json_string(&answer->body, "detail", span_of(sentence));
    json_end(&answer->body, '}');
    text_add_char(&answer->body, '\n');
}

struct text *answer_json(struct serve_answer *answer)
{
    answer->status = 200;
    answer->type = "application/json";
    return &answer->body;
}
