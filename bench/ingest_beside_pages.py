#!/usr/bin/env python3
"""Lines that are taken while pages are looked at, and pictures that are drawn while lines come.

Usage: ingest_beside_pages.py [--seconds S] [--program KURABE] [--directory DIR]

One process posts lines without pause (10,000 at a time: a minute of 100 series of 100 hosts), two
others ask for walls of 100 hosts and their pictures, of a range that nobody has asked for before.
Prints lines a second and pictures a second of each alone and of both together, with the CPU seconds
of the server for each wall second. The clients run on the same machine.
"""

import argparse
import datetime
import html
import http.client
import multiprocessing
import os
import random
import re
import sys
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(SOURCE, "tests", "site"))
from site_server import Site, demo  # noqa: E402

HOSTS = 100
SERIES = 100
DAYS = 2
LOOKERS = 2


def get(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{path[:80]}: {answer.status} {body[:200]}")
    return body


def push(port, seconds, counted):
    """Minutes from some days ago on, each once."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    minute = int(time.time()) // 60 * 60 - DAYS * 86400
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        lines = [
            f"pushed{host}\tbase.metrics.m{series}.gauge\t{series + 0.5}\t{minute}"
            for host in range(HOSTS)
            for series in range(SERIES)
        ]
        connection.request(
            "POST", "/api/v1/lines", "\n".join(lines) + "\n", {"Content-Type": "text/plain"}
        )
        answer = connection.getresponse()
        body = answer.read()
        if answer.status in (429, 503):
            time.sleep(1)
            continue
        if answer.status != 200:
            sys.exit(f"lines: {answer.status} {body[:200]}")
        minute += 60
        counted.value += len(lines)


def look(port, seconds, hosts, seed, counted):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begin = int(time.time()) - chance.randrange(86400, DAYS * 86400 - 3600)
        day = [datetime.datetime.fromtimestamp(begin + more) for more in (0, 3600)]
        wall = get(connection, f"/servers?{hosts}&term=custom&from={day[0]:%FT%T}&to={day[1]:%FT%T}")
        for address in re.findall(r' src="(/graph\?[^"]*)"', wall.decode()):
            if time.monotonic() >= end:
                break
            get(connection, html.unescape(address))
            counted.value += 1


def measure(site, seconds, pushes, looks):
    hosts = "&".join(f"address={address}" for address in site.addresses())
    lines, pictures = multiprocessing.Value("q", 0), [
        multiprocessing.Value("q", 0) for _ in range(LOOKERS)
    ]
    work = []
    if pushes:
        work.append(multiprocessing.Process(target=push, args=(site.port, seconds, lines)))
    if looks:
        work += [
            multiprocessing.Process(target=look, args=(site.port, seconds, hosts, number, counted))
            for number, counted in enumerate(pictures)
        ]
    cpu = site.cpu_seconds()
    for process in work:
        process.start()
    for process in work:
        process.join()
        if process.exitcode != 0:
            sys.exit("a client failed")
    cpu = (site.cpu_seconds() - cpu) / seconds
    return lines.value / seconds, sum(counted.value for counted in pictures) / seconds, cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--program", default=os.path.join(SOURCE, "build/release/kurabe"))
    parser.add_argument("--directory", help="where a directory for all files is made")
    options = parser.parse_args()
    for name, pushes, looks in (
        ("lines alone", True, False),
        ("pages alone", False, True),
        ("both", True, True),
    ):
        invented = demo(options.program, HOSTS, DAYS)
        site = Site(options.program, invented, parent=options.directory)
        try:
            figures = measure(site, options.seconds, pushes, looks)
        finally:
            site.stop()
        print(f"{name:12} {figures[0]:10.0f} lines/s {figures[1]:8.0f} pictures/s "
              f"{figures[2]:6.2f} CPU s of the server for each second")


if __name__ == "__main__":
    main()
