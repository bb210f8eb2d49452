/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "samples.h"
#include "schema.h"

#include "output/eve.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *parse(const char *line)
{
    json_error_t problem;
    json_t *value = json_loads(line, JSON_REJECT_DUPLICATES, &problem);
    if (!value)
        fail_msg("%s: %s", problem.text, line);
    return value;
}

/* The event of a record, parsed; the caller releases it. */
static json_t *event_of(const struct flow_record *record)
{
    struct text line = {0};
    eve_add_flow(&line, record);
    json_t *event = parse(text_words(&line));
    text_free(&line);
    return event;
}

static const char *word_at(const json_t *object, const char *key, const char *inner)
{
    const json_t *value = json_object_get(object, key);
    return json_string_value(inner ? json_object_get(value, inner) : value);
}

static void a_flow_is_written_as_the_contract_says(void **state)
{
    (void)state;
    struct flow_record record;
    struct text line = {0};
    sample_flow(&record);
    eve_add_flow(&line, &record);
    assert_string_equal(
        text_words(&line),
        "{\"timestamp\":\"2026-11-20T09:15:00.123456+0000\",\"flow_id\":4711,"
        "\"pcap_filename\":\"lab.pcap\",\"event_type\":\"flow\",\"vlan\":[154],"
        "\"src_ip\":\"192.0.2.1\",\"src_port\":40000,\"dest_ip\":\"192.0.2.2\",\"dest_port\":395,"
        "\"proto\":\"TCP\",\"ip_v\":4,\"community_id\":\"1:oirygTSnk8e324fqwaUQLXCcHg4=\","
        "\"app_proto\":\"ssh\","
        "\"flow\":{\"pkts_toserver\":6,\"pkts_toclient\":5,\"bytes_toserver\":600,"
        "\"bytes_toclient\":780,\"start\":\"2026-11-20T09:15:00.123456+0000\","
        "\"end\":\"2026-11-20T09:15:02.623456+0000\",\"age\":2,\"state\":\"established\","
        "\"reason\":\"timeout\"},"
        "\"tcp\":{\"tcp_flags\":\"1b\",\"tcp_flags_ts\":\"1a\",\"tcp_flags_tc\":\"13\","
        "\"state\":\"close_wait\",\"history\":\"ShADadf\"},"
        "\"ndpi\":{\"proto\":\"SSH\",\"proto_id\":\"92\",\"confidence\":\"dpi\","
        "\"evidence\":\"other-direction\",\"why\":\"both directions say so\","
        "\"category\":\"RemoteAccess\",\"packets_inspected\":4,"
        "\"risks\":[\"known-protocol-on-non-standard-port\",\"risk-63\"],"
        "\"ssh_client\":\"SSH-2.0-OpenSSH_9.2\",\"ssh_server\":\"SSH-2.0-OpenSSH_8.4\"},"
        "\"portscope\":{\"assigned\":\"netcp\",\"application\":\"SSH\","
        "\"application_id\":\"22:92\",\"port_side\":\"responder\",\"verdict\":\"masquerade\","
        "\"why\":[\"395/tcp is netcp, the payload is SSH\",\"both directions say so\"],"
        "\"attributes\":{\"category\":\"net-admin\",\"sub-category\":\"terminal\","
        "\"application-group\":\"other\",\"traffic-class\":\"ops-admin-mgmt\","
        "\"business-relevance\":\"relevant\",\"p2p-technology\":\"p2p-tech-no\","
        "\"tunnel\":\"tunnel-no\",\"encrypted\":\"encrypted-yes\"},"
        "\"conn_state\":\"S3\",\"end\":\"idle\","
        "\"payload\":{\"bytes_toserver\":180,\"bytes_toclient\":400,\"entropy\":4.164,"
        "\"first_toserver\":\"SSH-2.0-Open\\\\\\\\\\\"\\\\x1b\\\\xff\","
        "\"first_toserver_hex\":\"5353482d322e302d4f70656e5c221bff\","
        "\"first_toclient\":\"SSH\",\"first_toclient_hex\":\"535348\"},"
        "\"tunnel\":{\"kind\":\"vxlan\",\"id\":77,\"depth\":1},"
        "\"marks\":[\"truncated\",\"dpi-budget\"]}}");
    text_free(&line);
}

static void every_line_is_json_and_fits_its_schema(void **state)
{
    (void)state;
    struct schemas *schemas = schemas_load();
    struct flow_record record;
    for (size_t i = 0; hostile_strings[i]; i++) {
        sample_flow(&record);
        sample_with_hostile_strings(&record, hostile_strings[i]);
        char *lines = sample_written("eve", &record);
        char *rest = lines;
        size_t count = 0;
        for (char *line; (line = strsep(&rest, "\n")) && *line; count++) {
            json_t *event = parse(line);
            schemas_check(schemas, event);
            json_decref(event);
        }
        assert_int_equal(count, 3);
        free(lines);
    }
    schemas_free(schemas);
}

static void a_strangers_string_comes_back_as_it_was(void **state)
{
    (void)state;
    static const char string[] = "d\xc3\xa9j\xc3\xa0 \"vu\"\\\x1b\n";
    struct flow_record record;
    struct text line = {0};
    sample_flow(&record);
    sample_with_hostile_strings(&record, string);
    eve_add_flow(&line, &record);
    assert_null(strpbrk(text_words(&line), "\n\x1b"));
    json_t *event = parse(text_words(&line));
    assert_string_equal(word_at(event, "ndpi", "hostname"), string);
    json_decref(event);
    text_free(&line);
}

static void a_bare_datagram_has_no_tcp_no_tunnel_and_no_detection(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    record.flow.key.protocol = TRANSPORT_UDP;
    record.flow.key.tunnel = (struct tunnel){0};
    record.flow.key.vlan_count = 0;
    record.flow.sample = NULL;
    record.flow.sides[TO_INITIATOR] = (struct flow_side){0};
    record.detection = (struct detection){0};
    record.classification.assigned = NULL;
    record.is_live = true;
    record.input = "eth0";
    json_t *event = event_of(&record);
    json_t *ours = json_object_get(event, "portscope");
    const char *const absent[] = {"tcp", "vlan", "ndpi", "app_proto", "pcap_filename"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_null(json_object_get(event, absent[i]));
    assert_null(json_object_get(ours, "tunnel"));
    assert_null(json_object_get(ours, "assigned"));
    assert_null(word_at(ours, "payload", "entropy"));
    assert_string_equal(word_at(event, "in_iface", NULL), "eth0");
    assert_string_equal(word_at(event, "flow", "state"), "new");
    struct schemas *schemas = schemas_load();
    schemas_check(schemas, event);
    schemas_free(schemas);
    json_decref(event);
}

static void payload_without_a_name_is_failed(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    record.detection = (struct detection){.packets_inspected = 7};
    json_t *event = event_of(&record);
    assert_string_equal(word_at(event, "app_proto", NULL), "failed");
    assert_string_equal(word_at(event, "ndpi", "proto"), "Unknown");
    json_decref(event);
}

static void times_at_the_ends_of_the_range_do_no_harm(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MIN, -1, 0, INT64_MAX};
    struct flow_record record;
    for (size_t i = 0; i < 16; i++) {
        sample_flow(&record);
        record.flow.first_ns = times[i / 4];
        record.flow.last_ns = times[i % 4];
        json_decref(event_of(&record));
    }
}

static void a_finding_is_an_alert_with_one_as_the_worst_severity(void **state)
{
    (void)state;
    struct finding finding;
    struct text line = {0};
    sample_finding(&finding);
    eve_add_alert(&line, &finding);
    assert_string_equal(
        text_words(&line),
        "{\"timestamp\":\"2026-11-20T09:16:00.000000+0000\",\"flow_id\":4711,"
        "\"event_type\":\"alert\",\"src_ip\":\"192.0.2.1\",\"src_port\":40000,"
        "\"dest_ip\":\"192.0.2.2\",\"dest_port\":395,\"proto\":\"TCP\",\"ip_v\":4,"
        "\"alert\":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":395001,\"rev\":1,"
        "\"signature\":\"SSH runs on the port of netcp\",\"category\":\"Non-Standard Port\","
        "\"severity\":2,\"metadata\":{\"mitre_technique_id\":[\"T1571\"],"
        "\"mitre_technique_name\":[\"Non-Standard Port\"]}},"
        "\"portscope\":{\"finding\":{\"id\":\"masquerade\",\"severity\":\"high\","
        "\"confidence\":90,\"count\":3,\"first\":\"2026-11-20T09:15:00.000000+0000\","
        "\"last\":\"2026-11-20T09:16:00.000000+0000\",\"service\":\"netcp\","
        "\"hosts\":[\"192.0.2.1\",\"192.0.2.2\"],\"hosts_total\":2,"
        "\"why\":[\"both sides greet with SSH-2.0\",\"nothing else was seen on 395/tcp\"],"
        "\"next\":\"Ask the owner of 192.0.2.2 what listens on 395/tcp.\","
        "\"evidence\":{\"filter\":\"tcp.port == 395\",\"capture_filter\":\"tcp port 395\","
        "\"flow_ids\":[4711]}}}}");
    text_free(&line);
}

static void the_statistics_say_whether_they_balance(void **state)
{
    (void)state;
    struct totals totals;
    struct text line = {0};
    sample_totals(&totals);
    struct sink_report report = {.format = "eve", .target = "out.json", .counts = {9, 8, 1}};
    struct sink_stats stats = {
        .totals = &totals, .is_last = true, .sinks = &report, .sink_count = 1};
    for (int lost = 0; lost < 2; lost++) {
        totals.capture.decoded -= (uint64_t)lost;
        text_clear(&line);
        eve_add_stats(&line, &stats);
        json_t *event = parse(text_words(&line));
        json_t *said = json_object_get(event, "stats");
        json_t *balanced = json_object_get(json_object_get(said, "capture"), "balanced");
        assert_int_equal(json_is_true(balanced), !lost);
        json_t *sink = json_array_get(json_object_get(said, "sinks"), 0);
        assert_int_equal(json_integer_value(json_object_get(sink, "failed")), 1);
        json_decref(event);
    }
    text_free(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_is_written_as_the_contract_says),
        cmocka_unit_test(every_line_is_json_and_fits_its_schema),
        cmocka_unit_test(a_strangers_string_comes_back_as_it_was),
        cmocka_unit_test(a_bare_datagram_has_no_tcp_no_tunnel_and_no_detection),
        cmocka_unit_test(payload_without_a_name_is_failed),
        cmocka_unit_test(times_at_the_ends_of_the_range_do_no_harm),
        cmocka_unit_test(a_finding_is_an_alert_with_one_as_the_worst_severity),
        cmocka_unit_test(the_statistics_say_whether_they_balance),
    };
    return cmocka_run_group_tests(tests, sample_make_folder, sample_remove_folder);
}
