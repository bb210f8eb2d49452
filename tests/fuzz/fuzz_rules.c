/* SPDX-License-Identifier: Apache-2.0
 *
 * A rule file from a stranger: the first byte says which kind of file, the rest is the file. What
 * loads is also shown and explained.
 */
#include "rules/pack.h"
#include "rules/rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char taxonomy[] = "category: [other, net-admin]\n"
                               "sub-category: [other]\n"
                               "application-group: [other]\n"
                               "traffic-class: [bulk-data]\n"
                               "business-relevance: [default]\n"
                               "p2p-technology: [no]\n"
                               "tunnel: [no]\n"
                               "encrypted: [no]\n";

static const char applications[] = "defaults: {category: other, sub-category: other,\n"
                                   "  application-group: other, traffic-class: bulk-data,\n"
                                   "  business-relevance: default, p2p-technology: no,\n"
                                   "  tunnel: no, encrypted: no}\n"
                                   "categories: [{name: Web, attributes: {}}]\n"
                                   "applications: [{name: HTTP, like: Web}]\n";

static const char services[] = "services: [{name: a, port: 154, transports: [tcp], like: Web}]\n";

static bool read_words(struct pack *pack, enum rule_file_kind kind, const char *words)
{
    return pack_read(pack, kind, "given.yaml",
                     (struct span){(const uint8_t *)words, strlen(words)});
}

static void use(const struct rulebook *rulebook)
{
    char *words = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&words, &length);
    assert(rules_show(rulebook, NULL, out, NULL));
    assert(rules_explain(rulebook, "154", out, NULL));
    for (size_t i = 0; i < rulebook->service_count && i < 16; i++)
        assert(rules_show(rulebook, rulebook->services[i].name, out, NULL));
    rules_summary(rulebook, out);
    fclose(out);
    /* Nothing of the file gets to a terminal but printable letters. */
    for (size_t i = 0; i < length; i++)
        assert(words[i] == '\n' || (words[i] >= ' ' && words[i] <= '~'));
    free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    enum rule_file_kind kind = (enum rule_file_kind)(bytes[0] % (RULE_FILE_USER + 1));
    struct error error = {0};
    struct pack pack;
    pack_init(&pack, &error);
    bool is_good =
        (kind == RULE_FILE_TAXONOMY || read_words(&pack, RULE_FILE_TAXONOMY, taxonomy)) &&
        (kind != RULE_FILE_USER || (read_words(&pack, RULE_FILE_APPLICATIONS, applications) &&
                                    read_words(&pack, RULE_FILE_SERVICES, services))) &&
        pack_read(&pack, kind, "fuzzed.yaml", (struct span){bytes + 1, length - 1}) &&
        applications_finish(&pack) && services_finish(&pack);
    assert(is_good == (error.text[0] == '\0'));
    if (is_good && kind == RULE_FILE_USER) {
        struct rulebook *rulebook = pack_take_rulebook(&pack);
        use(rulebook);
        rules_free(rulebook);
    }
    pack_free(&pack);
    return 0;
}
