/* SPDX-License-Identifier: Apache-2.0 */
#include "review/asset.h"
#include "review/html.h"
#include "review/report.h"

#include "unit.h"

#include <gcrypt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define HOSTILE "</script><!--\"'><img src=x onerror=alert(1)>\xe2\x80\xae\xff&amp;\x01"
/* The same, as a page may show it. */
#define HARMLESS                                                                                   \
    "&lt;/script&gt;&lt;!--&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;"                      \
    "\\xe2\\x80\\xae\\xff&amp;amp;\\x01"

static const int64_t start_ns = INT64_C(1795132800) * 1000000000; /* 2026-11-20 00:00 UTC */

static int64_t no_clock(void)
{
    return 0;
}

static struct store *new_store(void)
{
    const struct store_options options = {
        .temporary_folder = ".", .mode = STORE_APPEND, .now_ns = no_clock};
    struct error error;
    struct store *store = store_open(&options, &error);
    assert_non_null(store);
    return store;
}

static struct store_flow flow_of(uint64_t number, const char *service, const char *verdict)
{
    return (struct store_flow){
        .flow_id = number + 1,
        .first_ns = start_ns + (int64_t)number * 1000000000,
        .last_ns = start_ns + (int64_t)number * 1000000000 + 500,
        .probe = "",
        .input = "",
        .initiator = {.bytes = {192, 0, 2, 10}, .version = 4},
        .responder = {.bytes = {198, 51, 100, 20}, .version = 4},
        .responder_port = 395,
        .protocol = TRANSPORT_TCP,
        .service = service,
        .application = service,
        .application_id = "3:395",
        .category = "",
        .traffic_class = "",
        .business_relevance = "",
        .verdict = verdict,
        .port_side = "responder",
        .detected = "",
        .detected_id = "",
        .confidence = "",
        .evidence = "",
        .why = "",
        .risks = "",
        .marks = "",
        .packets_there = 3,
        .bytes_there = 300,
        .conn_state = "SF",
        .end_reason = "closed",
        .history = "",
        .hostname = "",
        .metadata = "{\"fingerprint\":\"0011223344556677\",\"entropy\":\"7.125\","
                    "\"form_there\":\"binary, 20 to 24 bytes\"}",
        .first_there = "3c62723e",
        .first_back = "",
        .vlans = "",
        .tunnel = "",
    };
}

static struct store_finding finding_of(uint64_t number, const char *title, char id[17])
{
    snprintf(id, 17, "%016" PRIx64, number);
    return (struct store_finding){
        .id = id,
        .run = "1",
        .probe = "",
        .detector = "masquerade",
        .severity = SEVERITY_HIGH,
        .confidence = 90,
        .title = title,
        .why = title,
        .next = "Ask.",
        .attack_id = "",
        .attack_name = "",
        .count = 3,
        .first_ns = start_ns,
        .last_ns = start_ns,
        .hosts = "192.0.2.10 198.51.100.20",
        .hosts_total = 5,
        .service = title,
        .flow = "",
        .flow_ids = "",
        .display_filter = title,
        .capture_filter = "",
        .evidence_file = "",
        .acknowledged_by = "",
        .comment = "",
    };
}

static void add_flows(struct store *store, uint64_t count, const char *service, const char *verdict)
{
    struct error error;
    for (uint64_t i = 0; i < count; i++) {
        struct store_flow flow = flow_of(i, service, verdict);
        assert_true(store_add_flow(store, &flow, &error));
    }
}

static void add_finding(struct store *store, uint64_t number, const char *title)
{
    char id[17];
    struct error error;
    struct store_finding finding = finding_of(number, title, id);
    assert_true(store_add_finding_row(store, &finding, &error));
}

static char *report_of(struct store *store, const struct totals *totals)
{
    const struct report_source source = {
        .name = HOSTILE, .scope = HOSTILE, .version = "1", .totals = totals};
    struct review review = {.store = store};
    struct text page = {0};
    struct error error;
    assert_true(store_commit(store, &error));
    assert_true(review_report(&review, &source, &page, &error));
    return page.data;
}

static size_t count_of(const char *text, const char *words)
{
    size_t count = 0;
    for (; (text = strstr(text, words)) != NULL; text += strlen(words))
        count++;
    return count;
}

static void words_of_strangers_make_no_tag_and_end_no_attribute(void **state)
{
    struct text text = {0};
    (void)state;
    html_words(&text, HOSTILE);
    assert_string_equal(text.data, HARMLESS);
    text_free(&text);
}

static void words_without_end_are_cut(void **state)
{
    char words[5000];
    struct text text = {0};
    (void)state;
    memset(words, 'x', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    html_words(&text, words);
    assert_int_equal(text.length, HTML_WORDS_MAX + strlen("&hellip;"));
    text_free(&text);
}

static void json_ends_no_script_element(void **state)
{
    struct text text = {0};
    (void)state;
    html_json(&text, "{\"a\":\"</script><!--&\"}");
    assert_string_equal(text.data, "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}");
    text_free(&text);
}

static void an_asset_is_let_in_by_its_own_hash(void **state)
{
    char hash[ASSET_HASH_SIZE];
    uint8_t digest[32];
    (void)state;
    assert_null(asset_find("nothing.js"));
    for (const struct asset *asset = assets; asset->name; asset++) {
        gcry_md_hash_buffer(GCRY_MD_SHA256, digest, asset->bytes.at, asset->bytes.length);
        assert_memory_equal(digest, asset->sha256, sizeof digest);
        assert_ptr_equal(asset_find(asset->name), asset);
    }
    /* RFC 6234's "abc". */
    const struct asset abc = {.sha256 = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
                                         0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                         0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
                                         0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad}};
    assert_string_equal(asset_hash(&abc, hash),
                        "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

static void a_report_of_nothing_says_so_in_every_section(void **state)
{
    struct store *store = new_store();
    (void)state;
    char *page = report_of(store, NULL);
    assert_non_null(strstr(page, "<h1>Nothing was seen on the watched ports</h1>"));
    assert_int_equal(count_of(page, "<section class=\"card\""), 6);
    assert_non_null(strstr(page, "not known, for no run's statistics were recorded"));
    free(page);
    store_close(store, NULL);
}

static void hostile_names_are_only_shown(void **state)
{
    struct store *store = new_store();
    (void)state;
    add_flows(store, 3, HOSTILE, "unverified");
    add_flows(store, 3, HOSTILE, HOSTILE);
    add_finding(store, 1, HOSTILE);
    char *page = report_of(store, NULL);
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "<!--"));
    assert_null(strstr(page, "\xe2\x80\xae"));
    assert_null(strchr(page, '\x01'));
    assert_int_equal(count_of(page, "</script>"), 4); /* three of ours and the data */
    assert_true(count_of(page, HARMLESS) >= 6);
    free(page);
    store_close(store, NULL);
}

static void what_was_seen_is_said_in_words(void **state)
{
    struct store *store = new_store();
    struct error error;
    struct totals totals = {.capture = {.packets_read = 100,
                                        .decoded = 60,
                                        .filtered = 30,
                                        .malformed = 10,
                                        .inputs = 3,
                                        .inputs_damaged = 1,
                                        .interface_dropped = -1},
                            .limits_hit = {[LIMIT_MAX_FLOWS] = 4},
                            .limit_values = {[LIMIT_MAX_FLOWS] = 1000}};
    (void)state;
    add_flows(store, 20, "netcp", "masquerade");
    add_flows(store, 5, "netsc-dev", "unverified");
    add_finding(store, 1, "198.51.100.20 on TCP 395 (netcp) speaks SSH");
    add_finding(store, 2, "and so on");
    assert_true(store_add_totals(store, &totals, 0, true, &error));
    char *page = report_of(store, &totals);
    static const char *const said[] = {
        "2 high findings: ",
        ", and 1 more</h1>",
        "Seen: 25 flows of 75 packets and 7.5 KB, from 2026-11-20 00:00:00",
        "What limited this answer: 1 of 3 inputs was damaged part-way; a limit was reached 4 "
        "times; 10 packets malformed.",
        "<b>100</b> read = <b>60</b> decoded + <b>30</b> filtered",
        ">balanced<",
        "max_flows of 1,000, 4 times: the flow idle the longest ended early",
        "192.0.2.10, 198.51.100.20 and 3 more",
        "0011223344556677",
        "binary, 20 to 24 bytes",
        "<code>3c 62 72 3e</code> <code class=\"quiet\">&lt;br&gt;</code>",
        "\"series\":[{\"name\":\"masquerade\",\"values\":[20",
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (!strstr(page, said[i]))
            fail_msg("the page does not say: %s", said[i]);
    }
    free(page);
    store_close(store, NULL);
}

static void counts_that_do_not_add_up_are_told(void **state)
{
    struct store *store = new_store();
    struct error error;
    struct totals totals = {.capture = {.packets_read = 7, .decoded = 6, .inputs = 1}};
    (void)state;
    assert_true(store_add_totals(store, &totals, 0, true, &error));
    char *page = report_of(store, &totals);
    assert_non_null(strstr(page, "the packet counts do not add up"));
    assert_non_null(strstr(page, "does not balance"));
    free(page);
    store_close(store, NULL);
}

static void equal_rows_make_equal_pages(void **state)
{
    char *pages[2];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct store *store = new_store();
        add_flows(store, 50, "netcp", "masquerade");
        add_finding(store, 1, "speaks SSH");
        pages[i] = report_of(store, NULL);
        store_close(store, NULL);
    }
    assert_string_equal(pages[0], pages[1]);
    free(pages[0]);
    free(pages[1]);
}

static void a_page_is_bounded_and_says_what_it_left_out(void **state)
{
    struct store *store = new_store();
    char title[400];
    (void)state;
    memset(title, '\'', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    for (uint64_t i = 0; i < 3000; i++)
        add_finding(store, i, title);
    for (uint64_t i = 0; i < 500; i++) {
        char service[64];
        snprintf(service, sizeof service, "%.50s%u", title, (unsigned)i);
        add_flows(store, 2, service, i % 2 ? "masquerade" : "unverified");
    }
    char *page = report_of(store, NULL);
    assert_true(strlen(page) < 400000);
    assert_non_null(strstr(page, " more findings, none of them worse"));
    assert_non_null(strstr(page, "495 other services"));
    assert_non_null(strstr(page, " more rows, of "));
    free(page);
    store_close(store, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_strangers_make_no_tag_and_end_no_attribute),
        cmocka_unit_test(words_without_end_are_cut),
        cmocka_unit_test(json_ends_no_script_element),
        cmocka_unit_test(an_asset_is_let_in_by_its_own_hash),
        cmocka_unit_test(a_report_of_nothing_says_so_in_every_section),
        cmocka_unit_test(hostile_names_are_only_shown),
        cmocka_unit_test(what_was_seen_is_said_in_words),
        cmocka_unit_test(counts_that_do_not_add_up_are_told),
        cmocka_unit_test(equal_rows_make_equal_pages),
        cmocka_unit_test(a_page_is_bounded_and_says_what_it_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
