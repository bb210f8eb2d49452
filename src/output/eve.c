/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON lines as Suricata's eve.json has them, so that what reads those reads ours.
 */
#include "output/eve.h"

#include "output/line_file.h"
#include "output/sink_types.h"

static void *eve_open(const struct sink_options *options, struct error *error)
{
    return line_file_open(options->target, options->may_overwrite, error);
}

static bool eve_flow(void *state, const struct flow_record *record, struct error *error)
{
    eve_add_flow(line_file_text(state), record);
    return line_file_end_line(state, error);
}

static bool eve_finding(void *state, const struct finding *finding, struct error *error)
{
    eve_add_alert(line_file_text(state), finding);
    return line_file_end_line(state, error);
}

static bool eve_stats(void *state, const struct sink_stats *stats, struct error *error)
{
    eve_add_stats(line_file_text(state), stats);
    return line_file_end_line(state, error) && line_file_flush(state, error);
}

static bool eve_flush(void *state, struct error *error)
{
    return line_file_flush(state, error);
}

static bool eve_turn(void *state, const struct sink_turn *turn, struct error *error)
{
    return line_file_turn(state, turn->aside, turn->keep, error) != LINE_FILE_FAILED;
}

static uint64_t eve_size(const void *state)
{
    return line_file_size(state);
}

static uint64_t eve_lost(const void *state)
{
    return line_file_lost(state);
}

static bool eve_close(void *state, struct error *error)
{
    return line_file_close(state, error);
}

const struct sink_type eve_sink = {
    .name = "eve",
    .help = "JSON lines in the form of Suricata's eve.json: flows, alerts, statistics",
    .open = eve_open,
    .flow = eve_flow,
    .finding = eve_finding,
    .stats = eve_stats,
    .flush = eve_flush,
    .turn = eve_turn,
    .size = eve_size,
    .lost = eve_lost,
    .close = eve_close,
};
