# SPDX-License-Identifier: Apache-2.0
"""Scenarios that a site's policy or a baseline decides: zones, components, peers, exposure."""

from cast import (DEV, DEV_CLIENT, MANAGER, PROD, PROD_CLIENT, STRANGER, at_random, every, polls,
                  refused, request, session, sessions, sized)
from files import ethernet_pcap
from payloads import nsc1
from registry import capture
from talk import MINUTE, START, Tcp, merged

# --- zones ----------------------------------------------------------------------------------


@capture("captures/zone-dev-calls-prod.pcap")
def dev_calls_prod():
    return ethernet_pcap(session(DEV_CLIENT, (PROD, 154), START))


@capture("captures/zone-prod-calls-dev.pcap")
def prod_calls_dev():
    return ethernet_pcap(session(PROD_CLIENT, (DEV, 155), START))


@capture("captures/zone-one-host-serves-both.pcap")
def serves_both():
    """154 and 155 on one host, each to a client of its own zone."""
    return ethernet_pcap(merged(session(PROD_CLIENT, (PROD, 154), START),
                                session("10.154.1.11", (PROD, 155), START + MINUTE)))


@capture("captures/zone-each-in-its-own.pcap")
def each_in_its_own():
    return ethernet_pcap(merged(session(PROD_CLIENT, (PROD, 154), START),
                                session(DEV_CLIENT, (DEV, 155), START + MINUTE)))


# --- components -----------------------------------------------------------------------------


@capture("captures/components-poll.pcap")
def components():
    """A known manager polls ten known probes."""
    return ethernet_pcap(polls(every(MINUTE, 12, jitter=0.02), count=10))


@capture("captures/components-and-a-stranger.pcap")
def stranger_polls():
    """A host that is no component talks to a probe."""
    return ethernet_pcap(merged(polls(every(MINUTE, 12, jitter=0.02), count=3),
                                session("10.20.0.66", ("10.95.1.20", 395), START + 5 * MINUTE)))


# --- exposure -------------------------------------------------------------------------------


@capture("captures/exposure-inbound.pcap")
def inbound():
    """Somebody on the Internet is served."""
    return ethernet_pcap(session(STRANGER, (PROD, 154), START))


@capture("captures/exposure-attempt.pcap")
def attempt():
    """Somebody on the Internet is refused."""
    return ethernet_pcap(refused(STRANGER, (PROD, 154), START))


@capture("captures/exposure-outbound.pcap")
def outbound():
    return ethernet_pcap(session(PROD_CLIENT, (STRANGER, 395), START))


@capture("captures/exposure-shared-address-space.pcap")
def carrier():
    """100.64/10 (RFC 6598): home where no policy says what home is."""
    return ethernet_pcap(session("100.64.7.7", (PROD, 154), START))


# --- baseline -------------------------------------------------------------------------------


EMPTY_HOST = ("10.154.0.44", 154)
LATER = START + 30 * MINUTE


def normal_day():
    """Two clients of one production server."""
    return merged(
        sessions(PROD_CLIENT, (PROD, 154), at_random(10 * MINUTE, 20, seed=1), ask=sized(1)),
        sessions("10.154.1.11", (PROD, 154), at_random(10 * MINUTE, 20, seed=2), ask=sized(2)))


@capture("captures/baseline.pcap")
def baseline():
    return ethernet_pcap(normal_day())


@capture("captures/baseline-again.pcap")
def baseline_again():
    """The same pairs on another day."""
    return ethernet_pcap(sessions(PROD_CLIENT, (PROD, 154), at_random(9 * MINUTE, 20, seed=3),
                                  ask=sized(3), reply=request))


@capture("captures/baseline-and-a-new-listener.pcap")
def new_listener():
    """A known client finds a service on a host that had none."""
    return ethernet_pcap(merged(normal_day(), session(PROD_CLIENT, EMPTY_HOST, LATER, 60)))


@capture("captures/baseline-and-a-new-peer.pcap")
def new_peer():
    """A new client of a known service."""
    return ethernet_pcap(merged(normal_day(), session("10.154.1.77", (PROD, 154), LATER, 60)))


@capture("captures/baseline-and-a-refusal.pcap")
def refusal():
    """A host without service is asked and refuses: no listener."""
    return ethernet_pcap(merged(normal_day(), refused(PROD_CLIENT, EMPTY_HOST, LATER, 60)))


@capture("captures/manager-long-session.pcap")
def manager_session():
    """A known manager keeps a connection to a known probe for an hour."""
    talk = Tcp((MANAGER, 49152), ("10.95.1.20", 395)).open()
    for n in range(30):
        talk.ask(nsc1(n)).answer(nsc1(n + 100)).wait(2 * MINUTE)
    return ethernet_pcap(talk.close())
