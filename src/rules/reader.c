/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/reader.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { WORD_MAX = 2000 };

struct reader {
    const char *name;
    struct span bytes;
    struct error *error;
    yaml_parser_t parser;
    yaml_event_t event; /* the last one read; its memory is the last piece's word */
    bool has_event, has_document;
};

bool place_fail(struct error *error, struct place place, const char *format, ...)
{
    char sentence[sizeof((struct error *)0)->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return error_set(error, "%s:%u:%u: %s", place.file, place.line, place.column, sentence);
}

struct reader *reader_open(const char *name, struct span bytes, struct error *error)
{
    struct reader *reader = memory_new(1, sizeof *reader);
    *reader = (struct reader){.name = name, .bytes = bytes, .error = error};
    if (!yaml_parser_initialize(&reader->parser)) {
        error_set(error, "%s: no memory to read it", name);
        free(reader);
        return NULL;
    }
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, bytes.at, bytes.length);
    return reader;
}

static void forget_event(struct reader *reader)
{
    if (reader->has_event)
        yaml_event_delete(&reader->event);
    reader->has_event = false;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    forget_event(reader);
    yaml_parser_delete(&reader->parser);
    free(reader);
}

static struct place place_of(const struct reader *reader, yaml_mark_t mark)
{
    return (struct place){reader->name, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

/* libyaml names the place of a bad byte by its offset only. */
static struct place place_of_offset(const struct reader *reader, size_t offset)
{
    struct place place = {reader->name, 1, 1};
    for (size_t i = 0; i < offset && i < reader->bytes.length; i++) {
        uint8_t byte = reader->bytes.at[i];
        bool is_continuation = (byte & 0xc0) == 0x80;
        place.column = byte == '\n' ? 1 : place.column + !is_continuation;
        place.line += byte == '\n';
    }
    return place;
}

static bool fail_as_parser(const struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "no memory";
    if (parser->error == YAML_READER_ERROR)
        return place_fail(reader->error, place_of_offset(reader, parser->problem_offset),
                          "not text in UTF-8: %s", problem);
    const char *context = parser->context ? parser->context : "";
    return place_fail(reader->error, place_of(reader, parser->problem_mark), "not YAML: %s%s%s",
                      problem, *context ? " " : "", context);
}

static bool has_control_character(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)word[i];
        /* C1 controls are U+0080 to U+009F, in UTF-8 C2 80 to C2 9F. */
        if (byte < 0x20 || byte == 0x7f ||
            (byte == 0xc2 && i + 1 < length && (unsigned char)word[i + 1] < 0xa0))
            return true;
    }
    return false;
}

/* A folded text (">") ends in a line feed that nobody wants. */
static size_t without_line_feed(char *word, size_t length)
{
    while (length > 0 && word[length - 1] == '\n')
        word[--length] = '\0';
    return length;
}

static bool word_piece(struct reader *reader, struct piece *piece)
{
    yaml_event_t *event = &reader->event;
    char *word = (char *)event->data.scalar.value;
    size_t length = without_line_feed(word, event->data.scalar.length);
    if (length > WORD_MAX)
        return place_fail(reader->error, piece->place, "a text of %zu bytes; %d are the most",
                          length, WORD_MAX);
    if (has_control_character(word, length))
        return place_fail(reader->error, piece->place,
                          "a control character or line break inside a text");
    piece->kind = PIECE_WORD;
    piece->word = word;
    return true;
}

static bool is_decorated(const yaml_event_t *event)
{
    switch ((int)event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    default:
        return event->type == YAML_ALIAS_EVENT;
    }
}

/* Turns the last event into a piece. Those that say nothing (document marks) leave the kind at
 * PIECE_END with `is_silent` set. */
static bool piece_of_event(struct reader *reader, struct piece *piece, bool *is_silent)
{
    *piece = (struct piece){.kind = PIECE_END, .place = place_of(reader, reader->event.start_mark)};
    *is_silent = false;
    if (is_decorated(&reader->event))
        return place_fail(reader->error, piece->place,
                          "anchors (&), aliases (*) and tags (!) are not allowed: write it out");
    switch ((int)reader->event.type) {
    case YAML_SCALAR_EVENT:
        return word_piece(reader, piece);
    case YAML_SEQUENCE_START_EVENT:
        piece->kind = PIECE_LIST;
        break;
    case YAML_SEQUENCE_END_EVENT:
        piece->kind = PIECE_LIST_END;
        break;
    case YAML_MAPPING_START_EVENT:
        piece->kind = PIECE_MAP;
        break;
    case YAML_MAPPING_END_EVENT:
        piece->kind = PIECE_MAP_END;
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (reader->has_document)
            return place_fail(reader->error, piece->place,
                              "a second document; one a file is allowed");
        reader->has_document = true;
        *is_silent = true;
        break;
    default: /* start of the stream, end of the document, end of the stream */
        *is_silent = reader->event.type != YAML_STREAM_END_EVENT;
        break;
    }
    return true;
}

bool reader_next(struct reader *reader, struct piece *piece)
{
    bool is_silent = true;
    while (is_silent) {
        forget_event(reader);
        if (!yaml_parser_parse(&reader->parser, &reader->event))
            return fail_as_parser(reader);
        reader->has_event = true;
        if (!piece_of_event(reader, piece, &is_silent))
            return false;
    }
    return true;
}
