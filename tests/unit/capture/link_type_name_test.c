/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "capture/source.h"

static void names_are_those_of_libpcap(void **state)
{
    (void)state;
    static const struct {
        uint16_t link_type;
        const char *name;
    } cases[] = {
        {0, "NULL"},           {1, "EN10MB"},         {9, "PPP"},       {101, "RAW"},
        {104, "C_HDLC"},       {105, "IEEE802_11"},   {107, "FRELAY"},  {113, "LINUX_SLL"},
        {129, "ARCNET_LINUX"}, {182, "MFR"},          {192, "PPI"},     {195, "IEEE802_15_4"},
        {228, "IPV4"},         {239, "NFLOG"},        {253, "NETLINK"}, {271, "VSOCK"},
        {276, "LINUX_SLL2"},   {285, "DSA_TAG_EDSA"},
    };
    char out[LINK_TYPE_NAME_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(link_type_name(cases[i].link_type, out), cases[i].name);
}

static void numbers_without_a_name_are_written(void **state)
{
    (void)state;
    char out[LINK_TYPE_NAME_SIZE];
    assert_string_equal(link_type_name(17, out), "LINKTYPE_17");
    assert_string_equal(link_type_name(999, out), "LINKTYPE_999");
    assert_string_equal(link_type_name(UINT16_MAX, out), "LINKTYPE_65535");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_libpcap),
        cmocka_unit_test(numbers_without_a_name_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
