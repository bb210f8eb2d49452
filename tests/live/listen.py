# SPDX-License-Identifier: Apache-2.0
"""Listens until it is ended, and says when it does. usage: listen.py KIND:ADDRESS:PORT...
KIND: tcp4, tcp6, udp4, udp6"""
import signal
import socket
import sys

FAMILIES = {"4": socket.AF_INET, "6": socket.AF_INET6}
TYPES = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def listen(word):
    kind, _, rest = word.partition(":")
    address, _, port = rest.rpartition(":")
    listener = socket.socket(FAMILIES[kind[3]], TYPES[kind[:3]])
    if kind[3] == "6":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind((address, int(port)))
    if kind.startswith("tcp"):
        listener.listen()
    return listener


listeners = [listen(word) for word in sys.argv[1:]]
print("ready", flush=True)
signal.pause()
