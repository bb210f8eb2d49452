/* SPDX-License-Identifier: Apache-2.0
 *
 * A baseline from a stranger: it loads, or is refused in words.
 */
#include "detect/baseline.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error = {0};
    struct baseline *baseline = baseline_new();
    bool is_good = baseline_parse(baseline, "base.json", (struct span){bytes, length}, &error);
    assert(is_good == (error.text[0] == '\0'));
    baseline_free(baseline);
    return 0;
}
