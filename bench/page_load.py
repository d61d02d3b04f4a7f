#!/usr/bin/env python3
"""A page of 100 hosts in a real browser: from navigation to the last picture decoded.

Usage: page_load.py [--runs N] [--hosts N] [--latency MS] [--program KURABE] [--directory DIR]

Every picture of the page is wanted, as if it were printed. Each way of the page is loaded cold (a
browser that has seen nothing, of a range that nobody has asked for) and then warm (the same address
again) in each run, one way after the other, so that all have the same neighbours on the machine:

  own          this server, HTTP/1.1, an <img> for each picture
  own strips   the same, many pictures in one answer ("/graphs")
  h2, h2 strips            the same through nginx with TLS and HTTP/2
  prepared, prepared h2    the same bytes, kept by nginx: what browser and network alone cost

Prints milliseconds and CPU milliseconds of our server, medians with the least and the most. The
browser runs on the same machine. A latency is the browser's own delay of each answer
(Network.emulateNetworkConditions), not one of a network.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(SOURCE, "tests", "browser"))
from webdriver import Browser  # noqa: E402

DAYS = 2
GRAPHS = 8
START_SECONDS = 60
LOAD_SECONDS = 120
RANGE_SECONDS = 86400
WINDOW = (1600, 1000)

# Of a day, of each host; what the invented hosts have.
PLUGIN = """plugin: wall
groups:
- graphs: [ {names} ]
graphs:
"""
GRAPH = """  graph{number}:
    label: graph {number}
    definition: |
      DEF:a={series}:n:AVERAGE
      DEF:b={other}:n:AVERAGE
      AREA:a#00C000:first
      GPRINT:a:AVERAGE:%.2lf
      LINE1:b#0000C0:second
      GPRINT:b:MAX:%.2lf
"""
ANSWERS_KEPT = """
proxy_cache_path {cache} levels=1:2 keys_zone=pictures:64m max_size=1g inactive=1h;
"""
NGINX = """
daemon off;
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
# the page does that when it is printed.
MEASURE = """
(() => {
    const strips = %s;
    if (!strips) new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
            for (const node of addedNodes) {
                if (node.nodeName === "IMG") node.loading = "eager";
            }
        }
    }).observe(document, { childList: true, subtree: true });
    addEventListener("DOMContentLoaded", async () => {
        const images = [...document.querySelectorAll("td img")];
        if (strips) setTimeout(() => dispatchEvent(new Event("beforeprint")));
        const loaded = (image) => !image.classList.contains("held") && image.complete;
        while (!images.every(loaded)) await new Promise((then) => setTimeout(then, 4));
        const failed = await Promise.all(
            images.map((image) => image.decode().then(() => 0, () => 1)));
        window.measured = {
            ms: performance.now(),
            images: images.length,
            failed: failed.reduce((sum, one) => sum + one, 0),
            requests: performance.getEntriesByType("resource").length,
        };
    });
})();
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


def cpu_ms(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Site:
    """Invented hosts with eight graphs each, our server, and nginx in front of it."""

    def __init__(self, program, directory, hosts):
        self.directory = directory
        subprocess.run(
            [program, "demo", directory, "--hosts", str(hosts), "--days", str(DAYS), "--seed", "1"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.port = free_port()
        self._processes = []
        self.server = self._start(
            [program, "serve", "--config", os.path.join(directory, "kurabe.yml")]
            + ["--listen", f"127.0.0.1:{self.port}"],
            self.port,
        )
        self._start_nginx()

    def stop(self):
        for process in reversed(self._processes):
            process.terminate()
            process.wait()

    def _start(self, command, port):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._processes.append(process)
        wait_for_port(port)
        return process
