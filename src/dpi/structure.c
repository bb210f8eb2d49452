/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/structure.h"

#include "dpi/structure_checks.h"

#include <stdlib.h>

enum { ANY_TRANSPORT = STRUCTURE_TCP | STRUCTURE_UDP };

static bool is_sent_to(const struct conversation *conversation, const char *ipv4, const char *ipv6)
{
    struct address group;
    const struct address *responder = &conversation->responder;
    return (address_parse(ipv4, &group) && address_compare(&group, responder) == 0) ||
           (address_parse(ipv6, &group) && address_compare(&group, responder) == 0);
}

/* RFC 6762 §3: the groups are what tells multicast DNS from DNS. */
static bool is_sent_to_mdns(const struct conversation *conversation)
{
    return is_sent_to(conversation, "224.0.0.251", "ff02::fb");
}

/* RFC 4795 §2. */
static bool is_sent_to_llmnr(const struct conversation *conversation)
{
    return is_sent_to(conversation, "224.0.0.252", "ff02::1:3");
}

struct rtp_header {
    uint8_t type;
    uint16_t sequence;
    uint32_t source;
};

static struct rtp_header read_rtp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, 1);
    struct rtp_header header = {.type = cursor_u8(&cursor) & 0x7f};
    header.sequence = cursor_be16(&cursor);
    cursor_skip(&cursor, 4);
    header.source = cursor_be32(&cursor);
    return header;
}

/* RFC 3550 §5.1 and appendix A.1: one direction's packets carry one source, and numbers that go up
 * by little. */
static bool rtp_sequence_runs(const struct conversation *conversation)
{
    enum { MISORDER_MAX = 16 };
    struct rtp_header last[FLOW_DIRECTIONS];
    size_t seen[FLOW_DIRECTIONS] = {0};
    size_t steps = 0;
    for (size_t i = 0; i < conversation->message_count; i++) {
        const struct message *message = &conversation->messages[i];
        struct rtp_header now = read_rtp(message);
        const struct rtp_header *before = &last[message->from];
        if (seen[message->from]++ > 0) {
            uint16_t step = (uint16_t)(now.sequence - before->sequence);
            if (now.source != before->source || step == 0 || step > MISORDER_MAX)
                return false;
            steps++;
        }
        last[message->from] = now;
    }
    return steps > 0;
}

/* Eight octets of `message` at `at` stand in every other message too; zeros would prove nothing. */
static bool is_token(const struct conversation *conversation, const struct message *message,
                     size_t at)
{
    enum { TOKEN = 8, ZEROS_MAX = 2 };
    if (message->bytes.length < at + TOKEN)
        return false;
    const uint8_t *token = message->bytes.at + at;
    size_t zeros = 0;
    for (size_t i = 0; i < TOKEN; i++)
        zeros += token[i] == 0;
    for (size_t i = 0; i < conversation->message_count; i++) {
        if (!span_holds(conversation->messages[i].bytes, token, TOKEN))
            return false;
    }
    return zeros <= ZEROS_MAX;
}

/* A call's token is in every message, here or there. */
static bool viber_token_repeats(const struct conversation *conversation)
{
    const struct message *first = &conversation->messages[0];
    return is_token(conversation, first, 4) || is_token(conversation, first, 6) ||
           is_token(conversation, first, 12);
}

/* Skype's identifiers are drawn at random: those of one side neither stay nor count. Functions are
 * few, so that it takes several messages to tell. */
static bool skype_identifiers_jump(const struct conversation *conversation)
{
    enum { STEP_MAX = 16, JUMPS_MIN = 2 };
    size_t jumps = 0;
    int last[FLOW_DIRECTIONS] = {-1, -1};
    for (size_t i = 0; i < conversation->message_count; i++) {
        const struct message *message = &conversation->messages[i];
        struct cursor big = cursor_over(message->bytes);
        struct cursor little = big;
        int now = cursor_be16(&big);
        int before = last[message->from];
        int before_little = (before & 0xff) << 8 | before >> 8;
        if (before >= 0 && (abs(now - before) <= STEP_MAX ||
                            abs(cursor_le16(&little) - before_little) <= STEP_MAX))
            return false;
        jumps += before >= 0;
        last[message->from] = now;
    }
    return jumps >= JUMPS_MIN;
}

/* RFC 6455 §5.1: the client masks its frames, the server does not. */
static bool websocket_masks_differ(const struct conversation *conversation)
{
    const struct span a = conversation->streams[TO_RESPONDER].bytes;
    const struct span b = conversation->streams[TO_INITIATOR].bytes;
    return a.length >= 2 && b.length >= 2 && ((a.at[1] ^ b.at[1]) & 0x80);
}

#define ROW(check, text, which_rule, which_transports)                                             \
    .fits = fits_##check, .label = (text), .rule = (which_rule), .transports = (which_transports)

/* The numbers are nDPI's and have not changed from 4.2 on; its names have. */
const struct structure structures[] = {
    {ROW(netbios_name, "NetBIOS name", FITS_EVERY, STRUCTURE_UDP), .ids = {10}, .service_port = 137,
     .client_port = 137},
    {ROW(netbios_datagram, "NetBIOS datagram", FITS_EVERY, STRUCTURE_UDP), .ids = {10, 16, 41},
     .service_port = 138, .client_port = 138},
    {ROW(netbios_session, "NetBIOS session request", FITS_ANY, STRUCTURE_TCP), .ids = {10, 16, 41},
     .service_port = 139},
    {ROW(smb, "SMB header", FITS_ANY, STRUCTURE_TCP), .ids = {16, 41, 10}, .service_port = 445},
    {ROW(dns, "multicast DNS message", FITS_EVERY, STRUCTURE_UDP), .applies = is_sent_to_mdns,
     .ids = {8}, .service_port = 5353, .client_port = 5353},
    {ROW(dns, "LLMNR message", FITS_EVERY, STRUCTURE_UDP), .applies = is_sent_to_llmnr,
     .ids = {154}, .service_port = 5355},
    {ROW(dns, "DNS message", FITS_EVERY, ANY_TRANSPORT), .ids = {5, 8, 154, 263},
     .service_port = 53, .is_necessary = true},
    {ROW(snmp, "SNMP message", FITS_EVERY, STRUCTURE_UDP), .ids = {14}, .service_port = 161,
     .is_necessary = true},
    {ROW(kerberos, "Kerberos message", FITS_ANY, ANY_TRANSPORT), .ids = {111}, .service_port = 88,
     .is_necessary = true},
    {ROW(ldap, "LDAP message", FITS_EVERY, ANY_TRANSPORT), .ids = {112}, .service_port = 389,
     .is_necessary = true},

    {ROW(ssh, "SSH banner", FITS_ANY, STRUCTURE_TCP), .ids = {92}, .service_port = 22},
    {ROW(ssdp, "SSDP message", FITS_EVERY, STRUCTURE_UDP), .ids = {12}, .service_port = 1900,
     .is_necessary = true},
    {ROW(sip, "SIP line", FITS_ANY, ANY_TRANSPORT), .ids = {100}, .service_port = 5060},
    {ROW(rtsp, "RTSP line", FITS_ANY, ANY_TRANSPORT), .ids = {50}, .service_port = 554,
     .is_necessary = true},
    {ROW(http, "HTTP line", FITS_ANY, STRUCTURE_TCP), .ids = {7, 130, 131, 251, 253, 6, 63},
     .service_port = 80, .is_necessary = true},
    {ROW(mgcp, "MGCP line", FITS_ANY, STRUCTURE_UDP), .ids = {94}, .service_port = 2427},
    {ROW(irc, "IRC line", FITS_ANY, STRUCTURE_TCP), .ids = {65}, .service_port = 194,
     .is_necessary = true},
    {ROW(smtp, "SMTP line", FITS_EVERY, STRUCTURE_TCP), .ids = {3, 29}, .service_port = 25},
    {ROW(ftp, "FTP line", FITS_EVERY, STRUCTURE_TCP), .ids = {1}, .service_port = 21},
    {ROW(pop3, "POP3 line", FITS_EVERY, STRUCTURE_TCP), .ids = {2, 23}, .service_port = 110},
    {ROW(imap, "IMAP line", FITS_EVERY, STRUCTURE_TCP), .ids = {4, 51}, .service_port = 143},
    {ROW(nntp, "NNTP line", FITS_EVERY, STRUCTURE_TCP), .ids = {93}, .service_port = 119},
    {ROW(xmpp, "XMPP stream", FITS_ANY, STRUCTURE_TCP), .ids = {67}, .service_port = 5222},
    {ROW(syslog, "syslog priority", FITS_EVERY, ANY_TRANSPORT), .ids = {17}, .service_port = 514,
     .is_necessary = true},
    {ROW(git, "Git packet line", FITS_ANY, STRUCTURE_TCP), .ids = {226}, .service_port = 9418},
    {ROW(nats, "NATS line", FITS_ANY, STRUCTURE_TCP), .ids = {68}, .service_port = 4222,
     .is_necessary = true},
    {ROW(vnc, "VNC banner", FITS_ANY, STRUCTURE_TCP), .ids = {89}, .service_port = 5900},
    {ROW(rsync, "rsync banner", FITS_ANY, STRUCTURE_TCP), .ids = {166}, .service_port = 873},
    {ROW(telnet, "Telnet negotiation", FITS_ANY, STRUCTURE_TCP), .ids = {77}, .service_port = 23},
    {ROW(whois, "Whois question", FITS_ANY, STRUCTURE_TCP), .ids = {170}, .service_port = 43,
     .is_necessary = true},

    {ROW(tls, "TLS record", FITS_ANY, STRUCTURE_TCP), .ids = {91, 23, 29, 51, 163, 196},
     .service_port = 443, .is_necessary = true},
    {ROW(dtls, "DTLS record", FITS_ANY, STRUCTURE_UDP), .ids = {30}, .service_port = 443},
    {ROW(quic, "QUIC header", FITS_ANY, STRUCTURE_UDP), .ids = {188}, .service_port = 443,
     .is_necessary = true},
    {ROW(ike, "IKE header", FITS_ANY, STRUCTURE_UDP), .ids = {79}, .service_port = 500,
     .client_port = 500},
    {ROW(wireguard, "WireGuard message", FITS_EVERY, STRUCTURE_UDP), .ids = {206},
     .service_port = 51820, .is_necessary = true},
    {ROW(openvpn, "OpenVPN reset", FITS_ANY, ANY_TRANSPORT), .ids = {159}, .service_port = 1194,
     .is_necessary = true},
    {ROW(pptp, "PPTP control message", FITS_ANY, STRUCTURE_TCP), .ids = {115},
     .service_port = 1723},
    {ROW(socks, "SOCKS greeting", FITS_EVERY, STRUCTURE_TCP), .ids = {172}, .service_port = 1080,
     .is_necessary = true},

    {ROW(stun, "STUN header", FITS_ANY, ANY_TRANSPORT), .ids = {78}, .service_port = 3478,
     .is_necessary = true},
    {ROW(rtp, "RTP sequence", FITS_TWICE, STRUCTURE_UDP), .applies = rtp_sequence_runs, .ids = {87},
     .service_port = 5004, .is_necessary = true},
    {ROW(rtcp, "RTCP report", FITS_EVERY, STRUCTURE_UDP), .ids = {165, 87}},
    {ROW(bittorrent, "BitTorrent handshake", FITS_ANY, STRUCTURE_TCP), .ids = {37}},
    {ROW(bittorrent_dht, "BitTorrent DHT message", FITS_ANY, STRUCTURE_UDP), .ids = {37},
     .service_port = 6771},
    {ROW(bittorrent_utp, "uTP header", FITS_TWICE, STRUCTURE_UDP), .ids = {37},
     .service_port = 51413},
    {ROW(dropbox, "Dropbox LAN sync announcement", FITS_ANY, STRUCTURE_UDP), .ids = {121},
     .service_port = 17500, .client_port = 17500},
    {ROW(spotify, "Spotify announcement", FITS_ANY, STRUCTURE_UDP), .ids = {156},
     .service_port = 57621, .client_port = 57621},
    {ROW(telegram, "Telegram reflector tag", FITS_ANY, STRUCTURE_UDP), .ids = {185},
     .service_port = 530},
    {ROW(whatsapp, "WhatsApp prologue", FITS_ANY, STRUCTURE_TCP), .ids = {142},
     .service_port = 5222},
    {ROW(rtmp, "RTMP handshake", FITS_EVERY, STRUCTURE_TCP), .ids = {174}, .service_port = 1935,
     .is_necessary = true},
    {ROW(websocket, "WebSocket frame", FITS_TWICE, STRUCTURE_TCP),
     .applies = websocket_masks_differ, .ids = {251}, .is_necessary = true},
    {ROW(edonkey, "eDonkey message", FITS_TWICE, ANY_TRANSPORT), .ids = {36}, .is_necessary = true},
    {ROW(qq, "OICQ message", FITS_TWICE, STRUCTURE_UDP), .ids = {48}, .is_necessary = true},
    {ROW(skype, "Skype function", FITS_TWICE, STRUCTURE_UDP), .applies = skype_identifiers_jump,
     .ids = {125, 38}, .is_necessary = true},
    {ROW(viber, "Viber session", FITS_TWICE, STRUCTURE_UDP), .applies = viber_token_repeats,
     .ids = {144}, .is_necessary = true},
    {ROW(nothing, "form of its own", FITS_TWICE, ANY_TRANSPORT), .ids = {175, 243},
     .is_necessary = true},
    {ROW(virtgrp, "HP VirtGrp message", FITS_EVERY, STRUCTURE_TCP), .ids = {256},
     .is_necessary = true},
    {ROW(weave, "Weave message", FITS_EVERY, STRUCTURE_TCP), .ids = {43}, .service_port = 11095},
    {ROW(bjnp, "BJNP header", FITS_EVERY, STRUCTURE_UDP), .ids = {204}, .service_port = 8612},
    {ROW(mining, "mining pool message", FITS_ANY, STRUCTURE_TCP), .ids = {42},
     .service_port = 8333},

    {ROW(ntp, "NTP message", FITS_EVERY, STRUCTURE_UDP), .ids = {9}, .service_port = 123,
     .is_necessary = true},
    {ROW(dhcp, "DHCP cookie", FITS_EVERY, STRUCTURE_UDP), .ids = {18}, .service_port = 67,
     .client_port = 68, .is_necessary = true},
    {ROW(dhcpv6, "DHCPv6 options", FITS_EVERY, STRUCTURE_UDP), .ids = {103}, .service_port = 547,
     .client_port = 546, .is_necessary = true},
    {ROW(radius, "RADIUS attributes", FITS_EVERY, STRUCTURE_UDP), .ids = {146},
     .service_port = 1812, .is_necessary = true},
    {ROW(diameter, "Diameter header", FITS_EVERY, STRUCTURE_TCP), .ids = {237},
     .service_port = 3868, .is_necessary = true},
    {ROW(tftp, "TFTP packet", FITS_EVERY, STRUCTURE_UDP), .ids = {96}, .service_port = 69,
     .is_necessary = true},
    {ROW(coap, "CoAP message", FITS_EVERY, STRUCTURE_UDP), .ids = {27}, .service_port = 5683,
     .is_necessary = true},
    {ROW(mqtt, "MQTT CONNECT", FITS_ANY, STRUCTURE_TCP), .ids = {222}, .service_port = 1883,
     .is_necessary = true},
    {ROW(amqp, "AMQP header", FITS_ANY, STRUCTURE_TCP), .ids = {192}, .service_port = 5672,
     .is_necessary = true},
    {ROW(netflow, "NetFlow header", FITS_EVERY, STRUCTURE_UDP), .ids = {128}, .service_port = 2055,
     .is_necessary = true},
    {ROW(sflow, "sFlow header", FITS_EVERY, STRUCTURE_UDP), .ids = {129}, .service_port = 6343,
     .is_necessary = true},
    {ROW(gtp, "GTP header", FITS_EVERY, STRUCTURE_UDP), .ids = {152, 271, 272, 273},
     .service_port = 2152, .client_port = 2152, .is_necessary = true},
    {ROW(gtp, "GTP header", FITS_EVERY, STRUCTURE_UDP), .ids = {152, 272}, .service_port = 2123,
     .client_port = 2123},
    {ROW(gtp, "GTP header", FITS_EVERY, STRUCTURE_UDP), .ids = {152, 273}, .service_port = 3386,
     .client_port = 3386},
    {ROW(teredo, "Teredo packet", FITS_EVERY, STRUCTURE_UDP), .ids = {214}, .service_port = 3544,
     .is_necessary = true},
    {ROW(lisp, "LISP control message", FITS_EVERY, STRUCTURE_UDP), .ids = {236},
     .service_port = 4342, .client_port = 4342, .is_necessary = true},

    {ROW(cpha, "CPHA header", FITS_EVERY, STRUCTURE_UDP), .ids = {53}, .service_port = 8116,
     .client_port = 8116},
    {ROW(check_mk, "Checkmk section", FITS_ANY, STRUCTURE_TCP), .ids = {138}, .service_port = 6556},
    {ROW(rx, "Rx header", FITS_EVERY, STRUCTURE_UDP), .ids = {223}, .service_port = 7000,
     .is_necessary = true},
    {ROW(z3950, "Z39.50 initialisation", FITS_ANY, STRUCTURE_TCP), .ids = {260},
     .service_port = 210, .is_necessary = true},
    {ROW(modbus, "Modbus header", FITS_EVERY, STRUCTURE_TCP), .ids = {44}, .service_port = 502,
     .is_necessary = true},
    {ROW(s7comm, "S7 over ISO transport", FITS_EVERY, STRUCTURE_TCP), .ids = {249},
     .service_port = 102, .is_necessary = true},
    {ROW(rdp, "X.224 connection request", FITS_ANY, STRUCTURE_TCP), .ids = {88},
     .service_port = 3389},
    {ROW(h323, "H.225 call signalling", FITS_ANY, STRUCTURE_TCP), .ids = {158},
     .service_port = 1720},
    {ROW(dnp3, "DNP3 frame", FITS_EVERY, STRUCTURE_TCP), .ids = {244}, .service_port = 20000,
     .is_necessary = true},
    {ROW(iec104, "IEC 104 frame", FITS_EVERY, STRUCTURE_TCP), .ids = {245}, .service_port = 2404,
     .is_necessary = true},
    {ROW(ethernet_ip, "EtherNet/IP header", FITS_EVERY, ANY_TRANSPORT), .ids = {278},
     .service_port = 44818, .is_necessary = true},

    {ROW(mysql, "MySQL greeting", FITS_ANY, STRUCTURE_TCP), .ids = {20}, .service_port = 3306},
    {ROW(postgresql, "PostgreSQL startup", FITS_ANY, STRUCTURE_TCP), .ids = {19},
     .service_port = 5432, .is_necessary = true},
    {ROW(redis, "Redis message", FITS_EVERY, STRUCTURE_TCP), .ids = {182}, .service_port = 6379,
     .is_necessary = true},
    {ROW(mongodb, "MongoDB message", FITS_EVERY, STRUCTURE_TCP), .ids = {60}, .service_port = 27017,
     .is_necessary = true},
    {ROW(tds, "TDS packet", FITS_EVERY, STRUCTURE_TCP), .ids = {114}, .service_port = 1433,
     .is_necessary = true},
    {ROW(cassandra, "CQL opening", FITS_EVERY, STRUCTURE_TCP), .ids = {264}, .service_port = 9042,
     .is_necessary = true},
    {ROW(memcached, "memcached command", FITS_ANY, ANY_TRANSPORT), .ids = {40},
     .service_port = 11211, .is_necessary = true},
    {ROW(onc_rpc, "ONC RPC message", FITS_EVERY, ANY_TRANSPORT), .ids = {11}, .service_port = 2049,
     .is_necessary = true},
    {ROW(dce_rpc, "DCE/RPC header", FITS_EVERY, ANY_TRANSPORT), .ids = {127}, .service_port = 135,
     .is_necessary = true},
    {ROW(ajp, "AJP packet", FITS_ANY, STRUCTURE_TCP), .ids = {139}, .service_port = 8009,
     .is_necessary = true},
    {ROW(smpp, "SMPP header", FITS_EVERY, STRUCTURE_TCP), .ids = {207}, .service_port = 2775,
     .is_necessary = true},
    {ROW(corba, "GIOP header", FITS_ANY, STRUCTURE_TCP), .ids = {168}},
};

const size_t structure_count = sizeof structures / sizeof structures[0];

bool structure_covers(const struct structure *structure, uint16_t master_id,
                      uint16_t application_id)
{
    for (size_t i = 0; i < STRUCTURE_IDS_MAX && structure->ids[i] != 0; i++) {
        if (structure->ids[i] == master_id || structure->ids[i] == application_id)
            return true;
    }
    return false;
}

/* The beginnings of TCP's directions, or UDP's messages. */
static size_t unit_count(const struct conversation *conversation)
{
    return conversation->transport == TRANSPORT_TCP ? (size_t)FLOW_DIRECTIONS
                                                    : conversation->message_count;
}

static const struct message *unit_at(const struct conversation *conversation, size_t index)
{
    return conversation->transport == TRANSPORT_TCP ? &conversation->streams[index]
                                                    : &conversation->messages[index];
}

static bool any_fits(const struct structure *structure, const struct message *messages,
                     size_t count, const struct message **witness)
{
    for (size_t i = 0; i < count; i++) {
        if (messages[i].bytes.length > 0 && structure->fits(&messages[i])) {
            *witness = &messages[i];
            return true;
        }
    }
    return false;
}

static bool every_fits(const struct structure *structure, const struct conversation *conversation,
                       const struct message **witness)
{
    size_t fitting = 0;
    for (size_t i = 0; i < unit_count(conversation); i++) {
        const struct message *unit = unit_at(conversation, i);
        if (unit->bytes.length == 0)
            continue;
        if (!structure->fits(unit))
            return false;
        if (fitting++ == 0 || unit->number < (*witness)->number)
            *witness = unit;
    }
    return fitting >= (structure->rule == FITS_TWICE ? 2 : 1);
}

static uint8_t transport_bit(const struct conversation *conversation)
{
    switch (conversation->transport) {
    case TRANSPORT_TCP:
        return STRUCTURE_TCP;
    case TRANSPORT_UDP:
        return STRUCTURE_UDP;
    default:
        return 0;
    }
}

bool structure_agrees(const struct structure *structure, const struct conversation *conversation,
                      const struct message **witness)
{
    if (!(structure->transports & transport_bit(conversation)) ||
        (structure->applies && !structure->applies(conversation)))
        return false;
    if (structure->rule != FITS_ANY)
        return every_fits(structure, conversation, witness);
    return any_fits(structure, conversation->streams, FLOW_DIRECTIONS, witness) ||
           any_fits(structure, conversation->messages, conversation->message_count, witness);
}
