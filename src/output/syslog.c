/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings as messages of RFC 5424, lines in a file or datagrams (RFC 5426). Facility local0; the
 * host is left out, since what was seen need not have been seen here.
 */
#include "base/timestamp.h"
#include "output/message_way.h"
#include "output/sink_types.h"
#include "output/syslog_header.h"

enum { FACILITY_LOCAL0 = 16 };

static const unsigned levels[SEVERITIES] = {
    [SEVERITY_INFO] = 6, [SEVERITY_LOW] = 5,      [SEVERITY_MEDIUM] = 4,
    [SEVERITY_HIGH] = 3, [SEVERITY_CRITICAL] = 2,
};

void syslog_add_header(struct text *text, const struct finding *finding)
{
    char time[TIMESTAMP_TEXT_SIZE];
    text_addf(text, "<%u>1 %s - portscope - %s ", FACILITY_LOCAL0 * 8 + levels[finding->severity],
              timestamp_rfc3339(finding->last_ns, time), finding->detector);
}

/* RFC 5424 section 6.3.3: quote, backslash and closing bracket are escaped. */
static void add_param(struct text *text, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_addf(text, " %s=\"", name);
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\' || *c == ']')
            text_add_char(text, '\\');
        text_add_char(text, *c >= ' ' && *c <= '~' ? *c : '?');
    }
    text_add_char(text, '"');
}

static void add_count(struct text *text, const char *name, uint64_t number)
{
    text_addf(text, " %s=\"%llu\"", name, (unsigned long long)number);
}

static void add_flow(struct text *text, const struct finding *finding)
{
    char words[ADDRESS_TEXT_SIZE];
    if (finding->has_flow) {
        add_param(text, "src", address_text(&finding->initiator.address, words));
        add_count(text, "spt", finding->initiator.port);
    } else if (finding->host_count > 0) {
        add_param(text, "src", address_text(&finding->hosts[0], words));
    }
    if (finding->responder.address.version == 0)
        return;
    add_param(text, "dst", address_text(&finding->responder.address, words));
    add_count(text, "dpt", finding->responder.port);
    add_param(text, "proto", transport_name(finding->protocol));
}

/* 32473 is the enterprise number for examples (RFC 5612). */
static void add_data(struct text *text, const struct finding *finding)
{
    text_add(text, "[portscope@32473");
    add_param(text, "severity", severity_name(finding->severity));
    add_count(text, "confidence", finding->confidence);
    add_count(text, "count", finding->count);
    add_count(text, "hosts", finding->hosts_total);
    add_flow(text, finding);
    add_param(text, "service", finding->service);
    add_param(text, "attack", finding->attack_id);
    add_param(text, "filter", finding->display_filter);
    text_add(text, "] ");
}

static void *syslog_open(const struct sink_options *options, struct error *error)
{
    return message_way_open(options, error);
}

static bool syslog_finding(void *state, const struct finding *finding, struct error *error)
{
    struct text *text = message_way_text(state);
    syslog_add_header(text, finding);
    add_data(text, finding);
    text_add_printable(text, span_of(finding->title));
    for (size_t i = 0; i < finding->why_count; i++) {
        text_add(text, "; ");
        text_add_printable(text, span_of(finding->why[i]));
    }
    return message_way_send(state, error);
}

static bool syslog_flush(void *state, struct error *error)
{
    return message_way_flush(state, error);
}

static uint64_t syslog_lost(const void *state)
{
    return message_way_lost(state);
}

static bool syslog_close(void *state, struct error *error)
{
    return message_way_close(state, error);
}

const struct sink_type syslog_sink = {
    .name = "syslog",
    .help = "findings as messages of RFC 5424; syslog:FILE or syslog:udp://HOST:PORT",
    .open = syslog_open,
    .finding = syslog_finding,
    .flush = syslog_flush,
    .lost = syslog_lost,
    .close = syslog_close,
};
