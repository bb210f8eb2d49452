/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run_options.h"

#include "base/text.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool set_timeout(struct flow_timeouts *timeouts, const char *word, struct error *error)
{
    const struct {
        const char *name;
        int64_t *place;
    } kinds[] = {
        {"tcp", &timeouts->tcp_idle_ns},
        {"tcp-closed", &timeouts->tcp_closed_ns},
        {"tcp-attempt", &timeouts->tcp_attempt_ns},
        {"udp", &timeouts->udp_idle_ns},
        {"other", &timeouts->other_idle_ns},
        {"active", &timeouts->active_ns},
    };
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : 0;
    for (size_t i = 0; equals && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, word, length) == 0 &&
            duration_parse(equals + 1, kinds[i].place))
            return true;
    }
    char shown[80];
    return error_set(error,
                     "--timeout: '%s' is not KIND=DURATION with tcp, tcp-closed, tcp-attempt, udp, "
                     "other or active",
                     text_printable(word, shown, sizeof shown));
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool set_hash_key(const char *word, struct siphash_key *key, struct error *error)
{
    *key = (struct siphash_key){0};
    if (strlen(word) != 32 || strspn(word, "0123456789abcdefABCDEF") != 32)
        return error_set(error, "--hash-key needs 32 hexadecimal digits");
    for (size_t i = 0; i < 32; i++)
        key->words[i / 16] = key->words[i / 16] << 4 | (uint64_t)hex_digit(word[i]);
    return true;
}

static bool wants_colour(const struct run_options *run)
{
    const char *never = getenv("NO_COLOR");
    const char *always = getenv("CLICOLOR_FORCE");
    const char *terminal = getenv("TERM");
    if (run->without_colour || (never && *never))
        return false;
    if (always && *always && strcmp(always, "0") != 0)
        return true;
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

bool run_options_fill(const struct run_options *run, const struct flow_timeouts *timeouts,
                      struct pipeline_options *options, struct error *error)
{
    *options = (struct pipeline_options){
        .rules = {.directory = run->rules_directory,
                  .files = run->rules.items,
                  .file_count = run->rules.count,
                  .watch = run->watch},
        .outputs = run->outputs.items,
        .output_count = run->outputs.count,
        .sinks = {.may_overwrite = run->may_overwrite,
                  .use_colour = wants_colour(run),
                  .fields = run->fields,
                  .evidence_each = run->evidence_each,
                  .evidence_all = run->evidence_all},
        .evidence_memory = run->evidence_memory,
        .filter = run->filter,
        .wants_all = run->wants_all,
        .packets_max = run->packets_max,
        .timeouts = *timeouts,
        .max_flows = run->max_flows,
        .threads = run->threads,
        .without_dpi = run->without_dpi,
        .finder = {.site = run->site,
                   .baseline = run->baseline,
                   .settings = run->settings.items,
                   .setting_count = run->settings.count,
                   .is_off = run->without_detectors,
                   .has_fail_on = run->fail_on != NULL,
                   .suppress_ns = run->suppress_ns},
        .has_hash_key = run->hash_key != NULL,
    };
    for (size_t i = 0; i < run->timeouts.count; i++) {
        if (!set_timeout(&options->timeouts, run->timeouts.items[i], error))
            return false;
    }
    if (run->fail_on && !severity_parse(run->fail_on, &options->finder.fail_on))
        return error_set(error, "--fail-on needs info, low, medium, high or critical");
    return !run->hash_key || set_hash_key(run->hash_key, &options->hash_key, error);
}

void run_options_free(struct run_options *run)
{
    words_free(&run->outputs);
    words_free(&run->rules);
    words_free(&run->timeouts);
    words_free(&run->settings);
}
