#!/usr/bin/env python3
"""A page of 100 hosts in a real browser: from navigation to the last picture decoded.

Usage: page_load.py [--runs N] [--hosts N] [--latency MS] [--program KURABE] [--directory DIR]

Every picture of the page is wanted, as if all of it were on the screen. Each way of the page is
loaded cold (a browser that has seen nothing, of a range that nobody has asked for) and then warm
(the same address again) in each run, one way after the other, so that all have the same neighbours
on the machine:

  own          this server, HTTP/1.1, an <img> for each picture
  own strips   the same, many pictures in one answer ("/graphs")
  h2, h2 strips            the same through nginx with TLS and HTTP/2
  prepared, prepared h2    the same bytes, kept by nginx: what browser and network alone cost

Prints milliseconds and CPU milliseconds of our server, medians with the least and the most. The
browser runs on the same machine. A latency is the browser's own delay of each answer
(Network.emulateNetworkConditions), not one of a network.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse

SOURCE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path[:0] = [os.path.join(SOURCE, "tests", folder) for folder in ("browser", "site")]
from site_server import Site, demo  # noqa: E402
from webdriver import Browser  # noqa: E402

DAYS = 2
START_SECONDS = 60
LOAD_SECONDS = 120
RANGE_SECONDS = 86400
WINDOW = (1600, 1000)

NGINX = """
daemon off;
{user}
worker_processes 2;
pid {directory}/nginx.pid;
error_log {directory}/nginx.err;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type application/octet-stream;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    proxy_cache_path {directory}/cache keys_zone=pictures:64m max_size=1g inactive=1h;
    upstream kurabe {{ server 127.0.0.1:{port}; keepalive 32; }}
    large_client_header_buffers 4 32k;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_buffers 16 64k;
    proxy_buffer_size 16k;
    ssl_certificate {directory}/own.crt;
    ssl_certificate_key {directory}/own.key;
    ssl_protocols TLSv1.3;
    server {{
        listen 127.0.0.1:{h2} ssl http2;
        location / {{ proxy_pass http://kurabe; }}
    }}
    server {{
        listen 127.0.0.1:{kept};
        listen 127.0.0.1:{kept_h2} ssl http2;
        location / {{
            proxy_pass http://kurabe;
            proxy_cache pictures;
            proxy_cache_key $request_uri;
            proxy_ignore_headers Cache-Control Vary Set-Cookie;
            proxy_cache_valid 1h;
        }}
    }}
}}
"""

# Runs before the page's own scripts. Without strips every picture is asked for at once; with them
# the page does that for those near the screen, which is all of it here.
MEASURE = """
(() => {
    const strips = %s;
    const screenMargin = { rootMargin: "1000000px" };
    window.IntersectionObserver = class extends IntersectionObserver {
        constructor(seen, options) { super(seen, { ...options, ...screenMargin }); }
    };
    addEventListener("DOMContentLoaded", async () => {
        const images = [...document.querySelectorAll("td img")];
        await new Promise((then) => setTimeout(then)); // until the page's own scripts ran
        if (!strips) for (const image of images) image.loading = "eager";
        const loaded = (image) => !image.classList.contains("held") && image.complete;
        while (!images.every(loaded)) await new Promise((then) => setTimeout(then, 4));
        const loaded_ms = performance.now();
        let failed = 0;
        let wrong = null; // the first of them
        // Not decode(): it takes one picture for each frame of the screen.
        for (const image of images) {
            await createImageBitmap(image).then(
                (bitmap) => bitmap.close(),
                (error) => {
                    failed += 1;
                    wrong ??= `${error}: ${image.naturalWidth} px ${image.outerHTML.slice(0, 400)}`;
                },
            );
        }
        window.measured = {
            loaded_ms,
            ms: performance.now(),
            images: images.length,
            failed,
            wrong,
            requests: performance.getEntriesByType("resource").length,
            refused: performance
                .getEntriesByType("resource")
                .filter((entry) => entry.responseStatus !== 200)
                .map((entry) => `${entry.responseStatus} ${entry.name.slice(0, 200)}`),
        };
    });
})();
"""

MISSING = """
const images = [...document.querySelectorAll("td img")];
const held = images.filter((image) => image.classList.contains("held"));
const open = images.filter((image) => !image.complete);
return `${images.length} pictures, ${held.length} held, ${open.length} under way, ` +
    `${document.readyState}, ${(held[0] ?? open[0])?.outerHTML}`;
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


class Nginx:
    """In front of a site: passing on what it is asked, and keeping answers of its own."""

    def __init__(self, site):
        self._directory = site.path
        self._make_certificate()
        self.h2, self.kept, self.kept_h2 = free_port(), free_port(), free_port()
        configuration = os.path.join(self._directory, "nginx.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(
                NGINX.format(
                    directory=self._directory,
                    user="user root;" if os.geteuid() == 0 else "",
                    port=site.port,
                    h2=self.h2,
                    kept=self.kept,
                    kept_h2=self.kept_h2,
                )
            )
        self._process = subprocess.Popen(
            ["nginx", "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for_port(self.kept_h2)

    def stop(self):
        self._process.terminate()
        self._process.wait()

    def _make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            + ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
            + ["-keyout", os.path.join(self._directory, "own.key")]
            + ["-out", os.path.join(self._directory, "own.crt")],
            check=True,
            stderr=subprocess.DEVNULL,
        )


class Way:
    """One way of the page: where it is asked for, and whether pictures come in strips."""

    def __init__(self, name, origin, strips=False, prepared=False):
        self.name = name
        self.origin = origin
        self.strips = strips
        self.prepared = prepared
        self.cold, self.warm = [], []  # ms to the last picture
        self.cold_cpu, self.warm_cpu = [], []  # ms of our server


def date(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def wall(hosts, end):
    """Of all hosts over the day before `end`."""
    return (
        f"/servers?{hosts}&term=custom&from={date(end - RANGE_SECONDS)}&to={date(end)}"
        f"&plugin_identifier=base"
    )


def load(browser, url):
    browser.open(url)
    if not browser.wait_until("return window.measured !== undefined;", LOAD_SECONDS):
        sys.exit(f"after {LOAD_SECONDS} s there is still missing: {browser.run(MISSING)}")
    measured = browser.run("return window.measured;")
    if measured["failed"] > 0 or measured["images"] == 0:
        sys.exit(
            f"{url[:60]}: {measured['failed']} of {measured['images']} pictures failed, "
            f"the first of them {measured['wrong']}; {len(measured['refused'])} answers were none: "
            f"{measured['refused'][:3]}"
        )
    return measured


def measure(site, way, path, latency):
    """Loads the page cold and warm; returns how many pictures it has."""
    with Browser(*WINDOW, arguments=["--ignore-certificate-errors"]) as browser:
        strips = "true" if way.strips else "false"
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", source=MEASURE % strips)
        browser.devtools("Network.enable")
        browser.devtools(
            "Network.setCookie", url=way.origin, name="strips", value=strips, path="/"
        )
        if latency > 0:
            browser.devtools(
                "Network.emulateNetworkConditions",
                offline=False,
                latency=latency,
                downloadThroughput=-1,
                uploadThroughput=-1,
            )
        browser.open(f"{way.origin}/healthz")  # the connection's and the browser's first steps
        for times, cpu in ((way.cold, way.cold_cpu), (way.warm, way.warm_cpu)):
            before = site.cpu_seconds()
            measured = load(browser, way.origin + path)
            cpu.append((site.cpu_seconds() - before) * 1000)
            times.append(measured["ms"])
        return measured["images"]


def compare(site, nginx, options):
    plain, secure = "http://127.0.0.1", "https://127.0.0.1"
    ways = [
        Way("own", f"{plain}:{site.port}"),
        Way("own strips", f"{plain}:{site.port}", strips=True),
        Way("h2", f"{secure}:{nginx.h2}"),
        Way("h2 strips", f"{secure}:{nginx.h2}", strips=True),
        Way("prepared", f"{plain}:{nginx.kept}", prepared=True),
        Way("prepared h2", f"{secure}:{nginx.kept_h2}", prepared=True),
    ]
    hosts = urllib.parse.urlencode([("address", host) for host in site.addresses()])
    end = int(time.time()) // 60 * 60
    images = 0
    for _ in range(options.runs):
        for way in ways:
            end -= 60  # a range of its own, of which nobody has pictures
            path = wall(hosts, end)
            if way.prepared:
                measure(site, Way("filling", way.origin), path, 0)
            images = measure(site, way, path, options.latency)
    show(ways, images, options)


def spread(values):
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


def show(ways, images, options):
    print(
        f"{images} pictures of {options.hosts} hosts, {options.runs} runs, answers delayed by "
        f"{options.latency} ms: ms to the last picture, CPU ms of the server"
    )
    print(f"{'':12} {'cold':>22} {'warm':>22} {'CPU cold':>20} {'CPU warm':>20}")
    for way in ways:
        print(
            f"{way.name:12} {spread(way.cold):>22} {spread(way.warm):>22} "
            f"{spread(way.cold_cpu):>20} {spread(way.warm_cpu):>20}"
        )
    cold = {way.name: statistics.median(way.cold) for way in ways}
    for name, rival in (
        ("own", "prepared"),
        ("own strips", "prepared"),
        ("h2", "prepared h2"),
        ("h2 strips", "prepared h2"),
        ("own strips", "own"),
        ("h2 strips", "h2"),
    ):
        print(f"{name} / {rival}: {cold[name] / cold[rival]:.2f}")
    for way in ways:
        warm = statistics.median(way.warm) / statistics.median(way.cold)
        print(f"{way.name}: warm / cold {warm:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--latency", type=int, default=0, help="ms before each answer")
    parser.add_argument("--program", default=os.path.join(SOURCE, "build/release/kurabe"))
    parser.add_argument("--directory", help="where a directory for all files is made")
    options = parser.parse_args()

    # An invented host has eight graphs or a few more.
    invented = demo(options.program, options.hosts, DAYS)
    site = Site(options.program, invented, parent=options.directory)
    try:
        nginx = Nginx(site)
        try:
            compare(site, nginx, options)
        finally:
            nginx.stop()
    finally:
        site.stop()


if __name__ == "__main__":
    main()
