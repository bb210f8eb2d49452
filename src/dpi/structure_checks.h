/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks behind the table of structure.c, by the file they stand in. A message that was cut
 * fits when what is there does.
 */
#ifndef PORTSCOPE_DPI_STRUCTURE_CHECKS_H
#define PORTSCOPE_DPI_STRUCTURE_CHECKS_H

#include "dpi/structure.h"

#include <string.h>

static inline bool begins_with_bytes(const struct message *message, const void *bytes,
                                     size_t length)
{
    return message->bytes.length >= length && memcmp(message->bytes.at, bytes, length) == 0;
}

static inline bool begins_with(const struct message *message, const char *words)
{
    return begins_with_bytes(message, words, strlen(words));
}

/* Whether `length` bytes stand somewhere in the span. */
static inline bool span_holds(struct span span, const void *bytes, size_t length)
{
    for (size_t at = 0; at + length <= span.length; at++) {
        if (memcmp(span.at + at, bytes, length) == 0)
            return true;
    }
    return false;
}

/* Whether a length field that must reach exactly to the message's end does. */
static inline bool ends_the_message(const struct message *message, size_t claimed)
{
    return claimed == message->wire_length;
}

/* Whether a walk over items proves anything: it reached the end, or the capture's with two items
 * that were whole. */
static inline bool walk_proves(const struct cursor *cursor, const struct message *message,
                               size_t whole_items)
{
    enum { ITEMS_MIN = 2 };
    return cursor_ok(cursor) || (message_is_cut(message) && whole_items >= ITEMS_MIN);
}

#define STRUCTURE_CHECK(name) structure_fits_fn fits_##name

/* structure_names.c */
STRUCTURE_CHECK(dns);
STRUCTURE_CHECK(netbios_name);
STRUCTURE_CHECK(netbios_datagram);
STRUCTURE_CHECK(netbios_session);
STRUCTURE_CHECK(smb);

/* structure_asn1.c */
STRUCTURE_CHECK(snmp);
STRUCTURE_CHECK(kerberos);
STRUCTURE_CHECK(ldap);
STRUCTURE_CHECK(z3950);

/* structure_text.c */
STRUCTURE_CHECK(ssh);
STRUCTURE_CHECK(http);
STRUCTURE_CHECK(ssdp);
STRUCTURE_CHECK(sip);
STRUCTURE_CHECK(rtsp);
STRUCTURE_CHECK(mgcp);
STRUCTURE_CHECK(ftp);
STRUCTURE_CHECK(smtp);
STRUCTURE_CHECK(pop3);
STRUCTURE_CHECK(imap);
STRUCTURE_CHECK(nntp);
STRUCTURE_CHECK(irc);
STRUCTURE_CHECK(xmpp);
STRUCTURE_CHECK(syslog);
STRUCTURE_CHECK(git);
STRUCTURE_CHECK(nats);
STRUCTURE_CHECK(telnet);
STRUCTURE_CHECK(whois);

/* structure_crypto.c */
STRUCTURE_CHECK(tls);
STRUCTURE_CHECK(dtls);
STRUCTURE_CHECK(quic);
STRUCTURE_CHECK(ike);
STRUCTURE_CHECK(wireguard);
STRUCTURE_CHECK(openvpn);
STRUCTURE_CHECK(pptp);
STRUCTURE_CHECK(socks);

/* structure_media.c */
STRUCTURE_CHECK(stun);
STRUCTURE_CHECK(iax);
STRUCTURE_CHECK(skinny);
STRUCTURE_CHECK(mpeg_ts);
STRUCTURE_CHECK(rtp);
STRUCTURE_CHECK(rtcp);
STRUCTURE_CHECK(bittorrent_dht);
STRUCTURE_CHECK(bittorrent_tracker);
STRUCTURE_CHECK(bittorrent_utp);
STRUCTURE_CHECK(dropbox);
STRUCTURE_CHECK(telegram);
STRUCTURE_CHECK(whatsapp);
STRUCTURE_CHECK(mining);
STRUCTURE_CHECK(weave);
STRUCTURE_CHECK(rtmp);
STRUCTURE_CHECK(websocket);
STRUCTURE_CHECK(edonkey);
STRUCTURE_CHECK(qq);
STRUCTURE_CHECK(skype);
STRUCTURE_CHECK(viber);
STRUCTURE_CHECK(virtgrp);
STRUCTURE_CHECK(nothing);

/* structure_network.c */
STRUCTURE_CHECK(ntp);
STRUCTURE_CHECK(dhcp);
STRUCTURE_CHECK(dhcpv6);
STRUCTURE_CHECK(radius);
STRUCTURE_CHECK(diameter);
STRUCTURE_CHECK(tftp);
STRUCTURE_CHECK(coap);
STRUCTURE_CHECK(mqtt);
STRUCTURE_CHECK(amqp);
STRUCTURE_CHECK(netflow);
STRUCTURE_CHECK(sflow);
STRUCTURE_CHECK(gtp);
STRUCTURE_CHECK(teredo);
STRUCTURE_CHECK(lisp);
STRUCTURE_CHECK(rx);
STRUCTURE_CHECK(bgp);
STRUCTURE_CHECK(capwap);
STRUCTURE_CHECK(collectd);
STRUCTURE_CHECK(xdmcp);
STRUCTURE_CHECK(afp);

/* structure_hosts.c */
STRUCTURE_CHECK(dnscrypt);
STRUCTURE_CHECK(gnutella);
STRUCTURE_CHECK(eaq);
STRUCTURE_CHECK(ubnt);
STRUCTURE_CHECK(ws_discovery);
STRUCTURE_CHECK(tns);
STRUCTURE_CHECK(tinc);
STRUCTURE_CHECK(steam);
STRUCTURE_CHECK(teamviewer);
STRUCTURE_CHECK(spotify);
STRUCTURE_CHECK(zmtp);
STRUCTURE_CHECK(ayiya);
STRUCTURE_CHECK(zoom);

/* structure_industry.c */
STRUCTURE_CHECK(modbus);
STRUCTURE_CHECK(s7comm);
STRUCTURE_CHECK(rdp);
STRUCTURE_CHECK(h323);
STRUCTURE_CHECK(h323_ras);
STRUCTURE_CHECK(dnp3);
STRUCTURE_CHECK(iec104);
STRUCTURE_CHECK(ethernet_ip);
STRUCTURE_CHECK(someip);

/* structure_database.c */
STRUCTURE_CHECK(mysql);
STRUCTURE_CHECK(mysql_greeting);
STRUCTURE_CHECK(postgresql);
STRUCTURE_CHECK(redis);
STRUCTURE_CHECK(mongodb);
STRUCTURE_CHECK(tds);
STRUCTURE_CHECK(cassandra);
STRUCTURE_CHECK(memcached);
STRUCTURE_CHECK(onc_rpc);
STRUCTURE_CHECK(dce_rpc);
STRUCTURE_CHECK(ajp);
STRUCTURE_CHECK(smpp);
STRUCTURE_CHECK(drda);

#undef STRUCTURE_CHECK

/* structure_conversation.c */
bool is_sent_to_mdns(const struct conversation *conversation);
bool is_sent_to_llmnr(const struct conversation *conversation);
bool is_sent_to_one(const struct conversation *conversation);
bool ldap_is_answered(const struct conversation *conversation); /* structure_asn1.c */
bool rtp_sequence_runs(const struct conversation *conversation);
bool stun_names_late(const struct conversation *conversation);
bool tls_names_late(const struct conversation *conversation); /* structure_crypto.c */
bool stun_checks_a_path(const struct conversation *conversation);
bool eaq_counts(const struct conversation *conversation);
bool zoom_session_is_repeated(const struct conversation *conversation);
bool skype_names_the_responder(const struct conversation *conversation);
bool skype_identifiers_jump(const struct conversation *conversation);
bool viber_token_repeats(const struct conversation *conversation);
bool websocket_masks_differ(const struct conversation *conversation);

#endif
