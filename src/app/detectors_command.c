/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope detectors
 */
#include "app/command.h"

#include "app/option.h"
#include "detect/detectors.h"

#include <stdio.h>

static const struct option_spec specs[] = {{0}};

enum exit_status command_detectors(int argc, char **argv)
{
    struct words operands = {0};
    struct error error;
    char nothing;
    enum exit_status status = EXIT_DONE;
    enum option_result result = options_parse(specs, argc, argv, &nothing, &operands, &error);
    if (result == OPTIONS_WRONG || (result == OPTIONS_OK && operands.count > 0)) {
        fprintf(stderr, "portscope: %s\n",
                result == OPTIONS_WRONG ? error.text : "detectors: takes no arguments");
        status = EXIT_USAGE;
    } else if (result == OPTIONS_HELP) {
        fputs("Usage: portscope detectors\n\n"
              "Lists the detectors with their ATT&CK ids, settings and defaults.\n"
              "'portscope read --set DETECTOR.SETTING=VALUE' changes one.\n",
              stdout);
    } else {
        detectors_print(stdout);
    }
    words_free(&operands);
    return status;
}
