/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/pack.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pack_init(struct pack *pack, struct error *error)
{
    *pack = (struct pack){
        .error = error,
        .applications.what = "application",
        .categories.what = "category",
    };
}

void pack_free(struct pack *pack)
{
    strings_free(&pack->strings);
    taxonomy_free(&pack->taxonomy);
    free(pack->takeovers);
    free(pack->applications.entries);
    free(pack->categories.entries);
    free(pack->services);
    free(pack->evidence);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *pack_place_text(struct pack *pack, struct place place)
{
    return strings_format(&pack->strings, "%s:%u", base_name(place.file), place.line);
}

/* What may stand at the top of each kind of file. */
static const struct field application_sections[] = {
    {"defaults", attributes_read, offsetof(struct pack, defaults), 0, 0},
    {"categories", categories_read, 0, 0, 0},
    {"applications", applications_read, 0, 0, 0},
};
static const struct field service_sections[] = {
    {"services", services_read, 0, 0, 0},
};
static const struct field evidence_sections[] = {
    {"evidence", evidence_read, 0, 0, 0},
};
static const struct field user_sections[] = {
    {"evidence", evidence_read, 0, 0, 0},
    {"services", services_read, 0, 0, 0},
    {"categories", categories_read, 0, 0, 0},
    {"applications", applications_read, 0, 0, 0},
};

#define SECTIONS(rows)                                                                             \
    {                                                                                              \
        "a rule file", rows, sizeof rows / sizeof rows[0]                                          \
    }

static const struct schema file_schemas[] = {
    [RULE_FILE_APPLICATIONS] = SECTIONS(application_sections),
    [RULE_FILE_SERVICES] = SECTIONS(service_sections),
    [RULE_FILE_EVIDENCE] = SECTIONS(evidence_sections),
    [RULE_FILE_USER] = SECTIONS(user_sections),
};

/* A file of comments alone is fine: all its rules may be switched off. */
static bool read_sections(const struct rule_file *file, enum rule_file_kind kind)
{
    struct piece first;
    struct given given;
    if (!reader_next(file->reader, &first))
        return false;
    if (first.kind == PIECE_END)
        return true;
    bool is_read = kind == RULE_FILE_TAXONOMY
                       ? taxonomy_read(file, &first)
                       : schema_read_map(file, &file_schemas[kind], &first, file->pack, &given);
    /* The end is read too: garbage behind the mapping is a mistake. */
    return is_read && reader_next(file->reader, &first);
}

bool pack_read(struct pack *pack, enum rule_file_kind kind, const char *name, struct span bytes)
{
    if (bytes.length > FILE_SIZE_MAX)
        return error_set(pack->error, "%s: larger than 1 MiB, which no rule file is", name);
    struct reader *reader = reader_open(strings_keep(&pack->strings, name), bytes, pack->error);
    if (!reader)
        return false;
    const struct rule_file file = {.reader = reader, .pack = pack, .error = pack->error};
    bool is_read = read_sections(&file, kind);
    reader_close(reader);
    return is_read;
}

char *rule_bytes_read(const char *path, const char *name, size_t *length, struct error *error)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        error_set_errno(error, "%s: cannot be opened", name);
        return NULL;
    }
    char *bytes = memory_new(FILE_SIZE_MAX + 1, 1);
    *length = fread(bytes, 1, FILE_SIZE_MAX + 1, stream);
    bool is_read = ferror(stream) == 0;
    if (!is_read)
        error_set_errno(error, "%s: cannot be read", name);
    fclose(stream);
    if (is_read)
        return bytes;
    free(bytes);
    return NULL;
}

bool pack_read_path(struct pack *pack, enum rule_file_kind kind, const char *path)
{
    char name[WORD_TEXT_SIZE * 3];
    text_printable(path, name, sizeof name);
    size_t length;
    char *bytes = rule_bytes_read(path, name, &length, pack->error);
    bool is_read =
        bytes && pack_read(pack, kind, name, (struct span){(const uint8_t *)bytes, length});
    free(bytes);
    return is_read;
}
