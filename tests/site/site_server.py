"""A real `kurabe serve` for tests and benchmarks: its files, its ports, requests to it.

Needs nothing but Python's own library.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

WAIT_SECONDS = 60
KURADO_LIST = "kurado-update"


class Answer:
    """Of a request over HTTP."""

    def __init__(self, reply):
        self.status = reply.status
        self.headers = {name.lower(): value for name, value in reply.getheaders()}
        self.type = self.headers.get("content-type", "")
        self.bytes = reply.read()

    @property
    def text(self):
        return self.bytes.decode("utf-8", "replace")


class Site:
    """A server in a directory of its own, of the configuration that `fill` makes there."""

    def __init__(self, program, fill, options=(), parent=None):
        self._directory = tempfile.TemporaryDirectory(prefix="kurabe-site-", dir=parent)
        self.path = self._directory.name
        self._log_path = os.path.join(self.path, "log")
        self._start(program, fill(self.path), options)

    def _start(self, program, config, options):
        command = [program, "serve", "--config", config, "--listen", "127.0.0.1:0", *options]
        with open(self._log_path, "wb") as log:
            self.process = subprocess.Popen(command, stderr=log)
        self.port = self.port_of("address")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def addresses(self):
        """Of all hosts."""
        return [host["address"] for host in json.loads(self.get("/api/v1/hosts").text)["hosts"]]

    def cpu_seconds(self):
        """That the server has used since its start."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def log(self):
        with open(self._log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def port_of(self, name):
        """That the log names at the start: "address", "resp", "graphite"."""
        pattern = re.compile(rf"\b{name}=\"?127\.0\.0\.1:(\d+)")
        found = wait_for(lambda: pattern.search(self.log) or self.process.poll() is not None)
        if not isinstance(found, re.Match):
            raise RuntimeError(f"the server did not start:\n{self.log}")
        return int(found.group(1))

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)

    def ask(self, method, target, body=None, headers=None):
        connection = self.connect()
        try:
            connection.request(method, target, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, target):
        return self.ask("GET", target)

    def post_lines(self, lines):
        return self.ask("POST", "/api/v1/lines", lines.encode(), {"Content-Type": "text/plain"})

    def stop(self):
        """The status that the server ends with."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(WAIT_SECONDS)
        finally:
            self.clean_up()

    def clean_up(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._directory.cleanup()


def demo(program, hosts, days):
    """The `fill` of a Site of invented hosts."""

    def fill(directory):
        made = os.path.join(directory, "demo")
        subprocess.run(
            [program, "demo", made, "--hosts", str(hosts), "--days", str(days), "--seed", "1"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return os.path.join(made, "kurabe.yml")

    return fill


class Raw:
    """A connection on which a test says what it likes."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), WAIT_SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def send(self, data):
        """Also to a server that ends the connection meanwhile."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def line(self):
        """What comes up to a line end, or to the end of the connection."""
        return self._until(lambda received: received.endswith(b"\n"), 1)

    def rest(self):
        """What comes until the server ends the connection."""
        return self._until(lambda _: False, 65536)

    def _until(self, is_enough, bytes_at_once):
        received = b""
        try:
            while not is_enough(received):
                piece = self._socket.recv(bytes_at_once)
                if not piece:
                    break
                received += piece
        except ConnectionResetError:
            pass
        return received


def resp(*words):
    """A command of Redis' protocol, as Kurado's agent sends it."""
    encoded = [word if isinstance(word, bytes) else word.encode() for word in words]
    return b"*%d\r\n" % len(encoded) + b"".join(
        b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded
    )


def wait_for(condition):
    """What `condition` says once it is true; the last it said when that takes too long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found = condition()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.02)


class SiteTest(unittest.TestCase):
    """Tests that share one server, of the class's FILES {name: text} and OPTIONS."""

    program = ""
    FILES = {}
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.site = Site(cls.program, cls.fill, cls.OPTIONS)
        cls.addClassCleanup(cls.end_site)

    @classmethod
    def fill(cls, directory):
        """Makes the configuration; its path."""
        for name, text in cls.FILES.items():
            path = os.path.join(directory, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return os.path.join(directory, "kurabe.yml")

    @classmethod
    def end_site(cls):
        log = cls.site.log
        status = cls.site.stop()
        if status != 0:
            raise AssertionError(f"the server ended with status {status}:\n{log}")


def main(arguments):
    """Runs the tests of the calling program: PROGRAM.py KURABE [unittest's own arguments]."""
    if len(arguments) < 2:
        raise SystemExit(f"usage: {arguments[0]} KURABE")
    SiteTest.program = arguments[1]
    unittest.main(argv=[arguments[0], *arguments[2:]])
