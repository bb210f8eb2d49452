/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "model/flow.h"

/* The first from the specification, the rest computed with its reference implementation. */
static const struct {
    uint8_t protocol;
    const char *source, *destination;
    uint16_t source_port, destination_port;
    const char *id;
} vectors[] = {
    {6, "128.232.110.120", "66.35.250.204", 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {6, "10.0.0.1", "10.0.1.1", 40000, 154, "1:RrXjXI3YE0gviagGbaelyzV0+EA="},
    {6, "10.0.0.1", "10.0.1.2", 40001, 155, "1:zuywZgIombxbTUokqAJ//6i5Yd0="},
    {6, "10.0.0.1", "10.0.1.3", 40002, 395, "1:dUT8SpNqdZd5AUXO06WUEdc2/5Q="},
    {17, "10.0.0.1", "10.0.1.3", 50000, 395, "1:2peGnF4G/cFEfyfYGkE16iSESGs="},
    {17, "2001:db8::1", "2001:db8::2", 50000, 395, "1:02Jd+pHMiVoxpFF2PIzD7L9Za5Q="},
};

static void both_directions_give_the_published_id(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct packet packet = {.protocol = vectors[i].protocol,
                                .source_port = vectors[i].source_port,
                                .destination_port = vectors[i].destination_port};
        assert_true(address_parse(vectors[i].source, &packet.source));
        assert_true(address_parse(vectors[i].destination, &packet.destination));
        struct packet back = packet;
        back.source = packet.destination;
        back.destination = packet.source;
        back.source_port = packet.destination_port;
        back.destination_port = packet.source_port;

        struct flow there = {.key = flow_key_of(&packet)};
        struct flow here = {.key = flow_key_of(&back)};
        char id[FLOW_COMMUNITY_ID_SIZE];
        assert_true(flow_key_equal(&there.key, &here.key));
        assert_string_equal(flow_community_id(&there, id), vectors[i].id);
        assert_string_equal(flow_community_id(&here, id), vectors[i].id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_give_the_published_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
