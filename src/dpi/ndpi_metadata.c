/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/ndpi_metadata.h"

#include <stdio.h>
#include <strings.h>

static void copy_text(char *out, size_t out_size, const char *text, size_t text_size)
{
    size_t length = text ? strnlen(text, text_size) : 0;
    if (length >= out_size)
        length = out_size - 1;
    if (length > 0)
        memcpy(out, text, length);
    out[length] = '\0';
}

/* For arrays on both sides: neither end can be missed. */
#define COPY_ARRAY(out, array) copy_text((out), sizeof(out), (array), sizeof(array))
/* For the library's terminated strings, which may be NULL. */
#define COPY_STRING(out, string) copy_text((out), sizeof(out), (string), sizeof(out))

static bool is_either(const struct ndpi_answer *answer, uint16_t id)
{
    return answer->master_id == id || answer->application_id == id;
}

/* TLS under whatever name; only they have written the union's TLS member. */
static bool speaks_tls(const struct ndpi_answer *answer)
{
    static const uint16_t ids[] = {
        NDPI_PROTOCOL_TLS,        NDPI_PROTOCOL_QUIC,       NDPI_PROTOCOL_DTLS,
        NDPI_PROTOCOL_MAIL_SMTPS, NDPI_PROTOCOL_MAIL_IMAPS, NDPI_PROTOCOL_MAIL_POPS,
    };
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (is_either(answer, ids[i]))
            return true;
    }
    return false;
}

/* RFC 8446 §4.1.2 and RFC 9147 §5.3: the versions that stand in a hello. */
static const char *tls_version_name(uint16_t version)
{
    static const struct {
        uint16_t version;
        const char *name;
    } names[] = {
        {0x0002, "SSLv2"},    {0x0300, "SSLv3"},    {0x0301, "TLSv1"},
        {0x0302, "TLSv1.1"},  {0x0303, "TLSv1.2"},  {0x0304, "TLSv1.3"},
        {0xfeff, "DTLSv1.0"}, {0xfefd, "DTLSv1.2"}, {0xfefc, "DTLSv1.3"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].version == version)
            return names[i].name;
    }
    return "";
}

static void copy_tls(const ndpi_flow *flow, struct detection *out)
{
    COPY_STRING(out->tls_version, tls_version_name(flow->protos.tls_quic.ssl_version));
    COPY_STRING(out->ja3_client, ndpi_ja3_client(flow));
    COPY_ARRAY(out->ja3_server, flow->protos.tls_quic.ja3_server);
    COPY_STRING(out->ja4_client, ndpi_ja4_client(flow));
}

static uint64_t swap_risks(uint64_t risks, unsigned a, unsigned b)
{
    uint64_t differ = (risks >> a ^ risks >> b) & 1;
    return risks ^ (differ << a | differ << b);
}

/* Of a key exchange that was cut, nDPI makes the MD5 of nothing. */
static bool is_hassh(const char *hassh)
{
    static const char of_nothing[] = "d41d8cd98f00b204e9800998ecf8427e";
    return strncasecmp(hassh, of_nothing, sizeof of_nothing - 1) != 0;
}

/* nDPI takes whichever banner comes first for the client's; but either side may speak first
 * (RFC 4253 §4.2), and the server usually does. */
static void copy_ssh(const ndpi_flow *flow, enum flow_direction first, struct detection *out)
{
    if (first == TO_RESPONDER) {
        COPY_ARRAY(out->ssh_client, flow->protos.ssh.client_signature);
        COPY_ARRAY(out->ssh_server, flow->protos.ssh.server_signature);
    } else {
        COPY_ARRAY(out->ssh_server, flow->protos.ssh.client_signature);
        COPY_ARRAY(out->ssh_client, flow->protos.ssh.server_signature);
        out->risks = swap_risks(out->risks, NDPI_SSH_OBSOLETE_CLIENT_VERSION_OR_CIPHER,
                                NDPI_SSH_OBSOLETE_SERVER_VERSION_OR_CIPHER);
    }
    if (is_hassh(flow->protos.ssh.hassh_client))
        COPY_ARRAY(out->hassh_client, flow->protos.ssh.hassh_client);
    if (is_hassh(flow->protos.ssh.hassh_server))
        COPY_ARRAY(out->hassh_server, flow->protos.ssh.hassh_server);
}

/* RFC 9110 §7.2: an IPv6 address stands in brackets; nDPI ends a host at its first colon, but has
 * the whole before the path. */
static void mend_ipv6_host(struct detection *out)
{
    size_t length = strlen(out->hostname);
    const char *end = strchr(out->url, ']');
    if (out->hostname[0] == '[' && end && strncmp(out->url, out->hostname, length) == 0)
        snprintf(out->hostname, sizeof out->hostname, "%.*s", (int)(end + 1 - out->url), out->url);
}

void ndpi_copy_metadata(const ndpi_flow *flow, const struct ndpi_answer *answer,
                        enum flow_direction first, struct detection *out)
{
    COPY_ARRAY(out->hostname, flow->host_server_name);
    COPY_STRING(out->user_agent, flow->http.user_agent);
    COPY_STRING(out->url, flow->http.url);
    out->risks |= ndpi_risks_of_url(out->url);
    mend_ipv6_host(out);
    if (speaks_tls(answer))
        copy_tls(flow, out);
    else if (is_either(answer, NDPI_PROTOCOL_SSH))
        copy_ssh(flow, first, out);
}
