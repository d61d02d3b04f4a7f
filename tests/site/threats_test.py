#!/usr/bin/env python3
"""Threats to a server that others reach: each is tried on a real one, which then still answers.

Usage: threats_test.py KURABE

The list, and which test here or in C++ says that it comes to nothing:

  paths: hosts, plugins, series, files      PathsTest; tests/store/archive_name_test
  markup of every door (XSS)                MarkupTest; tests/server/hostile_text_test
  other sites' pages that post (CSRF)       requests_test.test_pages_of_others...; access_table_test
  header injection                          requests_test.test_no_header...; http_server_test
  oversized everything                      requests_test.test_what_is_too_large...; lines_api_test
  slow clients (slowloris)                  requests_test.test_half_requests...; http_server_test
  smuggling                                 requests_test.test_lengths...; http_reader_test,
                                            fuzz/http_request_fuzz
  spoofed ingest                            IngestTest, AccessTest; sender_rules_test
  ingest abuse: clocks, hosts, values       IngestTest; LinesSeries of lines_api_test
  growth of the picture cache               requests_test.test_pictures...; picture_cache_test
  500 addresses, many readers               load_test
  forged or widened addresses of pictures   AccessTest; access/signature_test
  passwords: guessing, forged proxies       AccessTest; access_table_test, password_verifier_test
  cookies, CSP, framing                     every answer here; pages_choices_test
  forged lines of logs                      LogsTest; log_test, serve_operation_test
  secrets in answers and logs               every answer here; serve_plugins_test, access_table_test
  requests made for somebody else (SSRF)    PathsTest.test_no_request...: none takes a target
  commands in texts                         PathsTest; tests/collectors/exec, tests/cli/exec_test
  other users of the machine                AccessTest.test_secrets...; access/files_test
  SSH keys, SNMP secrets, TLS versions      collect_ssh_test, serve_snmp_test, serve_operation_test
  hostile .rrd files                        tests/hostile, fuzz/rrd_*; no address takes one
"""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse

import markup
from site_server import KURADO_LIST, Raw, main, resp, wait_for
from threatened import (FILES, FORM, HOST, JSON, MAIN_FILE, SECRET, SPOOFED, TEXT, UNLISTED_HOSTS,
                        ThreatTest, line, query)


class PathsTest(ThreatTest):
    NAMES = (
        "..", ".", "../..", "../kurabe.yml", "../../kurabe.yml", "..\\kurabe.yml", "/etc/passwd",
        "....//kurabe.yml", "%2e%2e%2fkurabe.yml", "..%c0%afkurabe.yml", "..%00", "\0", "a\0.png",
        "a\nb", "a\r\nb", "C:", "con", "-o", "--help", "/dev/stdin", "a" * 300, "é" * 200,
        "\u202egnp.x", "$(touch touched)", "`touch touched`", ";touch touched", "|touch touched",
        "~root", "file:///etc/passwd", "tokens", "metadata.sqlite", "lock",
    )

    def files(self):
        """All but the data, which the server writes."""
        data = os.path.join(self.site.path, "data")
        return {
            os.path.join(directory, name)
            for directory, _, names in os.walk(self.site.path)
            for name in names
            if not directory.startswith(data)
        }

    def test_no_name_is_a_path(self):
        before, here = self.files(), set(os.listdir("."))
        for name in self.NAMES:
            with self.subTest(name):
                self.look_at(name)
                self.push(name)
        self.assertEqual(self.files(), before)
        self.assertEqual(set(os.listdir(".")), here)
        for directory, _, names in os.walk(os.path.join(self.site.path, "data")):
            for file in names:
                self.assertRegex(file, r"^[A-Za-z0-9_.%:-]+$", directory)

    def look_at(self, name):
        series = f"{name}/{name}/{name}.gauge"
        graph = {"address": HOST, "plugin_identifier": "base", "graph": "cpu"}
        path = urllib.parse.quote(name, safe="")
        targets = [
            *(query("/graph", **{**graph, parameter: name}) for parameter in graph),
            *(query(page, address=name) for page in ("/server", "/servers")),
            query("/server", address=HOST, plugin_identifier=name),
            *(query(api, host=name) for api in ("/api/series", "/api/v1/metrics")),
            *(query(api, series=series) for api in ("/api/rrd", "/api/fetch", "/api/v1/data")),
            *(f"{folder}/{path}" for folder in ("", "/css", "/img", "/api/v1/events")),
            f"/g/{path}/base/cpu.png", f"/g/{HOST}/{path}/cpu.png", f"/g/{HOST}/base/{path}.png",
            f"/api/v1/openapi.json/{path}", f"/css/{urllib.parse.quote(name)}",
        ]
        for target in targets:
            answer = self.get(target)
            # "/." and the like are what they are: no page of that name.
            self.assertIn(answer.status, (400, 404), target)
            self.assertNotIn(b"root:", answer.bytes)

    def push(self, name):
        path = urllib.parse.quote(name, safe="")
        columns = name.replace("\n", " ")
        pushed = f"{columns}\t{path}.metrics.{columns}.gauge\t1\t{int(time.time())}\n"
        self.ask("POST", "/api/v1/lines", pushed.encode(), TEXT)
        with Raw(self.site.port_of("resp")) as agent:
            agent.send(resp("RPUSH", KURADO_LIST, pushed))
            self.assertIn(agent.line()[:1], b":-")
        sample = [{"host": name, "plugin": name, "key": name, "value": 1}]
        self.ask("POST", "/api/v1/samples", json.dumps(sample), JSON)
        self.ask("POST", f"/api/{path}/{path}/{path}", "number=1", FORM)
        event = urllib.parse.urlencode({"text": name, "host": name})
        self.ask("POST", "/api/v1/events", event, FORM)

    def test_no_request_makes_the_server_ask_another(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            target = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            for page in ("/server", "/servers", "/graph", "/api/host-status"):
                self.get(query(page, address=target, plugin_identifier="base", graph="cpu"))
            absolute = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            connect = f"CONNECT {target[7:-1]} HTTP/1.1\r\nHost: x\r\n\r\n"
            # An address of this form is its path on this server, RFC 9112, 3.2.2.
            self.assertIn(b">Kurabe<", self.send(absolute.encode()))
            self.assertRegex(self.send(connect.encode()), rb"^HTTP/1.1 (4|5)\d\d ")
            self.assertRaises(BlockingIOError, listener.accept)


class MarkupTest(ThreatTest):
    FILES = {
        **FILES,
        "kurabe.yml": MAIN_FILE.replace(f"unlisted_hosts: {UNLISTED_HOSTS}", "unlisted_hosts: 60")
        + "".join(
            f"---\nservice: {json.dumps(payload)}\nservers:\n- roll: base.yml\n"
            f"  label: {json.dumps(payload)}\n  hosts:\n"
            f"  - {json.dumps(f'10.0.1.{i} {payload} {payload}')}\n"
            for i, payload in enumerate(markup.PAYLOADS)
        ),
    }

    def test_no_text_becomes_an_element_or_attribute(self):
        for i, payload in enumerate(markup.PAYLOADS):
            for push in markup.DOORS:
                push(self.site, payload, f"10.0.1.{i}")
        hosts = [f"10.0.1.{i}" for i in range(len(markup.PAYLOADS))]
        services = [f"service:{payload}" for payload in (*markup.PAYLOADS, "growth")]
        shown = ""
        for target in self.pages(hosts, services):
            answer = self.get(target)
            self.assertTrue(answer.type.startswith("text/html"), target)
            self.assertEqual(markup.Strange(answer.text).found, [], target)
            shown += answer.text
        # Or nothing was looked at.
        self.assertGreater(shown.count(markup.MARK), 500)
        self.assertIn("&lt;script&gt;pwned()&lt;/script&gt;", shown)

    def test_the_check_finds_markup(self):
        inert = ("&lt;", "javascript:")
        for payload in markup.PAYLOADS:
            if not payload.startswith(inert):
                page = f"<p title=\"{payload}\"><p title='{payload}'>{payload}"
                self.assertNotEqual(markup.Strange(page).found, [], payload)
        self.assertNotEqual(markup.Strange("<a href='javascript:x()'>").found, [])
        self.assertEqual(markup.Strange("<p title='&lt;pwned&gt;'>&lt;pwned&gt;").found, [])

    def pages(self, hosts, services):
        yield "/"
        yield "/servers?" + urllib.parse.urlencode([("address", host) for host in hosts])
        for host in (*hosts, *services):
            yield query("/server", address=host)
        for text in markup.PAYLOADS:
            path = markup.as_path(text)
            yield from (query("/", service=text), query("/", service=f"no {text}"), f"/{path}")
            for name in ("address", "term", "from", "plugin_identifier", "compare", "lang", text):
                given = {"address": hosts[0], "term": "custom", name: text}
                yield query("/server", **given)
                yield query("/servers", **given)

    def test_drawings_have_no_scripts(self):
        payload = markup.PAYLOADS[1]
        markup.push_growth(self.site, payload, "")
        markup.push_event(self.site, payload, HOST)
        picture = query("/graph", address=HOST, plugin_identifier="base", graph="loadavg-1",
                        format="svg", mark=f"now-1h:{payload}")
        answer = self.get(picture)
        self.assertEqual((answer.status, answer.type), (200, "image/svg+xml"))
        self.assertNotIn(b"<script", answer.bytes)
        self.assertIn("sandbox", answer.headers["content-security-policy"])


class IngestTest(ThreatTest):
    def test_nobody_sends_for_a_host_that_is_not_theirs(self):
        spoofed = {"X-Forwarded-For": "10.255.255.1", "Forwarded": "for=10.255.255.1",
                   "X-Real-IP": "10.255.255.1"}
        sample = {"host": SPOOFED, "plugin": "base", "key": "a", "value": 1}
        mackerel = {"hostId": SPOOFED, "name": "a", "time": int(time.time()), "value": 1}
        for target, headers, body in (
            ("/api/v1/lines", TEXT, line(SPOOFED)),
            ("/api/v1/samples", JSON, json.dumps([sample])),
            ("/api/v0/tsdb", JSON, json.dumps([mackerel])),
        ):
            for more in ({}, spoofed):
                self.assertEqual(self.ask("POST", target, body, {**headers, **more}).status, 403)
        with Raw(self.site.port_of("resp")) as agent:
            agent.send(resp("RPUSH", KURADO_LIST, line(SPOOFED)))
            self.assertRegex(agent.line(), b"^-ERR .*may not be sent")
        with Raw(self.site.port_of("graphite")) as client:
            client.send(f"{SPOOFED.replace('.', '_')}.a.b 1 -1\nhost3.a.b 1 -1\n".encode())
        self.assertEqual(self.get(f"/api/series?host={SPOOFED}").status, 404)

    def test_wrong_clocks_and_numbers_are_refused(self):
        now = int(time.time())
        for value, when in ((1, now + 3600), (1, 1 << 62), (1, -1), (1, "nan"), (1, "1e400"),
                            ("", now), ("0x1", now), ("1,5", now), ("1 2", now)):
            answer = self.ask("POST", "/api/v1/lines", line(HOST, "c.gauge", value, when), TEXT)
            self.assertEqual(answer.status, 400, (value, when, answer.text))

    def test_infinite_numbers_harm_no_answer(self):
        """rrdtool takes them, and so do we; JSON has none."""
        first = int(time.time()) // 60 * 60 - 300
        lines = "".join(line(HOST, value=value, when=first + 60 * i)
                        for i, value in enumerate(("1", "inf", "-inf", "1e999", "9" * 400, "2")))
        self.assertEqual(self.ask("POST", "/api/v1/lines", lines, TEXT).status, 200)
        series = {"series": f"{HOST}/base/loadavg-1.gauge"}
        graph = {"address": HOST, "plugin_identifier": "base", "graph": "loadavg-1"}
        for target in (query("/api/v1/data", term="1hour", **series),
                       query("/api/v1/statistics", term="1hour", **series),
                       query("/api/fetch", **series), f"/g/{HOST}/base/loadavg-1.json",
                       query("/graph", term="1hour", layout="json", **graph)):
            json.loads(self.get(target).bytes, parse_constant=self.fail)
        self.assertEqual(self.get(query("/graph", term="1hour", **graph)).status, 200)

    def test_hosts_of_nobody_are_so_many(self):
        answers = [self.ask("POST", "/api/v1/lines", line(f"made-up-{i}"), TEXT).status
                   for i in range(UNLISTED_HOSTS + 3)]
        self.assertEqual(answers[-3:], [403] * 3)
        self.assertEqual(self.ask("POST", "/api/v1/lines", line(HOST, "d.gauge"), TEXT).status, 200)


class AccessTest(ThreatTest):
    """A server that wants to know who comes."""

    FILES = {
        **FILES,
        "kurabe.yml": MAIN_FILE.replace(
            "config:\n", "config:\n  access: { mode: basic, users: users, admins: [ alice ] }\n", 1
        ),
    }
    PASSWORD = SECRET
    REFUSED = (401, 403, 429)  # the last to all of an address from which passwords were guessed

    @classmethod
    def fill(cls, directory):
        config = super().fill(directory)
        users = os.path.join(directory, "users")
        cls.kurabe("user", "set", "alice", "--users", users, given=f"{cls.PASSWORD}\n")
        return config

    @classmethod
    def kurabe(cls, *words, given=""):
        return subprocess.run([cls.program, *words], input=given, check=True, text=True,
                              capture_output=True).stdout.strip()

    def with_config(self, *words):
        return self.kurabe(*words, "--config", os.path.join(self.site.path, "kurabe.yml"))

    def test_nobody_gives_themselves_a_name(self):
        for headers in ({}, {"X-Forwarded-User": "alice"}, {"Authorization": "Bearer kurabe_x"},
                        {"Authorization": "Basic Og=="}, {"X-Api-Key": "kurabe_x"},
                        {"Authorization": "Basic YWxpY2U="}, {"Cookie": "user=alice"}):
            for target in ("/", "/metrics", "/api/v1/hosts", "/no-such-page", "/graph"):
                answer = self.get(target, headers)
                self.assertIn(answer.status, self.REFUSED, (target, headers))
            answer = self.ask("POST", "/api/v1/lines", line(HOST), {**TEXT, **headers})
            self.assertIn(answer.status, self.REFUSED, headers)

    def test_who_guesses_passwords_has_to_wait(self):
        answers = []
        for i in range(12):
            given = base64.b64encode(f"alice:{i}".encode()).decode()
            answers.append(self.get("/", {"Authorization": f"Basic {given}"}))
        self.assertEqual(answers[0].status, 401)
        self.assertEqual(answers[-1].status, 429)
        self.assertGreater(int(answers[-1].headers["retry-after"]), 0)

    def test_a_token_is_for_its_hosts_alone(self):
        token = self.with_config("token", "create", "web", "--read", "--write", "--hosts", HOST,
                                 "--expires", "1d")
        headers = {**TEXT, "Authorization": f"Bearer {token}"}

        def push(host, key):
            return self.ask("POST", "/api/v1/lines", line(host, f"{key}.gauge"), headers).status

        self.assertEqual(wait_for(lambda: push(HOST, "a") == 200), True)
        self.assertEqual(push("10.0.0.9", "a"), 403)
        self.assertEqual(self.get(query("/server", address=HOST), headers).status, 200)
        for target in ("/", query("/server", address=SPOOFED)):
            self.assertEqual(self.get(target, headers).status, 403, target)
        for letter in (0, 10, len(token) - 1):
            forged = token[:letter] + ("0" if token[letter] != "0" else "1") + token[letter + 1:]
            answer = self.get(f"/api/series?host={HOST}", {"Authorization": f"Bearer {forged}"})
            self.assertEqual(answer.status, 401)
        self.assertNotIn(token, self.site.log)

    def test_a_signed_address_shows_what_was_signed_alone(self):
        signed = self.with_config(
            "sign", query("/graph", address=HOST, plugin_identifier="base", graph="cpu", width=300))
        self.assertEqual(wait_for(lambda: self.get(signed).status == 200), True)
        path, parameters = signed.split("?", 1)
        pairs = urllib.parse.parse_qsl(parameters)
        self.assertEqual(self.get(f"{path}?{urllib.parse.urlencode(pairs[::-1])}").status, 200)
        for i, (name, value) in enumerate(pairs):
            for others in ([(name, value + "1")], [], [(name, value)] * 2):
                forged = urllib.parse.urlencode(pairs[:i] + others + pairs[i + 1:])
                self.assertIn(self.get(f"{path}?{forged}").status, (401, 403), forged)
        self.assertEqual(self.get(f"{signed}&height=500").status, 403)
        self.assertIn(self.get(f"/server?{parameters}").status, (401, 403))

    def test_secrets_are_their_owners_files(self):
        self.with_config("token", "create", "any", "--read", "--expires", "1d")
        self.with_config("sign", query("/graph", address=HOST, plugin_identifier="base", graph="cpu"))
        for name in ("users", "data/tokens", "data/sign.key"):
            mode = os.stat(os.path.join(self.site.path, name)).st_mode
            self.assertEqual(mode & 0o077, 0, f"{name}: {mode:o}")


class LogsTest(ThreatTest):
    def test_no_line_of_a_log_is_forged(self):
        forged = "2026-01-01T00:00:00Z error forged\n\x1b[31m" + "x" * 3000
        path = urllib.parse.quote(forged[:2000])
        self.get(f"/{path}")
        self.get(query("/server", address=forged[:200]))
        self.ask("POST", "/api/v1/lines", f"{forged[:60]}\t{forged}\t1\t2\n", TEXT)
        with Raw(self.site.port_of("resp")) as agent:
            agent.send(resp("RPUSH", KURADO_LIST, f"{HOST}\t{forged}\n"))
            agent.line()
        self.send(b"GET /\x1b[31m\n2026-01-01T00:00:00Z error forged HTTP/1.1\r\n\r\n")
        for name in ("log", "access.log"):
            with open(os.path.join(self.site.path, name), encoding="utf-8") as file:
                lines = file.read().splitlines()
            self.assertGreater(len(lines), 0)
            for said in lines:
                self.assertRegex(said, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (info|warning) ")
                self.assertNotIn("\x1b", said)
                self.assertNotIn(SECRET, said)

    def test_the_command_line_tells_no_secret(self):
        with open(f"/proc/{self.site.process.pid}/cmdline", "rb") as file:
            self.assertNotIn(SECRET.encode(), file.read())


if __name__ == "__main__":
    main(sys.argv)
