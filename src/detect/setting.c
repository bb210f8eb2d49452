/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/setting.h"

#include "base/suggest.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS_MAX = 16 };

static void *place_of(const struct setting *setting, void *state)
{
    return (char *)state + setting->offset;
}

static bool read_count(const char *value, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (!isdigit((unsigned char)*value) || *end != '\0' || errno != 0)
        return false;
    *out = number;
    return true;
}

static bool read_number(const char *value, double *out)
{
    char *end;
    double number = strtod(value, &end);
    if (!isdigit((unsigned char)*value) || *end != '\0' || !isfinite(number))
        return false;
    *out = number;
    return true;
}

static bool read_value(const struct setting *setting, const char *value, void *state)
{
    void *place = place_of(setting, state);
    switch (setting->type) {
    case SETTING_COUNT:
        return read_count(value, place);
    case SETTING_NUMBER:
        return read_number(value, place);
    case SETTING_DURATION:
        return duration_parse(value, place);
    }
    return false;
}

void settings_default(const struct setting *settings, void *state)
{
    for (size_t i = 0; settings && settings[i].name; i++) {
        bool is_read = read_value(&settings[i], settings[i].normal, state);
        assert(is_read);
        (void)is_read;
    }
}

static const char *form_of(enum setting_type type)
{
    static const char *const forms[] = {
        [SETTING_COUNT] = "a whole number",
        [SETTING_NUMBER] = "a number",
        [SETTING_DURATION] = "a duration such as 90s or 5m",
    };
    return forms[type];
}

bool settings_set(const struct setting *settings, const char *who, const char *name,
                  const char *value, void *state, struct error *error)
{
    const char *names[SETTINGS_MAX];
    char shown[80], hint[SUGGESTION_SIZE];
    size_t count = 0;
    for (; settings && settings[count].name && count < SETTINGS_MAX; count++) {
        names[count] = settings[count].name;
        if (strcmp(names[count], name) != 0)
            continue;
        return read_value(&settings[count], value, state) ||
               error_set(error, "--set %s.%s: '%s' is not %s", who, name,
                         text_printable(value, shown, sizeof shown), form_of(settings[count].type));
    }
    return error_set(error, "--set: the detector %s has no setting '%s'%s", who,
                     text_printable(name, shown, sizeof shown),
                     suggestion(name, names, count, hint));
}
