/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "model/packet.h"
#include "rules/rules.h"

#include <string.h>

static void the_shipped_rules_load(void **state)
{
    (void)state;
    struct error error = {{0}};
    const struct rules_options options = {.directory = SHIPPED_RULES};
    struct rulebook *rulebook = rules_load(&options, &error);
    assert_string_equal(error.text, "");
    assert_non_null(rulebook);
    static const struct {
        uint16_t port;
        const char *name, *category, *traffic_class;
    } ours[] = {
        {154, "netsc-prod", "other", "bulk-data"},
        {155, "netsc-dev", "other", "bulk-data"},
        {395, "netcp", "net-admin", "ops-admin-mgmt"},
    };
    for (size_t i = 0; i < 3; i++) {
        const struct service *service = rulebook_service(rulebook, ours[i].port, TRANSPORT_UDP);
        assert_non_null(service);
        assert_string_equal(service->name, ours[i].name);
        assert_string_equal(service->attributes.values[ATTRIBUTE_CATEGORY], ours[i].category);
        assert_string_equal(service->attributes.values[ATTRIBUTE_TRAFFIC_CLASS],
                            ours[i].traffic_class);
        assert_int_equal(service->application_id.engine, ENGINE_IANA_L4);
        assert_int_equal(service->application_id.selector, ours[i].port);
        assert_true(port_set_has(&rulebook->watched, ours[i].port));
        assert_ptr_equal(rulebook_service(rulebook, ours[i].port, TRANSPORT_TCP), service);
        assert_null(rulebook_service(rulebook, ours[i].port, TRANSPORT_SCTP));
    }
    rules_free(rulebook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_rules_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
