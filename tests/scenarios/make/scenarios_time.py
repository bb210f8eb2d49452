# SPDX-License-Identifier: Apache-2.0
"""Scenarios of rhythm, length and amount."""

from cast import (MANAGER, PROBE, PROD, PROD_CLIENT, STRANGER, at_random, background, every,
                  exchanges, polls, prod, refusals, request, session, sessions, sized)
from files import ethernet_pcap
from payloads import nsc1, sequence_and_time
from registry import add, capture
from talk import HOUR, MINUTE, SECOND, START, Tcp, merged

# --- beacons --------------------------------------------------------------------------------


def beacon(jitter):
    return ethernet_pcap(sessions(PROD_CLIENT, (PROD, 154),
                                  every(MINUTE, 120, jitter=jitter / 100, seed=jitter + 1)))


for percent in (0, 10, 20, 30):
    add(f"captures/beacon-60s-jitter-{percent}.pcap", lambda jitter=percent: beacon(jitter))


@capture("captures/beacon-udp-300s.pcap")
def beacon_udp():
    """Ten hours."""
    return ethernet_pcap(exchanges(PROD_CLIENT, (PROD, 155), every(5 * MINUTE, 120, jitter=0.05)))


@capture("captures/beacon-to-the-internet.pcap")
def beacon_outside():
    return ethernet_pcap(sessions(PROD_CLIENT, (STRANGER, 395), every(MINUTE, 60, jitter=0.1)))


@capture("captures/beacon-among-people.pcap")
def beacon_among_people():
    """The beacon shares its server and port with people."""
    return ethernet_pcap(merged(
        sessions(PROD_CLIENT, (PROD, 154), every(2 * MINUTE, 60, jitter=0.1)),
        sessions("10.154.1.11", (PROD, 154), at_random(4 * MINUTE, 30, seed=5),
                 ask=sized(1), reply=sized(2))))


@capture("captures/beacon-three-times-only.pcap")
def three_times():
    return ethernet_pcap(sessions(PROD_CLIENT, (PROD, 154), every(MINUTE, 3)))


@capture("captures/beacon-refused.pcap")
def beacon_refused():
    """A client that retries every minute: perfectly regular, and nothing but a dead server."""
    return ethernet_pcap(refusals(PROD_CLIENT, (PROD, 154), every(MINUTE, 60)))


# --- heartbeats of known components ---------------------------------------------------------


@capture("captures/heartbeat-steady.pcap")
def heartbeat_steady():
    return ethernet_pcap(polls(every(MINUTE, 60, jitter=0.02)))


@capture("captures/heartbeat-lost.pcap")
def heartbeat_lost():
    """The first probe falls silent after half an hour, the second goes on."""
    return ethernet_pcap(merged(
        sessions(MANAGER, (PROBE, 395), every(MINUTE, 30, jitter=0.02)),
        sessions(MANAGER, ("10.95.1.21", 395), every(MINUTE, 60, jitter=0.02, seed=2))))


@capture("captures/heartbeat-missed-once.pcap")
def heartbeat_missed():
    starts = list(every(MINUTE, 60, jitter=0.02))
    return ethernet_pcap(polls(starts[:30] + starts[31:]))


@capture("captures/heartbeat-changed.pcap")
def heartbeat_changed():
    """Every 60 seconds for an hour, then every 20."""
    starts = [*every(MINUTE, 60, jitter=0.02),
              *every(20 * SECOND, 60, jitter=0.02, start=START + HOUR)]
    return ethernet_pcap(polls(starts))


# --- long connections -----------------------------------------------------------------------


def connected(duration, port=154):
    """A message every four minutes."""
    talk = Tcp((PROD_CLIENT, 49152), (PROD, port)).open()
    for n in range(duration // (4 * MINUTE)):
        talk.ask(nsc1(n)).wait(4 * MINUTE)
    return talk.close()


@capture("captures/long-connection-9-hours.pcap")
def nine_hours():
    return ethernet_pcap(connected(9 * HOUR))


@capture("captures/long-connection-30-minutes.pcap")
def half_an_hour():
    return ethernet_pcap(connected(30 * MINUTE))


# --- amounts --------------------------------------------------------------------------------


@capture("captures/volume-outlier.pcap")
def volume_outlier():
    """Thirty sessions of some hundred octets, then one that sends 60,000."""
    usual = sessions(PROD_CLIENT, (PROD, 154), at_random(15 * MINUTE, 30, seed=3),
                     ask=sized(3, 150, 250))
    return ethernet_pcap(merged(usual, session(PROD_CLIENT, (PROD, 154), START + 10 * HOUR, 40,
                                               ask=sized(7, 60000, 60000))))


@capture("captures/volume-steady.pcap")
def volume_steady():
    """Forty sessions between 300 and 600 octets."""
    return ethernet_pcap(sessions(PROD_CLIENT, (PROD, 154), at_random(15 * MINUTE, 40, seed=4),
                                  ask=sized(4, 300, 600)))


@capture("captures/burst.pcap")
def burst():
    """One exchange a minute for an hour, then 200 within one."""
    quiet = exchanges(PROD_CLIENT, (PROD, 155), at_random(MINUTE, 60, seed=6))
    storm = exchanges(PROD_CLIENT, (PROD, 155),
                      every(SECOND // 4, 200, start=START + 90 * MINUTE), 100)
    return ethernet_pcap(merged(quiet, storm))


@capture("captures/burst-at-the-start.pcap")
def burst_at_start():
    """A capture that begins in a busy minute: nothing is known yet that it could differ from."""
    first = exchanges(PROD_CLIENT, (PROD, 155), every(2 * SECOND, 30))
    rest = exchanges(PROD_CLIENT, (PROD, 155),
                     at_random(MINUTE, 60, seed=6, start=START + 2 * MINUTE), 100)
    return ethernet_pcap(merged(first, rest))


# --- people ---------------------------------------------------------------------------------


@capture("captures/people-at-random.pcap")
def people():
    """Independent sessions of varying size, three minutes apart on average."""
    return ethernet_pcap(sessions(PROD_CLIENT, (PROD, 154), at_random(3 * MINUTE, 60, seed=8),
                                  ask=sized(8), reply=sized(9)))


@capture("captures/people-in-office-hours.pcap")
def office_hours():
    """Three groups of sessions with long breaks."""
    starts = [start for group in range(3)
              for start in at_random(40 * SECOND, 15, seed=group, start=START + group * 2 * HOUR)]
    return ethernet_pcap(sessions(PROD_CLIENT, (PROD, 154), starts, ask=sized(10), reply=sized(11)))


@capture("captures/people-on-many-servers.pcap")
def many_servers():
    return ethernet_pcap(merged(background(90), *(
        sessions(PROD_CLIENT, (prod(n), 154), at_random(10 * MINUTE, 8, seed=20 + n),
                 ask=sized(30 + n), reply=request) for n in range(6))))


@capture("captures/people-udp.pcap")
def people_udp():
    """The layout that is misread as STUN, at random times."""
    return ethernet_pcap(exchanges(PROD_CLIENT, (PROD, 155), at_random(2 * MINUTE, 60, seed=12),
                                   ask=sequence_and_time, reply=sequence_and_time))
