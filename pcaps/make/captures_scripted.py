# SPDX-License-Identifier: Apache-2.0
"""Known protocols on the watched ports, each a short dialogue."""

import dialogues
from files import ethernet_pcap
from registry import add
from talk import Tcp, Udp

SCRIPTS = (
    ("ftp", Tcp, 395, dialogues.FTP),
    ("telnet", Tcp, 154, dialogues.TELNET),
    ("smtp-auth", Tcp, 395, dialogues.SMTP_AUTH),
    ("pop3", Tcp, 154, dialogues.POP3),
    ("imap", Tcp, 155, dialogues.IMAP),
    ("irc", Tcp, 155, dialogues.IRC),
    ("redis", Tcp, 154, dialogues.REDIS),
    ("ssh-obsolete", Tcp, 154, dialogues.OLD_SSH),
    ("shell-script", Tcp, 154, dialogues.SHELL),
    ("rdp", Tcp, 395, dialogues.RDP),
    ("vnc", Tcp, 395, dialogues.VNC),
    ("socks5", Tcp, 154, dialogues.SOCKS5),
    ("bittorrent", Tcp, 154, dialogues.BITTORRENT),
    ("modbus", Tcp, 395, dialogues.MODBUS),
    ("mqtt", Tcp, 395, dialogues.MQTT),
    ("mysql", Tcp, 155, dialogues.MYSQL),
    ("ldap", Tcp, 154, dialogues.LDAP),
    ("kerberos", Tcp, 395, dialogues.KERBEROS),
    ("http-log4j", Tcp, 155, dialogues.HTTP_LOG4J),
    ("http-sql-injection", Tcp, 155, dialogues.HTTP_INJECTION),
    ("http-elf", Tcp, 395, dialogues.HTTP_ELF),
    ("http-proxy", Tcp, 395, dialogues.HTTP_PROXY),
    ("http-backwards", Tcp, 154, dialogues.HTTP_BACKWARDS),
    ("http-unanswered", Tcp, 155, dialogues.HTTP_UNANSWERED),
    ("http2", Tcp, 155, dialogues.HTTP2),
    ("websocket", Tcp, 155, dialogues.WEBSOCKET),
    ("tls", Tcp, 154, dialogues.TLS),
    ("tls-without-name", Tcp, 154, dialogues.TLS_WITHOUT_NAME),
    ("tls-refused", Tcp, 154, dialogues.TLS_REFUSED),
    ("dns", Udp, 155, dialogues.DNS),
    ("netbios-name", Udp, 395, dialogues.NETBIOS),
    ("ntp", Udp, 154, dialogues.NTP),
    ("radius", Udp, 154, dialogues.RADIUS),
    ("snmp", Udp, 395, dialogues.SNMP_GET),
    ("snmp-trap", Udp, 395, dialogues.SNMP_TRAP),
    ("syslog", Udp, 155, dialogues.SYSLOG),
    ("tftp", Udp, 155, dialogues.TFTP),
    ("sip", Udp, 155, dialogues.SIP),
    ("stun", Udp, 395, dialogues.STUN),
    ("dhcp", Udp, 395, dialogues.DHCP),
    ("wireguard", Udp, 395, dialogues.WIREGUARD),
    ("rtp", Udp, 155, dialogues.RTP),
)

for script_name, transport, watched_port, script_lines in SCRIPTS:
    suffix = "tcp" if transport is Tcp else "udp"
    add(f"scripted/{script_name}-{suffix}{watched_port}.pcap",
        lambda kind=transport, port=watched_port, script=script_lines:
        ethernet_pcap(dialogues.perform(kind, port, script)))
