# SPDX-License-Identifier: Apache-2.0
"""One conversation in every link type: all of these give the same flow record."""

from carriers import LINKS, raw
from files import pcap
from registry import add, capture
from talk import CLIENT6, SERVER6, ssh_banner


def on_link(link, talk):
    return pcap([(time, link.wrap(data)) for time, data in talk], link.number)


for each in LINKS:
    add(f"links/{each.name}.pcap", lambda link=each: on_link(link, ssh_banner()))


def ssh_banner_ipv6():
    return ssh_banner((CLIENT6, 50022), (SERVER6, 154))


for each in LINKS:
    if each.name in ("null", "linux-cooked-2", "ppp", "pktap", "nflog"):
        add(f"links/{each.name}-ipv6.pcap", lambda link=each: on_link(link, ssh_banner_ipv6()))


@capture("links/ipv6.pcap")
def link_of_ipv6_only():
    return pcap([(time, raw(data)) for time, data in ssh_banner_ipv6()], 229)


@capture("links/unknown.pcap")
def link_that_nobody_decodes():
    """LINKTYPE_USER0: every packet must be counted as of an unsupported link."""
    return pcap(list(ssh_banner()), 147)
