"""A site that is threatened: what holds of each of its answers, and after each test."""

import time
import urllib.parse

from site_server import Raw, SiteTest

SECRET = "hushed-secret-47"
HOST = "10.0.0.1"
SPOOFED = "10.0.0.2"
UNLISTED_HOSTS = 8
CACHE_BYTES = 256 << 10

MAIN_FILE = f"""\
---
config:
  data_dir: data
  rolls_dir: rolls
  access_log: access.log
  unlisted_hosts: {UNLISTED_HOSTS}
  limits: {{ picture_cache: 256k }}
  senders:
  - {{ hosts: [ {SPOOFED} ], from: [ 10.255.255.1 ] }}
metrics_config:
  MySQL: {{ user: root, password: "{SECRET}" }}
---
service: service
servers:
- {{ roll: base.yml, label: section, hosts: [ "{HOST} www1", "{SPOOFED} www2" ] }}
"""
FILES = {"kurabe.yml": MAIN_FILE, "rolls/base.yml": "metrics:\n- base\n", "data/.keep": ""}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TEXT = {"Content-Type": "text/plain"}
JSON = {"Content-Type": "application/json"}


def query(path, **parameters):
    return f"{path}?{urllib.parse.urlencode(parameters)}"


def line(host, key="loadavg-1.gauge", value=1, when=None):
    return f"{host}\tbase.metrics.{key}\t{value}\t{int(time.time()) if when is None else when}\n"


class ThreatTest(SiteTest):
    """What holds of every answer, and after every test."""

    FILES = FILES
    OPTIONS = ("--resp", "127.0.0.1:0", "--graphite", "127.0.0.1:0")

    def ask(self, method, target, body=None, headers=None):
        answer = self.site.ask(method, target, body, headers)
        self.assertNotIn(SECRET.encode(), answer.bytes)
        self.assertEqual(answer.headers.get("x-content-type-options"), "nosniff")
        policy = answer.headers.get("content-security-policy", "")
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'self'", policy)
        self.assertIn("SameSite=Lax", answer.headers.get("set-cookie", "SameSite=Lax"))
        self.assertLess(answer.status, 500, f"{method} {target[:200]}: {answer.text[:500]}")
        return answer

    def get(self, target, headers=None):
        return self.ask("GET", target, None, headers)

    def send(self, data, port=None):
        with Raw(port or self.site.port) as client:
            client.send(data)
            return client.rest()

    def tearDown(self):
        self.assertEqual(self.site.get("/health").text, "ok\n")
        self.assertIsNone(self.site.process.poll())
