/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "sqlite_samples.h"

#include <stdlib.h>
#include <string.h>

/* A search makes SQLite read the rows; every sample has these words. */
static void sums_and_rows_give_the_same_answers(void **state)
{
    (void)state;
    static const enum store_key keys[][2] = {
        {STORE_BY_SERVICE, STORE_BY_VERDICT},     {STORE_BY_INITIATOR, STORE_BY_PROBE},
        {STORE_BY_INITIATOR, STORE_BY_RESPONDER}, {STORE_BY_TIME, STORE_BY_APPLICATION},
        {STORE_BY_TIME, STORE_BY_RESPONDER},
    };
    static const int64_t seconds[][2] = {{0, 0},       {1000, 9000}, {3600, 7200}, {100, 200},
                                         {3700, 3800}, {0, 5000},    {7000, 0}};
    struct store *store = open_store(":memory:", STORE_APPEND);
    fill(store, 0, FLOWS);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        for (size_t j = 0; j < sizeof seconds / sizeof seconds[0]; j++) {
            struct store_filter filter = {0};
            if (seconds[j][0] > 0)
                filter.since_ns = SAMPLE_START_NS + seconds[j][0] * INT64_C(1000000000);
            if (seconds[j][1] > 0)
                filter.until_ns = SAMPLE_START_NS + seconds[j][1] * INT64_C(1000000000);
            const struct store_grouping grouping = {.keys = {keys[i][0], keys[i][1]},
                                                    .key_count = 2,
                                                    .bucket_ns = INT64_C(3600000000000)};
            struct text sums = {0}, rows = {0};
            sample_print_groups(store, &filter, &grouping, &sums);
            filter.search = "BECAUSE";
            sample_print_groups(store, &filter, &grouping, &rows);
            assert_true(sums.length > 0);
            assert_string_equal(text_words(&sums), text_words(&rows));
            text_free(&sums);
            text_free(&rows);
        }
    }
    assert_true(store_close(store, NULL));
}

/* Days are summed when they are over, and flows of such a day may still come: a capture that is
 * read later. */
static void days_are_summed_whatever_the_order_of_their_flows(void **state)
{
    (void)state;
    enum { COUNT = 3000, CHUNK = 250 };
    static const size_t order[] = {0, 1, 5, 2, 11, 3, 4, 10, 6, 9, 7, 8};
    static const int64_t day_ns = INT64_C(86400) * 1000000000;
    struct store *store = open_store(":memory:", STORE_APPEND);
    struct store_pruned pruned;
    struct error error;
    const struct store_filter filters[] = {
        {.since_ns = 0},
        {.since_ns = SAMPLE_START_NS + day_ns / 3},
        {.since_ns = SAMPLE_START_NS + day_ns, .until_ns = SAMPLE_START_NS + 3 * day_ns},
    };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        for (uint64_t j = order[i] * CHUNK; j < (order[i] + 1) * CHUNK; j++) {
            struct store_flow flow = sample_store_flow(j, COUNT, 4 * day_ns);
            assert_true(store_add_flow(store, &flow, &error));
        }
        assert_true(store_commit(store, &error));
        for (size_t j = 0; j < sizeof filters / sizeof filters[0]; j++)
            assert_sums_and_rows_agree(store, &filters[j]);
    }
    assert_true(store_prune(store, SAMPLE_START_NS + day_ns * 3 / 2, 0, &pruned, &error));
    assert_sums_and_rows_agree(store, &filters[0]);
    assert_int_equal(count_flows(store), COUNT - pruned.flows);
    assert_true(store_close(store, NULL));
}

static bool keep_first(void *context, const struct store_flow *flow)
{
    uint64_t *ids = context;
    ids[ids[0] + 1] = flow->flow_id;
    ids[0]++;
    return ids[0] < 4;
}

static void pages_follow_one_another(void **state)
{
    (void)state;
    struct store *store = open_store(":memory:", STORE_APPEND);
    struct error error;
    const struct store_filter all = {0};
    uint64_t together[8] = {0}, apart[8] = {0};
    fill(store, 0, 100);
    assert_true(
        store_flows(store, &all, &(struct store_page){.limit = 4}, keep_first, together, &error));
    assert_true(
        store_flows(store, &all, &(struct store_page){.limit = 2}, keep_first, apart, &error));
    assert_true(store_flows(store, &all, &(struct store_page){.limit = 2, .offset = 2}, keep_first,
                            apart, &error));
    assert_int_equal(together[0], 4);
    assert_memory_equal(together, apart, sizeof together);
    assert_int_equal(together[1], sample_store_flow(99, FLOWS, span_ns).flow_id);
    assert_true(store_close(store, NULL));
}

static bool same_flow(void *context, const struct store_flow *flow)
{
    const struct store_flow *expected = context;
    assert_int_equal(flow->flow_id, expected->flow_id);
    assert_int_equal(flow->first_ns, expected->first_ns);
    assert_int_equal(flow->bytes_back, expected->bytes_back);
    assert_int_equal(flow->initiator_port, expected->initiator_port);
    assert_int_equal(flow->tcp_flags_there, expected->tcp_flags_there);
    assert_memory_equal(&flow->responder, &expected->responder, sizeof flow->responder);
    assert_string_equal(flow->why, expected->why);
    assert_string_equal(flow->hostname, expected->hostname);
    return true;
}

static void a_flow_comes_back_as_it_went(void **state)
{
    (void)state;
    struct store *store = open_store(":memory:", STORE_APPEND);
    struct error error;
    fill(store, 0, 50);
    struct store_flow flow = sample_store_flow(9, FLOWS, span_ns);
    flow.hostname = "\x1b[2J'; DROP TABLE flow; -- \xff\xe2\x80\xae</script>";
    flow.flow_id = 4711;
    flow.bytes_back = INT64_MAX / 2;
    assert_true(store_add_flow(store, &flow, &error));
    assert_true(store_flow_by_id(store, 4711, 0, same_flow, &flow, &error));
    assert_true(store_flow_by_id(store, 4711, flow.first_ns, same_flow, &flow, &error));
    assert_true(store_commit(store, &error));
    assert_int_equal(count_flows(store), 51);
    uint64_t count = 0;
    const struct store_filter hostile = {.search = "'; drop table FLOW"};
    assert_true(store_count_flows(store, &hostile, &count, &error));
    assert_int_equal(count, 1);
    assert_true(store_close(store, NULL));
}

struct seen {
    size_t count;
    struct store_finding last; /* strings are gone */
};

static bool see(void *context, const struct store_finding *finding)
{
    struct seen *seen = context;
    seen->count++;
    seen->last = *finding;
    return true;
}

static struct seen look(struct store *store, const struct store_filter *filter)
{
    struct seen seen = {0};
    struct error error;
    assert_true(store_findings(store, filter, see, &seen, &error));
    return seen;
}

static void a_finding_told_again_is_one_finding(void **state)
{
    (void)state;
    struct store *store = open_store(":memory:", STORE_APPEND);
    const struct store_filter all = {0};
    struct store_finding finding = sample_store_finding();
    struct error error;
    assert_true(store_add_finding_row(store, &finding, &error));
    finding.count = 5;
    finding.stored_ns += 1;
    finding.last_ns += 7;
    assert_true(store_add_finding_row(store, &finding, &error));
    finding.run = "run2";
    finding.count = 2;
    assert_true(store_add_finding_row(store, &finding, &error));
    struct seen seen = look(store, &all);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.count, 7);
    assert_int_equal(seen.last.stored_ns, SAMPLE_START_NS);
    assert_true(store_close(store, NULL));
}

/* More than a batch has room for, before any of them is due. */
static void a_storm_of_findings_is_kept_whole(void **state)
{
    (void)state;
    enum { STORM = 70000 };
    struct store *store = open_store(":memory:", STORE_APPEND);
    const struct store_filter all = {0};
    struct store_finding finding = sample_store_finding();
    struct error error;
    for (finding.count = 1; finding.count <= STORM; finding.count++)
        assert_true(store_add_finding_row(store, &finding, &error));
    assert_int_equal(look(store, &all).last.count, STORM);
    assert_true(store_close(store, NULL));
}

static void an_acknowledgement_holds_until_it_gets_worse(void **state)
{
    (void)state;
    struct store *store = open_store(":memory:", STORE_APPEND);
    const struct store_filter all = {0};
    struct store_finding finding = sample_store_finding();
    struct error error;
    finding.severity = SEVERITY_LOW;
    assert_true(store_add_finding_row(store, &finding, &error));
    const struct store_acknowledgement said = {
        .finding_id = finding.id, .by = "ana", .comment = "a test", .at_ns = 1};
    assert_true(store_acknowledge(store, &said, &error));
    assert_true(look(store, &all).last.is_acknowledged);
    finding.severity = SEVERITY_HIGH;
    assert_true(store_add_finding_row(store, &finding, &error));
    assert_false(look(store, &all).last.is_acknowledged);
    const struct store_acknowledgement unknown = {.finding_id = "ff", .by = "", .comment = ""};
    assert_false(store_acknowledge(store, &unknown, &error));
    assert_true(store_close(store, NULL));
}

static void findings_are_filtered_by_time_host_severity_and_words(void **state)
{
    (void)state;
    struct store *store = open_store(":memory:", STORE_APPEND);
    struct store_finding finding = sample_store_finding();
    struct error error;
    struct store_filter near = {.has_host = true}, far = {.has_host = true};
    assert_true(network_parse("10.0.0.0/30", &near.host));
    assert_true(network_parse("10.0.1.0/24", &far.host));
    assert_true(store_add_finding_row(store, &finding, &error));
    assert_int_equal(look(store, &near).count, 1);
    assert_int_equal(look(store, &far).count, 0);
    assert_int_equal(look(store, &(struct store_filter){.severity = SEVERITY_CRITICAL}).count, 0);
    assert_int_equal(look(store, &(struct store_filter){.service = "netcp"}).count, 1);
    assert_int_equal(look(store, &(struct store_filter){.service = "netc"}).count, 0);
    assert_int_equal(look(store, &(struct store_filter){.search = "BANNER"}).count, 1);
    assert_int_equal(look(store, &(struct store_filter){.search = "absent"}).count, 0);
    assert_int_equal(
        look(store, &(struct store_filter){.since_ns = finding.last_ns + INT64_C(60000000000)})
            .count,
        0);
    assert_true(store_close(store, NULL));
}

/* Every flow three times, as when a capture is read again: pages end within equals, too. */
static void pages_follow_each_other_without_gap_or_repetition(void **state)
{
    (void)state;
    static const struct store_page orders[] = {
        {.by = STORE_FLOWS, .limit = 7},
        {.by = STORE_BYTES, .limit = 7},
        {.by = STORE_LAST, .limit = 7, .is_ascending = true},
    };
    const struct store_filter all = {0};
    struct store *store = open_store(":memory:", STORE_APPEND);
    for (int i = 0; i < 3; i++)
        fill(store, 0, 100);
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct text paged = {0}, whole = {0};
        const struct store_page at_once = {.by = orders[i].by,
                                           .is_ascending = orders[i].is_ascending};
        sample_print_pages(store, &all, &orders[i], 300 / 7 + 1, &paged);
        sample_print_flows(store, &all, &at_once, &whole);
        assert_string_equal(text_words(&paged), text_words(&whole));
        text_free(&paged);
        text_free(&whole);
    }
    store_close(store, NULL);
}

static bool has_none(void *context)
{
    (void)context;
    return false;
}

static void a_question_ends_with_the_patience_for_it(void **state)
{
    (void)state;
    struct error error = {0};
    uint64_t count = 0;
    const struct store_filter searching = {.search = "nowhere"};
    struct store *store = open_store(":memory:", STORE_APPEND);
    fill(store, 0, 2000);
    store_set_patience(store, has_none, NULL);
    assert_false(store_count_flows(store, &searching, &count, &error));
    assert_non_null(strstr(error.text, "took too long"));
    store_set_patience(store, NULL, NULL);
    assert_true(store_count_flows(store, &searching, &count, &error));
    store_close(store, NULL);
}

static void findings_can_be_asked_for_by_when_they_were_stored(void **state)
{
    (void)state;
    struct error error;
    struct text out = {0};
    struct store *store = open_store(":memory:", STORE_APPEND);
    struct store_finding finding = sample_store_finding();
    assert_true(store_add_finding_row(store, &finding, &error));
    const struct store_filter later = {.stored_since_ns = SAMPLE_START_NS + 1};
    const struct store_filter then = {.stored_since_ns = SAMPLE_START_NS};
    sample_print_findings(store, &later, &out);
    assert_string_equal(text_words(&out), "");
    sample_print_findings(store, &then, &out);
    assert_non_null(strstr(text_words(&out), finding.id));
    text_free(&out);
    store_close(store, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_rows_give_the_same_answers),
        cmocka_unit_test(days_are_summed_whatever_the_order_of_their_flows),
        cmocka_unit_test(pages_follow_one_another),
        cmocka_unit_test(a_flow_comes_back_as_it_went),
        cmocka_unit_test(a_finding_told_again_is_one_finding),
        cmocka_unit_test(a_storm_of_findings_is_kept_whole),
        cmocka_unit_test(an_acknowledgement_holds_until_it_gets_worse),
        cmocka_unit_test(findings_are_filtered_by_time_host_severity_and_words),
        cmocka_unit_test(pages_follow_each_other_without_gap_or_repetition),
        cmocka_unit_test(a_question_ends_with_the_patience_for_it),
        cmocka_unit_test(findings_can_be_asked_for_by_when_they_were_stored),
    };
    return cmocka_run_group_tests_name("sqlite store", tests, sample_make_folder,
                                       sample_remove_folder);
}
