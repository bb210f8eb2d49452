/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "flow/flow_sample.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static struct sample_pool *pool;
static struct flow_sample *sample;

static void begin(void)
{
    pool = sample_pool_new(1);
    sample = sample_pool_take(pool);
}

static void end(void)
{
    sample_pool_return(pool, sample);
    sample_pool_free(pool);
}

static void place(int32_t offset, const char *words, uint32_t packet)
{
    flow_sample_place(sample, TO_RESPONDER, offset, span_of(words), packet);
}

static void assert_holds(const char *words)
{
    assert_int_equal(sample->length[TO_RESPONDER], strlen(words));
    assert_memory_equal(sample->bytes[TO_RESPONDER], words, strlen(words));
}

static void segments_in_order_make_a_stream(void **state)
{
    (void)state;
    begin();
    place(0, "abc", 4);
    place(3, "def", 5);
    assert_holds("abcdef");
    assert_int_equal(sample->first_packet[TO_RESPONDER], 4);
    assert_int_equal(sample->first_packet[TO_INITIATOR], 0);
    assert_int_equal(sample->length[TO_INITIATOR], 0);
    end();
}

static void what_is_there_stays(void **state)
{
    (void)state;
    begin();
    place(0, "abcdef", 1);
    place(0, "XXXXXXgh", 2);
    place(3, "YYYYYi", 3);
    assert_holds("abcdefghi");
    end();
}

static void one_range_waits_for_the_hole_before_it(void **state)
{
    (void)state;
    begin();
    place(6, "ghi", 1);
    place(20, "too far", 2);
    place(9, "jkl", 3);
    assert_holds("");
    assert_int_equal(sample->first_packet[TO_RESPONDER], 0);
    place(0, "abc", 4);
    assert_holds("abc");
    place(3, "defXXXXXXmno", 5);
    assert_holds("abcdefghijklmno");
    assert_int_equal(sample->first_packet[TO_RESPONDER], 4);
    place(15, "pqr", 6);
    assert_holds("abcdefghijklmnopqr");
    end();
}

static void bytes_before_the_beginning_are_left_out(void **state)
{
    (void)state;
    begin();
    place(-3, "xyz", 1);
    assert_holds("");
    place(-3, "xyzabc", 2);
    assert_holds("abc");
    place(INT32_MIN, "far", 3);
    place(INT32_MAX, "far", 3);
    assert_holds("abc");
    assert_int_equal(sample->first_packet[TO_RESPONDER], 2);
    end();
}

static void the_end_of_the_sample_cuts(void **state)
{
    (void)state;
    char long_words[FLOW_SAMPLE_SIZE + 100];
    memset(long_words, 'x', sizeof long_words);
    long_words[sizeof long_words - 1] = '\0';

    begin();
    place(500, long_words, 1);
    place(FLOW_SAMPLE_SIZE, "no", 2);
    place(0, long_words, 3);
    assert_int_equal(sample->length[TO_RESPONDER], FLOW_SAMPLE_SIZE);
    place(FLOW_SAMPLE_SIZE - 1, "no", 4);
    flow_sample_append(sample, TO_RESPONDER, span_of("no"), 5);
    assert_int_equal(sample->length[TO_RESPONDER], FLOW_SAMPLE_SIZE);
    assert_int_equal(sample->bytes[TO_RESPONDER][FLOW_SAMPLE_SIZE - 1], 'x');
    end();
}

static void only_the_first_messages_are_kept(void **state)
{
    (void)state;
    begin();
    for (uint32_t i = 0; i < 20; i++)
        flow_sample_add_message(sample, i % 2 ? TO_INITIATOR : TO_RESPONDER, i * 10000);
    assert_int_equal(sample->message_count, FLOW_MESSAGES_MAX);
    assert_int_equal(sample->message_size[1], 10000);
    assert_int_equal(sample->message_from[1], TO_INITIATOR);
    assert_int_equal(sample->message_size[7], UINT16_MAX);
    end();
}

static void a_sample_that_comes_back_is_empty(void **state)
{
    (void)state;
    begin();
    place(0, "abc", 1);
    place(9, "parked", 1);
    flow_sample_add_message(sample, TO_RESPONDER, 3);
    assert_null(sample_pool_take(pool));
    sample_pool_return(pool, sample);
    assert_ptr_equal(sample_pool_take(pool), sample);
    assert_holds("");
    assert_int_equal(sample->message_count, 0);
    place(0, "new", 1);
    place(3, "wordsand", 1);
    assert_holds("newwordsand");
    end();
}

static uint32_t next_random(uint32_t *seed)
{
    return *seed = *seed * 1664525u + 1013904223u;
}

/* However a stream is cut, swapped, repeated and lost, what the sample holds is its beginning. */
static void whatever_arrives_the_sample_is_a_beginning_of_the_stream(void **state)
{
    (void)state;
    uint8_t stream[700];
    for (size_t i = 0; i < sizeof stream; i++)
        stream[i] = (uint8_t)(i * 7 + i / 256);
    uint32_t seed = 1;
    for (int run = 0; run < 2000; run++) {
        bool have[FLOW_SAMPLE_SIZE] = {false};
        begin();
        for (int segment = 0; segment < 30; segment++) {
            uint32_t from = next_random(&seed) >> 16;
            uint32_t length = next_random(&seed) >> 16;
            from %= run % 2 ? (uint32_t)sizeof stream : 200;
            length = length % 100 % (uint32_t)(sizeof stream - from);
            uint16_t before = sample->length[TO_RESPONDER];
            flow_sample_place(sample, TO_RESPONDER, (int32_t)from,
                              (struct span){stream + from, length}, 1);
            for (uint32_t i = from; i < from + length && i < FLOW_SAMPLE_SIZE; i++)
                have[i] = true;
            uint16_t after = sample->length[TO_RESPONDER];
            bool reaches = from <= before && from + length > before;
            assert_true(after >= before);
            assert_true(!reaches || after >= from + length || after == FLOW_SAMPLE_SIZE);
            assert_memory_equal(sample->bytes[TO_RESPONDER], stream, after);
        }
        for (uint16_t i = 0; i < sample->length[TO_RESPONDER]; i++)
            assert_true(have[i]);
        end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_in_order_make_a_stream),
        cmocka_unit_test(what_is_there_stays),
        cmocka_unit_test(one_range_waits_for_the_hole_before_it),
        cmocka_unit_test(bytes_before_the_beginning_are_left_out),
        cmocka_unit_test(the_end_of_the_sample_cuts),
        cmocka_unit_test(only_the_first_messages_are_kept),
        cmocka_unit_test(a_sample_that_comes_back_is_empty),
        cmocka_unit_test(whatever_arrives_the_sample_is_a_beginning_of_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
