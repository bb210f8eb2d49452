/* SPDX-License-Identifier: Apache-2.0
 *
 * The packets behind each finding, a pcapng file each: NNNN-DETECTOR.pcapng, numbered as findings
 * are told. The section's comment is the finding in words, a packet's says which flow it is of.
 * Files are made beneath the directory that was opened at the start, never through a link, and
 * never in the place of another, unless --overwrite clears the directory of an earlier run's.
 */
#include "base/memory.h"
#include "model/trail.h"
#include "output/pcapng.h"
#include "output/sink_types.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    NAME_SIZE = 300,
    NUMBER_DIGITS = 4,
    FRAMES_MAX = FINDING_FLOWS_MAX * (TRAIL_OPENING + TRAIL_LATEST),
};

enum { DEFAULT_EACH = 1024 * 1024, DEFAULT_ALL = 256 * 1024 * 1024 };

static const char suffix[] = ".pcapng";

struct evidence_folder {
    int directory;
    bool is_new;             /* the directory was made by us */
    char name[NAME_SIZE];    /* printable, for sentences */
    unsigned number;         /* of the latest file */
    uint64_t each, all;      /* bounds, bytes */
    uint64_t written;        /* in all */
    uint64_t findings_short; /* that went without packets which there were */
    struct text file, comment;
};

/* A frame on its way into the file; frames of all flows are put in order of time. */
struct item {
    const struct kept_frame *frame;
    size_t order;
};

struct link {
    uint16_t type;
    const char *input;
};

/* "0007-scan.pcapng": its number; 0: some other file. */
static unsigned number_in(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    size_t length = strlen(name);
    if (digits < NUMBER_DIGITS || digits > 9 || name[digits] != '-' ||
        length < digits + sizeof suffix || strcmp(name + length - sizeof suffix + 1, suffix) != 0)
        return 0;
    return (unsigned)strtoul(name, NULL, 10);
}

/* What is done with one evidence file of an earlier run. */
typedef bool file_fn(struct evidence_folder *folder, const struct sink_options *options,
                     const char *name, struct error *error);

static bool spare_inputs(struct evidence_folder *folder, const struct sink_options *options,
                         const char *name, struct error *error)
{
    struct stat status;
    return fstatat(folder->directory, name, &status, 0) != 0 ||
           sink_spares_inputs(options, &status, name, error);
}

static bool clear_away(struct evidence_folder *folder, const struct sink_options *options,
                       const char *name, struct error *error)
{
    (void)options;
    return unlinkat(folder->directory, name, 0) == 0 ||
           error_set_errno(error, "%s: %s cannot be removed", folder->name, name);
}

static bool go_on_behind(struct evidence_folder *folder, const struct sink_options *options,
                         const char *name, struct error *error)
{
    (void)options;
    (void)error;
    unsigned number = number_in(name);
    folder->number = number > folder->number ? number : folder->number;
    return true;
}

static bool for_each_file(struct evidence_folder *folder, const struct sink_options *options,
                          file_fn *look_at, struct error *error)
{
    int copy = openat(folder->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *files = copy >= 0 ? fdopendir(copy) : NULL;
    if (!files) {
        if (copy >= 0)
            close(copy);
        return error_set_errno(error, "%s: cannot be listed", folder->name);
    }
    bool is_done = true;
    for (const struct dirent *file; is_done && (file = readdir(files));)
        is_done = number_in(file->d_name) == 0 || look_at(folder, options, file->d_name, error);
    closedir(files);
    return is_done;
}

/* Goes on behind the files of earlier runs, or clears them away: all, or none when this run reads
 * one of them. */
static bool look_at_files(struct evidence_folder *folder, const struct sink_options *options,
                          struct error *error)
{
    if (!options->may_overwrite)
        return for_each_file(folder, options, go_on_behind, error);
    return for_each_file(folder, options, spare_inputs, error) &&
           for_each_file(folder, options, clear_away, error);
}

static bool open_directory(struct evidence_folder *folder, const char *target, struct error *error)
{
    folder->is_new = mkdir(target, 0700) == 0;
    if (!folder->is_new && errno != EEXIST)
        return error_set_errno(error, "cannot create the directory %s", folder->name);
    folder->directory = open(target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder->directory >= 0)
        return true;
    if (errno == ENOTDIR || errno == ELOOP)
        return error_set(error, "%s is no directory; evidence is written into one", folder->name);
    return error_set_errno(error, "%s cannot be opened", folder->name);
}

static void dispose(struct evidence_folder *folder)
{
    if (folder->directory >= 0)
        close(folder->directory);
    text_free(&folder->file);
    text_free(&folder->comment);
    free(folder);
}

static void *evidence_open(const struct sink_options *options, struct error *error)
{
    struct evidence_folder *folder = memory_new(1, sizeof *folder);
    folder->each = options->evidence_each ? options->evidence_each : DEFAULT_EACH;
    folder->all = options->evidence_all ? options->evidence_all : DEFAULT_ALL;
    text_printable(options->target, folder->name, sizeof folder->name);
    if (open_directory(folder, options->target, error) && look_at_files(folder, options, error))
        return folder;
    dispose(folder);
    return NULL;
}

static void word_finding(struct text *comment, const struct finding *finding)
{
    text_clear(comment);
    text_addf(comment, "%s: ", severity_name(finding->severity));
    text_add_printable(comment, span_of(finding->title));
    for (size_t i = 0; i < finding->why_count; i++) {
        text_add_char(comment, '\n');
        text_add_printable(comment, span_of(finding->why[i]));
    }
    text_addf(comment, "\n%s, signature %u, confidence %u %%", finding->detector,
              finding->signature_id, finding->confidence);
    if (finding->attack_id)
        text_addf(comment, ", ATT&CK %s", finding->attack_id);
    if (finding->next)
        text_addf(comment, "\nNext: %s", finding->next);
}

static void word_packet(struct text *comment, const struct trail *trail)
{
    text_clear(comment);
    text_addf(comment, "flow %llu, community id %s", (unsigned long long)trail->flow_id,
              trail->community_id);
}

/* Appends the frames to `items`; returns how many there are then. */
static size_t collect(const struct kept_frames *frames, struct item *items, size_t count)
{
    const struct kept_frame *frame;
    TAILQ_FOREACH(frame, frames, in_trail)
    {
        items[count] = (struct item){.frame = frame, .order = count};
        count++;
    }
    return count;
}

/* The beginnings of all flows come before the rest of any, in case that not all fit. */
static size_t collect_all(const struct finding *finding, struct item items[FRAMES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < finding->trail_count; i++)
        count = collect(&finding->trails[i]->opening, items, count);
    for (size_t i = 0; i < finding->trail_count; i++)
        count = collect(&finding->trails[i]->latest, items, count);
    return count;
}

static int compare_items(const void *a, const void *b)
{
    const struct item *left = a;
    const struct item *right = b;
    if (left->frame->time_ns != right->frame->time_ns)
        return left->frame->time_ns < right->frame->time_ns ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

static uint64_t room_in(const struct evidence_folder *folder)
{
    uint64_t left = folder->written < folder->all ? folder->all - folder->written : 0;
    return left < folder->each ? left : folder->each;
}

/* How many of the items fit. */
static size_t fitting(struct evidence_folder *folder, const struct item *items, size_t count)
{
    uint64_t room = room_in(folder), size = 0;
    for (size_t i = 0; i < count; i++) {
        word_packet(&folder->comment, items[i].frame->trail);
        size += pcapng_packet_size(items[i].frame->length, text_words(&folder->comment));
        if (size > room)
            return i;
    }
    return count;
}

/* The number of the frame's interface in the file: one for each link type of each input. */
static uint32_t interface_of(struct evidence_folder *folder, const struct kept_frame *frame,
                             struct link *links, uint32_t *count)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (links[i].type == frame->link_type && links[i].input == frame->trail->input)
            return i;
    }
    char name[NAME_SIZE];
    links[*count] = (struct link){frame->link_type, frame->trail->input};
    text_printable(frame->trail->input, name, sizeof name);
    text_clear(&folder->comment);
    text_addf(&folder->comment, "frames of link type %u read from %s", frame->link_type, name);
    pcapng_add_interface(&folder->file, frame->link_type, name, text_words(&folder->comment));
    return (*count)++;
}

static void add_packets(struct evidence_folder *folder, const struct item *items, size_t count)
{
    struct link links[FRAMES_MAX];
    uint32_t link_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct kept_frame *frame = items[i].frame;
        const struct pcapng_packet packet = {
            .interface = interface_of(folder, frame, links, &link_count),
            .time_ns = frame->time_ns,
            .bytes = {frame->bytes, frame->length},
            .wire_length = frame->wire_length,
        };
        word_packet(&folder->comment, frame->trail);
        pcapng_add_packet(&folder->file, &packet, text_words(&folder->comment));
    }
}

/* Fills `folder->file`; false when there are no packets to show. */
static bool compose(struct evidence_folder *folder, const struct finding *finding)
{
    struct item items[FRAMES_MAX];
    size_t count = collect_all(finding, items);
    size_t kept = fitting(folder, items, count);
    uint64_t seen = 0;
    folder->findings_short += kept < count;
    if (kept == 0)
        return false;
    qsort(items, kept, sizeof *items, compare_items);
    for (size_t i = 0; i < finding->trail_count; i++)
        seen += finding->trails[i]->seen;
    word_finding(&folder->comment, finding);
    text_addf(&folder->comment, "\nHere are %zu of the %llu packets of %zu flow%s", kept,
              (unsigned long long)seen, finding->trail_count, finding->trail_count == 1 ? "" : "s");
    text_clear(&folder->file);
    pcapng_add_section(&folder->file, text_words(&folder->comment));
    add_packets(folder, items, kept);
    return true;
}

static bool write_all(int descriptor, const struct text *file)
{
    size_t done = 0;
    while (done < file->length) {
        ssize_t written = write(descriptor, file->data + done, file->length - done);
        if (written == 0 || (written < 0 && errno != EINTR))
            return false;
        done += written > 0 ? (size_t)written : 0;
    }
    return fdatasync(descriptor) == 0;
}

/* All of it or none: half a capture looks like one that was tampered with. */
static bool write_file(const struct evidence_folder *folder, const char *name, struct error *error)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int descriptor = openat(folder->directory, name, flags, 0600);
    if (descriptor < 0)
        return error_set_errno(error, "%s/%s cannot be created", folder->name, name);
    bool is_written = write_all(descriptor, &folder->file);
    if (!is_written)
        error_set_errno(error, "%s/%s: not everything was written", folder->name, name);
    close(descriptor);
    if (!is_written)
        unlinkat(folder->directory, name, 0);
    return is_written;
}

/* With its directory, unless that is longer than a finding can say. */
static void tell_where(const struct evidence_folder *folder, const char *name,
                       struct finding *finding)
{
    size_t size = sizeof finding->evidence_file;
    size_t folder_length = strlen(folder->name);
    const char *slash = folder_length > 0 && folder->name[folder_length - 1] == '/' ? "" : "/";
    int length = snprintf(finding->evidence_file, size, "%s%s%s", folder->name, slash, name);
    if (length < 0 || (size_t)length >= size)
        snprintf(finding->evidence_file, size, "%s", name);
}

static bool evidence_prepare(void *state, struct finding *finding, struct error *error)
{
    struct evidence_folder *folder = state;
    if (finding->trail_count == 0)
        return true;
    trail_lock(finding->trails[0]);
    bool has_packets = compose(folder, finding);
    trail_unlock(finding->trails[0]);
    if (!has_packets)
        return true;
    char name[FINDING_TEXT_SIZE];
    snprintf(name, sizeof name, "%0*u-%s%s", NUMBER_DIGITS, ++folder->number, finding->detector,
             suffix);
    if (!write_file(folder, name, error))
        return false;
    folder->written += folder->file.length;
    tell_where(folder, name, finding);
    return true;
}

/* A directory that we made is given away; one that was there must let them write. */
static bool evidence_give(void *state, uid_t user, gid_t group, struct error *error)
{
    const struct evidence_folder *folder = state;
    struct stat facts;
    if (folder->is_new && fchown(folder->directory, user, group) != 0)
        return error_set_errno(error, "%s cannot be given away", folder->name);
    if (fstat(folder->directory, &facts) != 0)
        return error_set_errno(error, "%s cannot be looked at", folder->name);
    bool may_write = (facts.st_uid == user && facts.st_mode & S_IWUSR) ||
                     (facts.st_gid == group && facts.st_mode & S_IWGRP) || facts.st_mode & S_IWOTH;
    return may_write ||
           error_set(error, "%s: user %u, whom the process becomes (-Z), may not write there",
                     folder->name, (unsigned)user);
}

static void evidence_count_limits(const void *state, struct totals *totals)
{
    const struct evidence_folder *folder = state;
    totals->limits_hit[LIMIT_EVIDENCE_BYTES] = folder->findings_short;
    totals->limit_values[LIMIT_EVIDENCE_BYTES] = folder->all;
}

static bool evidence_close(void *state, struct error *error)
{
    (void)error;
    dispose(state);
    return true;
}

const struct sink_type evidence_sink = {
    .name = "evidence",
    .help = "the packets behind each finding, a pcapng file each; evidence:DIR",
    .wants_target = true,
    .needs = SINK_NEEDS_FOLDER | SINK_NEEDS_FRAMES,
    .open = evidence_open,
    .prepare = evidence_prepare,
    .give = evidence_give,
    .count_limits = evidence_count_limits,
    .close = evidence_close,
};
