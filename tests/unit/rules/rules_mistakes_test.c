/* SPDX-License-Identifier: Apache-2.0
 *
 * Every mistake a rule file can hold, with the very sentence it gets.
 */
#include "unit.h"

#include "base/text.h"
#include "rules/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char taxonomy[] = "category: [other, net-admin, browsing]\n"
                               "sub-category: [other]\n"
                               "application-group: [other]\n"
                               "traffic-class: [bulk-data, ops-admin-mgmt]\n"
                               "business-relevance: [default]\n"
                               "p2p-technology: [no, unassigned]\n"
                               "tunnel: [no, unassigned]\n"
                               "encrypted: [no, unassigned]\n";

static const char applications[] = "categories:\n"
                                   "  - {name: Web, attributes: {category: browsing}}\n"
                                   "applications:\n"
                                   "  - {name: HTTP, like: Web}\n";

static struct span bytes_of(const char *yaml)
{
    return (struct span){(const uint8_t *)yaml, strlen(yaml)};
}

static struct error error;

/* Reads the files in order and finishes; the sentence, "" when all is well. */
static const char *sentence_of(enum rule_file_kind kind, const char *const files[], size_t count)
{
    struct pack pack;
    error.text[0] = '\0';
    pack_init(&pack, &error);
    bool is_good = true;
    if (kind != RULE_FILE_TAXONOMY)
        is_good =
            pack_read(&pack, RULE_FILE_TAXONOMY, "taxonomy.yaml", bytes_of(taxonomy)) &&
            pack_read(&pack, RULE_FILE_APPLICATIONS, "applications.yaml", bytes_of(applications));
    for (size_t i = 0; i < count && is_good; i++)
        is_good = pack_read(&pack, kind, "site.yaml", bytes_of(files[i]));
    is_good = is_good && applications_finish(&pack) && services_finish(&pack);
    assert_true(is_good == (error.text[0] == '\0'));
    pack_free(&pack);
    return error.text;
}

struct mistake {
    const char *yaml, *sentence;
};

static void check(enum rule_file_kind kind, const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(sentence_of(kind, &mistakes[i].yaml, 1), mistakes[i].sentence);
}

#define CHECK(kind, mistakes) check(kind, mistakes, sizeof mistakes / sizeof mistakes[0])

static void what_is_right_passes(void **state)
{
    (void)state;
    static const struct mistake right[] = {
        {"", ""},
        {"# all rules are switched off\n", ""},
        {"services: []\n", ""},
        {"\xef\xbb\xbfservices: []\n", ""}, /* a byte order mark */
        {"services:\r\n  - {name: a, port: 1, transports: [tcp], like: HTTP}\r\n", ""},
        {"services: [{name: a, port: 65535, transports: [tcp, udp, sctp, dccp], attributes: {}}]",
         ""},
        {"services: [{name: a, port: 1, transports: [tcp], like: Web, id: 6:65535}]", ""},
        {"services: [{name: a, port: 1, transports: [tcp], like: web, expects: [http]}]", ""},
        {"applications: [{name: HTTP, attributes: {category: other}}, {name: New, like: Web}]", ""},
    };
    CHECK(RULE_FILE_USER, right);
}

static void keys_that_do_not_exist_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"servises: []\n",
         "site.yaml:1:1: unknown key 'servises' in a rule file (did you mean 'services'?)"},
        {"services:\n  - name: a\n    tranports: [tcp]\n",
         "site.yaml:3:5: unknown key 'tranports' in a service (did you mean 'transports'?)"},
        {"services:\n  - name: a\n    xyzzyplugh: 1\n",
         "site.yaml:3:5: unknown key 'xyzzyplugh' in a service"},
        {"services:\n  - name: a\n    attributes:\n      colour: blue\n",
         "site.yaml:4:7: unknown key 'colour' in the attributes"},
        {"services:\n  - {name: a, attributes: {category: {valeu: other}}}\n",
         "site.yaml:2:39: unknown key 'valeu' in category (did you mean 'value'?)"},
        {"applications:\n  - {name: a, port: 1}\n",
         "site.yaml:2:15: unknown key 'port' in an application"},
        {"categories:\n  - {name: a, like: Web}\n",
         "site.yaml:2:15: unknown key 'like' in a category"},
        {"defaults: {}\n", "site.yaml:1:1: unknown key 'defaults' in a rule file"},
        {"services:\n  - {\"na\\\\me\": a}\n",
         "site.yaml:2:6: unknown key 'na\\\\me' in a service (did you mean 'name'?)"},
        {"evidence:\n  - {name: RTP, needs: proof}\n",
         "site.yaml:2:24: unknown evidence 'proof'; it is structure, other-direction, "
         "second-packet or any"},
        {"evidence:\n  - {name: RTP}\n",
         "site.yaml:2:5: an evidence rule without 'name' or 'needs'"},
        {"evidence:\n  - {name: RTP, needs: any}\n  - {name: rtp, needs: any}\n",
         "site.yaml:3:12: the evidence for 'rtp' is already in line 2"},
        {"services:\n  - name: a\n    name: b\n",
         "site.yaml:3:5: 'name' is given twice in a service (first in line 2)"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void values_outside_the_closed_lists_are_told(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"services:\n  - name: a\n    attributes: {category: net-admn}\n",
         "site.yaml:3:28: 'net-admn' is no category (did you mean 'net-admin'?); "
         "'portscope rules show category' lists them"},
        {"applications:\n  - {name: a, attributes: {traffic-class: zzz}}\n",
         "site.yaml:2:43: 'zzz' is no traffic-class; "
         "'portscope rules show traffic-class' lists them"},
        {"services:\n  - {name: a, attributes: {category: {value: Other}}}\n",
         "site.yaml:2:46: 'Other' is no category (did you mean 'other'?); "
         "'portscope rules show category' lists them"},
        {"services:\n  - {name: a, attributes: {category: {value: other, source: me}}}\n",
         "site.yaml:2:61: source is documented, port-page or own, not 'me'"},
        {"services:\n  - {name: a, attributes: {category: {source: own}}}\n",
         "site.yaml:2:38: category without 'value'"},
        {"services:\n  - {name: a, attributes: {category: [other]}}\n",
         "site.yaml:2:38: category is written as a mapping of 'key: value'"},
        {"services:\n  - {name: a, transports: [tpc]}\n",
         "site.yaml:2:28: unknown transport 'tpc'; it is tcp, udp, sctp or dccp"},
        {"services:\n  - {name: a, transports: [tcp, TCP]}\n",
         "site.yaml:2:33: the transport TCP is given twice"},
        {"services:\n  - {name: a, transports: []}\n", "site.yaml:2:27: transports is empty"},
        {"services:\n  - {name: a, watch: maybe}\n",
         "site.yaml:2:22: watch is yes or no, not 'maybe'"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void numbers_out_of_range_are_told(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"services:\n  - {name: a, port: 65536}\n", "site.yaml:2:21: port 65536 is over 65535"},
        {"services:\n  - {name: a, port: 0}\n",
         "site.yaml:2:21: port 0 is never used by a service"},
        {"services:\n  - {name: a, port: -1}\n", "site.yaml:2:21: '-1' is not a port number"},
        {"services:\n  - {name: a, port: 0x50}\n", "site.yaml:2:21: '0x50' is not a port number"},
        {"services:\n  - {name: a, port: '80 '}\n", "site.yaml:2:21: '80 ' is not a port number"},
        {"services:\n  - {name: a, port: 99999999999999999999999}\n",
         "site.yaml:2:21: port 99999999999999999999999 is over 65535"},
        {"services:\n  - name: a\n    port:\n", "site.yaml:3:10: '' is not a port number"},
        {"services:\n  - {name: a, port: [80]}\n",
         "site.yaml:2:21: port needs a single value, not a list"},
        {"services:\n  - {name: a, id: 3}\n",
         "site.yaml:2:19: '3' is not an application id; it is ENGINE:SELECTOR as in 3:154, at "
         "most 255:65535"},
        {"services:\n  - {name: a, id: 256:1}\n",
         "site.yaml:2:19: '256:1' is not an application id; it is ENGINE:SELECTOR as in 3:154, at "
         "most 255:65535"},
        {"services:\n  - {name: a, id: 3:65536}\n",
         "site.yaml:2:19: '3:65536' is not an application id; it is ENGINE:SELECTOR as in 3:154, "
         "at most 255:65535"},
        {"services:\n  - {name: a, id: 3:154x}\n",
         "site.yaml:2:19: '3:154x' is not an application id; it is ENGINE:SELECTOR as in 3:154, "
         "at most 255:65535"},
        {"services:\n  - {name: a, id: {source: own}}\n", "site.yaml:2:19: an id without 'value'"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void what_a_service_needs_is_missed(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"services:\n  - {port: 1, transports: [tcp], attributes: {}}\n",
         "site.yaml:2:5: a service without 'name'"},
        {"services:\n  - {name: a, transports: [tcp], attributes: {}}\n",
         "site.yaml:2:5: the service 'a' has no 'port'"},
        {"services:\n  - {name: a, port: 1, attributes: {}}\n",
         "site.yaml:2:5: the service 'a' has no 'transports'"},
        {"services:\n  - {name: a, port: 1, transports: [tcp]}\n",
         "site.yaml:2:5: the service 'a' has neither 'attributes' nor 'like'"},
        {"applications:\n  - {like: Web}\n", "site.yaml:2:5: an application without 'name'"},
        {"applications:\n  - {name: SSH}\n",
         "site.yaml:2:5: the application 'SSH' has no attributes"},
        {"categories:\n  - {name: Web}\n", "site.yaml:2:5: the category 'Web' has no attributes"},
        {"services:\n  - {name: ''}\n", "site.yaml:2:12: name is empty"},
        {"services:\n  - {name: abcdefghijklmnopqrstuvwxy}\n",
         "site.yaml:2:12: name has 25 bytes; 24 are the most"},
        {"services:\n  - {name: 'a b'}\n",
         "site.yaml:2:12: the name 'a b' has other characters than letters, digits and '-_.+'"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void names_that_lead_nowhere_are_told(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"services:\n  - {name: a, port: 1, transports: [tcp], like: HTPT}\n",
         "site.yaml:2:49: 'a' names 'HTPT', which is no known application (did you mean 'HTTP'?)"},
        {"services:\n  - {name: a, port: 1, transports: [tcp], like: Web, expects: [HTTP, SNPM]}\n",
         "site.yaml:2:63: 'a' names 'SNPM', which is no known application"},
        {"applications:\n  - {name: SSH, like: Wb}\n",
         "site.yaml:2:23: 'SSH' names 'Wb', which is no known category (did you mean 'Web'?)"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void two_of_a_kind_in_one_file_are_a_mistake(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"services:\n"
         "  - {name: a, port: 1, transports: [tcp], like: Web}\n"
         "  - {name: A, port: 2, transports: [tcp], like: Web}\n",
         "site.yaml:3:12: the service 'A' is already in line 2"},
        {"services:\n"
         "  - {name: a, port: 1, transports: [tcp], like: Web}\n"
         "  - {name: b, port: 1, transports: [udp, tcp], like: Web}\n",
         "site.yaml:3:21: port 1 (tcp) of 'b' already belongs to 'a' in line 2"},
        {"applications:\n"
         "  - {name: SSH, like: Web}\n"
         "  - {name: ssh, like: Web}\n",
         "site.yaml:3:12: the application 'ssh' is already in line 2"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void the_wrong_shape_is_told(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"just words\n", "site.yaml:1:1: a rule file is written as a mapping of 'key: value'"},
        {"- a\n", "site.yaml:1:1: a rule file is written as a mapping of 'key: value'"},
        {"services: {name: a}\n", "site.yaml:1:11: services is written as a list"},
        {"services:\n  - a\n", "site.yaml:2:5: a service is written as a mapping of 'key: value'"},
        {"services:\n  - {? [a] : b}\n", "site.yaml:2:8: a key needs a single value, not a list"},
        {"services:\n  - {name: a, expects: HTTP}\n",
         "site.yaml:2:24: expects is written as a list"},
        {"services:\n  - {name: a, expects: ['HTTP,SSH']}\n",
         "site.yaml:2:25: a comma inside an entry of expects"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void what_is_not_yaml_is_told(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"services: [\n",
         "site.yaml:2:1: not YAML: did not find expected node content while parsing a flow node"},
        {"services:\n\t- a\n",
         "site.yaml:2:1: not YAML: found character that cannot start any token while scanning for "
         "the next token"},
        {"services: []\nmore: \xff\n",
         "site.yaml:2:7: not text in UTF-8: invalid leading UTF-8 octet"},
        {"services: [] # \x01\n",
         "site.yaml:1:16: not text in UTF-8: control characters are not allowed"},
        {"services: []\n---\nservices: []\n",
         "site.yaml:2:1: a second document; one a file is allowed"},
        {"services: []\n]\n",
         "site.yaml:2:1: not YAML: did not find expected key while parsing a block mapping"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void tricks_are_refused(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"services: &a [*a]\n", "site.yaml:1:11: anchors (&), aliases (*) and tags (!) are not "
                                "allowed: write it out"},
        {"services: *a\n", "site.yaml:1:11: anchors (&), aliases (*) and tags (!) are not "
                           "allowed: write it out"},
        {"services: !!python/object [a]\n",
         "site.yaml:1:11: anchors (&), aliases (*) and tags (!) are not allowed: write it out"},
        {"services:\n  - {name: a, display-name: \"x\\e[2J\"}\n",
         "site.yaml:2:29: a control character or line break inside a text"},
        {"services:\n  - {name: a, display-name: \"x\\0y\"}\n",
         "site.yaml:2:29: a control character or line break inside a text"},
        {"services:\n  - {name: a, display-name: \"x\\x9by\"}\n",
         "site.yaml:2:29: a control character or line break inside a text"},
        {"services:\n  - name: a\n    history: |\n      two\n      lines\n",
         "site.yaml:3:14: a control character or line break inside a text"},
    };
    CHECK(RULE_FILE_USER, mistakes);
}

static void the_taxonomy_is_checked_too(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"category: [a]\n", "site.yaml:1:1: the taxonomy has no values for 'sub-category'"},
        {"category: [a, b, a]\n", "site.yaml:1:18: the category 'a' is listed twice"},
        {"category: [a, {value: b, alias: a}]\n",
         "site.yaml:1:15: the category 'b' is listed twice"},
        {"category: [{alias: a}]\n", "site.yaml:1:12: an alias without 'value'"},
        {"categry: []\n",
         "site.yaml:1:1: unknown key 'categry' in the taxonomy (did you mean 'category'?)"},
    };
    CHECK(RULE_FILE_TAXONOMY, mistakes);
}

static void deep_nesting_ends_at_the_first_level_too_many(void **state)
{
    (void)state;
    static char deep[200000];
    memset(deep, '[', sizeof deep - 1);
    memcpy(deep, "services: ", 10);
    const char *files[] = {deep};
    assert_string_equal(sentence_of(RULE_FILE_USER, files, 1),
                        "site.yaml:1:12: a service is written as a mapping of 'key: value'");
}

static void a_long_text_and_a_large_file_are_refused(void **state)
{
    (void)state;
    struct text yaml = {0};
    text_add(&yaml, "services:\n  - {name: a, history: '");
    for (int i = 0; i < 300; i++)
        text_add(&yaml, "0123456789");
    text_add(&yaml, "'}\n");
    const char *files[] = {text_words(&yaml)};
    assert_string_equal(sentence_of(RULE_FILE_USER, files, 1),
                        "site.yaml:2:24: a text of 3000 bytes; 2000 are the most");
    while (yaml.length <= FILE_SIZE_MAX)
        text_add(&yaml, "# and so on, and so on, and so on, and so on, and so on\n");
    files[0] = text_words(&yaml);
    assert_string_equal(sentence_of(RULE_FILE_USER, files, 1),
                        "site.yaml: larger than 1 MiB, which no rule file is");
    text_free(&yaml);
}

static void too_many_services_are_refused(void **state)
{
    (void)state;
    struct text yaml = {0};
    text_add(&yaml, "services:\n");
    for (int i = 1; i <= ENTRIES_MAX + 1; i++)
        text_addf(&yaml, "  - {name: s%d, port: %d, transports: [tcp], like: Web}\n", i, i);
    const char *files[] = {text_words(&yaml)};
    assert_string_equal(sentence_of(RULE_FILE_USER, files, 1),
                        "site.yaml:4098:5: more than 4096 services");
    text_free(&yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_passes),
        cmocka_unit_test(keys_that_do_not_exist_are_told_with_their_place),
        cmocka_unit_test(values_outside_the_closed_lists_are_told),
        cmocka_unit_test(numbers_out_of_range_are_told),
        cmocka_unit_test(what_a_service_needs_is_missed),
        cmocka_unit_test(names_that_lead_nowhere_are_told),
        cmocka_unit_test(two_of_a_kind_in_one_file_are_a_mistake),
        cmocka_unit_test(the_wrong_shape_is_told),
        cmocka_unit_test(what_is_not_yaml_is_told),
        cmocka_unit_test(tricks_are_refused),
        cmocka_unit_test(the_taxonomy_is_checked_too),
        cmocka_unit_test(deep_nesting_ends_at_the_first_level_too_many),
        cmocka_unit_test(a_long_text_and_a_large_file_are_refused),
        cmocka_unit_test(too_many_services_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
