/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/metrics.h"

#include <inttypes.h>

enum { SERIES_MAX = 1000, PROBES_MAX = 200 };

static void add_head(struct text *out, const char *name, const char *type, const char *help)
{
    text_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Backslash, quote and newline are escaped; bytes that are no UTF-8 must not be there at all. */
static void add_label(struct text *out, char before, const char *name, const char *value)
{
    text_addf(out, "%c%s=\"", before, name);
    for (; *value != '\0'; value++) {
        bool is_plain = *value >= 0x20 && *value < 0x7f;
        if (*value == '"' || *value == '\\')
            text_add_char(out, '\\');
        text_add_char(out, is_plain ? *value : '?');
    }
    text_add_char(out, '"');
}

static const struct {
    const char *name, *help;
} group_metrics[] = {
    {"portscope_flows", "Flow records in the store."},
    {"portscope_bytes", "Bytes of the flows in the store, both directions."},
    {"portscope_packets", "Packets of the flows in the store, both directions."},
};
enum { GROUP_METRICS = sizeof group_metrics / sizeof group_metrics[0] };

struct group_lines {
    struct text lines[GROUP_METRICS];
};

static bool add_group(void *context, const struct store_group *group)
{
    struct group_lines *all = context;
    const uint64_t numbers[GROUP_METRICS] = {group->flows, group->bytes_there + group->bytes_back,
                                             group->packets_there + group->packets_back};
    for (size_t i = 0; i < GROUP_METRICS; i++) {
        struct text *out = &all->lines[i];
        text_add(out, group_metrics[i].name);
        add_label(out, '{', "service", group->keys[0]);
        add_label(out, ',', "verdict", group->keys[1]);
        text_addf(out, "} %" PRIu64 "\n", numbers[i]);
    }
    return true;
}

static bool add_groups(struct inquiry *inquiry, struct error *error)
{
    const struct store_grouping grouping = {.keys = {STORE_BY_SERVICE, STORE_BY_VERDICT},
                                            .key_count = 2,
                                            .page = {.limit = SERIES_MAX}};
    struct group_lines all = {0};
    bool is_done =
        store_groups(inquiry->store, &inquiry->filter, &grouping, add_group, &all, error);
    for (size_t i = 0; i < GROUP_METRICS; i++) {
        add_head(inquiry->json, group_metrics[i].name, "gauge", group_metrics[i].help);
        text_add(inquiry->json, text_words(&all.lines[i]));
        text_free(&all.lines[i]);
    }
    return is_done;
}

static bool count_finding(void *context, const struct store_finding *finding)
{
    uint64_t(*counts)[SEVERITIES] = context;
    counts[finding->is_acknowledged][finding->severity]++;
    return true;
}

static bool add_findings(struct inquiry *inquiry, struct error *error)
{
    static const char *const words[] = {"no", "yes"};
    uint64_t counts[2][SEVERITIES] = {{0}};
    struct text *out = inquiry->json;
    if (!store_findings(inquiry->store, &inquiry->filter, count_finding, counts, error))
        return false;
    add_head(out, "portscope_findings", "gauge", "Findings in the store.");
    for (size_t i = 0; i < 2; i++) {
        for (enum severity severity = 0; severity < SEVERITIES; severity++) {
            text_add(out, "portscope_findings");
            add_label(out, '{', "severity", severity_name(severity));
            add_label(out, ',', "acknowledged", words[i]);
            text_addf(out, "} %" PRIu64 "\n", counts[i][severity]);
        }
    }
    return true;
}

/* The newest run of each probe: runs come newest first. */
struct probes {
    struct text names[PROBES_MAX];
    size_t count;
    struct text packets, dropped, last;
};

static bool is_known(const struct probes *probes, const char *name)
{
    for (size_t i = 0; i < probes->count; i++) {
        if (strcmp(text_words(&probes->names[i]), name) == 0)
            return true;
    }
    return false;
}

static void add_sample(struct text *out, const char *metric, const char *probe, int64_t number)
{
    text_add(out, metric);
    add_label(out, '{', "probe", probe);
    text_addf(out, "} %" PRId64 "\n", number);
}

static bool add_run(void *context, const struct store_run *run)
{
    struct probes *probes = context;
    if (is_known(probes, run->probe))
        return true;
    text_add(&probes->names[probes->count++], run->probe);
    add_sample(&probes->packets, "portscope_probe_packets", run->probe, (int64_t)run->packets);
    add_sample(&probes->dropped, "portscope_probe_dropped_packets", run->probe,
               (int64_t)run->dropped);
    add_sample(&probes->last, "portscope_probe_last_packet_timestamp_seconds", run->probe,
               run->last_ns / INT64_C(1000000000));
    return probes->count < PROBES_MAX;
}

static bool add_probes(struct inquiry *inquiry, struct error *error)
{
    struct probes probes = {.count = 0};
    struct text *out = inquiry->json;
    bool is_done = store_runs(inquiry->store, &inquiry->filter, add_run, &probes, error);
    add_head(out, "portscope_probe_packets", "gauge", "Packets read in each probe's newest run.");
    text_add(out, text_words(&probes.packets));
    add_head(out, "portscope_probe_dropped_packets", "gauge",
             "Packets lost before they could be read, in each probe's newest run.");
    text_add(out, text_words(&probes.dropped));
    add_head(out, "portscope_probe_last_packet_timestamp_seconds", "gauge",
             "Time of each probe's newest packet.");
    text_add(out, text_words(&probes.last));
    for (size_t i = 0; i < probes.count; i++)
        text_free(&probes.names[i]);
    text_free(&probes.packets);
    text_free(&probes.dropped);
    text_free(&probes.last);
    return is_done;
}

bool metrics_of_store(struct inquiry *inquiry, struct error *error)
{
    return add_groups(inquiry, error) && add_findings(inquiry, error) && add_probes(inquiry, error);
}

void metrics_of_server(struct text *out, const struct serve_gauges *gauges)
{
    const struct {
        const char *name, *type, *help;
        uint64_t number;
    } numbers[] = {
        {"portscope_serve_listeners", "gauge", "Pages that listen for events.", gauges->listeners},
        {"portscope_serve_cache_hits_total", "counter", "Answers that were at hand.",
         gauges->cache_hits},
        {"portscope_serve_cache_misses_total", "counter", "Answers that had to be made.",
         gauges->cache_misses},
        {"portscope_serve_watch_failures_total", "counter",
         "Times the store could not be looked at for what is new.", gauges->watch_failures},
    };
    add_head(out, "portscope_build_info", "gauge", "The version that serves.");
    text_add(out, "portscope_build_info");
    add_label(out, '{', "version", gauges->version);
    text_add(out, "} 1\n");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        add_head(out, numbers[i].name, numbers[i].type, numbers[i].help);
        text_addf(out, "%s %" PRIu64 "\n", numbers[i].name, numbers[i].number);
    }
    add_head(out, "portscope_serve_requests_total", "counter", "Requests answered, by status.");
    for (size_t i = 1; i < METRICS_STATUSES; i++)
        text_addf(out, "portscope_serve_requests_total{status=\"%zuxx\"} %" PRIu64 "\n", i,
                  gauges->counters.requests[i]);
    add_head(out, "portscope_serve_busy_seconds_total", "counter",
             "Time spent on answering requests.");
    text_addf(out, "portscope_serve_busy_seconds_total %.6f\n",
              (double)gauges->counters.busy_ns / 1e9);
}
