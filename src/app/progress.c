/* SPDX-License-Identifier: Apache-2.0 */
#include "app/progress.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 28 };

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

void progress_start(struct progress *progress, bool is_wanted, uint64_t total_bytes)
{
    *progress =
        (struct progress){.is_on = is_wanted && isatty(STDERR_FILENO), .total_bytes = total_bytes};
    if (progress->is_on)
        progress->started_ns = clock_ns();
}

static void draw_bar(double share)
{
    char bar[BAR_WIDTH + 1];
    int full = (int)(share * BAR_WIDTH);
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "[%s] %3.0f %%  ", bar, share * 100);
}

static void draw(const struct progress *progress, uint64_t bytes, uint64_t packets, int64_t now_ns)
{
    double seconds = (double)(now_ns - progress->started_ns) / (double)NS_PER_S;
    fputs("\r\033[K", stderr);
    if (progress->total_bytes > 0) {
        double share = (double)bytes / (double)progress->total_bytes;
        share = share > 1 ? 1 : share;
        draw_bar(share);
        if (share > 0.01 && seconds > 1)
            fprintf(stderr, "%.0f s left  ", seconds / share - seconds);
    }
    fprintf(stderr, "%.1f MB  %.2f M packets", (double)bytes / 1e6, (double)packets / 1e6);
    fflush(stderr);
}

void progress_update(struct progress *progress, uint64_t bytes, uint64_t packets)
{
    if (!progress->is_on)
        return;
    int64_t now_ns = clock_ns();
    if (progress->is_drawn && now_ns - progress->drawn_ns < 100 * NS_PER_MS)
        return;
    draw(progress, bytes, packets, now_ns);
    progress->is_drawn = true;
    progress->drawn_ns = now_ns;
}

void progress_clear(struct progress *progress)
{
    if (progress->is_drawn)
        fputs("\r\033[K", stderr);
    progress->is_drawn = false;
}
