# SPDX-License-Identifier: Apache-2.0
"""Who takes part in the scenarios, when they meet, and what they exchange.

Private addresses are the point here: 10.154/16 is production, 10.155/16 development, 10.95/16
management; 203.0.113/24 is somebody else's.
"""

import random

from payloads import length_and_opcode, noise
from talk import MINUTE, SECOND, START, Tcp, Udp, merged

PROD, PROD_CLIENT = "10.154.0.20", "10.154.1.10"
DEV, DEV_CLIENT = "10.155.0.20", "10.155.1.10"
MANAGER, PROBE = "10.95.0.5", "10.95.1.20"
STRANGER = "203.0.113.9"


def probe(n):
    return f"10.95.1.{20 + n}"


def prod(n):
    return f"10.154.0.{20 + n}"


# --- when -----------------------------------------------------------------------------------


def every(period, count, *, jitter=0.0, seed=1, start=START):
    """Each gap differs from the period by up to `jitter` of it."""
    chance = random.Random(seed)
    now = start
    for _ in range(count):
        yield now
        now += int(period * (1 + jitter * chance.uniform(-1, 1)))


def at_random(mean, count, *, seed=1, start=START):
    """Exponential gaps: people and independent events."""
    chance = random.Random(seed)
    now = start
    for _ in range(count):
        yield now
        now += int(chance.expovariate(1 / mean))


# --- what -----------------------------------------------------------------------------------


def request(n):
    return length_and_opcode(2 * n)


def answer(n):
    return length_and_opcode(2 * n + 1)


def sized(seed, low=20, high=600):
    """Messages of varying size, opaque and of middling entropy."""
    chance = random.Random(seed)
    return lambda n: bytes(64 + octet % 32 for octet in noise(seed + n, chance.randint(low, high)))


def session(client, server, start, n=0, ask=request, reply=answer, ttl=(64, 64)):
    """One short TCP connection: eight packets."""
    return (Tcp((client, 49152 + n), server, start, ttl=ttl, isn=(1000 * n, 5000 * n)).open()
            .say(0, ask(n), acked=False).say(1, reply(n), acked=False).close())


def sessions(client, server, starts, **what):
    return merged(*(session(client, server, start, n, **what) for n, start in enumerate(starts)))


def exchanges(client, server, starts, first=0, **what):
    return merged(*(exchange(client, server, start, first + n, **what)
                    for n, start in enumerate(starts)))


def exchange(client, server, start, n=0, ask=request, reply=answer):
    """One question and one answer over UDP."""
    return Udp((client, 49152 + n), server, start).ask(ask(n)).answer(reply(n))


def refused(client, server, start, n=0):
    return Tcp((client, 49152 + n), server, start).syn().reset(1)


def refusals(client, server, starts):
    return merged(*(refused(client, server, start, n) for n, start in enumerate(starts)))


def polls(starts, port=395, count=1):
    """A manager polls probes; the n-th a second after the one before."""
    starts = list(starts)
    return merged(*(sessions(MANAGER, (probe(n), port), [start + n * SECOND for start in starts])
                    for n in range(count)))


def background(minutes, *, seed=99):
    """Unrelated sessions that keep the clock running: production's other clients, at random."""
    return sessions("10.154.1.99", (prod(9), 154), at_random(3 * MINUTE, minutes // 3, seed=seed),
                    ask=sized(seed), reply=sized(seed + 1000))
