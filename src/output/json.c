/* SPDX-License-Identifier: Apache-2.0 */
#include "output/json.h"

void json_printable(struct text *text, const char *key, struct span bytes)
{
    json_begin(text, key, '"');
    for (size_t i = 0; i < bytes.length; i++) {
        struct span byte = {bytes.at + i, 1};
        if (*byte.at == '\\') {
            text_add(text, "\\\\\\\\");
        } else if (*byte.at >= 0x20 && *byte.at < 0x7f) {
            text_add_json(text, byte);
        } else {
            text_add(text, "\\\\x");
            text_add_hex(text, byte);
        }
    }
    json_end(text, '"');
}
