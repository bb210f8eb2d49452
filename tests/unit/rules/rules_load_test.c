/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "model/packet.h"
#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static struct error error;

/* Rule files of a test; written to a folder of their own. */
static char folder[] = P_tmpdir "/portscope-rules-XXXXXX";
static char paths[2][64];

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/site%d.yaml", folder, i + 1);
        unlink(paths[i]);
    }
    return rmdir(folder);
}

static void write_file(int number, const char *yaml)
{
    snprintf(paths[number], sizeof paths[number], "%s/site%d.yaml", folder, number + 1);
    FILE *file = fopen(paths[number], "w");
    assert_non_null(file);
    fputs(yaml, file);
    fclose(file);
}

/* The shipped rules with up to two site files over them. */
static struct rulebook *load(const char *first, const char *second, const char *watch)
{
    const char *files[] = {paths[0], paths[1]};
    const struct rules_options options = {
        .directory = SHIPPED_RULES,
        .files = files,
        .file_count = (size_t)((first != NULL) + (second != NULL)),
        .watch = watch,
    };
    error.text[0] = '\0';
    if (first)
        write_file(0, first);
    if (second)
        write_file(1, second);
    struct rulebook *rulebook = rules_load(&options, &error);
    assert_true((rulebook == NULL) == (error.text[0] != '\0'));
    return rulebook;
}

static struct rulebook *load_well(const char *first, const char *second, const char *watch)
{
    struct rulebook *rulebook = load(first, second, watch);
    assert_string_equal(error.text, "");
    return rulebook;
}

/* "other port-page, other own, ...": the attributes in their order. */
static const char *attributes_text(const struct attributes *attributes)
{
    static char words[512];
    size_t length = 0;
    for (unsigned i = 0; i < ATTRIBUTES; i++)
        length +=
            (size_t)snprintf(words + length, sizeof words - length, "%s%s %s", i > 0 ? ", " : "",
                             attributes->values[i], provenance_name(attributes->sources[i]));
    return words;
}

static void the_three_ports_are_tagged_as_decided(void **state)
{
    (void)state;
    static const struct {
        uint16_t port;
        const char *name, *attributes;
    } ours[] = {
        {154, "netsc-prod",
         "other port-page, other own, other own, bulk-data port-page, default own, "
         "unassigned own, unassigned own, unassigned own"},
        {155, "netsc-dev",
         "other own, other own, other own, bulk-data own, default own, "
         "unassigned own, unassigned own, unassigned own"},
        {395, "netcp",
         "net-admin own, network-management own, other own, ops-admin-mgmt own, "
         "business-relevant own, no own, no own, unassigned own"},
    };
    struct rulebook *rulebook = load_well(NULL, NULL, NULL);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        const struct service *service = rulebook_service(rulebook, ours[i].port, TRANSPORT_UDP);
        assert_non_null(service);
        assert_string_equal(service->name, ours[i].name);
        assert_int_equal(service->source, PROVENANCE_DOCUMENTED);
        assert_int_equal(service->application_id.engine, ENGINE_IANA_L4);
        assert_int_equal(service->application_id.selector, ours[i].port);
        assert_int_equal(service->id_source, PROVENANCE_DOCUMENTED);
        assert_string_equal(service->expects, "");
        assert_true(service->is_watched);
        assert_string_equal(attributes_text(&service->attributes), ours[i].attributes);
        assert_ptr_equal(rulebook_service(rulebook, ours[i].port, TRANSPORT_TCP), service);
        assert_null(rulebook_service(rulebook, ours[i].port, TRANSPORT_SCTP));
    }
    rules_free(rulebook);
}

static void nothing_but_the_three_ports_is_watched(void **state)
{
    (void)state;
    struct rulebook *rulebook = load_well(NULL, NULL, NULL);
    for (uint32_t port = 0; port <= UINT16_MAX; port++)
        assert_int_equal(port_set_has(&rulebook->watched, (uint16_t)port),
                         port == 154 || port == 155 || port == 395);
    rules_free(rulebook);
}

/* RFC 6759 section 4.4: the TCP reading owns the number. */
static void syslog_is_never_3_514(void **state)
{
    (void)state;
    struct rulebook *rulebook = load_well(NULL, NULL, NULL);
    const struct service *shell = rulebook_service(rulebook, 514, TRANSPORT_TCP);
    const struct service *syslog = rulebook_service(rulebook, 514, TRANSPORT_UDP);
    assert_string_equal(shell->name, "shell");
    assert_int_equal(shell->application_id.engine, ENGINE_IANA_L4);
    assert_string_equal(syslog->name, "syslog");
    assert_int_not_equal(syslog->application_id.engine, ENGINE_IANA_L4);
    assert_string_equal(syslog->expects, "Syslog");
    rules_free(rulebook);
}

static void the_old_port_of_netcp_is_not_netcp(void **state)
{
    (void)state;
    struct rulebook *rulebook = load_well(NULL, NULL, NULL);
    assert_null(rulebook_service(rulebook, 740, TRANSPORT_TCP));
    assert_int_equal(rulebook_service(rulebook, 395, TRANSPORT_TCP)->legacy_port, 740);
    rules_free(rulebook);
}

static void every_shipped_service_is_found_again(void **state)
{
    (void)state;
    static const struct {
        uint8_t bit, protocol;
    } transports[] = {
        {SERVICE_TCP, TRANSPORT_TCP},
        {SERVICE_UDP, TRANSPORT_UDP},
        {SERVICE_SCTP, TRANSPORT_SCTP},
        {SERVICE_DCCP, TRANSPORT_DCCP},
    };
    struct rulebook *rulebook = load_well(NULL, NULL, NULL);
    for (size_t i = 0; i < rulebook->service_count; i++) {
        const struct service *service = &rulebook->services[i];
        for (size_t k = 0; k < sizeof transports / sizeof transports[0]; k++) {
            const struct service *found =
                rulebook_service(rulebook, service->port, transports[k].protocol);
            if (service->transports & transports[k].bit)
                assert_ptr_equal(found, service);
            else
                assert_ptr_not_equal(found, service);
        }
        for (unsigned k = 0; k < ATTRIBUTES; k++)
            assert_non_null(service->attributes.values[k]);
        assert_true(strlen(service->description) <= 55);
    }
    rules_free(rulebook);
}

static void applications_are_sorted_for_the_search(void **state)
{
    (void)state;
    struct rulebook *rulebook = load_well(NULL, NULL, NULL);
    for (size_t i = 1; i < rulebook->application_count; i++)
        assert_true(strcasecmp(rulebook->applications[i - 1].name, rulebook->applications[i].name) <
                    0);
    for (size_t i = 0; i < rulebook->application_count; i++)
        assert_ptr_equal(rulebook_application(rulebook, rulebook->applications[i].name, ""),
                         &rulebook->applications[i]);
    assert_string_equal(rulebook_application(rulebook, "ssh", "")->name, "SSH");
    assert_string_equal(rulebook_application(rulebook, "AmongUs", "Game")->name, "Game");
    assert_ptr_equal(rulebook_application(rulebook, "Nothing", "Nowhere"), &rulebook->unknown);
    rules_free(rulebook);
}

static void one_short_entry_adds_a_port(void **state)
{
    (void)state;
    struct rulebook *rulebook =
        load_well("services:\n"
                  "  - {name: billing, port: 8154, transports: [tcp], watch: yes, attributes: "
                  "{traffic-class: bulk-data}}\n",
                  NULL, NULL);
    const struct service *service = rulebook_service(rulebook, 8154, TRANSPORT_TCP);
    assert_string_equal(service->name, "billing");
    assert_string_equal(service->display_name, "billing");
    assert_string_equal(service->description, "billing, port 8154");
    assert_int_equal(service->application_id.engine, ENGINE_USER_DEFINED);
    assert_int_equal(service->application_id.selector, 8154);
    assert_int_equal(service->source, PROVENANCE_OWN);
    assert_string_equal(service->attributes.values[ATTRIBUTE_TRAFFIC_CLASS], "bulk-data");
    assert_string_equal(service->attributes.values[ATTRIBUTE_CATEGORY], "other");
    assert_string_equal(service->attributes.values[ATTRIBUTE_ENCRYPTED], "unassigned");
    assert_string_equal(service->defined_at, "site1.yaml:2");
    assert_string_equal(service->history, "");
    assert_true(port_set_has(&rulebook->watched, 8154));
    assert_null(rulebook_service(rulebook, 8154, TRANSPORT_UDP));
    rules_free(rulebook);
}

static void a_later_file_changes_what_it_gives_and_keeps_the_rest(void **state)
{
    (void)state;
    struct rulebook *rulebook =
        load_well("services:\n"
                  "  - {name: netsc-dev, watch: no}\n"
                  "  - {name: NETCP, attributes: {business-relevance: default}}\n",
                  "services:\n"
                  "  - {name: netcp, port: 1395}\n",
                  NULL);
    assert_false(port_set_has(&rulebook->watched, 155));
    assert_string_equal(rulebook_service(rulebook, 155, TRANSPORT_TCP)->display_name, "NETSC-DEV");
    assert_null(rulebook_service(rulebook, 395, TRANSPORT_TCP));
    const struct service *netcp = rulebook_service(rulebook, 1395, TRANSPORT_TCP);
    assert_string_equal(netcp->attributes.values[ATTRIBUTE_BUSINESS_RELEVANCE], "default");
    assert_string_equal(netcp->attributes.values[ATTRIBUTE_CATEGORY], "net-admin");
    assert_int_equal(netcp->application_id.engine, ENGINE_USER_DEFINED);
    assert_int_equal(netcp->application_id.selector, 1395);
    assert_int_equal(netcp->source, PROVENANCE_OWN);
    assert_string_equal(netcp->defined_at, "site2.yaml:2");
    assert_true(port_set_has(&rulebook->watched, 1395));
    assert_false(port_set_has(&rulebook->watched, 395));
    rules_free(rulebook);
}

static void a_later_like_replaces_all_attributes(void **state)
{
    (void)state;
    struct rulebook *rulebook = load_well("services:\n"
                                          "  - {name: netcp, like: SSH}\n"
                                          "applications:\n"
                                          "  - {name: ssh, attributes: {encrypted: unassigned}}\n"
                                          "  - {name: HTTP, like: VPN}\n",
                                          NULL, NULL);
    const struct service *netcp = rulebook_service(rulebook, 395, TRANSPORT_TCP);
    assert_string_equal(netcp->attributes.values[ATTRIBUTE_SUB_CATEGORY], "remote-access-terminal");
    assert_string_equal(netcp->attributes.values[ATTRIBUTE_ENCRYPTED], "unassigned");
    const struct application *http = rulebook_application(rulebook, "HTTP", "Web");
    assert_string_equal(http->attributes.values[ATTRIBUTE_TUNNEL], "yes");
    assert_string_equal(http->attributes.values[ATTRIBUTE_CATEGORY], "internet-security");
    rules_free(rulebook);
}

static void a_later_file_takes_a_port_over_and_it_is_said(void **state)
{
    (void)state;
    struct rulebook *rulebook =
        load_well("services:\n"
                  "  - {name: billing, port: 154, transports: [tcp], like: HTTP}\n",
                  "services:\n"
                  "  - {name: netsc-prod, watch: no}\n"
                  "  - {name: audit, port: 155, transports: [tcp, udp], like: HTTP}\n",
                  NULL);
    assert_string_equal(rulebook_service(rulebook, 154, TRANSPORT_TCP)->name, "billing");
    assert_string_equal(rulebook_service(rulebook, 154, TRANSPORT_UDP)->name, "netsc-prod");
    assert_string_equal(rulebook_service(rulebook, 155, TRANSPORT_UDP)->name, "audit");
    assert_false(port_set_has(&rulebook->watched, 155));
    for (size_t i = 0; i < rulebook->service_count; i++)
        assert_string_not_equal(rulebook->services[i].name, "netsc-dev");

    char *words = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&words, &length);
    rules_summary(rulebook, out);
    fclose(out);
    assert_non_null(strstr(words, "note: billing (site1.yaml:2) takes port 154 (tcp) from "
                                  "netsc-prod (services.yaml:"));
    assert_non_null(strstr(words, "note: audit (site2.yaml:3) takes port 155 (tcp/udp) from "
                                  "netsc-dev (services.yaml:"));
    assert_non_null(strstr(words, "watched ports: 395\n"));
    free(words);
    rules_free(rulebook);
}

static void watch_adds_ports(void **state)
{
    (void)state;
    struct rulebook *rulebook = load_well(NULL, NULL, "8154,9000/tcp,65535/UDP");
    static const uint16_t watched[] = {154, 155, 395, 8154, 9000, 65535};
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
        assert_true(port_set_has(&rulebook->watched, watched[i]));
    assert_false(port_set_has(&rulebook->watched, 8155));
    rules_free(rulebook);
}

static void a_wrong_watch_names_the_entry(void **state)
{
    (void)state;
    static const struct {
        const char *watch, *reason;
    } wrong[] = {
        {"", "entry 1: '' is not a port number"},
        {"154,", "entry 2: '' is not a port number"},
        {"154,,155", "entry 2: '' is not a port number"},
        {"154,90000", "entry 2: port 90000 is over 65535"},
        {"0", "entry 1: port 0 is never used by a service"},
        {"154 ", "entry 1: '154 ' is not a port number"},
        {"154-160", "entry 1: '154-160' is not a port number"},
        {"154/", "entry 1: unknown transport ''; it is tcp, udp, sctp or dccp"},
        {"154/tpc", "entry 1: unknown transport 'tpc'; it is tcp, udp, sctp or dccp"},
        {"154/tcp/udp", "entry 1: unknown transport 'tcp/udp'; it is tcp, udp, sctp or dccp"},
        {"1\x1b[2J", "entry 1: '1\\x1b[2J' is not a port number"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char sentence[256];
        snprintf(sentence, sizeof sentence,
                 "--watch, %s; write PORT[/PROTO],... as in 8154,9000/udp", wrong[i].reason);
        assert_null(load(NULL, NULL, wrong[i].watch));
        assert_string_equal(error.text, sentence);
    }
}

static void a_missing_file_is_told(void **state)
{
    (void)state;
    const char *files[] = {"/nonexistent/\x1bsite.yaml"};
    struct rules_options options = {.directory = SHIPPED_RULES, .files = files, .file_count = 1};
    assert_null(rules_load(&options, &error));
    assert_string_equal(error.text, "/nonexistent/\\x1bsite.yaml: cannot be opened: No such file "
                                    "or directory");
    options = (struct rules_options){.directory = "/nonexistent"};
    assert_null(rules_load(&options, &error));
    assert_string_equal(error.text,
                        "/nonexistent/taxonomy.yaml: cannot be opened: No such file or directory");
    files[0] = "/";
    options = (struct rules_options){.directory = SHIPPED_RULES, .files = files, .file_count = 1};
    assert_null(rules_load(&options, &error));
    assert_string_equal(error.text, "/: cannot be read: Is a directory");
}

static void the_environment_names_the_folder(void **state)
{
    (void)state;
    const struct rules_options options = {0};
    setenv("PORTSCOPE_RULES", SHIPPED_RULES, 1);
    struct rulebook *rulebook = rules_load(&options, &error);
    assert_non_null(rulebook);
    rules_free(rulebook);
    /* A test program stands neither where portscope is installed nor where it is built. */
    unsetenv("PORTSCOPE_RULES");
    assert_null(rules_load(&options, &error));
    assert_string_equal(error.text, "the rule pack is not beside the program; name its folder with "
                                    "--rules-dir or PORTSCOPE_RULES");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_ports_are_tagged_as_decided),
        cmocka_unit_test(nothing_but_the_three_ports_is_watched),
        cmocka_unit_test(syslog_is_never_3_514),
        cmocka_unit_test(the_old_port_of_netcp_is_not_netcp),
        cmocka_unit_test(every_shipped_service_is_found_again),
        cmocka_unit_test(applications_are_sorted_for_the_search),
        cmocka_unit_test(one_short_entry_adds_a_port),
        cmocka_unit_test(a_later_file_changes_what_it_gives_and_keeps_the_rest),
        cmocka_unit_test(a_later_like_replaces_all_attributes),
        cmocka_unit_test(a_later_file_takes_a_port_over_and_it_is_said),
        cmocka_unit_test(watch_adds_ports),
        cmocka_unit_test(a_wrong_watch_names_the_entry),
        cmocka_unit_test(a_missing_file_is_told),
        cmocka_unit_test(the_environment_names_the_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
