/* SPDX-License-Identifier: Apache-2.0 */
#include "output/eve.h"

#include "output/json.h"

static void add_kernel(struct text *text, const struct capture_totals *capture)
{
    json_number(text, "kernel_received", capture->kernel_received);
    json_number(text, "kernel_dropped", capture->kernel_dropped);
    json_number(text, "unread", capture->unread);
    if (capture->interface_dropped >= 0)
        json_number(text, "interface_dropped", (uint64_t)capture->interface_dropped);
    else
        json_null(text, "interface_dropped");
}

static void add_capture(struct text *text, const struct totals *totals)
{
    const struct capture_totals *capture = &totals->capture;
    json_begin(text, "capture", '{');
    json_number(text, "packets_read", capture->packets_read);
    json_number(text, "bytes_read", capture->bytes_read);
    json_number(text, "decoded", capture->decoded);
    json_number(text, "filtered", capture->filtered);
    json_number(text, "unsupported_link", capture->unsupported_link);
    json_number(text, "malformed", capture->malformed);
    json_number(text, "not_ip", capture->not_ip);
    json_bool(text, "balanced", totals_balance(totals));
    json_number(text, "inputs", capture->inputs);
    json_number(text, "inputs_damaged", capture->inputs_damaged);
    if (capture->packets_read > 0) {
        json_time(text, "first", capture->first_ns);
        json_time(text, "last", capture->last_ns);
    }
    if (capture->is_live)
        add_kernel(text, capture);
    json_end(text, '}');
}

static void add_unsupported(struct text *text, const struct totals *totals)
{
    json_begin(text, "unsupported_links", '[');
    for (uint32_t i = 0; i < totals->unsupported_count; i++) {
        json_begin(text, NULL, '{');
        json_number(text, "link_type", totals->unsupported[i].link_type);
        json_string_if(text, "name", totals->unsupported[i].name);
        json_number(text, "packets", totals->unsupported[i].packets);
        json_end(text, '}');
    }
    json_end(text, ']');
}

static void add_flows(struct text *text, const struct totals *totals)
{
    json_begin(text, "flows", '{');
    json_number(text, "created", totals->flows_created);
    json_number(text, "recorded", totals->flows_recorded);
    json_begin(text, "ended", '{');
    for (enum flow_end end = FLOW_CLOSED; end < FLOW_ENDS; end++)
        json_number(text, flow_end_name(end), totals->flows_ended[end]);
    json_end(text, '}');
    json_end(text, '}');

    json_begin(text, "verdicts", '{');
    for (enum verdict verdict = 0; verdict < VERDICTS; verdict++)
        json_number(text, verdict_name(verdict), totals->verdicts[verdict]);
    json_end(text, '}');
}

/* What of TCP's payload was on the wire, by its acknowledgements. */
static void add_tcp(struct text *text, const struct totals *totals)
{
    json_begin(text, "tcp", '{');
    json_number(text, "payload_bytes", totals->tcp.payload_bytes);
    json_number(text, "missed_bytes", totals->tcp.missed_bytes);
    json_number(text, "gaps", totals->tcp.gaps);
    json_end(text, '}');
}

/* How many packets carried what is odd. */
static void add_marks(struct text *text, const struct totals *totals)
{
    json_begin(text, "packet_marks", '{');
    for (unsigned bit = 0; bit < 32; bit++) {
        const char *name = packet_mark_name(UINT32_C(1) << bit);
        if (name)
            json_number(text, name, totals->decode_marks[bit]);
    }
    json_end(text, '}');
}

static void add_dpi(struct text *text, const struct totals *totals)
{
    json_begin(text, "dpi", '{');
    json_number(text, "flows", totals->dpi_flows);
    json_number(text, "packets", totals->dpi_packets);
    json_number(text, "bytes", totals->dpi_bytes);
    json_number(text, "refused", totals->dpi_refused);
    json_number(text, "redissections", totals->redissections);
    json_number(text, "redissection_hits", totals->redissection_hits);
    json_number(text, "redissection_packets", totals->redissection_packets);
    json_number(text, "redissection_bounds", totals->redissection_bounds);
    json_end(text, '}');
}

static void add_limits(struct text *text, const struct totals *totals)
{
    json_begin(text, "limits", '{');
    for (enum limit limit = 0; limit < LIMITS; limit++) {
        json_begin(text, limit_name(limit), '{');
        json_number(text, "cap", totals->limit_values[limit]);
        json_number(text, "hits", totals->limits_hit[limit]);
        json_end(text, '}');
    }
    json_end(text, '}');
}

static void add_findings(struct text *text, const struct sink_stats *stats)
{
    json_begin(text, "findings", '{');
    for (enum severity severity = 0; severity < SEVERITIES; severity++)
        json_number(text, severity_name(severity), stats->findings[severity]);
    json_end(text, '}');
}

static void add_sandbox(struct text *text, const struct sandbox_level *sandbox)
{
    json_begin(text, "sandbox", '{');
    json_string(text, "user", span_of(sandbox->user));
    json_number(text, "capabilities", sandbox->capabilities);
    json_number(text, "landlock", (uint64_t)sandbox->landlock);
    json_bool(text, "seccomp", sandbox->seccomp);
    json_end(text, '}');
}

static void add_sinks(struct text *text, const struct sink_stats *stats)
{
    json_begin(text, "sinks", '[');
    for (size_t i = 0; i < stats->sink_count; i++) {
        const struct sink_report *sink = &stats->sinks[i];
        json_begin(text, NULL, '{');
        json_word(text, "format", sink->format);
        json_string_if(text, "target", sink->target);
        json_number(text, "offered", sink->counts.offered);
        json_number(text, "written", sink->counts.written);
        json_number(text, "failed", sink->counts.failed);
        json_end(text, '}');
    }
    json_end(text, ']');
}

void eve_add_stats(struct text *text, const struct sink_stats *stats)
{
    const struct totals *totals = stats->totals;
    json_begin(text, NULL, '{');
    const struct capture_totals *capture = &totals->capture;
    json_time(text, "timestamp", capture->is_live ? capture->now_ns : capture->last_ns);
    json_word(text, "event_type", "stats");
    json_begin(text, "stats", '{');
    json_bool(text, "is_last", stats->is_last);
    add_capture(text, totals);
    add_unsupported(text, totals);
    add_flows(text, totals);
    add_tcp(text, totals);
    add_marks(text, totals);
    add_dpi(text, totals);
    add_findings(text, stats);
    add_limits(text, totals);
    add_sinks(text, stats);
    if (stats->sandbox)
        add_sandbox(text, stats->sandbox);
    json_end(text, '}');
    json_end(text, '}');
}
