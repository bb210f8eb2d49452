/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "dpi/structure.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE(which_label, which_transport, literal)                                              \
    {                                                                                              \
        (which_label), (which_transport), (const uint8_t *)(literal), sizeof(literal) - 1          \
    }

/* One message each, that must fit the row of that label and, cut anywhere, be read within bounds.
 */
static const struct {
    const char *label;
    uint8_t transport;
    const uint8_t *bytes;
    size_t length;
} samples[] = {
    SAMPLE("DNS message", TRANSPORT_UDP,
           "\x1a\x2b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07"
           "example\x03org\x00\x00\x01\x00\x01"),
    SAMPLE("DNS message", TRANSPORT_TCP,
           "\x00\x1d\x1a\x2b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
           "example\x03org\x00\x00\x01\x00\x01"),
    SAMPLE("DNS message", TRANSPORT_UDP, /* broken behind the question that it repeats */
           "\x1a\x2b\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x07"
           "example\x03org\x00\x00\x01\x00\x01\x90\x90\x90"),
    SAMPLE("SNMP message", TRANSPORT_UDP,
           "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e"
           "\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00"),
    SAMPLE("SSH banner", TRANSPORT_TCP, "SSH-2.0-OpenSSH_9.2\r\n"),
    SAMPLE("HTTP line", TRANSPORT_TCP, "GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n"),
    SAMPLE("HTTP line", TRANSPORT_TCP, "HTTP/1.1 404 Not Found\r\n\r\n"),
    SAMPLE("SIP line", TRANSPORT_UDP, "OPTIONS sip:a@example.org SIP/2.0\r\n\r\n"),
    SAMPLE("SMTP line", TRANSPORT_TCP, "220 mail.example.org ESMTP\r\n"),
    SAMPLE("FTP line", TRANSPORT_TCP, "220 ready\r\n"),
    SAMPLE("POP3 line", TRANSPORT_TCP, "+OK ready\r\n"),
    SAMPLE("IMAP line", TRANSPORT_TCP, "a1 LOGIN user secret\r\n"),
    SAMPLE("syslog priority", TRANSPORT_UDP, "<34>Oct 11 22:14:15 host su: failed"),
    SAMPLE("Git packet line", TRANSPORT_TCP, "0033git-upload-pack /a.git\0host=example.org\0"),
    SAMPLE("Telnet negotiation", TRANSPORT_TCP, "\xff\xfd\x18\xff\xfd\x20"),
    SAMPLE("TLS record", TRANSPORT_TCP,
           "\x16\x03\x01\x00\x2c\x01\x00\x00\x28\x03\x03"
           "0123456789abcdef0123456789abcdef\x00\x00\x02\x13\x01"),
    SAMPLE("STUN header", TRANSPORT_UDP,
           "\x00\x01\x00\x00\x21\x12\xa4\x42"
           "abcdefghijkl"),
    SAMPLE("NTP message", TRANSPORT_UDP,
           "\x23\x00\x06\xec\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
           "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
           "\x00\x00\x00\x00\x00\x00\x00\x00\xe6\x12\x34\x56\x78\x9a\xbc\xde"),
    SAMPLE("RADIUS attributes", TRANSPORT_UDP,
           "\x01\x07\x00\x1f"
           "0123456789abcdef\x01\x05"
           "bob\x05\x06\x00\x00\x00\x01"),
    SAMPLE("HTTP/2 preface", TRANSPORT_TCP, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    SAMPLE("MySQL greeting", TRANSPORT_TCP,
           "\x35\x00\x00\x00\x0a"
           "5.5.5-10.1\0\x01\x00\x00\x00"
           "saltsalt\0\xff\xf7\x08\x02\x00\x7f\x80\x15\0\0\0\0\0\0\0\0\0\0saltsaltsalt\0"),
    SAMPLE("DNSCrypt answer", TRANSPORT_UDP, "r6fnvWj8nonce"),
    SAMPLE("Gnutella message", TRANSPORT_UDP,
           "abcdefgh\xff"
           "ijklmn\0\x01\x01\0\x02\0\0\0ok"),
    SAMPLE("Gnutella message", TRANSPORT_UDP, "GND\x02\x12\x34\x01\x01"),
    SAMPLE("EAQ probe", TRANSPORT_UDP, "\0\0\x01\x02twelve bytes"),
    SAMPLE("Ubiquiti discovery", TRANSPORT_UDP,
           "\x01\0\0\x0c\x0a\0\x03"
           "abc\x0b\0\x03"
           "def"),
    SAMPLE("WS-Discovery envelope", TRANSPORT_UDP,
           "<s:Envelope xmlns:d='http://schemas.xmlsoap.org/ws/2005/04/discovery'>"),
    SAMPLE("TNS connect", TRANSPORT_TCP,
           "\0\x20\0\0\x01\0\0\0\x01\x3a\x01\x2c"
           "01234567890123456789"),
    SAMPLE("tinc identity", TRANSPORT_TCP, "0 alpha 17.7\n"),
    SAMPLE("Steam header", TRANSPORT_UDP, "VS01"),
    SAMPLE("Steam header", TRANSPORT_TCP, "\x10\0\0\0VT01"),
    SAMPLE("TeamViewer header", TRANSPORT_UDP, "\0abcdefghij\x17\x24"),
    SAMPLE("Spotify hello", TRANSPORT_TCP,
           "\0\x04\0\0\0\x27\x52\x20"
           "0123456789012345678901234567890"),
    SAMPLE("ZMTP signature", TRANSPORT_TCP, "\xff\0\0\0\0\0\0\0\x01\x7f"),
    SAMPLE("AYIYA header", TRANSPORT_UDP,
           "\x41\x52\x11\x29\x60\0\0\0"
           "012345678901234567890123456789012345"),
    SAMPLE("Zoom session", TRANSPORT_UDP,
           "\x01\0\x03"
           "0123456789abcdef"),
    SAMPLE("CAPWAP header", TRANSPORT_UDP,
           "\x00\x10\x03\x00\xe0\x3c\x00\x00"
           "payload"),
    SAMPLE("BitTorrent tracker request", TRANSPORT_TCP,
           "GET /announce?info_hash=%01%02&port=6881 HTTP/1.1\r\n\r\n"),
    SAMPLE("H.225 registration", TRANSPORT_UDP,
           "\x02\x20\x00\x00\x06\x00\x08\x91\x4a\x00\x04\x00\xc0\x00\x02\x07"),
    SAMPLE("Modbus header", TRANSPORT_TCP, "\x00\x01\x00\x00\x00\x06\x01\x03\x00\x00\x00\x0a"),
    SAMPLE("TFTP packet", TRANSPORT_UDP,
           "\x00\x01"
           "boot.img\0octet\0"),
    SAMPLE("TFTP packet", TRANSPORT_UDP,
           "\x00\x01"
           "\0octet\0"),
    SAMPLE("MQTT CONNECT", TRANSPORT_TCP,
           "\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02"
           "ab"),
    SAMPLE("IEC 104 frame", TRANSPORT_TCP, "\x68\x04\x07\x00\x00\x00"),
    SAMPLE("PostgreSQL startup", TRANSPORT_TCP, "\x00\x00\x00\x08\x04\xd2\x16\x2f"),
    SAMPLE("Redis message", TRANSPORT_TCP, "*1\r\n$4\r\nPING\r\n"),
    SAMPLE("CQL opening", TRANSPORT_TCP, "\x04\x00\x00\x00\x05\x00\x00\x00\x00"),
    SAMPLE("WireGuard message", TRANSPORT_UDP,
           "\x04\x00\x00\x00"
           "0123456789ab0123456789abcdef"),
    SAMPLE("Kerberos message", TRANSPORT_UDP,
           "\x6a\x0e\x30\x0c\xa1\x03\x02\x01\x05\xa2\x03\x02\x01\x0a\xa4\x00"),
};

static const struct structure *structure_named(const char *label)
{
    for (size_t i = 0; i < structure_count; i++) {
        if (strcmp(structures[i].label, label) == 0)
            return &structures[i];
    }
    return NULL;
}

static struct message sample_message(size_t index, const uint8_t *bytes, size_t length)
{
    return (struct message){.bytes = {bytes, length},
                            .wire_length = samples[index].length,
                            .number = 1,
                            .transport = samples[index].transport};
}

static void each_protocol_fits_its_own_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        const struct structure *structure = structure_named(samples[i].label);
        struct message message = sample_message(i, samples[i].bytes, samples[i].length);
        assert_non_null(structure);
        if (!structure_fits(structure, &message))
            fail_msg("sample %zu is no %s", i, samples[i].label);
    }
}

/* On the heap at its exact size: an over-read is an error of AddressSanitizer's. */
static void every_truncation_is_read_within_bounds(void **state)
{
    (void)state;
    size_t fitting = 0;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        for (size_t length = 1; length <= samples[i].length; length++) {
            uint8_t *exact = malloc(length);
            memcpy(exact, samples[i].bytes, length);
            struct message message = sample_message(i, exact, length);
            for (size_t row = 0; row < structure_count; row++)
                fitting += structure_fits(&structures[row], &message);
            free(exact);
        }
    }
    assert_true(fitting > sizeof samples / sizeof samples[0]);
}

/* xorshift: enough to be no protocol. */
static void random_bytes_fit_almost_nothing(void **state)
{
    (void)state;
    enum { MESSAGES = 20000, LENGTH = 64 };
    uint64_t random = 88172645463325252u;
    size_t rows_that_fit = 0;
    for (int i = 0; i < MESSAGES; i++) {
        uint8_t bytes[LENGTH];
        for (size_t k = 0; k < LENGTH; k++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            bytes[k] = (uint8_t)(random >> 32);
        }
        struct message message = {{bytes, LENGTH}, LENGTH, 1, TO_RESPONDER, TRANSPORT_UDP};
        for (size_t row = 0; row < structure_count; row++)
            rows_that_fit += structures[row].is_necessary && structures[row].rule == FITS_ANY &&
                             structure_fits(&structures[row], &message);
    }
    assert_true(rows_that_fit < MESSAGES / 100);
}

static void every_row_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < structure_count; i++) {
        assert_non_null(structures[i].label);
        assert_true(structures[i].fits || structures[i].magic_length > 0);
        assert_true(structures[i].transports != 0);
        assert_true(structures[i].ids[0] != 0);
        assert_int_equal(structures[i].ids[STRUCTURE_IDS_MAX - 1], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_protocol_fits_its_own_form),
        cmocka_unit_test(every_truncation_is_read_within_bounds),
        cmocka_unit_test(random_bytes_fit_almost_nothing),
        cmocka_unit_test(every_row_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
