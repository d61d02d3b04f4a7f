"""Markup that is pushed through every door, and what of it became part of a page."""

import html.parser
import json
import time
import urllib.parse

from site_server import KURADO_LIST, Raw, resp

# Whatever comes of it in a page is of an element or attribute that no page of ours has.
MARK = "pwned"
PAYLOADS = (
    f"<{MARK}>",
    f"<script>{MARK}()</script>",
    f"\"><img src=x on{MARK}=1>",
    f"' on{MARK}='1",
    f'" on{MARK}=1 x="',
    f"</title></textarea></script><svg/onload={MARK}()>",
    f"<!--<{MARK}>-->",
    f"]]><{MARK}>",
    f"javascript:{MARK}()",
    f"<a href=javascript:{MARK}()>",
    f">||<{MARK}>raw",  # Kurado's mark for raw HTML
    f"<base href=//{MARK}.example>",
    f"<meta http-equiv=refresh content=0;url=//{MARK}.example>",
    f"\\\"><{MARK}>",
    f"&lt;{MARK}&gt;",
)
UNUSED = ("base", "svg", "iframe", "object", "embed", "style")
ADDRESSES = ("href", "src", "action", "formaction")


class Strange(html.parser.HTMLParser):
    """What of a page none of ours has."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        is_inline = tag == "script" and "src" not in given
        if MARK in tag or tag in UNUSED or is_inline or "http-equiv" in given:
            self.found.append(f"<{tag} {attrs}>")
        for name, value in attrs:
            self._check_attribute(tag, name, value or "")

    def _check_attribute(self, tag, name, value):
        is_elsewhere = name in ADDRESSES and (value[:1] != "/" or value[:2] == "//")
        if name.startswith("on") or MARK in name or name == "style" or is_elsewhere:
            self.found.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data):
        self.found.append(f"<!--{data}-->")


def plain(text):
    """As it can stand in one column of a line."""
    return text.replace("\t", " ").replace("\n", " ")


def as_path(text):
    return urllib.parse.quote(text, safe="")


def push_lines(site, payload, host):
    now = int(time.time())
    text = plain(payload)
    plugin = as_path(text)
    return site.post_lines(
        f"{host}\tbase.metrics.loadavg-1.gauge\t1\t{now}\n"
        f"{host}\tbase.meta.version\t{text}\t{now}\n"
        f"{host}\tbase.meta.traffic-interfaces\teth0,{text}\t{now}\n"
        f"{host}\tbase.meta.disk-usage-devices\tsda\t{now}\n"
        f"{host}\tbase.meta.disk-usage-sda-mount\t{text}\t{now}\n"
        f"{host}\tbase.warn.{text}\t{text}\t{now}\n"
        f"{host}\t{plugin}.metrics.a{text}.gauge\t1\t{now}\n"
    )


def push_agent(site, payload, host):
    now = int(time.time())
    with Raw(site.port_of("resp")) as agent:
        agent.send(resp("RPUSH", KURADO_LIST, f"{host}\tresp.meta.x\t{plain(payload)}\t{now}\n"
                        f"{host}\tresp.metrics.{plain(payload)}.gauge\t1\t{now}\n"))
        return agent.line()


def push_graphite(site, payload, host):
    with Raw(site.port_of("graphite")) as client:
        text = payload.replace(" ", "_").replace(".", "_")
        client.send(f"{host}.graphite{text}.{text} 1 {int(time.time())}\n".encode())


def push_json(site, target, value):
    return site.ask("POST", target, json.dumps(value), {"Content-Type": "application/json"})


def push_samples(site, payload, host):
    told = {"host": host, "plugin": payload, "key": payload}
    return push_json(site, "/api/v1/samples", {
        "samples": [{**told, "value": 1}],
        "meta": [{**told, "value": payload}],
        "warnings": [{**told, "text": payload}],
    })


def push_mackerel(site, payload, host):
    push_json(site, "/api/v0/tsdb", [{"hostId": host, "name": payload, "time": int(time.time()),
                                      "value": 1}])
    push_json(site, f"/api/v0/services/{as_path(payload)}/tsdb",
              [{"name": payload, "time": int(time.time()), "value": 1}])
    push_json(site, "/api/v0/graph-annotations", {"title": payload, "from": int(time.time()),
                                                  "to": int(time.time()), "service": payload})


def push_form(site, target, **fields):
    return site.ask("POST", target, urllib.parse.urlencode(fields),
                    {"Content-Type": "application/x-www-form-urlencoded"})


def push_growth(site, payload, _):
    name = as_path(payload)
    push_form(site, f"/api/growth/section/{name}", number=7, description=payload, color=payload)
    push_form(site, f"/api/growth/section/{name}", number=7, description=payload)
    push_form(site, f"/api/{name}/{name}/{name}", number=7, description=payload)
    push_form(site, f"/vrule/api/growth/section/{name}", description=payload)


def push_event(site, payload, host):
    push_form(site, "/api/v1/events", text=payload, host=host)
    push_form(site, "/api/v1/events", text=payload, color=payload, host=payload)


DOORS = (push_lines, push_agent, push_graphite, push_samples, push_mackerel, push_growth,
         push_event)
