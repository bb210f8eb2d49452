/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "classify/classify.h"

#include <stdio.h>
#include <string.h>

static struct service services[] = {
    {.name = "snmp",
     .port = 161,
     .transports = SERVICE_TCP | SERVICE_UDP,
     .application_id = {ENGINE_IANA_L4, 161},
     .expects = "SNMP",
     .defined_at = "services.yaml:9",
     .attributes.values = {"net-admin"}},
    {.name = "netcp",
     .port = 395,
     .transports = SERVICE_TCP | SERVICE_UDP,
     .application_id = {ENGINE_IANA_L4, 395},
     .is_watched = true,
     .expects = "",
     .defined_at = "services.yaml:30",
     .attributes.values = {"net-admin"}},
    {.name = "https",
     .port = 443,
     .transports = SERVICE_TCP | SERVICE_UDP,
     .application_id = {ENGINE_IANA_L4, 443},
     .expects = "HTTP,TLS,QUIC",
     .defined_at = "services.yaml:40",
     .attributes.values = {"browsing"}},
};

static struct application applications[] = {
    {.name = "Google", .attributes.values = {"consumer-internet"}},
    {.name = "SSH", .attributes.values = {"net-admin"}},
};

static struct evidence_rule evidence_rules[] = {
    {.name = "Cassandra",
     .accepted = 1 << EVIDENCE_STRUCTURE,
     .reason = "said of any sixteen equal bytes"},
    {.name = "Z39.50", .accepted = 1 << EVIDENCE_STRUCTURE, .reason = ""},
};

static struct rulebook rulebook;

static int make_rulebook(void **state)
{
    (void)state;
    rulebook = (struct rulebook){
        .services = services,
        .service_count = sizeof services / sizeof services[0],
        .applications = applications,
        .application_count = sizeof applications / sizeof applications[0],
        .evidence = evidence_rules,
        .evidence_count = sizeof evidence_rules / sizeof evidence_rules[0],
        .unknown = {.name = "unknown", .attributes.values = {"other"}},
    };
    port_set_add(&rulebook.watched, 395);
    port_set_add(&rulebook.watched, 9000); /* by --watch, no service */
    return 0;
}

static struct flow flow_between(uint16_t initiator, uint16_t responder, uint8_t protocol)
{
    struct flow flow = {
        .initiator.port = initiator,
        .responder.port = responder,
        .key.protocol = protocol,
        .sides[TO_RESPONDER].payload_bytes = 100,
    };
    return flow;
}

static struct detection detected(const char *name, uint16_t id, enum evidence evidence)
{
    struct detection detection = {
        .application_id = id,
        .evidence = evidence,
        .confidence = CONFIDENCE_DPI,
    };
    const char *dot = strchr(name, '.');
    snprintf(detection.name, sizeof detection.name, "%s", name);
    snprintf(detection.protocol, sizeof detection.protocol, "%s", dot ? dot + 1 : name);
    return detection;
}

static const struct detection nothing;

/* Classifies TCP from `initiator` to `responder`. */
static struct classification classify(uint16_t initiator, uint16_t responder,
                                      struct detection detection)
{
    struct flow flow = flow_between(initiator, responder, TRANSPORT_TCP);
    struct classification answer;
    classify_flow(&rulebook, &flow, &detection, &answer);
    return answer;
}

static void without_payload_a_flow_is_empty(void **state)
{
    (void)state;
    struct flow flow = flow_between(50000, 395, TRANSPORT_TCP);
    struct classification answer;
    flow.sides[TO_RESPONDER].payload_bytes = 0;
    classify_flow(&rulebook, &flow, &nothing, &answer);
    assert_int_equal(answer.verdict, VERDICT_EMPTY);
    assert_string_equal(answer.application, "netcp");
    assert_ptr_equal(answer.assigned, &services[1]);
    assert_int_equal(answer.port_side, PORT_SIDE_RESPONDER);
}

static void payload_that_nothing_recognises_is_unverified(void **state)
{
    (void)state;
    struct classification answer = classify(50000, 395, nothing);
    assert_int_equal(answer.verdict, VERDICT_UNVERIFIED);
    assert_string_equal(answer.application, "netcp");
    assert_int_equal(answer.application_id.engine, ENGINE_IANA_L4);
    assert_int_equal(answer.application_id.selector, 395);
    assert_ptr_equal(answer.attributes, &services[1].attributes);
    assert_int_equal(answer.why_count, 2);
    assert_string_equal(answer.why[0],
                        "port 395/TCP (responder) is assigned to netcp by services.yaml");
}

static void the_expected_protocol_confirms_the_service(void **state)
{
    (void)state;
    struct classification answer = classify(50000, 161, detected("SNMP", 14, EVIDENCE_NONE));
    assert_int_equal(answer.verdict, VERDICT_CONFIRMED);
    assert_string_equal(answer.application, "SNMP");
    assert_int_equal(answer.application_id.engine, ENGINE_NDPI);
    assert_int_equal(answer.application_id.selector, 14);
}

static void any_part_of_a_detected_name_confirms(void **state)
{
    (void)state;
    struct classification answer = classify(50000, 443, detected("TLS.Google", 126, EVIDENCE_NONE));
    assert_int_equal(answer.verdict, VERDICT_CONFIRMED);
    assert_string_equal(answer.application, "Google");
    assert_ptr_equal(answer.attributes, &applications[0].attributes);
    assert_int_equal(classify(50000, 443, detected("TL", 1, EVIDENCE_NONE)).verdict, VERDICT_GUESS);
    assert_int_equal(classify(50000, 443, detected("TLSX", 1, EVIDENCE_NONE)).verdict,
                     VERDICT_GUESS);
}

static void something_else_corroborated_is_a_masquerade(void **state)
{
    (void)state;
    for (int evidence = EVIDENCE_NONE + 1; evidence < EVIDENCES; evidence++) {
        struct classification answer =
            classify(50000, 395, detected("SSH", 92, (enum evidence)evidence));
        assert_int_equal(answer.verdict, VERDICT_MASQUERADE);
        assert_string_equal(answer.application, "SSH");
        assert_int_equal(answer.application_id.engine, ENGINE_NDPI);
        assert_int_equal(answer.application_id.selector, 92);
        assert_ptr_equal(answer.attributes, &applications[1].attributes);
        assert_ptr_equal(answer.assigned, &services[1]);
    }
}

static void something_else_uncorroborated_is_a_guess(void **state)
{
    (void)state;
    struct classification answer = classify(50000, 395, detected("STUN", 78, EVIDENCE_NONE));
    assert_int_equal(answer.verdict, VERDICT_GUESS);
    assert_string_equal(answer.application, "netcp");
    assert_ptr_equal(answer.attributes, &services[1].attributes);
    assert_string_equal(answer.why[1], "nDPI recognised STUN (confidence dpi, evidence none)");
}

static void a_weak_name_needs_the_evidence_of_its_rule(void **state)
{
    (void)state;
    struct classification answer =
        classify(50000, 395, detected("Cassandra", 264, EVIDENCE_SECOND_PACKET));
    assert_int_equal(answer.verdict, VERDICT_GUESS);
    assert_string_equal(answer.why[2], "the evidence is not enough for Cassandra: said of any "
                                       "sixteen equal bytes");
    answer = classify(50000, 395, detected("TLS.cassandra", 264, EVIDENCE_OTHER_DIRECTION));
    assert_int_equal(answer.verdict, VERDICT_GUESS);
    answer = classify(50000, 395, detected("Cassandra", 264, EVIDENCE_STRUCTURE));
    assert_int_equal(answer.verdict, VERDICT_MASQUERADE);
    answer = classify(50000, 395, detected("Cassandr", 264, EVIDENCE_SECOND_PACKET));
    assert_int_equal(answer.verdict, VERDICT_MASQUERADE);
    struct detection dotted = detected("Z39.50", 260, EVIDENCE_SECOND_PACKET);
    snprintf(dotted.protocol, sizeof dotted.protocol, "Z39.50");
    assert_int_equal(classify(50000, 395, dotted).verdict, VERDICT_GUESS);
}

static void a_watched_port_of_the_initiator_alone_is_stray(void **state)
{
    (void)state;
    struct classification answer = classify(395, 22, detected("SSH", 92, EVIDENCE_STRUCTURE));
    assert_int_equal(answer.verdict, VERDICT_STRAY);
    assert_int_equal(answer.port_side, PORT_SIDE_INITIATOR);
    assert_ptr_equal(answer.assigned, &services[1]);
    assert_string_equal(answer.application, "netcp");
    assert_int_equal(classify(9000, 22, nothing).verdict, VERDICT_STRAY);
}

static void the_same_port_on_both_sides_is_said(void **state)
{
    (void)state;
    struct classification answer = classify(395, 395, nothing);
    assert_int_equal(answer.verdict, VERDICT_UNVERIFIED);
    assert_int_equal(answer.port_side, PORT_SIDE_BOTH);
}

static void a_port_without_a_rule_leaves_the_detected_alone(void **state)
{
    (void)state;
    struct classification answer = classify(50000, 2222, detected("SSH", 92, EVIDENCE_NONE));
    assert_int_equal(answer.verdict, VERDICT_UNASSIGNED);
    assert_null(answer.assigned);
    assert_int_equal(answer.port_side, PORT_SIDE_NONE);
    assert_string_equal(answer.application, "SSH");
    answer = classify(50000, 2222, nothing);
    assert_int_equal(answer.verdict, VERDICT_UNASSIGNED);
    assert_string_equal(answer.application, "unknown");
    assert_int_equal(answer.application_id.engine, ENGINE_NDPI);
    assert_int_equal(answer.application_id.selector, 0);
    assert_ptr_equal(answer.attributes, &rulebook.unknown.attributes);
}

static void a_watched_port_may_have_no_service(void **state)
{
    (void)state;
    struct classification answer = classify(50000, 9000, detected("SSH", 92, EVIDENCE_STRUCTURE));
    assert_int_equal(answer.verdict, VERDICT_UNASSIGNED);
    assert_int_equal(answer.port_side, PORT_SIDE_RESPONDER);
    assert_string_equal(answer.why[0], "port 9000/TCP is watched and assigned to nothing in the "
                                       "rules");
}

static void an_odd_transport_has_no_service(void **state)
{
    (void)state;
    struct flow flow = flow_between(50000, 395, TRANSPORT_SCTP);
    struct classification answer;
    classify_flow(&rulebook, &flow, &nothing, &answer);
    assert_int_equal(answer.verdict, VERDICT_UNASSIGNED);
    assert_null(answer.assigned);
}

static void a_watched_port_goes_before_one_with_a_service(void **state)
{
    (void)state;
    assert_string_equal(classify(161, 395, nothing).assigned->name, "netcp");
    struct classification answer = classify(395, 161, nothing);
    assert_string_equal(answer.assigned->name, "netcp");
    assert_int_equal(answer.verdict, VERDICT_STRAY);
}

static void an_unwatched_port_of_the_initiator_needs_the_payloads_word(void **state)
{
    (void)state;
    assert_int_equal(classify(161, 50000, nothing).verdict, VERDICT_UNASSIGNED);
    struct classification answer = classify(161, 50000, detected("SNMP", 14, EVIDENCE_NONE));
    assert_int_equal(answer.verdict, VERDICT_CONFIRMED);
    assert_int_equal(answer.port_side, PORT_SIDE_INITIATOR);
}

static void a_flow_without_ports_has_no_service(void **state)
{
    (void)state;
    struct flow flow = flow_between(0, 0, 1);
    struct detection icmp = detected("ICMP", 81, EVIDENCE_NONE);
    struct classification answer;
    classify_flow(&rulebook, &flow, &icmp, &answer);
    assert_int_equal(answer.verdict, VERDICT_UNASSIGNED);
    assert_int_equal(answer.port_side, PORT_SIDE_NONE);
    assert_string_equal(answer.application, "ICMP");
    assert_string_equal(answer.why[0], "the flow has no ports");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_payload_a_flow_is_empty),
        cmocka_unit_test(payload_that_nothing_recognises_is_unverified),
        cmocka_unit_test(the_expected_protocol_confirms_the_service),
        cmocka_unit_test(any_part_of_a_detected_name_confirms),
        cmocka_unit_test(something_else_corroborated_is_a_masquerade),
        cmocka_unit_test(something_else_uncorroborated_is_a_guess),
        cmocka_unit_test(a_weak_name_needs_the_evidence_of_its_rule),
        cmocka_unit_test(a_watched_port_of_the_initiator_alone_is_stray),
        cmocka_unit_test(the_same_port_on_both_sides_is_said),
        cmocka_unit_test(a_port_without_a_rule_leaves_the_detected_alone),
        cmocka_unit_test(a_watched_port_may_have_no_service),
        cmocka_unit_test(an_odd_transport_has_no_service),
        cmocka_unit_test(a_watched_port_goes_before_one_with_a_service),
        cmocka_unit_test(an_unwatched_port_of_the_initiator_needs_the_payloads_word),
        cmocka_unit_test(a_flow_without_ports_has_no_service),
    };
    return cmocka_run_group_tests(tests, make_rulebook, NULL);
}
