# SPDX-License-Identifier: Apache-2.0
"""Scenarios of what is said: known protocols on the wrong ports, credentials, noise."""

import dialogues
from cast import DEV, DEV_CLIENT, PROBE, PROD, PROD_CLIENT
from dialogues import CLIENT_SAYS, SERVER_SAYS
from files import ethernet_pcap
from payloads import noise, nsc1, sequence_and_time, text_command
from registry import add
from talk import MS, SSH_BANNER, Tcp, Udp

SSH = [(SERVER_SAYS, SSH_BANNER), (CLIENT_SAYS, SSH_BANNER)]
HTTP = dialogues.http("/status") + dialogues.http("/status?7")
SSH_OPAQUE_SERVER = [(CLIENT_SAYS, SSH_BANNER)] + [(n % 2, nsc1(n)) for n in range(1, 8)]
BASIC_AUTH = dialogues.http("/admin", more="Authorization: Basic YWRtaW46c2VjcmV0\r\n")


def noisy(size, count=4):
    return [(n % 2, noise(100 + n, size)) for n in range(count)]


def spoken(message, count=10):
    return [(n % 2, message(n)) for n in range(count)]


DIALOGUES = (
    ("masquerade-ssh-154", Tcp, 154, SSH),
    ("masquerade-http-155", Tcp, 155, HTTP),
    ("masquerade-tls-395", Tcp, 395, dialogues.TLS),
    ("masquerade-rdp-395", Tcp, 395, dialogues.RDP),
    ("masquerade-telnet-154", Tcp, 154, dialogues.TELNET),
    ("masquerade-dns-udp155", Udp, 155, dialogues.DNS),
    ("masquerade-snmp-udp154", Udp, 154, dialogues.SNMP_GET),
    ("masquerade-modbus-395", Tcp, 395, dialogues.MODBUS),
    ("masquerade-one-side-only", Tcp, 154, SSH_OPAQUE_SERVER),
    ("credentials-ftp-395", Tcp, 395, dialogues.FTP),
    ("credentials-http-155", Tcp, 155, BASIC_AUTH),
    ("exploit-log4j-155", Tcp, 155, dialogues.HTTP_LOG4J),
    ("entropy-high-154", Tcp, 154, noisy(1200)),
    ("entropy-high-udp395", Udp, 395, noisy(1200)),
    ("entropy-high-but-short", Tcp, 154, noisy(24)),
    ("entropy-low", Tcp, 154, [(n % 2, b"STATUS " * 60) for n in range(4)]),
    ("opaque-text", Tcp, 154, spoken(text_command)),
    ("opaque-binary", Tcp, 395, spoken(nsc1)),
    ("opaque-like-stun", Udp, 395, spoken(sequence_and_time)),
    ("opaque-zeros", Tcp, 155, [(n % 2, bytes(40)) for n in range(6)]),
)
ENDS = {154: (PROD_CLIENT, PROD), 155: (DEV_CLIENT, DEV), 395: ("10.95.0.5", PROBE)}


def perform(kind, port, script):
    client, server = ENDS[port]
    talk = kind((client, 50000 + port), (server, port))
    if kind is Tcp:
        talk.open()
    for who, data in script:
        talk.say(who, data).wait(20 * MS)
    return ethernet_pcap(talk.close() if kind is Tcp else talk)


for name, transport, watched_port, script_lines in DIALOGUES:
    add(f"captures/{name}.pcap",
        lambda kind=transport, port=watched_port, script=script_lines: perform(kind, port, script))
