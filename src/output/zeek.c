/* SPDX-License-Identifier: Apache-2.0
 *
 * Zeek's logs: conn.log to standard output, or conn.log and notice.log into a directory.
 */
#include "base/memory.h"
#include "output/field.h"
#include "output/sink_types.h"
#include "output/zeek_log.h"
#include "output/zeek_notice.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct zeek {
    struct zeek_log conn, notice; /* notice.file is NULL on standard output */
    struct field_list fields;
    struct zeek_column columns[FIELDS_MAX];
    struct field_value value;
};

/* Zeek's own columns in Zeek's order, then what only we know. */
static const char conn_fields[] =
    "ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,service,duration,orig_bytes,resp_bytes,"
    "conn_state,local_orig,local_resp,missed_bytes,history,orig_pkts,orig_ip_bytes,resp_pkts,"
    "resp_ip_bytes,tunnel_parents,ip_proto,community_id,"
    "assigned,verdict,detected,evidence,application,application_id,marks";

static bool make_directory(const char *directory, struct error *error)
{
    char shown[256];
    struct stat status;
    text_printable(directory, shown, sizeof shown);
    if (mkdir(directory, 0700) == 0)
        return true;
    if (errno != EEXIST)
        return error_set_errno(error, "cannot create the directory %s", shown);
    if (lstat(directory, &status) != 0 || !S_ISDIR(status.st_mode))
        return error_set(error, "%s is no directory; zeek writes its logs into one", shown);
    return true;
}

static struct line_file *open_log(const struct sink_options *options, const char *name,
                                  struct error *error)
{
    struct text path = {0};
    text_add(&path, options->target);
    text_add_char(&path, '/');
    text_add(&path, name);
    struct line_file *file = line_file_open(text_words(&path), options->may_overwrite, error);
    text_free(&path);
    return file;
}

static bool open_logs(struct zeek *zeek, const struct sink_options *options, struct error *error)
{
    if (!options->target) {
        zeek->conn.file = line_file_open(NULL, false, error);
        return zeek->conn.file != NULL;
    }
    if (!make_directory(options->target, error))
        return false;
    zeek->conn.file = open_log(options, "conn.log", error);
    if (zeek->conn.file)
        zeek->notice.file = open_log(options, "notice.log", error);
    return zeek->notice.file != NULL;
}

static bool choose_columns(struct zeek *zeek, const char *words, struct error *error)
{
    if (!fields_choose(&zeek->fields, words ? words : conn_fields, NAMED_AS_ZEEKS, error))
        return false;
    for (size_t i = 0; i < zeek->fields.count; i++) {
        const struct field *field = zeek->fields.all[i];
        zeek->columns[i].name = field_name(field, NAMED_AS_ZEEKS);
        zeek->columns[i].type = field->zeek_type;
    }
    return true;
}

static void dispose(struct zeek *zeek)
{
    text_free(&zeek->value.scratch);
    free(zeek);
}

static void *zeek_open(const struct sink_options *options, struct error *error)
{
    struct zeek *zeek = memory_new(1, sizeof *zeek);
    if (choose_columns(zeek, options->fields, error) && open_logs(zeek, options, error)) {
        zeek->conn.path = "conn";
        zeek->conn.columns = zeek->columns;
        zeek->conn.column_count = zeek->fields.count;
        zeek_notice_init(&zeek->notice);
        return zeek;
    }
    line_file_close(zeek->conn.file, NULL);
    dispose(zeek);
    return NULL;
}

static void add_column(struct text *line, const struct field *field, struct field_value *value)
{
    if (!field_get(field, value)) {
        zeek_add_unset(line);
        return;
    }
    switch (field->kind) {
    case FIELD_COUNT:
        zeek_add_count(line, value->count);
        break;
    case FIELD_REAL:
        zeek_add_real(line, value->real);
        break;
    case FIELD_TIME:
    case FIELD_INTERVAL:
        zeek_add_time(line, value->ns);
        break;
    case FIELD_TEXT:
    case FIELD_SET:
        zeek_add_text(line, value->text);
        break;
    }
}

static bool zeek_flow(void *state, const struct flow_record *record, struct error *error)
{
    struct zeek *zeek = state;
    struct text *line = zeek_log_begin(&zeek->conn, record->flow.first_ns);
    zeek->value.record = record;
    for (size_t i = 0; i < zeek->fields.count; i++)
        add_column(line, zeek->fields.all[i], &zeek->value);
    return zeek_log_end(&zeek->conn, error);
}

static bool zeek_finding(void *state, const struct finding *finding, struct error *error)
{
    struct zeek *zeek = state;
    if (!zeek->notice.file)
        return true; /* one stream is one log */
    struct text *line = zeek_log_begin(&zeek->notice, finding->last_ns);
    zeek_notice_add(line, finding);
    return zeek_log_end(&zeek->notice, error);
}

/* A log without an entry is dated by what was read. */
static bool zeek_stats(void *state, const struct sink_stats *stats, struct error *error)
{
    (void)error;
    struct zeek *zeek = state;
    zeek_log_date(&zeek->conn, &stats->totals->capture);
    zeek_log_date(&zeek->notice, &stats->totals->capture);
    return true;
}

static bool zeek_flush(void *state, struct error *error)
{
    struct zeek *zeek = state;
    bool is_whole = line_file_flush(zeek->conn.file, error);
    return (!zeek->notice.file || line_file_flush(zeek->notice.file, error)) && is_whole;
}

static bool zeek_turn(void *state, const struct sink_turn *turn, struct error *error)
{
    struct zeek *zeek = state;
    bool have_turned = zeek_log_turn(&zeek->conn, turn, error);
    return zeek_log_turn(&zeek->notice, turn, have_turned ? error : NULL) && have_turned;
}

static uint64_t zeek_size(const void *state)
{
    const struct zeek *zeek = state;
    uint64_t conn = line_file_size(zeek->conn.file);
    uint64_t notice = zeek->notice.file ? line_file_size(zeek->notice.file) : 0;
    return conn > notice ? conn : notice;
}

static uint64_t zeek_lost(const void *state)
{
    const struct zeek *zeek = state;
    uint64_t lost = line_file_lost(zeek->conn.file);
    return zeek->notice.file ? lost + line_file_lost(zeek->notice.file) : lost;
}

static bool zeek_close(void *state, struct error *error)
{
    struct zeek *zeek = state;
    bool is_whole = zeek_log_close(&zeek->conn, error);
    is_whole = zeek_log_close(&zeek->notice, is_whole ? error : NULL) && is_whole;
    dispose(zeek);
    return is_whole;
}

const struct sink_type zeek_sink = {
    .name = "zeek",
    .help = "Zeek's conn.log; into a directory (zeek:DIR) conn.log and notice.log",
    .open = zeek_open,
    .flow = zeek_flow,
    .finding = zeek_finding,
    .stats = zeek_stats,
    .flush = zeek_flush,
    .turn = zeek_turn,
    .size = zeek_size,
    .lost = zeek_lost,
    .close = zeek_close,
};
