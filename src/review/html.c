/* SPDX-License-Identifier: Apache-2.0 */
#include "review/html.h"

#include "base/timestamp.h"
#include "model/verdict.h"
#include "output/page.h"

static const char *entity_of(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_words_n(struct text *out, const char *words, size_t length)
{
    struct text printable = {0};
    size_t shown = length <= HTML_WORDS_MAX ? length : HTML_WORDS_MAX;
    text_add_printable(&printable, (struct span){(const uint8_t *)words, shown});
    for (size_t i = 0; i < printable.length; i++) {
        const char *entity = entity_of(printable.data[i]);
        if (entity)
            text_add(out, entity);
        else
            text_add_char(out, printable.data[i]);
    }
    text_add(out, shown < length ? "&hellip;" : "");
    text_free(&printable);
}

void html_words(struct text *out, const char *words)
{
    html_words_n(out, words, strlen(words));
}

void html_json(struct text *out, const char *json)
{
    for (; *json != '\0'; json++) {
        if (strchr("<>&", *json))
            text_addf(out, "\\u%04x", (unsigned)*json);
        else
            text_add_char(out, *json);
    }
}

void html_code(struct text *out, const char *words)
{
    text_add(out, "<code>");
    html_words(out, words);
    text_add(out, "</code>");
}

void html_table_begin(struct text *out, const char *label, const struct html_column *columns,
                      size_t count)
{
    text_addf(out,
              "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
              "<table><thead><tr>\n",
              label);
    for (size_t i = 0; i < count; i++)
        text_addf(out, "<th scope=\"col\"%s>%s</th>",
                  columns[i].is_number ? " class=\"number\"" : "", columns[i].name);
    text_add(out, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct text *out)
{
    text_add(out, "</tbody></table></div>\n");
}

void html_row_begin(struct text *out)
{
    text_add(out, "<tr>");
}

void html_row_end(struct text *out)
{
    text_add(out, "</tr>\n");
}

void html_cell(struct text *out, const char *words)
{
    text_add(out, "<td>");
    html_words(out, words);
    text_add(out, "</td>");
}

void html_cell_count(struct text *out, uint64_t number)
{
    text_add(out, "<td class=\"number\">");
    text_add_count(out, number);
    text_add(out, "</td>");
}

void html_cell_bytes(struct text *out, uint64_t bytes)
{
    text_add(out, "<td class=\"number\">");
    text_add_bytes(out, bytes);
    text_add(out, "</td>");
}

void html_cell_time(struct text *out, int64_t time_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    text_addf(out, "<td class=\"whole\">%s</td>",
              time_ns != 0 ? timestamp_human(time_ns, words) : "&ndash;");
}

void html_cell_verdict(struct text *out, const char *verdict)
{
    text_add(out, "<td>");
    html_verdict(out, verdict);
    text_add(out, "</td>");
}

void html_verdict(struct text *out, const char *verdict)
{
    for (enum verdict known = 0; known < VERDICTS; known++) {
        const char *name = verdict_name(known);
        if (strcmp(name, verdict) != 0)
            continue;
        text_addf(out, "<span class=\"verdict verdict-%s\">%s</span>", name, name);
        return;
    }
    html_words(out, verdict);
}

void html_more(struct text *out, uint64_t more, const char *noun, const char *what)
{
    if (more == 0)
        return;
    text_add(out, "<p class=\"more\">And ");
    text_add_counted(out, more, noun);
    text_addf(out, "%s</p>\n", what);
}
