/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/frame_filter.h"

#include "base/memory.h"
#include "base/text.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROGRAMS_MAX = 16, /* distinct link types in one run */
    EXPRESSION_MAX = 4096,
    SNAPLEN = 262144,
    LINKTYPE_EN10MB = 1,
    LINKTYPE_RAW = 101,
};

struct program {
    uint16_t link_type;
    bool is_valid;
    struct bpf_program code;
};

struct frame_filter {
    char *expression;
    struct program programs[PROGRAMS_MAX];
    size_t count;
};

/* LINKTYPE_ numbers are libpcap's DLT_ numbers but where platforms differed
 * (tcpdump.org/linktypes). */
static int dlt_of(uint16_t link_type)
{
    return link_type == LINKTYPE_RAW ? DLT_RAW : link_type;
}

static bool compile(struct frame_filter *filter, uint16_t link_type, struct error *error)
{
    struct program *program = &filter->programs[filter->count++];
    program->link_type = link_type;
    pcap_t *handle = pcap_open_dead(dlt_of(link_type), SNAPLEN);
    if (!handle)
        return error_set(error, "libpcap has no filters for link type %u", (unsigned)link_type);
    program->is_valid =
        pcap_compile(handle, &program->code, filter->expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!program->is_valid) {
        char shown[200];
        error_set(error, "--filter '%s': %s",
                  text_printable(filter->expression, shown, sizeof shown), pcap_geterr(handle));
    }
    pcap_close(handle);
    return program->is_valid;
}

struct frame_filter *frame_filter_new(const char *expression, struct error *error)
{
    if (strlen(expression) > EXPRESSION_MAX) {
        error_set(error, "--filter: the expression is longer than %d characters", EXPRESSION_MAX);
        return NULL;
    }
    struct frame_filter *filter = memory_new(1, sizeof *filter);
    filter->expression = memory_string(expression);
    if (compile(filter, LINKTYPE_EN10MB, error))
        return filter;
    frame_filter_free(filter);
    return NULL;
}

void frame_filter_free(struct frame_filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < filter->count; i++) {
        if (filter->programs[i].is_valid)
            pcap_freecode(&filter->programs[i].code);
    }
    free(filter->expression);
    free(filter);
}

static const struct program *program_for(struct frame_filter *filter, uint16_t link_type)
{
    for (size_t i = 0; i < filter->count; i++) {
        if (filter->programs[i].link_type == link_type)
            return &filter->programs[i];
    }
    if (filter->count == PROGRAMS_MAX)
        return NULL;
    compile(filter, link_type, NULL);
    return &filter->programs[filter->count - 1];
}

bool frame_filter_matches(struct frame_filter *filter, const struct frame *frame)
{
    const struct program *program = program_for(filter, frame->link_type);
    if (!program || !program->is_valid)
        return false;
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->bytes.length,
                                 .len = frame->wire_length};
    return pcap_offline_filter(&program->code, &header, frame->bytes.at) != 0;
}
