/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "samples.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* One of the logs that a record and a finding make; the caller frees it. */
static char *log_of(const struct flow_record *record, const char *name)
{
    char path[256];
    struct sink_options options = {.may_overwrite = true};
    sample_write("zeek", record, &options);
    return sample_read_file(sample_path(name, path));
}

static void a_record_is_a_line_of_conn_log(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    char *log = log_of(&record, "written/conn.log");
    assert_string_equal(
        log,
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
        "#path\tconn\n#open\t2026-11-20-09-15-00\n"
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\t"
        "orig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\t"
        "orig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\tip_proto\t"
        "community_id\tassigned\tverdict\tdetected\tevidence\tapplication\tapplication_id\tmarks\n"
        "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\t"
        "string\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]\tcount\t"
        "string\tstring\tstring\tstring\tstring\tstring\tstring\tset[string]\n"
        "1795166100.123456\tC1Dz\t192.0.2.1\t40000\t192.0.2.2\t395\ttcp\tssh\t2.500000\t180\t400\t"
        "S3\t-\t-\t0\tShADadf\t6\t500\t5\t700\t-\t6\t1:oirygTSnk8e324fqwaUQLXCcHg4=\tnetcp\t"
        "masquerade\tSSH\tother-direction\tSSH\t22:92\ttruncated,dpi-budget\n"
        "#close\t2026-11-20-09-47-12\n");
    free(log);
}

static void a_finding_is_a_line_of_notice_log(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    char *log = log_of(&record, "written/notice.log");
    assert_non_null(strstr(
        log, "\n1795166160.000000\tC1Dz\t192.0.2.1\t40000\t192.0.2.2\t395\tPortscope::Masquerade\t"
             "SSH runs on the port of netcp\t"
             "both sides greet with SSH-2.0; nothing else was seen on 395/tcp\t192.0.2.1\t"
             "192.0.2.2\t395\t3\tNotice::ACTION_LOG\t3600.000000\thigh\t90\n#close\t"));
    free(log);
}

static size_t count_columns(const char *line)
{
    size_t count = 1;
    for (; *line != '\0'; line++)
        count += *line == '\t';
    return count;
}

static void no_string_breaks_a_line(void **state)
{
    (void)state;
    struct flow_record record;
    for (size_t i = 0; hostile_strings[i]; i++) {
        sample_flow(&record);
        sample_with_hostile_strings(&record, hostile_strings[i]);
        char *log = log_of(&record, "written/conn.log");
        char *rest = log;
        size_t expected = 0;
        for (char *line; (line = strsep(&rest, "\n"));) {
            if (strncmp(line, "#fields", 7) == 0)
                expected = count_columns(line) - 1;
            if (line[0] != '#' && line[0] != '\0')
                assert_int_equal(count_columns(line), expected);
        }
        assert_true(expected > 0);
        free(log);
    }
}

static void what_looks_like_no_value_is_escaped(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    sample_with_hostile_strings(&record, "-");
    char *log = log_of(&record, "written/conn.log");
    assert_non_null(strstr(log, "\tmasquerade\t\\x2d\t"));
    free(log);
    sample_with_hostile_strings(&record, "(empty)");
    log = log_of(&record, "written/conn.log");
    assert_non_null(strstr(log, "\tmasquerade\t\\x28empty)\t"));
    free(log);
}

static void a_guess_is_no_service(void **state)
{
    (void)state;
    static const struct {
        enum verdict verdict;
        enum evidence evidence;
        enum detection_confidence confidence;
        const char *service;
    } cases[] = {
        {VERDICT_GUESS, EVIDENCE_NONE, CONFIDENCE_DPI, "\ttcp\t-\t"},
        {VERDICT_GUESS, EVIDENCE_STRUCTURE, CONFIDENCE_DPI, "\ttcp\t-\t"},
        {VERDICT_STRAY, EVIDENCE_NONE, CONFIDENCE_DPI, "\ttcp\t-\t"},
        {VERDICT_MASQUERADE, EVIDENCE_STRUCTURE, CONFIDENCE_DPI, "\ttcp\tssh\t"},
        {VERDICT_UNASSIGNED, EVIDENCE_NONE, CONFIDENCE_DPI, "\ttcp\tssh\t"},
        {VERDICT_UNASSIGNED, EVIDENCE_NONE, CONFIDENCE_BY_PORT, "\ttcp\t-\t"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct flow_record record;
        sample_flow(&record);
        record.classification.verdict = cases[i].verdict;
        record.detection.evidence = cases[i].evidence;
        record.detection.confidence = cases[i].confidence;
        char *log = log_of(&record, "written/conn.log");
        assert_non_null(strstr(log, cases[i].service));
        free(log);
    }
}

static void a_log_without_entries_has_its_heading(void **state)
{
    (void)state;
    char path[256], word[300];
    struct sink_options options = {0};
    struct totals totals;
    struct error error = {0};
    struct sinks *sinks = sinks_new();
    sample_totals(&totals);
    snprintf(word, sizeof word, "zeek:%s", sample_path("empty", path));
    assert_true(sinks_open(sinks, word, &options, &error));
    sinks_stats(sinks, &totals, true);
    assert_true(sinks_close(sinks, &error));
    char *log = sample_read_file(sample_path("empty/notice.log", path));
    assert_non_null(strstr(log, "#path\tnotice\n#open\t2026-11-20-09-15-00\n#fields\tts\t"));
    assert_non_null(strstr(log, "\n#close\t2026-11-20-09-47-12\n"));
    free(log);
}

static void a_heading_that_is_lost_is_no_record(void **state)
{
    (void)state;
    char path[256], word[300];
    struct sink_options options = {0};
    struct flow_record record;
    struct error error = {0};
    struct rlimit before;
    struct sinks *sinks = sinks_new();
    sample_flow(&record);
    signal(SIGXFSZ, SIG_IGN);
    snprintf(word, sizeof word, "zeek:%s", sample_path("full", path));
    assert_true(sinks_open(sinks, word, &options, &error));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {100, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (size_t i = 0; i < 3; i++)
        sinks_flow(sinks, &record);
    sinks_flush(sinks);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(sinks_report(sinks, 0).counts.failed, 3);
    assert_false(sinks_close(sinks, &error));
}

static void the_target_is_a_directory_and_no_link(void **state)
{
    (void)state;
    char path[256], word[300], target[256];
    struct sink_options options = {0};
    struct error error = {0};
    struct sinks *sinks = sinks_new();
    assert_int_equal(mkdir(sample_path("real", target), 0700), 0);
    assert_int_equal(symlink(target, sample_path("link", path)), 0);
    snprintf(word, sizeof word, "zeek:%s", path);
    assert_false(sinks_open(sinks, word, &options, &error));
    assert_non_null(strstr(error.text, "is no directory"));
    assert_true(sinks_close(sinks, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_a_line_of_conn_log),
        cmocka_unit_test(a_finding_is_a_line_of_notice_log),
        cmocka_unit_test(no_string_breaks_a_line),
        cmocka_unit_test(what_looks_like_no_value_is_escaped),
        cmocka_unit_test(a_guess_is_no_service),
        cmocka_unit_test(a_log_without_entries_has_its_heading),
        cmocka_unit_test(a_heading_that_is_lost_is_no_record),
        cmocka_unit_test(the_target_is_a_directory_and_no_link),
    };
    return cmocka_run_group_tests(tests, sample_make_folder, sample_remove_folder);
}
