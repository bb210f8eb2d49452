/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "samples.h"

#include "output/field.h"

#include <stdlib.h>
#include <string.h>

static void fields_come_in_the_order_asked_for(void **state)
{
    (void)state;
    struct field_list list;
    struct error error = {0};
    assert_true(fields_choose(&list, "verdict,src_ip,verdict", NAMED_AS_OURS, &error));
    assert_int_equal(list.count, 3);
    assert_string_equal(list.all[0]->name, "verdict");
    assert_string_equal(list.all[1]->name, "src_ip");
    assert_ptr_equal(list.all[2], list.all[0]);
}

static void an_unknown_field_is_told_with_its_nearest_and_all_names(void **state)
{
    (void)state;
    struct field_list list;
    struct error error = {0};
    assert_false(fields_choose(&list, "src_ip,verdct", NAMED_AS_OURS, &error));
    assert_non_null(strstr(error.text, "unknown field 'verdct' (did you mean 'verdict'?)"));
    struct field_list all = fields_default();
    for (size_t i = 0; i < all.count; i++)
        assert_non_null(strstr(error.text, all.all[i]->name));
    assert_false(fields_choose(&list, "src_ip,,verdict", NAMED_AS_OURS, &error));
    assert_false(fields_choose(&list, "", NAMED_AS_OURS, &error));
    assert_false(fields_choose(&list, "\x1b[2J", NAMED_AS_OURS, &error));
    assert_null(strchr(error.text, '\x1b'));
}

static void more_fields_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    struct field_list list;
    struct error error = {0};
    struct text words = {0};
    for (size_t i = 0; i < FIELDS_MAX; i++)
        text_add(&words, "verdict,");
    assert_true(fields_choose(&list, text_words(&words), NAMED_AS_OURS, &error));
    text_add(&words, "verdict");
    assert_false(fields_choose(&list, text_words(&words), NAMED_AS_OURS, &error));
    text_free(&words);
}

static void zeeks_names_and_ours_lead_to_the_same_field(void **state)
{
    (void)state;
    struct field_list ours, zeeks;
    struct error error = {0};
    assert_true(fields_choose(&ours, "src_ip,id.orig_h", NAMED_AS_OURS, &error));
    assert_true(fields_choose(&zeeks, "src_ip,id.orig_h", NAMED_AS_ZEEKS, &error));
    for (size_t i = 0; i < 2; i++) {
        assert_ptr_equal(ours.all[i], zeeks.all[i]);
        assert_string_equal(field_name(ours.all[i], NAMED_AS_OURS), "src_ip");
        assert_string_equal(field_name(zeeks.all[i], NAMED_AS_ZEEKS), "id.orig_h");
    }
    /* The one word that both use, each in its own way: "TCP" and "tcp". */
    assert_true(fields_choose(&ours, "proto", NAMED_AS_OURS, &error));
    assert_true(fields_choose(&zeeks, "proto", NAMED_AS_ZEEKS, &error));
    assert_ptr_not_equal(ours.all[0], zeeks.all[0]);
}

static void names_are_unique(void **state)
{
    (void)state;
    struct field_list all = fields_default();
    for (size_t i = 0; i < all.count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(all.all[i]->name, all.all[k]->name);
    }
}

/* A record with nothing in it but what every record has: no getter may stumble. */
static void an_empty_record_has_few_values(void **state)
{
    (void)state;
    static const struct attributes unknown = {{"a", "b", "c", "d", "e", "f", "g", "h"}, {0}};
    struct flow_record record;
    memset(&record, 0, sizeof record);
    record.classification.attributes = &unknown;
    struct field_list all = fields_default();
    struct field_value value = {.record = &record};
    struct text words = {0};
    for (size_t i = 0; i < all.count; i++) {
        field_add_printable(&words, all.all[i], &value);
        text_add_char(&words, ' ');
    }
    assert_null(strstr(text_words(&words), "SSH"));
    text_free(&words);
    text_free(&value.scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_in_the_order_asked_for),
        cmocka_unit_test(an_unknown_field_is_told_with_its_nearest_and_all_names),
        cmocka_unit_test(more_fields_than_there_is_room_for_are_refused),
        cmocka_unit_test(zeeks_names_and_ours_lead_to_the_same_field),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(an_empty_record_has_few_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
