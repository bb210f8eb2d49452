/* SPDX-License-Identifier: Apache-2.0
 *
 * What a store keeps, as rows. Strings are never NULL and are borrowed: from the caller when a row
 * is written, from the store, until the callback returns, when it is read. Words that came from
 * packets are as they came: escape them for the output.
 */
#ifndef PORTSCOPE_STORE_ROW_H
#define PORTSCOPE_STORE_ROW_H

#include "base/address.h"
#include "model/finding.h"

#include <stdbool.h>
#include <stdint.h>

enum { STORE_FINDING_ID_SIZE = 17, STORE_METADATA_SIZE = 4096 };

/* One flow record. "There" is from the initiator to the responder. */
struct store_flow {
    uint64_t flow_id;  /* several records have it when an active time-out divided the flow */
    int64_t stored_ns; /* when it was written, by the writer's clock */
    int64_t first_ns, last_ns;
    const char *probe, *input;
    struct address initiator, responder;
    uint16_t initiator_port, responder_port;
    uint8_t protocol;

    const char *service;     /* assigned; "" when nothing is */
    const char *application; /* what the flow counts as */
    const char *application_id;
    const char *category, *traffic_class, *business_relevance;
    const char *verdict, *port_side;
    const char *detected, *detected_id, *confidence, *evidence;
    const char *why;   /* one reason a line */
    const char *risks; /* words, a blank between them; so are marks and vlans */
    const char *marks;

    uint64_t packets_there, packets_back;
    uint64_t bytes_there, bytes_back;
    uint64_t payload_there, payload_back;
    const char *conn_state, *end_reason, *history;
    uint8_t tcp_flags_there, tcp_flags_back;

    const char *hostname;
    const char *metadata;                 /* a JSON object of what else DPI read, or "" */
    const char *first_there, *first_back; /* the first payload bytes, hexadecimal */
    const char *vlans, *tunnel;           /* "vxlan 77" */
};

/* One finding. The same thing seen again, in another run too, has the same id. */
struct store_finding {
    const char *id; /* 16 hexadecimal digits */
    const char *run, *probe;
    int64_t stored_ns; /* when it was first written */
    const char *detector;
    uint32_t signature_id;
    enum severity severity;
    uint8_t confidence;
    const char *title, *why, *next; /* `why`: one reason a line */
    const char *attack_id, *attack_name;
    uint64_t count;
    int64_t first_ns, last_ns;
    const char *hosts; /* a blank between them */
    uint64_t hosts_total;
    const char *service;
    const char *flow;     /* "TCP 192.0.2.1 port 40000 to 192.0.2.2 port 395", "" when several */
    const char *flow_ids; /* of the flow, or of examples; a blank between them */
    const char *display_filter, *capture_filter, *evidence_file;

    /* Only when read. */
    bool is_acknowledged; /* and nothing worse has been seen since */
    int64_t acknowledged_ns;
    const char *acknowledged_by, *comment;
};

/* How one run of a probe fared; written again as it goes on, with numbers that only grow. */
struct store_run {
    const char *run, *probe;
    int64_t stored_ns;
    bool is_live, is_over;
    int64_t first_ns, last_ns; /* of its packets */
    uint64_t packets, bytes, decoded, filtered, malformed, not_ip, unsupported;
    uint64_t dropped; /* by kernel and interface, and unread */
    uint64_t flows, not_stored;
    uint64_t inputs, damaged;
    uint64_t limits_hit; /* all caps together */
};

#endif
