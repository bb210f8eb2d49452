/* SPDX-License-Identifier: Apache-2.0
 *
 * The shipped rules against what the linked nDPI can say.
 */
#include "unit.h"

#include "dpi/dpi.h"
#include "rules/rules.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct spoken {
    const struct rulebook *rulebook;
    unsigned protocols;
    bool is_known[4096];         /* which of the rulebook's applications nDPI can name */
    bool is_evidence_known[256]; /* and which names of its evidence rules */
    char without_attributes[256];
};

static void check_protocol(void *context, uint16_t id, const char *name, const char *category)
{
    (void)id;
    struct spoken *spoken = context;
    const struct rulebook *rulebook = spoken->rulebook;
    const struct application *application = rulebook_application(rulebook, name, category);
    spoken->protocols++;
    if (application == &rulebook->unknown)
        snprintf(spoken->without_attributes, sizeof spoken->without_attributes, "%s (%s)", name,
                 category);
    for (size_t i = 0; i < rulebook->application_count; i++)
        spoken->is_known[i] |= strcasecmp(rulebook->applications[i].name, name) == 0;
    for (size_t i = 0; i < rulebook->evidence_count; i++)
        spoken->is_evidence_known[i] |= strcasecmp(rulebook->evidence[i].name, name) == 0;
}

static struct spoken spoken;
static struct rulebook *rulebook;

static int ask_ndpi(void **state)
{
    (void)state;
    struct error error;
    struct totals totals = {0};
    const struct rules_options options = {.directory = SHIPPED_RULES};
    rulebook = rules_load(&options, &error);
    struct dpi *dpi = dpi_open(&(struct dpi_options){0}, &totals, &error);
    if (!rulebook || !dpi)
        return -1;
    spoken.rulebook = rulebook;
    dpi_each_protocol(dpi, check_protocol, &spoken);
    dpi_close(dpi);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    rules_free(rulebook);
    return 0;
}

static void every_protocol_of_ndpi_has_attributes(void **state)
{
    (void)state;
    assert_true(spoken.protocols > 200);
    assert_string_equal(spoken.without_attributes, "");
}

/* Other versions of nDPI rename protocols; ours are the names of 4.2, which all distributions
 * ship. */
static void every_application_of_the_rules_is_one_of_ndpis(void **state)
{
    (void)state;
    if (strncmp(dpi_version(), "4.2", 3) != 0)
        skip();
    assert_true(rulebook->application_count > 100);
    for (size_t i = 0; i < rulebook->application_count; i++) {
        if (!spoken.is_known[i])
            fail_msg("nDPI does not know '%s'", rulebook->applications[i].name);
    }
    assert_true(rulebook->evidence_count > 10);
    for (size_t i = 0; i < rulebook->evidence_count; i++) {
        if (!spoken.is_evidence_known[i])
            fail_msg("nDPI does not know '%s'", rulebook->evidence[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_protocol_of_ndpi_has_attributes),
        cmocka_unit_test(every_application_of_the_rules_is_one_of_ndpis),
    };
    return cmocka_run_group_tests(tests, ask_ndpi, forget);
}
