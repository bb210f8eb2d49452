# SPDX-License-Identifier: Apache-2.0
"""Clients of `portscope serve`: each opens view after view, all requests of a view one after the
other on one connection, without a pause. Prints how long views took: first asked alone, then by all
clients at once.

    serve_clients.py URL CLIENTS SECONDS
"""
import http.client
import json
import random
import sys
import threading
import time
import urllib.parse

PROMISED_MS = 200
HOURS = [f"2026-11-20T{hour:02}:00" for hour in range(24)]


def query(path, **parameters):
    return f"/api/v1/{path}?{urllib.parse.urlencode(parameters)}" if parameters else f"/api/v1/{path}"


def overview(_, __, **filter):
    return [query("summary", **filter), query("findings", limit=8), query("timeline", **filter),
            query("groups", by="initiator,responder,service", sort="bytes", limit=10, **filter),
            query("groups", by="application,verdict", limit=10, **filter)]


def overview_of_an_hour(client, chance):
    hour = chance.randrange(23)
    return overview(client, chance, since=HOURS[hour], until=HOURS[hour + 1])


def findings(_, __):
    return [query("findings", limit=200)]


def flows(_, __):
    return [query("flows", limit=50)]


def flows_before(_, chance):
    return [query("flows", limit=50, until=f"2026-11-20T{chance.randrange(24):02}:{chance.randrange(60):02}")]


def flows_of_a_verdict(_, chance):
    return [query("flows", limit=50, verdict=chance.choice(["masquerade", "guess", "stray", "unverified"]))]


def flows_with_a_rare_word(_, chance):
    return [query("flows", limit=50, search=f"nowhere{chance.randrange(1000)}")]


def flows_of_a_host(_, chance):
    return [query("flows", limit=50, host=f"10.0.0.{chance.randrange(1, 200)}")]


def flows_by_bytes(_, chance):
    return [query("flows", limit=50, sort="bytes", order=chance.choice(["descending", "ascending"]))]


def flows_of_an_hour_by_bytes(_, chance):
    hour = chance.randrange(23)
    return [query("flows", limit=50, sort="bytes", since=HOURS[hour], until=HOURS[hour + 1])]


def one_flow(client, _):
    return [query(f"flows/{client.flow['flow_id']}", near=client.flow["first"])]


def services(_, __):
    return [query("rules"), query("summary")]


def probes(_, __):
    return [query("probes")]


VIEWS = [overview, overview_of_an_hour, findings, flows, flows_before, flows_of_a_verdict, flows_of_a_host,
         flows_with_a_rare_word, flows_by_bytes, flows_of_an_hour_by_bytes, one_flow, services, probes]


class Client:
    def __init__(self, url, seed):
        self.chance = random.Random(seed)
        self.connection = http.client.HTTPConnection(urllib.parse.urlparse(url).netloc, timeout=120)
        self.flow = None
        self.refused = 0  # questions that took the server too long

    def get(self, path):
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        self.refused += response.status == 503
        if response.status not in (200, 503):
            sys.exit(f"{path}: {response.status} {body[:200]}")
        return body

    def open(self, view):
        """Milliseconds of all its requests."""
        paths = view(self, self.chance)
        began = time.monotonic()
        for path in paths:
            self.get(path)
        return 1000 * (time.monotonic() - began)

    def pick_a_flow(self):
        self.flow = json.loads(self.get(query("flows", limit=1)))["flows"][0]


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def work(client, end, times):
    while time.monotonic() < end:
        for view in client.chance.sample(VIEWS, len(VIEWS)):
            times.setdefault(view.__name__, []).append(client.open(view))


def main():
    url, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    clients = [Client(url, seed) for seed in range(count)]
    for client in clients:
        client.pick_a_flow()
    first = {view.__name__: clients[0].open(view) for view in VIEWS}
    results = [{} for _ in clients]
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=work, args=(client, end, times)) for client, times in zip(clients, results)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    late = 0
    print(f"{'view':28}{'first, alone':>14}{'opened':>9}{'median':>9}{'p95':>9}{'longest':>9}   ms, {count} clients")
    for view in VIEWS:
        name = view.__name__
        times = [each for result in results for each in result.get(name, [])]
        p95 = percentile(times, 0.95)
        late += p95 > PROMISED_MS
        print(f"{name.replace('_', ' '):28}{first[name]:14.0f}{len(times):9}{percentile(times, 0.5):9.1f}{p95:9.1f}"
              f"{max(times):9.1f}")
    refused = sum(client.refused for client in clients)
    print(f"took longer than the server's patience: {refused}")
    print(f"p95 of every view at most {PROMISED_MS} ms: {'yes' if late == 0 else f'no, {late} are later'}")


if __name__ == "__main__":
    main()
