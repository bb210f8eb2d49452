/* SPDX-License-Identifier: Apache-2.0 */
#include "app/exit_status.h"

enum exit_status exit_status_worse(enum exit_status a, enum exit_status b)
{
    static const int weight[] = {
        [EXIT_DONE] = 0,     [EXIT_FINDINGS] = 1,      [EXIT_DAMAGED_INPUT] = 2,
        [EXIT_NO_INPUT] = 3, [EXIT_OUTPUT_FAILED] = 4, [EXIT_USAGE] = 5,
    };
    return weight[a] >= weight[b] ? a : b;
}
