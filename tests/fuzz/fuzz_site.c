/* SPDX-License-Identifier: Apache-2.0
 *
 * A site policy from a stranger; what loads decides, and is explained.
 */
#include "model/packet.h"
#include "rules/rules.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void use(const struct site *site)
{
    static const char *const words[3] = {"10.20.0.5", "10.10.1.1", "395/tcp"};
    char *shown = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&shown, &length);
    assert(site_explain(site, words, out, NULL));
    site_summary(site, out);
    fclose(out);
    for (size_t i = 0; i < length; i++)
        assert(shown[i] == '\n' || (shown[i] >= ' ' && shown[i] <= '~'));
    free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const struct rulebook nothing;
    struct error error = {0};
    struct site site;
    bool is_good = site_parse("site.yaml", (struct span){bytes, length}, &nothing, &site, &error);
    assert(is_good == (error.text[0] == '\0'));
    if (is_good)
        use(&site);
    site_free(&site);
    return 0;
}
