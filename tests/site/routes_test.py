#!/usr/bin/env python3
"""Kurado's routes, each asked well and badly, of a site in Kurado's form.

Usage: routes_test.py KURABE

The site has a configuration with all of Kurado's own keys, rolls and sections as its users write
them, and an agent that pushes in Kurado's own bytes. ROUTES is the table: a row for each thing
that is asked, with what Kurado answers. Where we answer otherwise, on purpose, the row says why.

Our own parameters and addresses are in tests/server/api_test, api_v1_test, graph_endpoint_test,
pages_test; redis-cli and thousands of agents in tests/cli/serve_resp_test.
"""

import dataclasses
import json
import struct
import sys
import time
import urllib.parse

from site_server import KURADO_LIST, Raw, SiteTest, main, resp, wait_for

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
PNG = "image/png"

MAIN_FILE = """\
---
config:
  redis: 127.0.0.1:6379
  data_dir: data
  rolls_dir: sample_rolls
  metrics_plugin_dir:
  - metrics_plugins
  - metrics_site_plugins
  web_worker: 5
  update_worker: 2
  fetch_worker: 2
metrics_config:
  MySQL: { user: root, password: "hushed-password" }
---
service: new service
servers:
- roll: httpd.yml
  label: www
  hosts:
  - 127.0.0.11 www1
  - 127.0.0.12 www2 any text is a comment
- roll: base.yml
  hosts: [ "127.0.0.13 www3" ]
- roll: base.yml
  label: データベース
  hosts:
  - 127.0.0.21 db1 主 <b>master</b>
  - 127.0.0.22 db2
  - silent.example
---
service: サービス
servers:
- roll: base.yml
  hosts: [ "127.0.0.31 日本 東京 & 大阪" ]
---
service: Alpha
servers:
- roll: base.yml
  hosts: [ "127.0.0.41 alpha1" ]
"""
FILES = {
    "kurabe.yml": MAIN_FILE,
    "data/.keep": "",
    "metrics_plugins/.keep": "",
    "metrics_site_plugins/.keep": "",
    "sample_rolls/base.yml": "metrics:\n- base\n",
    # Nobody listens on port 1: these are refused at once, and so a warning of the host.
    "sample_rolls/httpd.yml": "metrics_config:\n  MySQL: { user: watch }\n"
    "metrics:\n- base\n- http:1:/server-status?auto\n",
}
HTTP_PLUGIN = "http:1:/server-status?auto"

GOOD, WARNING, CRITICAL = 0, 1, 2


def agents_message(address, now):
    """What Kurado's agent sends each minute, in its order and with its columns."""
    columns = [
        ("base.metrics.cpu-idle.derive", "147356"),
        ("base.metrics.cpu-user.derive", "9021"),
        ("base.metrics.loadavg-1.gauge", "0.25"),
        ("base.metrics.processors.gauge", "2"),
        ("base.metrics.tcp-established.gauge", "U"),
        ("base.metrics.traffic-eth0-rxbytes.derive", "9000"),
        ("base.metrics.traffic-eth0-txbytes.derive", "18446744073709551615"),
        ("base.meta.traffic-interfaces", "eth0"),
        ("base.meta.uptime", "86400"),
        ("base.meta.version", "Linux 日本"),
        # Its second encoding of what plugins print: 日本 again.
        ("base.meta.site", "日本".encode().decode("latin-1")),
        ("proc.metrics.fork.derive", "12"),
    ]
    return "".join(f"{address}\t{key}\t{value}\t{now}\n" for key, value in columns)


@dataclasses.dataclass
class Row:
    """A request and what is answered."""

    method: str
    target: str
    status: int
    type: str
    holds: tuple = ()  # texts of the body, or a function of the answer
    lacks: tuple = ()
    body: str | None = None  # of a POST: a form
    ours: str = ""  # why we answer otherwise than Kurado

    def name(self):
        return f"{self.method} {self.target[:120]}"


def form(*pairs):
    return urllib.parse.urlencode(pairs)


def get(path, *pairs, **expected):
    query = form(*pairs)
    return Row(method="GET", target=f"{path}?{query}" if query else path, **expected)


def post(path, *pairs, **expected):
    return Row(method="POST", target=path, body=form(*pairs), **expected)


def refused(method, path, *pairs, type=TEXT, **expected):
    target = f"{path}?{form(*pairs)}" if pairs else path
    return Row(method, target, status=405, type=type, holds=("only GET",), **expected)


def addresses(count):
    return [("address", f"10.1.{i // 256}.{i % 256}") for i in range(count)]


def is_png(width=None):
    def check(answer):
        if not answer.bytes.startswith(b"\x89PNG\r\n\x1a\n"):
            return "no PNG"
        found = struct.unpack(">I", answer.bytes[16:20])[0]
        # A picture is as wide as its plot and what stands beside it.
        if width is not None and not width < found < width + 120:
            return f"{found} pixels wide"
        return ""

    return check


def is_json(expected):
    return lambda answer: "" if json.loads(answer.bytes) == expected else answer.text


WWW1, WWW2, WWW3 = "127.0.0.11", "127.0.0.12", "127.0.0.13"
DB1, DB2, JAPAN = "127.0.0.21", "127.0.0.22", "127.0.0.31"
SILENT = "silent.example"
GRAPH = (("address", WWW3), ("plugin_identifier", "base"), ("graph", "loadavg-1"))
EIGHT_TERMS = ("year", "month", "week", "day", "3days", "8hours", "4hours", "1hour")
RANGE = (("term", "custom"), ("from", "2026-01-01 00:00:00"), ("to", "2026-01-02 06:15:00"))
WRONG_WAY = (("term", "custom"), ("from", "2026-01-02 00:00"), ("to", "2026-01-01 00:00"))
NO_TIME = (("term", "custom"), ("from", "yesterday-ish"), ("to", "2026-01-01 00:00"))

ALL_NAMES = ("new service", "サービス", "Alpha", "www", "データベース", "www1", "www2", "日本")
LOOK_ONLY = "ours says which methods are answered"
TWICE = "Kurado takes the last one; what is given twice may be read in two ways"

OVERVIEW = [
    get("/", status=200, type=HTML, holds=ALL_NAMES + ("any text is a comment",)),
    get("/", status=200, type=HTML, holds=("東京 &amp; 大阪", "&lt;b&gt;master"), lacks=("<b>",)),
    get("/", ("service", ""), status=200, type=HTML, holds=ALL_NAMES),
    get("/", ("service", "new service"), status=200, type=HTML, holds=("www1",), lacks=("alpha1",)),
    get("/", ("service", "サービス"), status=200, type=HTML, holds=(JAPAN,), lacks=("www1",)),
    get("/", ("service", "none"), status=404, type=HTML, holds=("service",)),
    get("/", ("service", "alpha"), status=404, type=HTML, holds=("alpha",)),
    get("/", ("service", "Alpha"), ("service", "x"), status=400, type=HTML,
        holds=("service",), ours=TWICE),
    get("/", ("unknown", "1"), status=200, type=HTML, holds=ALL_NAMES),
    Row("HEAD", "/", 200, HTML),
    refused("POST", "/", ours=LOOK_ONLY),
    refused("DELETE", "/", ours=LOOK_ONLY),
    refused("PUT", "/", ours=LOOK_ONLY),
    get("/nothing-here", status=404, type=HTML, holds=("nothing-here",)),
    get("//", status=404, type=HTML),
]

SERVER = [
    get("/server", ("address", WWW3), status=200, type=HTML,
        holds=("www3", "new service", "loadavg-1", "eth0", "Linux 日本", "width=500")),
    get("/server", ("address", WWW1), status=200, type=HTML, holds=(HTTP_PLUGIN, "base")),
    get("/server", ("address", DB1), status=200, type=HTML, holds=("df: no such file",)),
    get("/server", ("address", DB2), status=200, type=HTML, holds=("failed to exec plugin:bad",),
        ours="Kurado's page does not say why its host has a warning"),
    get("/server", ("address", SILENT), status=200, type=HTML, holds=(SILENT,)),
    get("/server", ("address", JAPAN), status=200, type=HTML,
        holds=("サービス", "日本", "東京 &amp; 大阪")),
    *(
        get("/server", ("address", WWW3), ("term", term), status=200, type=HTML, holds=(size,))
        for term, size in (("day", "width=500"), ("month", "width=400"), ("3days", "width=1100"),
                           ("8hours", "width=1100"), ("4hours", "width=1100"),
                           ("1hour", "width=1100"), ("custom", "width=1100"), ("", "width=500"))
    ),
    get("/server", ("address", WWW3), *RANGE, status=200, type=HTML, holds=("2026-01-02 06:15",)),
    get("/server", ("address", WWW1), ("plugin_identifier", HTTP_PLUGIN), status=200, type=HTML,
        holds=("graph=worker",), lacks=("graph=loadavg-1",)),
    get("/server", status=400, type=HTML, holds=("address",)),
    get("/server", ("address", ""), status=400, type=HTML, holds=("address",)),
    get("/server", ("address", "10.9.9.9"), status=404, type=HTML, holds=("10.9.9.9",)),
    get("/server", ("address", WWW1), ("address", WWW2), status=400, type=HTML,
        holds=("more than once",), ours=TWICE),
    *(
        get("/server", ("address", WWW1), ("term", term), status=400, type=HTML, holds=("term",))
        for term in ("week", "year", "2days", "DAY")
    ),
    get("/server", ("address", WWW1), *WRONG_WAY, status=400, type=HTML, holds=("not before",)),
    get("/server", ("address", WWW1), *NO_TIME, status=400, type=HTML, holds=("from",)),
    get("/server", ("address", WWW1), ("plugin_identifier", "mysql"), status=404, type=HTML,
        holds=("mysql",), ours="Kurado shows an empty page"),
    refused("POST", "/server", ("address", WWW1), ours=LOOK_ONLY),
]

SERVERS = [
    get("/servers", ("address", WWW1), ("address", DB1), status=200, type=HTML,
        holds=("(2)", "www1", "db1", "width=420")),
    post("/servers", ("address", WWW1), ("address", DB1), status=200, type=HTML,
         holds=("(2)",), ours="500 addresses are more than some proxies let through in one URL"),
    get("/servers", ("address", WWW1), ("address", "10.9.9.9"), status=200, type=HTML,
        holds=("(1)", "10.9.9.9"), ours="Kurado drops unknown ones silently, we name them"),
    *(
        get("/servers", ("address", WWW3), ("term", term), status=200, type=HTML, holds=("(1)",))
        for term in (*EIGHT_TERMS, "custom", "")
    ),
    get("/servers", ("address", WWW1), *RANGE, status=200, type=HTML, holds=("2026-01-01 00:00",)),
    get("/servers", ("address", WWW1), ("plugin_identifier", "base"), status=200, type=HTML,
        holds=("graph=loadavg-1",), lacks=("graph=worker",)),
    get("/servers", ("address", WWW1), *addresses(499), status=200, type=HTML, holds=("(1)",)),
    get("/servers", *addresses(500), status=404, type=HTML, holds=("10.1.0.0",),
        ours="Kurado shows a page of no hosts"),
    get("/servers", *addresses(501), status=400, type=HTML, holds=("500",)),
    get("/servers", status=400, type=HTML, holds=("address",)),
    get("/servers", ("address", WWW1), ("address", WWW1), status=400, type=HTML,
        holds=("more than once",)),
    get("/servers", ("address", WWW1), ("term", "2days"), status=400, type=HTML, holds=("term",)),
    get("/servers", ("address", WWW1), *WRONG_WAY, status=400, type=HTML, holds=("not before",)),
    refused("DELETE", "/servers", ours=LOOK_ONLY),
]

IMAGE_TYPE = "Kurado says text/plain, which nosniff would not show"
PICTURE_STATUS = "Kurado says 500 with a broken image; ours is a picture of the reason"
PICTURES = [
    get("/graph", *GRAPH, status=200, type=PNG, holds=is_png(460), ours=IMAGE_TYPE),
    *(
        get("/graph", *GRAPH, ("term", term), status=200, type=PNG, holds=is_png(460))
        for term in EIGHT_TERMS
    ),
    get("/graph", *GRAPH, *RANGE, status=200, type=PNG, holds=is_png(460)),
    get("/graph", *GRAPH, ("term", "custom"), status=200, type=PNG, holds=is_png(460)),
    get("/graph", *GRAPH, ("width", "1100"), status=200, type=PNG, holds=is_png(1100)),
    get("/graph", ("address", WWW1), ("plugin_identifier", HTTP_PLUGIN), ("graph", "worker"),
        status=200, type=PNG, holds=is_png(460)),
    get("/graph", ("address", WWW3), ("plugin_identifier", "base"), ("graph", "traffic-eth0"),
        status=200, type=PNG, holds=is_png(460)),
    get("/graph", ("address", SILENT), ("plugin_identifier", "base"), ("graph", "cpu"),
        status=200, type=PNG, holds=is_png(460)),
    *(
        get("/graph", *(pair for pair in GRAPH if pair[0] != missing), status=400, type=TEXT,
            holds=(missing,))
        for missing in ("address", "plugin_identifier", "graph")
    ),
    get("/graph", ("address", "10.9.9.9"), *GRAPH[1:], status=404, type=TEXT, holds=("10.9.9.9",)),
    get("/graph", GRAPH[0], ("plugin_identifier", "mysql"), GRAPH[2], status=404, type=PNG,
        holds=is_png(), ours="Kurado draws plugins that are not the host's"),
    get("/graph", GRAPH[0], ("plugin_identifier", "../../x"), GRAPH[2], status=404, type=PNG,
        holds=is_png(), ours="Kurado runs any script on the disk"),
    get("/graph", *GRAPH[:2], ("graph", "nothing"), status=404, type=PNG, holds=is_png(460),
        ours=PICTURE_STATUS),
    *(
        get("/graph", *GRAPH, ("width", width), status=400, type=TEXT, holds=("width",))
        for width in ("0", "-1", "4.5", "wide", "99999999999999999999")
    ),
    get("/graph", *GRAPH, ("width", "4000"), status=200, type=PNG, holds=is_png(4000)),
    get("/graph", *GRAPH, ("width", "4001"), status=400, type=TEXT, holds=("4000",),
        ours="Kurado draws as many pixels as are asked for"),
    get("/graph", *GRAPH, ("width", "100"), ("width", "200"), status=400, type=TEXT,
        holds=("more than once",), ours=TWICE),
    get("/graph", *GRAPH, ("term", "2days"), status=400, type=TEXT, holds=("term",)),
    get("/graph", *GRAPH, *WRONG_WAY, status=400, type=TEXT, holds=("not before",),
        ours="Kurado says 500"),
    get("/graph", *GRAPH, *NO_TIME, status=400, type=TEXT, holds=("from",)),
    refused("POST", "/graph", *GRAPH, ours=LOOK_ONLY),
]

STATES = {WWW3: GOOD, DB1: WARNING, DB2: WARNING, "10.9.9.9": CRITICAL}
ALL_STATES = [("address", address) for address in STATES]
API = [
    get("/api/host-status", *ALL_STATES, status=200, type=JSON, holds=is_json(STATES)),
    get("/api/host-status", ("address", SILENT), status=200, type=JSON,
        holds=is_json({SILENT: WARNING}),
        ours="never heard is critical in Kurado; here once the server was there for five minutes"),
    post("/api/host-status", *ALL_STATES, status=200, type=JSON, holds=is_json(STATES)),
    get("/api/host-status", ("address", WWW1), status=200, type=JSON,
        holds=is_json({WWW1: WARNING})),  # its plugin http cannot be fetched
    get("/api/host-status", *addresses(500), status=200, type=JSON,
        holds=is_json({address: CRITICAL for _, address in addresses(500)})),
    post("/api/host-status", *addresses(500), status=200, type=JSON,
         holds=is_json({address: CRITICAL for _, address in addresses(500)})),
    get("/api/host-status", *addresses(501), status=400, type=JSON, holds=("500",)),
    post("/api/host-status", *addresses(501), status=400, type=JSON, holds=("500",)),
    get("/api/host-status", status=400, type=JSON, holds=("address",)),
    post("/api/host-status", status=400, type=JSON, holds=("address",)),
    get("/api/host-status", ("address", WWW1), ("address", WWW1), status=400, type=JSON,
        holds=("more than once",)),
    refused("DELETE", "/api/host-status", type=JSON, ours=LOOK_ONLY),
    get("/api/servers", status=200, type=TEXT,
        holds=(f"{WWW1} www1 \n", f"{WWW2} www2 any text is a comment\n",
               f"{SILENT} {SILENT} \n", f"{JAPAN} 日本 東京 & 大阪\n")),
    get("/api/servers", ("service", "サービス"), status=200, type=TEXT,
        holds=lambda answer: "" if answer.text == f"{JAPAN} 日本 東京 & 大阪\n" else answer.text),
    get("/api/servers", ("service", "none"), status=404, type=JSON, holds=("none",)),
    get("/api/servers", ("service", "Alpha"), ("service", "x"), status=400, type=JSON,
        holds=("service",), ours=TWICE),
    refused("POST", "/api/servers", type=JSON, ours=LOOK_ONLY),
    get("/api/nothing", status=404, type=JSON, holds=("/api/nothing",)),
]

NOT_KURADOS = "of Mackerel's API; the agent that asks for it is in mackerel_agent_test.py"
MACKEREL = [
    get(f"/api/v0/hosts/{DB1}", status=200, type=JSON, holds=('"name":"db1"',), ours=NOT_KURADOS),
    get("/api/v0/hosts/db1", status=200, type=JSON, holds=(f'"id":"{DB1}"',), ours=NOT_KURADOS),
    get("/api/v0/hosts", ("customIdentifier", "i-1"), status=200, type=JSON,
        holds=is_json({"hosts": []}), ours=NOT_KURADOS),
    get("/api/v0/hosts", status=400, type=JSON, holds=('{"error":{"message":',), ours=NOT_KURADOS),
    post("/api/v0/hosts", ("name", "a"), status=415, type=JSON, holds=('{"error":{"message":',),
         ours=NOT_KURADOS),
    get(f"/api/v0/hosts/{DB1}/metadata/none", status=404, type=JSON, holds=("none",),
        ours=NOT_KURADOS),
    refused("DELETE", f"/api/v0/hosts/{DB1}", type=JSON, ours=NOT_KURADOS),
    refused("PUT", "/api/v0/hosts", type=JSON, ours=NOT_KURADOS),
]

STATIC = [
    get("/favicon.ico", status=200, type="image/svg+xml", holds=("<svg",)),
    get("/css/kurabe.css", status=200, type="text/css; charset=utf-8"),
    get("/css/print.css", status=200, type="text/css; charset=utf-8"),
    get("/js/kurabe.js", status=200, type="text/javascript; charset=utf-8"),
    get("/img/favicon.svg", status=200, type="image/svg+xml", holds=("<svg",)),
    Row("HEAD", "/css/kurabe.css", 200, "text/css; charset=utf-8"),
    refused("POST", "/js/kurabe.js"),
    get("/css/", status=404, type=HTML),
    get("/css/none.css", status=404, type=HTML),
    get("/fonts/any.woff", status=404, type=HTML, ours="the symbols are text; no font is served"),
    get("/css/../kurabe.yml", status=404, type=HTML),
]

ROUTES = [*OVERVIEW, *SERVER, *SERVERS, *PICTURES, *API, *MACKEREL, *STATIC]


class RoutesTest(SiteTest):
    FILES = FILES
    OPTIONS = ("--resp", "127.0.0.1:0")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent_answers = cls.push_as_an_agent()
        # The server asks for www1's plugin itself, as soon as it has started.
        wait_for(lambda: cls.state_of(WWW1) == WARNING)

    @classmethod
    def push_as_an_agent(cls):
        now = int(time.time())
        warnings = {
            DB1: f"{DB1}\tbase.warn.disk_usage\tdf: no such file\t{now}\n",
            # Of a plugin that the agent runs and no roll names.
            DB2: f"{DB2}\tbad.warn.command\tfailed to exec plugin:bad: exit_code: 3\t{now}\n",
        }
        messages = [agents_message(address, now) for address in (WWW1, WWW3, JAPAN)]
        messages += [agents_message(host, now) + text for host, text in warnings.items()]
        answers = []
        with Raw(cls.site.port_of("resp")) as agent:
            for message in messages:
                agent.send(resp("PING"))
                answers.append(agent.line())
                agent.send(resp("RPUSH", KURADO_LIST, message))
                answers.append(agent.line())
        return answers

    @classmethod
    def state_of(cls, address):
        answer = cls.site.get(f"/api/host-status?{form(('address', address))}")
        return json.loads(answer.bytes)[address]

    def test_an_agent_of_kurados_is_answered_as_by_redis(self):
        self.assertEqual(self.agent_answers, [b"+PONG\r\n", b":1\r\n"] * 5)

    def test_what_an_agent_pushed_is_stored_under_its_names(self):
        series = json.loads(self.site.get(f"/api/v1/metrics?host={WWW3}").bytes)["metrics"]
        names = {(one["plugin"], one["key"]) for one in series}
        self.assertIn(("base", "traffic-eth0-txbytes.derive"), names)
        self.assertIn(("proc", "fork.derive"), names)
        self.assertEqual(len(names), 8, names)
        fetched = self.site.get(f"/api/fetch?series={WWW3}/base/processors.gauge&start=-10min")
        self.assertEqual(fetched.status, 200, fetched.text)

    def test_every_row_of_the_table(self):
        for row in ROUTES:
            with self.subTest(row.name(), ours=row.ours):
                self.check(row)

    def check(self, row):
        headers = {}
        if row.body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.site.ask(row.method, row.target, row.body, headers)
        said = answer.text[:2000]
        self.assertEqual((answer.status, answer.type), (row.status, row.type), said)
        self.assertEqual(answer.headers.get("x-content-type-options"), "nosniff")
        if row.status == 405:
            self.assertIn("GET", answer.headers.get("allow", ""))
        if callable(row.holds):
            self.assertEqual(row.holds(answer), "")
        else:
            for text in row.holds:
                self.assertIn(text, answer.text)
        for text in (*row.lacks, "hushed-password"):
            self.assertNotIn(text, answer.text)


if __name__ == "__main__":
    main(sys.argv)
