/* SPDX-License-Identifier: Apache-2.0
 *
 * Every difference between nDPI's releases stands in this file. 4.2 is what Debian and Ubuntu ship
 * and what the tests run on; the branches for later releases keep the same meaning.
 */
#ifndef PORTSCOPE_DPI_NDPI_COMPAT_H
#define PORTSCOPE_DPI_NDPI_COMPAT_H

/* Up to 4.8 the module's struct is in the header under this word. It is the only way to empty the
 * caches through which one flow's answer would depend on another's. */
#define NDPI_LIB_COMPILATION
#include <ndpi_api.h>

#include "model/detection.h"
#include "model/flow.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NDPI_RELEASE (NDPI_MAJOR * 100 + NDPI_MINOR)

typedef struct ndpi_detection_module_struct ndpi_module;
typedef struct ndpi_flow_struct ndpi_flow;

#if NDPI_RELEASE >= 411
#define NDPI_PAIR(protocol) ((protocol)->proto)
#else
#define NDPI_PAIR(protocol) (*(protocol))
#endif

static inline uint16_t ndpi_master_of(const ndpi_protocol *protocol)
{
    return NDPI_PAIR(protocol).master_protocol;
}

static inline uint16_t ndpi_application_of(const ndpi_protocol *protocol)
{
    return NDPI_PAIR(protocol).app_protocol;
}

static inline void ndpi_set_ids(ndpi_protocol *protocol, uint16_t master, uint16_t application)
{
    NDPI_PAIR(protocol).master_protocol = master;
    NDPI_PAIR(protocol).app_protocol = application;
}

/* From 6.0 on the licence decides which dissectors run; ours to claim is only the free one. */
static inline ndpi_module *ndpi_module_new(void)
{
#if NDPI_RELEASE >= 600
    return ndpi_init_detection_module(NULL, NDPI_LICENSE_NON_COMMERCIAL_LGPL);
#elif NDPI_RELEASE >= 410
    return ndpi_init_detection_module(NULL);
#else
    return ndpi_init_detection_module(ndpi_no_prefs);
#endif
}

static inline void ndpi_enable_all_dissectors(ndpi_module *module)
{
#if NDPI_RELEASE < 500
    NDPI_PROTOCOL_BITMASK all;
    NDPI_BITMASK_SET_ALL(all);
    ndpi_set_protocol_detection_bitmask2(module, &all);
#else
    (void)module;
#endif
}

/* No guessing by port or address, no caches, direction as we say. Before ndpi_finish_set_up(). */
static inline void ndpi_configure(ndpi_module *module)
{
#if NDPI_RELEASE >= 410
    static const char *const caches[] = {
        "lru.ookla.size",  "lru.bittorrent.size", "lru.stun.size",      "lru.tls_cert.size",
        "lru.mining.size", "lru.msteams.size",    "lru.stun_zoom.size",
    };
    for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++)
        ndpi_set_config(module, NULL, caches[i], "0");
    ndpi_set_config(module, NULL, "dpi.guess_on_giveup", "0");
#else
    ndpi_set_detection_preferences(module, ndpi_pref_direction_detect_disable, 1);
#endif
}

static inline bool ndpi_finish_set_up(ndpi_module *module)
{
#if NDPI_RELEASE >= 410
    return ndpi_finalize_initialization(module) == 0;
#else
    ndpi_finalize_initialization(module);
    return true;
#endif
}

/* Whether the module's struct of the header is the library's. The bit lies behind everything that
 * ndpi_forget_other_flows() touches and was set through the library. */
static inline bool ndpi_module_layout_agrees(ndpi_module *module)
{
#if NDPI_RELEASE < 410
    return module->ndpi_num_supported_protocols == ndpi_get_num_supported_protocols(module) &&
           module->direction_detect_disable == 1 &&
           ndpi_get_proto_defaults(module) == module->proto_defaults;
#else
    (void)module;
    return true;
#endif
}

#if NDPI_RELEASE < 410
static inline void ndpi_drop_cache(struct ndpi_lru_cache **cache)
{
    if (*cache)
        ndpi_lru_free_cache(*cache);
    *cache = NULL;
}

/* Exported by the library, declared in none of its installed headers. */
void cache_free(struct cache *cache);
#endif

/* Empties what one flow's packets leave for another's; newer releases run without it. */
static inline void ndpi_forget_other_flows(ndpi_module *module)
{
#if NDPI_RELEASE < 410
    ndpi_drop_cache(&module->ookla_cache);
    ndpi_drop_cache(&module->bittorrent_cache);
    ndpi_drop_cache(&module->zoom_cache);
    ndpi_drop_cache(&module->stun_cache);
    ndpi_drop_cache(&module->tls_cert_cache);
    ndpi_drop_cache(&module->mining_cache);
    ndpi_drop_cache(&module->msteams_cache);
    if (module->tinc_cache)
        cache_free(module->tinc_cache);
    module->tinc_cache = NULL;
#else
    (void)module;
#endif
}

static inline ndpi_protocol ndpi_show_packet(ndpi_module *module, ndpi_flow *flow,
                                             const uint8_t *bytes, uint16_t length,
                                             uint64_t time_ms, enum flow_direction direction)
{
#if NDPI_RELEASE >= 406
    struct ndpi_flow_input_info input;
    memset(&input, 0, sizeof input);
    input.in_pkt_dir = direction == TO_RESPONDER ? NDPI_IN_PKT_DIR_C_TO_S : NDPI_IN_PKT_DIR_S_TO_C;
    return ndpi_detection_process_packet(module, flow, bytes, length, time_ms, &input);
#else
    flow->packet_direction = direction == TO_INITIATOR;
    return ndpi_detection_process_packet(module, flow, bytes, length, time_ms);
#endif
}

static inline ndpi_protocol ndpi_last_word(ndpi_module *module, ndpi_flow *flow)
{
#if NDPI_RELEASE >= 500
    return ndpi_detection_giveup(module, flow);
#elif NDPI_RELEASE >= 410
    uint8_t guessed;
    return ndpi_detection_giveup(module, flow, &guessed);
#else
    uint8_t guessed;
    return ndpi_detection_giveup(module, flow, 0, &guessed);
#endif
}

static inline bool ndpi_wants_more(ndpi_module *module, ndpi_flow *flow,
                                   const ndpi_protocol *answer)
{
#if NDPI_RELEASE >= 500
    (void)module;
    (void)flow;
    return answer->state != NDPI_STATE_CLASSIFIED;
#else
    (void)answer;
    return ndpi_extra_dissection_possible(module, flow) != 0;
#endif
}

static inline enum detection_confidence ndpi_confidence_of(const ndpi_flow *flow)
{
    static const enum detection_confidence ours[] = {
        [NDPI_CONFIDENCE_UNKNOWN] = CONFIDENCE_NONE,
        [NDPI_CONFIDENCE_MATCH_BY_PORT] = CONFIDENCE_BY_PORT,
#if NDPI_RELEASE != 406
        [NDPI_CONFIDENCE_MATCH_BY_IP] = CONFIDENCE_BY_IP,
#endif
#if NDPI_RELEASE >= 404
        [NDPI_CONFIDENCE_DPI_PARTIAL] = CONFIDENCE_PARTIAL,
        [NDPI_CONFIDENCE_DPI_PARTIAL_CACHE] = CONFIDENCE_CACHE,
#endif
#if NDPI_RELEASE >= 406
        [NDPI_CONFIDENCE_NBPF] = CONFIDENCE_BY_IP,
#endif
#if NDPI_RELEASE >= 408
        [NDPI_CONFIDENCE_DPI_AGGRESSIVE] = CONFIDENCE_PARTIAL,
#endif
        [NDPI_CONFIDENCE_DPI_CACHE] = CONFIDENCE_CACHE,
        [NDPI_CONFIDENCE_DPI] = CONFIDENCE_DPI,
    };
    unsigned number = (unsigned)flow->confidence;
    return number < sizeof ours / sizeof ours[0] ? ours[number] : CONFIDENCE_NONE;
}

/* The application in whose networks an IPv4 address (in network order) lies; 0: none. */
static inline uint16_t ndpi_application_at(ndpi_module *module, const uint8_t bytes[4])
{
    struct in_addr address;
    memcpy(&address, bytes, sizeof address);
    return ndpi_network_port_ptree_match(module, &address, 0);
}

/* What nDPI finds in a URL (an injection, a script); up to 4.4 it leaves the question to us. */
static inline uint64_t ndpi_risks_of_url(const char *url)
{
#if NDPI_RELEASE <= 404
    char copy[DETECTION_TEXT_SIZE];
    size_t length = strnlen(url, sizeof copy - 1);
    memcpy(copy, url, length);
    copy[length] = '\0';
    ndpi_risk_enum risk = length > 0 ? ndpi_validate_url(copy) : NDPI_NO_RISK;
    return risk == NDPI_NO_RISK ? 0 : UINT64_C(1) << risk;
#else
    (void)url;
    return 0;
#endif
}

static inline const char *ndpi_ja3_client(const ndpi_flow *flow)
{
#if NDPI_RELEASE <= 412
    return flow->protos.tls_quic.ja3_client;
#else
    (void)flow;
    return "";
#endif
}

static inline const char *ndpi_ja4_client(const ndpi_flow *flow)
{
#if NDPI_RELEASE >= 410
    return flow->protos.tls_quic.ja4_client;
#else
    (void)flow;
    return "";
#endif
}

#endif
