/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/baseline.h"

#include "base/keyed_table.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BASELINE_VERSION = 1, SERVICES_MAX = 16384, PAIRS_MAX = 65536, FILE_SIZE_MAX = 64 << 20 };

/* Of a service the client is zero. */
struct peer_key {
    struct address client, server;
    uint16_t port;
    uint8_t protocol, zero;
};
_Static_assert(sizeof(struct peer_key) == 38, "a key has no hidden padding");

struct peer {
    uint64_t flows;
    int64_t first_ns, last_ns;
};

struct baseline {
    struct keyed_table *services, *pairs;
    uint64_t refused;
};

struct baseline *baseline_new(void)
{
    struct baseline *baseline = memory_new(1, sizeof *baseline);
    const struct siphash_key key = siphash_random_key();
    baseline->services =
        keyed_table_new(SERVICES_MAX, sizeof(struct peer_key), sizeof(struct peer), &key);
    baseline->pairs =
        keyed_table_new(PAIRS_MAX, sizeof(struct peer_key), sizeof(struct peer), &key);
    return baseline;
}

void baseline_free(struct baseline *baseline)
{
    if (!baseline)
        return;
    keyed_table_free(baseline->services);
    keyed_table_free(baseline->pairs);
    free(baseline);
}

size_t baseline_services(const struct baseline *baseline)
{
    return keyed_table_count(baseline->services);
}

size_t baseline_pairs(const struct baseline *baseline)
{
    return keyed_table_count(baseline->pairs);
}

uint64_t baseline_refused(const struct baseline *baseline)
{
    return baseline->refused;
}

static struct peer_key service_key(const struct observation *seen)
{
    return (struct peer_key){
        .server = seen->server, .port = seen->port, .protocol = seen->protocol};
}

static struct peer_key pair_key(const struct observation *seen)
{
    struct peer_key key = service_key(seen);
    key.client = seen->client;
    return key;
}

bool baseline_knows_listener(const struct baseline *baseline, const struct observation *seen)
{
    const struct peer_key key = service_key(seen);
    return baseline && keyed_table_find(baseline->services, &key);
}

bool baseline_knows_pair(const struct baseline *baseline, const struct observation *seen)
{
    const struct peer_key key = pair_key(seen);
    return baseline && keyed_table_find(baseline->pairs, &key);
}

/* What is known is never pushed out by what comes later. */
static void add(struct baseline *baseline, struct keyed_table *table, const struct peer_key *key,
                const struct peer *more)
{
    struct peer *peer = keyed_table_find(table, key);
    if (!peer && keyed_table_count(table) == keyed_table_capacity(table)) {
        baseline->refused++;
        return;
    }
    if (!peer) {
        peer = keyed_table_find_or_add(table, key, NULL);
        *peer = *more;
        return;
    }
    peer->flows += more->flows;
    if (more->first_ns < peer->first_ns)
        peer->first_ns = more->first_ns;
    if (more->last_ns > peer->last_ns)
        peer->last_ns = more->last_ns;
}

void baseline_learn(struct baseline *baseline, const struct observation *seen)
{
    if (!seen->is_watched || !seen->is_answered)
        return;
    const struct peer once = {1, seen->flow->first_ns, seen->flow->last_ns};
    const struct peer_key service = service_key(seen);
    const struct peer_key pair = pair_key(seen);
    add(baseline, baseline->services, &service, &once);
    add(baseline, baseline->pairs, &pair, &once);
}

static const struct {
    uint8_t protocol;
    const char *name;
} transports[] = {
    {TRANSPORT_TCP, "tcp"},
    {TRANSPORT_UDP, "udp"},
    {TRANSPORT_SCTP, "sctp"},
    {TRANSPORT_DCCP, "dccp"},
};

enum { TRANSPORTS = sizeof transports / sizeof transports[0] };

static const char *transport_word(uint8_t protocol)
{
    for (size_t i = 0; i < TRANSPORTS; i++) {
        if (transports[i].protocol == protocol)
            return transports[i].name;
    }
    return "tcp";
}

static bool transport_from_word(const char *word, uint8_t *protocol)
{
    for (size_t i = 0; i < TRANSPORTS; i++) {
        if (strcmp(transports[i].name, word) == 0) {
            *protocol = transports[i].protocol;
            return true;
        }
    }
    return false;
}

/* Reading. */

struct reading {
    struct baseline *baseline;
    const char *path; /* printable */
    struct error *error;
};

static bool read_address(const json_t *entry, const char *key, struct address *address)
{
    const char *word = json_string_value(json_object_get(entry, key));
    return word && address_parse(word, address);
}

/* Of seconds; 0 when that is no time that we can count in nanoseconds. */
static int64_t read_time(const json_t *entry, const char *key)
{
    int64_t time_ns;
    if (__builtin_mul_overflow(json_integer_value(json_object_get(entry, key)), NS_PER_S, &time_ns))
        return 0;
    return time_ns;
}

static bool read_peer(const json_t *entry, struct peer_key *key, struct peer *peer)
{
    const char *transport = json_string_value(json_object_get(entry, "transport"));
    json_int_t port = json_integer_value(json_object_get(entry, "port"));
    json_int_t flows = json_integer_value(json_object_get(entry, "flows"));
    *peer = (struct peer){
        .flows = flows > 0 ? (uint64_t)flows : 0,
        .first_ns = read_time(entry, "first"),
        .last_ns = read_time(entry, "last"),
    };
    if (port < 1 || port > UINT16_MAX || !transport ||
        !transport_from_word(transport, &key->protocol))
        return false;
    key->port = (uint16_t)port;
    return read_address(entry, "server", &key->server);
}

static bool read_list(const struct reading *reading, const json_t *root, const char *name,
                      struct keyed_table *table)
{
    const json_t *list = json_object_get(root, name);
    bool has_client = table == reading->baseline->pairs;
    size_t index;
    json_t *entry;
    if (!json_is_array(list))
        return error_set(reading->error, "%s: has no list '%s'; is it a baseline of portscope?",
                         reading->path, name);
    json_array_foreach(list, index, entry)
    {
        struct peer_key key = {0};
        struct peer peer;
        if (!read_peer(entry, &key, &peer) ||
            (has_client && !read_address(entry, "client", &key.client)))
            return error_set(reading->error,
                             "%s: entry %zu of '%s' needs %sserver, port (1-65535) and transport",
                             reading->path, index + 1, name, has_client ? "client, " : "");
        add(reading->baseline, table, &key, &peer);
    }
    return true;
}

static bool read_root(const struct reading *reading, const json_t *root)
{
    json_int_t version = json_integer_value(json_object_get(root, "version"));
    if (!json_is_integer(json_object_get(root, "portscope-baseline")) && version == 0)
        return error_set(reading->error,
                         "%s: is no baseline of portscope ('portscope learn' "
                         "writes one)",
                         reading->path);
    if (version != BASELINE_VERSION)
        return error_set(reading->error, "%s: baseline of version %lld; this program reads %d",
                         reading->path, (long long)version, BASELINE_VERSION);
    return read_list(reading, root, "services", reading->baseline->services) &&
           read_list(reading, root, "pairs", reading->baseline->pairs);
}

static char *read_file(const char *path, const char *shown, size_t *length, struct error *error)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        error_set_errno(error, "%s: cannot be opened", shown);
        return NULL;
    }
    char *bytes = NULL;
    size_t room = 0;
    *length = 0;
    do {
        room += 1 << 16;
        bytes = memory_resize(bytes, room, 1);
        *length += fread(bytes + *length, 1, room - *length, stream);
    } while (*length == room && room < FILE_SIZE_MAX);
    bool is_read = !ferror(stream) && feof(stream);
    fclose(stream);
    if (is_read)
        return bytes;
    error_set(error, "%s: cannot be read, or is larger than 64 MiB", shown);
    free(bytes);
    return NULL;
}

bool baseline_parse(struct baseline *baseline, const char *name, struct span bytes,
                    struct error *error)
{
    const struct reading reading = {.baseline = baseline, .path = name, .error = error};
    char why[240];
    json_error_t fault;
    json_t *root = json_loadb((const char *)bytes.at, bytes.length, JSON_REJECT_DUPLICATES, &fault);
    if (!root)
        return error_set(error, "%s:%d:%d: %s", name, fault.line, fault.column,
                         text_printable(fault.text, why, sizeof why));
    bool is_read = read_root(&reading, root);
    json_decref(root);
    return is_read;
}

bool baseline_load(struct baseline *baseline, const char *path, struct error *error)
{
    char shown[240];
    size_t length;
    text_printable(path, shown, sizeof shown);
    char *bytes = read_file(path, shown, &length, error);
    if (!bytes)
        return false;
    const struct span all = {(const uint8_t *)bytes, length};
    bool is_read = baseline_parse(baseline, shown, all, error);
    free(bytes);
    return is_read;
}

/* Writing. One entry a line, sorted, so that two baselines can be compared with diff. */

static int compare_keys(const void *a, const void *b)
{
    const struct peer_key *left = a;
    const struct peer_key *right = b;
    int order = address_compare(&left->server, &right->server);
    if (order == 0)
        order = (left->port > right->port) - (left->port < right->port);
    if (order == 0)
        order = (left->protocol > right->protocol) - (left->protocol < right->protocol);
    return order != 0 ? order : address_compare(&left->client, &right->client);
}

static struct peer_key *sorted_keys(const struct keyed_table *table)
{
    struct peer_key *keys = memory_new(keyed_table_count(table), sizeof *keys);
    size_t count = 0;
    for (void *at = keyed_table_oldest(table); at; at = keyed_table_younger(table, at))
        memcpy(&keys[count++], keyed_table_key(table, at), sizeof *keys);
    qsort(keys, count, sizeof *keys, compare_keys);
    return keys;
}

static void write_entry(FILE *out, const struct peer_key *key, const struct peer *peer)
{
    char words[ADDRESS_TEXT_SIZE];
    fputs("    {", out);
    if (key->client.version != 0)
        fprintf(out, "\"client\": \"%s\", ", address_text(&key->client, words));
    fprintf(out, "\"server\": \"%s\", \"port\": %u, \"transport\": \"%s\", ",
            address_text(&key->server, words), key->port, transport_word(key->protocol));
    fprintf(out, "\"flows\": %llu, \"first\": %lld, \"last\": %lld}",
            (unsigned long long)peer->flows, (long long)(peer->first_ns / NS_PER_S),
            (long long)(peer->last_ns / NS_PER_S));
}

static void write_list(FILE *out, const char *name, const struct keyed_table *table)
{
    struct peer_key *keys = sorted_keys(table);
    size_t count = keyed_table_count(table);
    fprintf(out, "  \"%s\": [", name);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        write_entry(out, &keys[i], keyed_table_find(table, &keys[i]));
    }
    fputs(count > 0 ? "\n  ]" : "]", out);
    free(keys);
}

static bool write_all(const struct baseline *baseline, FILE *out)
{
    fprintf(out, "{\n  \"portscope-baseline\": 1,\n  \"version\": %d,\n", BASELINE_VERSION);
    write_list(out, "services", baseline->services);
    fputs(",\n", out);
    write_list(out, "pairs", baseline->pairs);
    fputs("\n}\n", out);
    bool is_written = fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
    return fclose(out) == 0 && is_written;
}

/* Never through a link, never into a file that somebody else is writing. */
static FILE *create(const char *path, struct error *error)
{
    char shown[240];
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int descriptor = open(path, flags, 0600);
    text_printable(path, shown, sizeof shown);
    if (descriptor >= 0)
        return fdopen(descriptor, "wb");
    if (errno == EEXIST)
        error_set(error, "%s is in the way: another learns into it, or was killed; then remove it",
                  shown);
    else
        error_set_errno(error, "%s: cannot be written", shown);
    return NULL;
}

bool baseline_save(const struct baseline *baseline, const char *path, struct error *error)
{
    char shown[240];
    text_printable(path, shown, sizeof shown);
    struct text beside = {0};
    text_addf(&beside, "%s.new", path);
    FILE *out = create(text_words(&beside), error);
    bool is_saved = false;
    if (out) {
        is_saved = write_all(baseline, out) && rename(text_words(&beside), path) == 0;
        if (!is_saved) {
            error_set_errno(error, "%s: could not be written completely", shown);
            unlink(text_words(&beside));
        }
    }
    text_free(&beside);
    return is_saved;
}
