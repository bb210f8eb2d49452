/* SPDX-License-Identifier: Apache-2.0
 *
 * Detectors that judge by one flow: what is just enough fires, what is just not enough is silent.
 */
#include "unit.h"

#include "watching.h"

#include <string.h>

/* What is changed in a record of an answered TCP talk before it is shown. */
typedef void change_fn(struct flow_record *record);

static void no_change(struct flow_record *record)
{
    (void)record;
}

static void masquerade(struct flow_record *record)
{
    record->classification.verdict = VERDICT_MASQUERADE;
    record->detection.evidence = EVIDENCE_STRUCTURE;
    memcpy(record->detection.name, "HTTP", sizeof "HTTP");
    memcpy(record->detection.protocol, "HTTP", sizeof "HTTP");
}

static void guess(struct flow_record *record)
{
    masquerade(record);
    record->classification.verdict = VERDICT_GUESS;
}

static void masquerade_of_ssh(struct flow_record *record)
{
    masquerade(record);
    memcpy(record->detection.protocol, "SSH", sizeof "SSH");
}

static void clear_text(struct flow_record *record)
{
    masquerade(record);
    record->detection.risks = UINT64_C(1) << 36;
}

static void clear_text_guessed(struct flow_record *record)
{
    clear_text(record);
    record->classification.verdict = VERDICT_GUESS;
}

static void unusual_port_only(struct flow_record *record)
{
    masquerade(record);
    record->detection.risks = UINT64_C(1) << 5;
}

static void lone_flags(struct flow_record *record, uint8_t flags)
{
    record->flow.sides[TO_RESPONDER].tcp_flags = flags;
    record->flow.history[0] = '\0';
}

static void null_flags(struct flow_record *record)
{
    lone_flags(record, 0);
}

static void null_flags_in_fragment(struct flow_record *record)
{
    lone_flags(record, 0);
    record->flow.marks |= FLOW_MARK_FRAGMENTS;
}

static void xmas(struct flow_record *record)
{
    lone_flags(record, TCP_FIN | TCP_PSH | TCP_URG);
}

static void fin(struct flow_record *record)
{
    lone_flags(record, TCP_FIN);
}

static void fin_of_an_old_conversation(struct flow_record *record)
{
    lone_flags(record, TCP_FIN | TCP_ACK);
}

static void syn_fin(struct flow_record *record)
{
    memcpy(record->flow.history, "Q", sizeof "Q");
}

static void overlap(struct flow_record *record)
{
    record->flow.marks = FLOW_MARK_FRAGMENT_OVERLAP;
}

static void bad_length(struct flow_record *record)
{
    record->flow.marks = FLOW_MARK_BAD_LENGTH;
}

static void cut_by_snaplen(struct flow_record *record)
{
    record->flow.marks = FLOW_MARK_TRUNCATED | FLOW_MARK_FRAGMENTS;
}

static void by_first_packet(struct flow_record *record)
{
    record->flow.orientation = ORIENTED_BY_FIRST_PACKET;
}

enum { NOT = -1 };

static const struct {
    const char *name;
    struct talk talk;
    change_fn *change;
    const char *detector;
    int severity; /* NOT: silent */
} cases[] = {
    {"an answer", {.port = 155}, no_change, "listener", SEVERITY_LOW},
    {"silence", {.port = 155, .outcome = SILENT}, no_change, "listener", NOT},
    {"refusal", {.port = 155, .outcome = REFUSED}, no_change, "listener", NOT},
    {"SYN-ACK", {.port = 155, .outcome = HALF_OPEN}, no_change, "listener", SEVERITY_LOW},
    {"an unwatched port", {.port = 156}, no_change, "listener", NOT},
    {"UDP answered", {.port = 155, .protocol = TRANSPORT_UDP}, no_change, "listener", SEVERITY_LOW},
    {"UDP silent",
     {.port = 155, .protocol = TRANSPORT_UDP, .outcome = SILENT},
     no_change,
     "listener",
     NOT},
    {"corroborated", {0}, masquerade, "masquerade", SEVERITY_MEDIUM},
    {"corroborated shell", {0}, masquerade_of_ssh, "masquerade", SEVERITY_HIGH},
    {"guessed", {0}, guess, "masquerade", NOT},
    {"a password", {0}, clear_text, "risk", SEVERITY_MEDIUM},
    {"a password in a guess", {0}, clear_text_guessed, "risk", NOT},
    {"an unusual port", {0}, unusual_port_only, "risk", NOT},
    {"no flags", {.outcome = SILENT}, null_flags, "tcp-abuse", SEVERITY_LOW},
    {"no flags, a fragment", {.outcome = SILENT}, null_flags_in_fragment, "tcp-abuse", NOT},
    {"XMAS", {.outcome = SILENT}, xmas, "tcp-abuse", SEVERITY_LOW},
    {"FIN", {.outcome = SILENT}, fin, "tcp-abuse", SEVERITY_LOW},
    {"FIN with ACK", {.outcome = SILENT}, fin_of_an_old_conversation, "tcp-abuse", NOT},
    {"SYN and FIN", {.outcome = SILENT}, syn_fin, "tcp-abuse", SEVERITY_LOW},
    {"a usual history", {0}, no_change, "tcp-abuse", NOT},
    {"overlap", {0}, overlap, "malformed", SEVERITY_MEDIUM},
    {"a length that lies", {0}, bad_length, "malformed", SEVERITY_LOW},
    {"snap length", {0}, cut_by_snaplen, "malformed", NOT},
    {"SCTP", {.protocol = TRANSPORT_SCTP}, no_change, "odd-transport", SEVERITY_MEDIUM},
    {"SCTP without answer",
     {.protocol = TRANSPORT_SCTP, .outcome = SILENT},
     no_change,
     "odd-transport",
     SEVERITY_LOW},
    {"UDP is not odd", {.protocol = TRANSPORT_UDP}, no_change, "odd-transport", NOT},
    {"client port 1023", {.client_port = 1023}, no_change, "privileged-client", SEVERITY_LOW},
    {"client port 1024", {.client_port = 1024}, no_change, "privileged-client", NOT},
    {"the same port twice", {.client_port = 154}, no_change, "privileged-client", NOT},
    {"from 395 to 22", {.client_port = 395, .port = 22}, no_change, "source-port", SEVERITY_MEDIUM},
    {"from 395 to 33000",
     {.client_port = 395, .port = 33000},
     no_change,
     "source-port",
     SEVERITY_LOW},
    {"a lone SYN from 395",
     {.client_port = 395, .port = 22, .outcome = SILENT},
     no_change,
     "source-port",
     SEVERITY_INFO},
    {"nobody saw who began", {.client_port = 395, .port = 22}, by_first_packet, "source-port", NOT},
    {"395 on both sides", {.client_port = 395, .port = 395}, no_change, "source-port", NOT},
    {"from outside", {.client = "198.51.100.1"}, no_change, "exposure", SEVERITY_HIGH},
    {"tried from outside",
     {.client = "198.51.100.1", .outcome = SILENT},
     no_change,
     "exposure",
     SEVERITY_LOW},
    {"to the outside", {.server = "198.51.100.1"}, no_change, "exposure", SEVERITY_MEDIUM},
    {"inside", {0}, no_change, "exposure", NOT},
    {"both outside", {.client = "192.0.2.1", .server = "198.51.100.1"}, no_change, "exposure", NOT},
    {"payload on TCP 154", {0}, no_change, "port-note", SEVERITY_INFO},
    {"no payload on TCP 154", {.outcome = SILENT}, no_change, "port-note", NOT},
    {"payload on UDP 154", {.protocol = TRANSPORT_UDP}, no_change, "port-note", NOT},
    {"payload on 155", {.port = 155}, no_change, "port-note", NOT},
};

static void each_fires_when_it_should_and_only_then(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const char *const alone[] = {"scan=off", NULL};
        struct watching w = {0};
        watching_begin(&w, alone);
        cases[i].change(watching_record(&w, &cases[i].talk));
        watching_show(&w);
        watching_end(&w);
        const struct finding *finding = watching_find(&w, cases[i].detector);
        int severity = finding ? (int)finding->severity : NOT;
        if (severity != cases[i].severity)
            fail_msg("%s: %s has severity %d, not %d", cases[i].name, cases[i].detector, severity,
                     cases[i].severity);
        if (finding) {
            assert_true(finding->title[0] && finding->why_count > 0 && finding->host_count == 2);
            assert_true(finding->display_filter[0] && finding->capture_filter[0]);
            assert_true(finding->next && finding->attack_id && finding->confidence > 0);
            assert_int_equal(finding->example_flow_count, 1);
        }
        watching_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fires_when_it_should_and_only_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
