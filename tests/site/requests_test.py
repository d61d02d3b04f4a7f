#!/usr/bin/env python3
"""Requests that are hostile in their form: too large, half, in two meanings, from others' pages.

Usage: requests_test.py KURABE

Part of the list of threats in threats_test.py.
"""

import gzip
import json
import re
import sys
import urllib.parse

from site_server import Raw, main
from threatened import CACHE_BYTES, FORM, HOST, JSON, TEXT, ThreatTest, line, query


class RequestsTest(ThreatTest):
    WRITING = (
        ("POST", "/api/v1/lines", TEXT, line(HOST)),
        ("POST", "/api/v1/samples", JSON, "[]"),
        ("POST", "/api/v0/tsdb", JSON, "[]"),
        ("POST", "/api/v0/services/s/tsdb", JSON, "[]"),
        ("POST", "/api/v0/graph-annotations", JSON, "{}"),
        ("POST", "/api/s/s/g", FORM, "number=1"),
        ("POST", "/vrule/api", FORM, "description=x"),
        ("POST", "/api/v1/events", FORM, "text=x"),
        ("DELETE", "/api/v1/events/1", {}, None),
    )
    READ_TOO = ("/api/s/s/g", "/api/v1/events", "/api/v1/events/1")
    FOREIGN = (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    )

    def test_pages_of_others_write_nothing(self):
        for method, target, headers, body in self.WRITING:
            for foreign in self.FOREIGN:
                answer = self.ask(method, target, body, {**headers, **foreign})
                self.assertEqual(answer.status, 403, (target, foreign))
            # Nor does a link or a picture's address, which every page may have.
            answer = self.get(query(target, text="x", description="x", number=1))
            self.assertIn(answer.status, (200, 404) if target in self.READ_TOO else (405,), target)
        form = urllib.parse.urlencode({"x": line(HOST)})
        self.assertEqual(self.ask("POST", "/api/v1/lines", form, FORM).status, 415)
        self.assertEqual(json.loads(self.get("/api/v1/events").bytes)["events"], [])
        posted = b"POST / HTTP/1.1\r\nHost: x\r\n\r\nRPUSH kurado-update \"" + line(HOST).encode()
        for port in ("resp", "graphite"):
            self.send(posted + b'"\r\n', self.site.port_of(port))
        self.assertEqual(self.get(f"/api/series?host={HOST}").status, 404)

    def test_no_header_is_made_of_a_text(self):
        text = "ja\r\nX-Injected: 1\r\nSet-Cookie: a=b"
        targets = [query(page, **{name: text}) for page in ("/", "/server", "/servers", "/graph")
                   for name in ("lang", "address", "service", "term", "tz", "x")]
        targets += [query("/", lang="en", x=text), f"/{urllib.parse.quote(text)}",
                    query("/server", lang="en", address=f"{HOST}\r\nX-Injected: 1")]
        for target in targets:
            answer = self.get(target)
            self.assertNotIn("x-injected", answer.headers)
            self.assertNotIn("a=b", answer.headers.get("set-cookie", ""))

    def test_what_is_too_large_is_refused(self):
        padding = "x" * 9000
        heads = {
            b" 414 ": [f"GET /?{'a' * 17000} HTTP/1.1\r\nHost: x\r\n\r\n"],
            b" 431 ": [
                f"GET / HTTP/1.1\r\nHost: x\r\nA: {padding}\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n" * 100 + "\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n" + f"A: {padding[:8000]}\r\n" * 9 + "\r\n",
            ],
            b" 413 ": [
                "POST /servers HTTP/1.1\r\nHost: x\r\nContent-Length: 1100000\r\n\r\n",
                "POST /api/v1/lines HTTP/1.1\r\nHost: x\r\nContent-Length: 17000000\r\n\r\n",
                "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n",
                f"POST /api/v1/lines HTTP/1.1\r\nHost: x\r\nContent-Length: {1 << 62}\r\n\r\n",
            ],
        }
        for status, requests in heads.items():
            for request in requests:
                self.assertIn(status, self.send(request.encode())[:14], request[:60])

    def test_bodies_that_unfold_are_refused(self):
        bomb = gzip.compress(b"#" * (17 << 20))
        packed = {**TEXT, "Content-Encoding": "gzip"}
        self.assertEqual(self.ask("POST", "/api/v1/lines", bomb, packed).status, 413)
        deep = "[" * 100000 + "]" * 100000
        self.assertEqual(self.ask("POST", "/api/v1/samples", deep, JSON).status, 400)
        for body in (f"{'h' * 129}\tb.metrics.a.gauge\t1\t1\n", line("a/b"), line(HOST, "k" * 600),
                     line(HOST, value="1" * 70000)):
            self.assertEqual(self.ask("POST", "/api/v1/lines", body, TEXT).status, 400, body[:60])

    def test_numbers_that_are_too_large_are_refused(self):
        graph = {"address": HOST, "plugin_identifier": "base", "graph": "cpu"}
        for name, value in {"width": 4001, "height": 2001, "scale": 5, "legend_height": 99999,
                            "from": "-2000y", "to": "now+2y", "term": "eon"}.items():
            answer = self.get(query("/graph", **{**graph, "term": "custom", name: value}))
            self.assertEqual(answer.status, 400, name)
            self.assertIn(name, answer.text)
        marks = "&mark=now" * 51
        self.assertEqual(self.get(query("/graph", **graph) + marks).status, 400)
        for path, name, count in (("/api/v1/data", "series", 101), ("/graphs", "address", 51),
                                  ("/api/host-status", "address", 501)):
            many = urllib.parse.urlencode([(name, f"10.0.{i}/b/c") for i in range(count)])
            self.assertEqual(self.get(f"{path}?{many}").status, 400, path)

    def test_commands_that_are_too_large_are_refused(self):
        for command in (b"*3\r\n$99999999999\r\n", b"*9999999\r\n", b"*-5\r\n$x\r\n", b"a" * 70000,
                        b"*2\r\n$5\r\nRPUSH\r\n$5000000\r\n", b"*1\r\n$3\r\nPINGPING\r\n"):
            self.assertEqual(self.send(command, self.site.port_of("resp"))[:1], b"-", command[:40])
        self.assertEqual(self.send(b"x" * 5000, self.site.port_of("graphite")), b"")

    def test_half_requests_keep_nobody_waiting(self):
        halves = [b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"GE", b"",
                  b"POST /api/v1/lines HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"]
        clients = [Raw(self.site.port) for _ in range(100)]
        for i, client in enumerate(clients):
            client.send(halves[i % len(halves)])
        for _ in range(10):
            self.assertEqual(self.get("/").status, 200)
        for client in clients[:3]:
            client.rest()  # until the server ends it
        for client in clients:
            client.close()

    def test_lengths_that_can_be_read_in_two_ways_end_the_connection(self):
        second = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        for headers, body in (
            ("Content-Length: 3\r\nContent-Length: 0\r\n", b"abc"),
            ("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n"),
            ("Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
            ("Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", b"0\r\n\r\n"),
            ("Transfer-Encoding\t: chunked\r\n", b"0\r\n\r\n"),
            ("Content-Length: +0\r\n", b""), ("Content-Length: 0x0\r\n", b""),
            ("Content-Length: 0, 0\r\n", b""), ("Content-Length : 0\r\n", b""),
            ("A: b\r\n Content-Length: 5\r\n", b""), ("A: b\nContent-Length: 0\r\n", b""),
            ("A: b\rContent-Length: 0\r\n", b""), ("A: \0\r\n", b""),
            ("Transfer-Encoding: chunked\r\n", b"-1\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n", b"3\r\nabcdef\r\n0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n", b"ffffffffffffffff1\r\n"),
        ):
            head = f"POST /servers HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode()
            said = self.send(head + body + second)
            self.assertEqual(said.count(b"HTTP/1.1 "), 1, headers)
            self.assertRegex(said, rb"^HTTP/1.1 (400|501) ", headers)
            self.assertNotIn(b"\r\n\r\nok\n", said, headers)

    def test_pictures_are_kept_within_their_room(self):
        for width in range(300, 420):
            self.get(query("/graph", address=HOST, plugin_identifier="base", graph="cpu",
                           width=width))
        kept = re.search(r"^kurabe_picture_cache_bytes (\S+)", self.get("/metrics").text, re.M)
        self.assertLessEqual(float(kept[1]), CACHE_BYTES)


if __name__ == "__main__":
    main(sys.argv)
