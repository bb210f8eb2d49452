/* SPDX-License-Identifier: Apache-2.0 */
#include "output/zeek_notice.h"

#include "base/timestamp.h"
#include "output/record_words.h"

#include <ctype.h>

/* Zeek's columns that we can fill, in Zeek's order; then our own. */
static const struct zeek_column columns[] = {
    {"ts", "time"},         {"uid", "string"},        {"id.orig_h", "addr"},
    {"id.orig_p", "port"},  {"id.resp_h", "addr"},    {"id.resp_p", "port"},
    {"note", "enum"},       {"msg", "string"},        {"sub", "string"},
    {"src", "addr"},        {"dst", "addr"},          {"p", "port"},
    {"n", "count"},         {"actions", "set[enum]"}, {"suppress_for", "interval"},
    {"severity", "string"}, {"confidence", "count"},
};

void zeek_notice_init(struct zeek_log *log)
{
    log->path = "notice";
    log->columns = columns;
    log->column_count = sizeof columns / sizeof columns[0];
}

static void add_address(struct text *line, const struct address *address)
{
    char words[ADDRESS_TEXT_SIZE];
    zeek_add_word(line, address_text(address, words));
}

static void add_connection(struct text *line, const struct finding *finding)
{
    char uid[UID_TEXT_SIZE];
    if (!finding->has_flow) {
        for (size_t i = 0; i < 5; i++)
            zeek_add_unset(line);
        return;
    }
    zeek_add_word(line, uid_text(finding->flow_id, uid));
    add_address(line, &finding->initiator.address);
    zeek_add_count(line, finding->initiator.port);
    add_address(line, &finding->responder.address);
    zeek_add_count(line, finding->responder.port);
}

/* "Portscope::Port_Scan" of "port_scan". */
static void add_note(struct text *line, const char *detector)
{
    struct text note = {0};
    text_add(&note, "Portscope::");
    bool is_first = true;
    for (const char *c = detector; *c != '\0'; c++) {
        bool is_letter = isalnum((unsigned char)*c);
        text_add_char(&note, is_letter ? (char)(is_first ? toupper((unsigned char)*c) : *c) : '_');
        is_first = !is_letter;
    }
    zeek_add_word(line, text_words(&note));
    text_free(&note);
}

static void add_why(struct text *line, const struct finding *finding)
{
    struct text why = {0};
    for (size_t i = 0; i < finding->why_count; i++) {
        text_add(&why, i > 0 ? "; " : "");
        text_add(&why, finding->why[i]);
    }
    zeek_add_word(line, text_words(&why));
    text_free(&why);
}

static void add_host(struct text *line, const struct finding *finding, size_t index)
{
    if (index < finding->host_count)
        add_address(line, &finding->hosts[index]);
    else
        zeek_add_unset(line);
}

void zeek_notice_add(struct text *line, const struct finding *finding)
{
    zeek_add_time(line, finding->last_ns);
    add_connection(line, finding);
    add_note(line, finding->detector);
    zeek_add_word(line, finding->title);
    add_why(line, finding);
    add_host(line, finding, 0);
    add_host(line, finding, 1);
    if (finding->has_flow)
        zeek_add_count(line, finding->responder.port);
    else
        zeek_add_unset(line);
    zeek_add_count(line, finding->count);
    zeek_add_word(line, "Notice::ACTION_LOG");
    zeek_add_time(line, 3600 * NS_PER_S);
    zeek_add_word(line, severity_name(finding->severity));
    zeek_add_count(line, finding->confidence);
}
