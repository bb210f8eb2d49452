/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/text.h"
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

static const struct mistake {
    const char *yaml, *sentence;
} mistakes[] = {
    {"", "site.yaml: holds no policy; rules/site.example.yaml is one"},
    {"# nothing but a comment\n", "site.yaml: holds no policy; rules/site.example.yaml is one"},
    {"policy: [\n",
     "site.yaml:2:1: not YAML: did not find expected node content while parsing a flow node"},
    {"home: [10.0.0.0/8]\nhome: [10.0.0.0/8]\n",
     "site.yaml:2:1: 'home' is given twice in a site policy (first in line 1)"},
    {"hme: [10.0.0.0/8]\n",
     "site.yaml:1:1: unknown key 'hme' in a site policy (did you mean 'home'?)"},
    {"- home\n", "site.yaml:1:1: a site policy is written as a mapping of 'key: value'"},
    {"home: 10.0.0.0/8\n", "site.yaml:1:7: home is written as a list"},
    {"home: [10.0.0.0/33]\n",
     "site.yaml:1:8: '10.0.0.0/33' is neither an address nor a network such as 10.0.0.0/8"},
    {"home: [10.0.0.300]\n",
     "site.yaml:1:8: '10.0.0.300' is neither an address nor a network such as 10.0.0.0/8"},
    {"home: [2001:db8::/129]\n",
     "site.yaml:1:8: '2001:db8::/129' is neither an address nor a network such as 10.0.0.0/8"},
    {"home: [10.0.0.0/]\n",
     "site.yaml:1:8: '10.0.0.0/' is neither an address nor a network such as 10.0.0.0/8"},
    {"zones: {production: [10.0.0.0/8]}\n", "site.yaml:1:9: unknown key 'production' in zones"},
    {"zones: {pord: [10.0.0.0/8]}\n",
     "site.yaml:1:9: unknown key 'pord' in zones (did you mean 'prod'?)"},
    {"policy:\n  - from: any\n",
     "site.yaml:2:5: an entry of the policy without 'comment': say what it is for"},
    {"policy:\n  - {from: managment, comment: x}\n",
     "site.yaml:2:12: 'managment' is neither an address, a network, nor a name (did you mean "
     "'management'?)"},
    {"policy:\n  - {from: dev, comment: x}\n",
     "site.yaml:2:12: 'dev' has no networks in this file"},
    {"policy:\n  - {coment: x}\n",
     "site.yaml:2:6: unknown key 'coment' in an entry of the policy (did you mean 'comment'?)"},
    {"policy:\n  - {service: netcpp, comment: x}\n",
     "site.yaml:2:15: 'netcpp' is neither a service of the rules nor PORT[/PROTO]"},
    {"policy:\n  - {service: 70000/tcp, comment: x}\n",
     "site.yaml:2:15: '70000/tcp' is neither a service of the rules nor PORT[/PROTO]"},
    {"policy:\n  - {service: 395/tpc, comment: x}\n",
     "site.yaml:2:15: '395/tpc' is neither a service of the rules nor PORT[/PROTO]"},
    {"policy:\n  - {hours: 25:00-26:00, comment: x}\n",
     "site.yaml:2:13: '25:00-26:00' are no hours; write them as 06:00-22:00, in UTC"},
    {"policy:\n  - {hours: 6-22, comment: x}\n",
     "site.yaml:2:13: '6-22' are no hours; write them as 06:00-22:00, in UTC"},
    {"policy:\n  - {days: [monday], comment: x}\n",
     "site.yaml:2:13: 'monday' is no day; they are mon, tue, ... sun"},
    {"policy:\n  - {action: permit, comment: x}\n",
     "site.yaml:2:14: action is allow or deny, not 'permit'"},
    {"policy:\n  - {both-ways: perhaps, comment: x}\n",
     "site.yaml:2:17: both-ways is yes or no, not 'perhaps'"},
    {"home: &a [10.0.0.0/8]\ncomponents: *a\n",
     "site.yaml:1:7: anchors (&), aliases (*) and tags (!) are not allowed: write it out"},
    {"\xff\xfe\n", "site.yaml:1:1: not text in UTF-8: invalid leading UTF-8 octet"},
    {"home: [\"10.0.0.0/8\\e[2J\"]\n",
     "site.yaml:1:8: a control character or line break inside a text"},
};

static bool parse(struct span bytes, struct site *site, struct error *error)
{
    static const struct rulebook nothing;
    return site_parse("site.yaml", bytes, &nothing, site, error);
}

static void each_is_told_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct site site;
        struct error error = {0};
        assert_false(parse(span_of(mistakes[i].yaml), &site, &error));
        assert_string_equal(error.text, mistakes[i].sentence);
        assert_false(site.is_given);
    }
}

static void what_is_too_large_is_refused(void **state)
{
    struct site site;
    struct error error = {0};
    struct text yaml = {0};
    (void)state;
    text_add(&yaml, "home:\n");
    for (int i = 0; i < 5000; i++)
        text_addf(&yaml, "  - 10.0.%d.%d\n", i / 250, i % 250);
    assert_false(parse(span_of(text_words(&yaml)), &site, &error));
    assert_string_equal(error.text, "site.yaml:4098:5: more than 4096 networks");
    while (yaml.length <= 1024 * 1024)
        text_add(&yaml, "# a comment is a part of the file as well\n");
    assert_false(parse(span_of(text_words(&yaml)), &site, &error));
    assert_string_equal(error.text, "site.yaml: larger than 1 MiB, which no site policy is");
    text_free(&yaml);
}

static void what_is_right_passes(void **state)
{
    struct site site;
    struct error error = {0};
    (void)state;
    assert_true(parse(span_of("home: [10.0.0.0/8]\n"
                              "policy:\n"
                              "  - {from: 10.0.0.1, service: 395/tcp, comment: x}\n"),
                      &site, &error));
    assert_int_equal(site.rule_count, 1);
    site_free(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_with_its_place),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(what_is_right_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
