/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings in the Common Event Format: seven fields between bars, then key=value. In a file the
 * format stands alone; over the network it travels in a syslog message (RFC 5424), as receivers
 * expect.
 */
#include "base/timestamp.h"
#include "output/message_way.h"
#include "output/sink_types.h"
#include "output/syslog_header.h"

/* CEF counts 0 to 10. */
static const unsigned levels[SEVERITIES] = {
    [SEVERITY_INFO] = 1, [SEVERITY_LOW] = 3,       [SEVERITY_MEDIUM] = 6,
    [SEVERITY_HIGH] = 8, [SEVERITY_CRITICAL] = 10,
};

/* In fields of the header a bar is escaped, in values an equals sign; in both the backslash. */
static void add_escaped(struct text *text, const char *words, char special)
{
    for (const char *c = words; *c; c++) {
        if (*c == special || *c == '\\')
            text_add_char(text, '\\');
        text_add_char(text, *c >= ' ' && *c <= '~' ? *c : '?');
    }
}

static void add_value(struct text *text, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    text_addf(text, " %s=", key);
    add_escaped(text, value, '=');
}

static void add_number(struct text *text, const char *key, int64_t number)
{
    text_addf(text, " %s=%lld", key, (long long)number);
}

/* A field of our own needs a label beside it. */
static void add_labelled(struct text *text, const char *key, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    text_addf(text, " %sLabel=%s", key, label);
    add_value(text, key, value);
}

/* `src` and `dst` hold IPv4 alone. */
static void add_address(struct text *text, const char *key4, const char *key6,
                        const struct address *address)
{
    char words[ADDRESS_TEXT_SIZE];
    address_text(address, words);
    if (address->version == 6)
        add_labelled(text, key6, "IPv6 Address", words);
    else
        add_value(text, key4, words);
}

static void add_hosts(struct text *text, const struct finding *finding)
{
    if (finding->has_flow) {
        add_address(text, "src", "c6a2", &finding->initiator.address);
        add_number(text, "spt", finding->initiator.port);
    } else if (finding->host_count > 0) {
        add_address(text, "src", "c6a2", &finding->hosts[0]);
    }
    if (finding->responder.address.version != 0) {
        add_address(text, "dst", "c6a3", &finding->responder.address);
        add_number(text, "dpt", finding->responder.port);
        add_value(text, "proto", transport_name(finding->protocol));
    } else if (finding->host_count > 1) {
        add_address(text, "dst", "c6a3", &finding->hosts[1]);
    }
}

static void add_extension(struct text *text, const struct finding *finding)
{
    struct text why = {0};
    text_addf(text, "rt=%lld", (long long)(finding->last_ns / NS_PER_MS));
    add_number(text, "start", finding->first_ns / NS_PER_MS);
    add_number(text, "end", finding->last_ns / NS_PER_MS);
    add_number(text, "cnt", (int64_t)finding->count);
    add_hosts(text, finding);
    add_value(text, "app", finding->service);
    text_add(text, " cn1Label=confidence");
    add_number(text, "cn1", finding->confidence);
    add_labelled(text, "cs1", "attack", finding->attack_id);
    add_labelled(text, "cs2", "filter", finding->display_filter);
    for (size_t i = 0; i < finding->why_count; i++) {
        text_add(&why, i > 0 ? "; " : "");
        text_add_printable(&why, span_of(finding->why[i]));
    }
    add_value(text, "msg", text_words(&why));
    text_free(&why);
}

static void *cef_open(const struct sink_options *options, struct error *error)
{
    return message_way_open(options, error);
}

static bool cef_finding(void *state, const struct finding *finding, struct error *error)
{
    struct text *text = message_way_text(state);
    if (message_way_is_network(state)) {
        syslog_add_header(text, finding);
        text_add(text, "- ");
    }
    text_addf(text, "CEF:0|portscope|portscope|%s|%u|", PORTSCOPE_VERSION, finding->signature_id);
    add_escaped(text, finding->title, '|');
    text_addf(text, "|%u|", levels[finding->severity]);
    add_extension(text, finding);
    return message_way_send(state, error);
}

static bool cef_flush(void *state, struct error *error)
{
    return message_way_flush(state, error);
}

static uint64_t cef_lost(const void *state)
{
    return message_way_lost(state);
}

static bool cef_close(void *state, struct error *error)
{
    return message_way_close(state, error);
}

const struct sink_type cef_sink = {
    .name = "cef",
    .help = "findings in the Common Event Format; cef:FILE or cef:udp://HOST:PORT",
    .open = cef_open,
    .finding = cef_finding,
    .flush = cef_flush,
    .lost = cef_lost,
    .close = cef_close,
};
