/* SPDX-License-Identifier: Apache-2.0 */
#include "store_flows.h"

#include "base/siphash.h"

static const struct siphash_key fixed_key = {{1, 2}};

static struct address private_address(uint32_t host)
{
    const uint8_t octets[4] = {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host};
    return address_from_bytes(octets, 4);
}

static struct address wide_address(uint32_t host)
{
    const uint8_t octets[16] = {0x20, 1, 0x0d, 0xb8, [14] = (uint8_t)(host >> 8), (uint8_t)host};
    return address_from_bytes(octets, 6);
}

static const struct {
    const char *service, *application, *verdict, *detected;
    uint16_t port;
} kinds[] = {
    {"netcp", "netcp", "unverified", "", 395},
    {"netcp", "netcp", "empty", "", 395},
    {"netcp", "SSH", "masquerade", "SSH", 395},
    {"netsc-prod", "netsc-prod", "unverified", "", 154},
    {"netsc-prod", "DNS", "guess", "DNS", 154},
    {"netsc-dev", "netsc-dev", "empty", "", 155},
    {"netsc-dev", "HTTP", "masquerade", "HTTP", 155},
    {"netsc-prod", "netsc-prod", "stray", "", 154},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Two polls in three are of a steady pair; the rest is whoever comes. */
struct store_flow sample_store_flow(uint64_t number, uint64_t count, int64_t span_ns)
{
    uint64_t chance = siphash(&fixed_key, &number, sizeof number);
    size_t kind = chance % 100 < 60 ? 0 : chance % KINDS;
    uint32_t client = (uint32_t)(chance >> 8) % 200, server = (uint32_t)(chance >> 20) % 20;
    bool is_wide = client % 10 == 9;
    int64_t first_ns =
        SAMPLE_START_NS + (int64_t)((double)span_ns * (double)number / (double)count);
    return (struct store_flow){
        .flow_id = chance >> 12,
        .stored_ns = first_ns,
        .first_ns = first_ns,
        .last_ns = first_ns + (int64_t)(chance >> 40) % 90000 * 1000000,
        .probe = number % 7 == 0 ? "lab" : "north",
        .input = "night.pcap",
        .initiator = is_wide ? wide_address(client) : private_address(client),
        .responder = is_wide ? wide_address(1000 + server) : private_address(65536 + server),
        .initiator_port = (uint16_t)(1024 + (chance >> 30) % 60000),
        .responder_port = kinds[kind].port,
        .protocol = TRANSPORT_TCP,
        .service = kinds[kind].service,
        .application = kinds[kind].application,
        .application_id = "3:395",
        .category = "net-admin",
        .traffic_class = "ops-admin-mgmt",
        .business_relevance = "business-relevant",
        .verdict = kinds[kind].verdict,
        .port_side = "responder",
        .detected = kinds[kind].detected,
        .detected_id = "92",
        .confidence = "dpi",
        .evidence = "structure",
        .why = "because\nit is so",
        .risks = "",
        .marks = number % 50 == 0 ? "midstream truncated" : "",
        .packets_there = 1 + (chance >> 3) % 20,
        .packets_back = (chance >> 5) % 20,
        .bytes_there = 60 + (chance >> 7) % 4000,
        .bytes_back = (chance >> 9) % 100000,
        .payload_there = (chance >> 7) % 3000,
        .payload_back = (chance >> 9) % 90000,
        .conn_state = "SF",
        .end_reason = "closed",
        .history = "ShADadFf",
        .tcp_flags_there = 0x1b,
        .tcp_flags_back = 0x13,
        .hostname = number % 100 == 0 ? "Example.ORG" : "",
        .metadata = "",
        .first_there = "5353482d322e302d",
        .first_back = "",
        .vlans = "",
        .tunnel = "",
    };
}
