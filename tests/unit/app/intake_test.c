/* SPDX-License-Identifier: Apache-2.0
 *
 * Passing over records as they lie in the block gives what looking at every frame gives, for whole
 * captures and for such as are cut anywhere.
 */
#define _GNU_SOURCE
#include "unit.h"

#include "app/intake.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FRAMES = 40, FRAME_SIZE = 60, RECORD_SIZE = 16 + FRAME_SIZE, HEADER_SIZE = 24 };

static uint8_t capture[HEADER_SIZE + FRAMES * RECORD_SIZE];

static void put_le32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

/* Ethernet, IPv4, TCP or UDP; every fifth on port 154, every seventh not IP, times to and fro. */
static void make_record(uint8_t *record, uint32_t number)
{
    put_le32(record, 1700000000 + (number * 7) % 13);
    put_le32(record + 4, number);
    put_le32(record + 8, FRAME_SIZE);
    put_le32(record + 12, FRAME_SIZE + number);
    uint8_t *frame = record + 16;
    frame[12] = 0x08;
    frame[13] = number % 7 == 0 ? 0x06 : 0x00;
    uint8_t *ip = frame + 14;
    ip[0] = 0x45;
    ip[3] = FRAME_SIZE - 14;
    ip[9] = number % 2 ? TRANSPORT_TCP : TRANSPORT_UDP;
    ip[12] = 10;
    ip[16] = 10;
    ip[21] = 99;
    ip[23] = number % 5 == 0 ? 154 : 80;
    ip[25] = FRAME_SIZE - 34;
    ip[32] = 0x50;
}

static int make_capture(void **state)
{
    (void)state;
    static const uint8_t header[HEADER_SIZE] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0,
                                                0,    0,    0,    0,    0, 0, 0, 4, 0, 1};
    memcpy(capture, header, sizeof header);
    for (uint32_t i = 0; i < FRAMES; i++)
        make_record(capture + HEADER_SIZE + i * RECORD_SIZE, i);
    return 0;
}

struct outcome {
    struct totals totals;
    uint64_t packets;
    int64_t times; /* a sum over packets of time and now */
    enum source_status end;
    struct error error;
};

static void on_packet(void *context, const struct packet *packet, int64_t now_ns)
{
    struct outcome *outcome = context;
    outcome->packets++;
    outcome->times += packet->time_ns % 1000003 + now_ns % 1000003 + packet->wire_length;
}

static void run(size_t length, bool wants_runs, struct outcome *outcome)
{
    struct port_set watched = {{0}};
    struct intake intake;
    struct batch batch;
    port_set_add(&watched, 154);
    *outcome = (struct outcome){0};
    assert_true(intake_open(&intake, &(struct intake_options){.watched = &watched}, on_packet,
                            outcome, &outcome->error));
    int fd = memfd_create("capture", 0);
    assert_true(write(fd, capture, length) == (ssize_t)length && lseek(fd, 0, SEEK_SET) == 0);
    struct source *source = source_open_fd(
        fd, "capture", &(struct source_options){.wants_runs = wants_runs}, &outcome->error);
    assert_non_null(source);
    intake_begin_input(&intake);
    while ((outcome->end = source_next(source, &batch, &outcome->error)) == SOURCE_BATCH) {
        assert_int_equal(batch.run != NULL, wants_runs);
        intake_take_batch(&intake, &batch);
    }
    outcome->totals = intake.totals;
    source_close(source);
    intake_close(&intake);
}

static void runs_give_what_frames_give(void **state)
{
    (void)state;
    for (size_t length = HEADER_SIZE; length <= sizeof capture; length++) {
        struct outcome frames, runs;
        run(length, false, &frames);
        run(length, true, &runs);
        assert_int_equal(runs.end, frames.end);
        assert_string_equal(runs.error.text, frames.error.text);
        assert_int_equal(runs.packets, frames.packets);
        assert_true(runs.times == frames.times);
        assert_memory_equal(&runs.totals, &frames.totals, sizeof runs.totals);
        assert_true(totals_balance(&runs.totals));
    }
}

static void a_record_that_claims_too_much_is_damage(void **state)
{
    (void)state;
    uint8_t *claim = capture + HEADER_SIZE + 20 * RECORD_SIZE + 8;
    put_le32(claim, 300000);
    struct outcome frames, runs;
    run(sizeof capture, false, &frames);
    run(sizeof capture, true, &runs);
    put_le32(claim, FRAME_SIZE);
    assert_int_equal(runs.end, SOURCE_FAILED);
    assert_string_equal(runs.error.text, frames.error.text);
    assert_int_equal(runs.totals.capture.packets_read, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_give_what_frames_give),
        cmocka_unit_test(a_record_that_claims_too_much_is_damage),
    };
    return cmocka_run_group_tests(tests, make_capture, NULL);
}
