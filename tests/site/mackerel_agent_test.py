#!/usr/bin/env python3
"""What mackerel-agent asks of its server, from its start to its stop, of a real server.

Usage: mackerel_agent_test.py KURABE

Agent asks in the agent's own order, with its headers and bodies, and takes of the answers what its
client takes; what would stop it raises. Facts are of mackerel-agent (command/command.go,
metrics/linux) and mackerel-client-go (hosts.go, graph_defs.go, checks.go).
"""

import json
import sys
import time

from site_server import SiteTest, main

FILES = {
    "kurabe.yml": """\
---
config: { data_dir: data, rolls_dir: rolls }
---
service: shop
servers:
- { roll: mackerel.yml, label: web, hosts: [ 127.0.0.51 web1, 127.0.0.52 web2 ] }
""",
    "data/.keep": "",
    "rolls/mackerel.yml": "metrics:\n- mackerel\n",
}
DEVICES = {"disk": ("sda", "sdb"), "interface": ("eth0",), "filesystem": ("sda1", "mapper_root")}


class Stopped(Exception):
    """The agent ends with this."""


class Agent:
    """One that runs on a host of the name; `kept` is its file of the id."""

    def __init__(self, site, hostname, display_name="", custom_identifier="", on_start=""):
        self.site = site
        self.on_start = on_start
        self.custom_identifier = custom_identifier
        self.kept = None
        self.spec = {
            "name": hostname,
            "meta": {
                "agent-version": "0.84.0",
                "agent-name": "mackerel-agent/0.84.0 (Revision 1)",
                "block_device": {"sda": {"size": "1000", "removable": "0"}},
                "cpu": [{"model_name": "a CPU"}],
                "filesystem": {"/dev/sda1": {"kb_size": 1000}},
                "kernel": {"os": "GNU/Linux", "release": "6.1.0"},
                "memory": {"total": "4000000kB"},
            },
            "interfaces": [{"name": "eth0", "ipAddress": "127.0.0.51",
                            "ipv4Addresses": ["127.0.0.51"], "macAddress": "00:00:00:00:00:01"}],
            "roleFullnames": ["shop:web"],
            "checks": None,
        }
        if display_name:
            self.spec["displayName"] = display_name
        if custom_identifier:
            self.spec["customIdentifier"] = custom_identifier

    def ask(self, method, path, body=None):
        headers = {"X-Api-Key": "key", "User-Agent": "mackerel-agent/0.84.0 (Revision 1)",
                   "X-Agent-Version": "0.84.0", "X-Revision": "1", "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body) + "\n"  # as Go's encoder ends it
        answer = self.site.ask(method, path, body, headers)
        if not 200 <= answer.status <= 299:
            error = json.loads(answer.text)["error"]
            raise Stopped(f"{answer.status} {error['message'] if isinstance(error, dict) else error}")
        return json.loads(answer.text)

    def start(self):
        """Registers or finds its host."""
        host = None
        if self.kept is None and self.custom_identifier:
            query = f"customIdentifier={self.custom_identifier}&status=working&status=standby"
            hosts = self.ask("GET", f"/api/v0/hosts?{query}&status=maintenance&status=poweroff")
            host = hosts["hosts"][0] if hosts["hosts"] else None
        if host is None:
            if self.kept is None:
                self.kept = self.ask("POST", "/api/v0/hosts", self.spec)["id"]
            host = self.ask("GET", f"/api/v0/hosts/{self.kept}")["host"]
        if host.get("customIdentifier", self.custom_identifier) != self.custom_identifier:
            raise Stopped("custom identifiers mismatch")
        if self.on_start and self.on_start != host["status"]:
            self.set_status(self.on_start)
        self.kept = host["id"]
        self.ask("PUT", f"/api/v0/hosts/{self.kept}", {**self.spec, "checks": [{"name": "ssh"}]})
        return host

    def set_status(self, status):
        self.ask("POST", f"/api/v0/hosts/{self.kept}/status", {"status": status})

    def define(self):
        """Of a plugin that counts dice, and one with wildcards."""
        dice = [{"name": f"custom.dice.{one}", "displayName": f"Die {one}", "isStacked": False}
                for one in ("d6", "d20")]
        docker = [{"name": f"custom.docker.cpu.#.{one}", "displayName": one, "isStacked": True}
                  for one in ("user", "system")]
        self.ask("POST", "/api/v0/graph-defs/create", [
            {"name": "custom.dice", "displayName": "My Dice", "unit": "integer", "metrics": dice},
            {"name": "custom.docker.cpu.#", "displayName": "Docker CPU", "unit": "percentage",
             "metrics": docker}])

    def post_values(self, minute):
        """All that it measures on Linux, and what its plugins print."""
        values = {"loadavg1": 0.5, "loadavg5": 0.4, "loadavg15": 0.3}
        for at, name in enumerate(("user", "nice", "system", "idle", "iowait", "irq", "softirq",
                                   "steal", "guest")):
            values[f"cpu.{name}.percentage"] = 5.0 + at if name != "idle" else 150.0
        for at, name in enumerate(("total", "used", "mem_available", "swap_total", "swap_cached",
                                   "swap_free")):
            values[f"memory.{name}"] = (6 - at) * 1e9
        for name in DEVICES["disk"]:
            values[f"disk.{name}.reads.delta"] = 12.5
            values[f"disk.{name}.writes.delta"] = 3.0
        for name in DEVICES["interface"]:
            values[f"interface.{name}.rxBytes.delta"] = 12345.6
            values[f"interface.{name}.txBytes.delta"] = 2345.6
        for name in DEVICES["filesystem"]:
            values[f"filesystem.{name}.size"] = 4e10
            values[f"filesystem.{name}.used"] = 1e10
        values |= {"custom.dice.d6": 3, "custom.dice.d20": 17, "custom.plain.a": 1,
                   "custom.docker.cpu.abc.user": 7.5, "custom.docker.cpu.abc.system": 2.5}
        self.ask("POST", "/api/v0/tsdb", [
            {"hostId": self.kept, "name": name, "time": minute, "value": value}
            for name, value in values.items()])

    def report(self, status, message):
        self.ask("POST", "/api/v0/monitoring/checks/report", {"reports": [
            {"source": {"type": "host", "hostId": self.kept}, "name": "ssh", "status": status,
             "message": message, "occurredAt": int(time.time()), "notificationInterval": 10}]})


class MackerelAgentTest(SiteTest):
    FILES = FILES

    def state_of(self, address):
        return json.loads(self.site.get(f"/api/host-status?address={address}").text)[address]

    def minutes(self):
        now = int(time.time()) // 60 * 60
        return range(now - 600, now + 1, 60)

    def run_for_minutes(self, agent):
        for minute in self.minutes():
            agent.post_values(minute)

    def check_page(self, address, graphs):
        page = self.site.get(f"/server?address={address}").text
        for graph in graphs:
            self.assertIn(f"plugin_identifier=mackerel&amp;graph={graph}", page)
            picture = self.site.get(
                f"/graph?address={address}&plugin_identifier=mackerel&graph={graph}")
            self.assertEqual((picture.status, picture.type), (200, "image/png"), graph)
        return page

    def test_its_values_are_those_of_the_listed_host(self):
        agent = Agent(self.site, "web1", on_start="working")
        host = agent.start()
        self.assertEqual((host["id"], host["name"]), ("127.0.0.51", "web1"))
        agent.define()
        self.run_for_minutes(agent)
        page = self.check_page("127.0.0.51", (
            "loadavg", "cpu", "memory", "disk._", "interface._", "filesystem._", "custom.dice",
            "custom.docker.cpu._", "custom.plain"))
        for text in ("Load Average", "My Dice", "Docker CPU"):
            self.assertIn(text, page)
        values = self.site.get("/api/fetch?series=127.0.0.51/mackerel/loadavg5.gauge&start=-10min")
        self.assertIn(0.4, json.loads(values.text)["values"])
        self.assertEqual(agent.start()["id"], "127.0.0.51", "it starts again")
        agent.set_status("poweroff")
        self.assertEqual(agent.start()["status"], "poweroff")

    def test_a_host_that_is_not_listed_is_there_once_it_posts(self):
        agent = Agent(self.site, "cloud9.example", custom_identifier="i-9.ec2.amazonaws.com",
                      on_start="standby")
        self.assertEqual(agent.start()["id"], "cloud9.example")
        self.assertNotIn("cloud9.example", self.site.addresses())
        self.run_for_minutes(agent)
        self.assertIn("cloud9.example", self.site.addresses())
        self.check_page("cloud9.example", ("loadavg", "cpu", "memory", "disk._"))

    def test_its_checks_make_the_host_critical_until_they_are_good(self):
        agent = Agent(self.site, "ip-10-0-0-2", display_name="web2")
        agent.start()
        self.run_for_minutes(agent)
        self.assertEqual(self.state_of("127.0.0.52"), 0)
        agent.report("CRITICAL", "connect: refused\n")
        self.assertEqual(self.state_of("127.0.0.52"), 2)
        self.assertIn("connect: refused", self.site.get("/server?address=127.0.0.52").text)
        agent.report("WARNING", "slow")
        self.assertEqual(self.state_of("127.0.0.52"), 1)
        agent.report("OK", "fine")
        self.assertEqual(self.state_of("127.0.0.52"), 0)

    def test_it_is_told_why_it_cannot_start(self):
        with self.assertRaisesRegex(Stopped, "400 the host holds a '/'"):
            Agent(self.site, "a/b").start()


if __name__ == "__main__":
    main(sys.argv)
