# SPDX-License-Identifier: Apache-2.0
"""Sends bytes over TCP, or takes them and says how many came.
usage: transfer.py take ADDRESS PORT | transfer.py give ADDRESS PORT BYTES"""
import socket
import sys
import time


def take(address, port):
    with socket.create_server((address, port)) as server:
        connection, _ = server.accept()
        count = 0
        with connection:
            while data := connection.recv(1 << 20):
                count += len(data)
    print(count)


def give(address, port, count):
    for _ in range(600):
        try:
            connection = socket.create_connection((address, port))
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    with connection:
        while count > 0:
            count -= connection.send(bytes(min(count, 1 << 20)))


words = sys.argv[1:]
if words[0] == "take":
    take(words[1], int(words[2]))
else:
    give(words[1], int(words[2]), int(words[3]))
