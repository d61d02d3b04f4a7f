#!/usr/bin/env python3
"""The pages in a real browser: every picture of a wall of 100 hosts is drawn.

Usage: pages_test.py KURABE [SCREENSHOT_DIRECTORY]

Makes a demo directory, serves it on a free port, opens the pages in headless Chromium and counts
the pictures that were decoded at the size their <img> has announced.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from webdriver import Browser

HOSTS = 120
SHOWN_HOSTS = 100
START_SECONDS = 60
LOAD_SECONDS = 120

# Every picture is asked for at once, as if the page had been scrolled to its end.
LOAD_ALL = "for (const image of document.images) image.loading = 'eager';"
ALL_LOADED = "return [...document.images].every(image => image.complete);"
COUNT = """
const graphs = [...document.images].filter(image => image.src.includes('/graph?'));
const announced = image => image.getAttribute('width') == image.naturalWidth
                        && image.getAttribute('height') == image.naturalHeight;
return {
  graphs: graphs.length,
  drawn: graphs.filter(image => image.naturalWidth > 0).length,
  asAnnounced: graphs.filter(announced).length,
  misfits: graphs.filter(image => !announced(image)).slice(0, 3).map(image => image.outerHTML),
  widestOverflow: document.documentElement.scrollWidth - window.innerWidth,
};
"""


class Server:
    """`kurabe serve` on a free port."""

    def __init__(self, program, config):
        self._process = subprocess.Popen(
            [program, "serve", "--config", config, "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self._find_url()

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=START_SECONDS)
        return self._process.returncode

    def _find_url(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            line = self._process.stderr.readline()
            if not line:
                break
            match = re.search(r"address=\"?(127\.0\.0\.1:\d+)", line)
            if match:
                return f"http://{match.group(1)}"
        raise RuntimeError("the server did not start")


class PagesTest(unittest.TestCase):
    program = ""
    screenshots = None

    @classmethod
    def setUpClass(cls):
        cls._directory = tempfile.TemporaryDirectory(prefix="kurabe-pages-")
        cls.addClassCleanup(cls._directory.cleanup)
        demo = os.path.join(cls._directory.name, "demo")
        subprocess.run(
            [cls.program, "demo", demo, "--hosts", str(HOSTS), "--days", "2"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        cls.server = Server(cls.program, os.path.join(demo, "kurabe.yml"))
        cls.addClassCleanup(cls.stop_server)
        with open(os.path.join(demo, "kurabe.yml"), encoding="utf-8") as config:
            cls.addresses = re.findall(r"^\s*- [\"']?(\d+\.\d+\.\d+\.\d+) ", config.read(), re.M)
        cls.browser = Browser(1600, 1000)
        cls.addClassCleanup(cls.browser.__exit__)

    @classmethod
    def stop_server(cls):
        status = cls.server.stop()
        assert status == 0, f"the server ended with {status}"

    def open_and_count(self, path, name):
        self.browser.open(self.server.url + path)
        if self.screenshots:
            time.sleep(1)
            self.browser.screenshot(os.path.join(self.screenshots, name + ".png"))
        self.browser.run(LOAD_ALL)
        self.assertTrue(self.browser.wait_until(ALL_LOADED, LOAD_SECONDS), "pictures are missing")
        return self.browser.run(COUNT)

    def assert_all_drawn(self, count, at_least):
        self.assertGreaterEqual(count["graphs"], at_least)
        self.assertEqual(count["drawn"], count["graphs"])
        self.assertEqual(count["asAnnounced"], count["graphs"], count["misfits"])

    def test_a_wall_of_100_hosts_has_every_picture_drawn(self):
        query = "&".join(f"address={address}" for address in self.addresses[:SHOWN_HOSTS])
        count = self.open_and_count("/servers?" + query, "servers")
        self.assert_all_drawn(count, SHOWN_HOSTS * 6)

    def test_one_host_has_every_picture_drawn(self):
        for term in ["day", "month", "1hour", "3days"]:
            path = f"/server?address={self.addresses[0]}&term={term}"
            self.assert_all_drawn(self.open_and_count(path, f"server-{term}"), 6)

    def test_two_checked_hosts_are_shown_side_by_side_in_check_order(self):
        self.browser.open(self.server.url + "/")
        self.assertTrue(
            self.browser.wait_until(
                "return document.querySelectorAll('input[type=checkbox][value]').length >= arguments[0];",
                LOAD_SECONDS,
                HOSTS,
            )
        )
        if self.screenshots:
            time.sleep(3)
            self.browser.screenshot(os.path.join(self.screenshots, "overview.png"))
        chosen = [self.addresses[7], self.addresses[3]]
        for address in chosen:
            self.browser.run(
                "document.querySelector(`input[type=checkbox][value='${arguments[0]}']`).click();",
                address,
            )
        self.browser.run("document.getElementById('show-checked').click();")
        self.assertTrue(
            self.browser.wait_until("return location.pathname === '/servers';", LOAD_SECONDS)
        )
        shown = self.browser.run("return new URLSearchParams(location.search).getAll('address');")
        self.assertEqual(shown, chosen)

    def test_a_shift_click_checks_the_range_between_in_its_order(self):
        for first, last in [(2, 9), (9, 2)]:
            self.browser.open(self.server.url + "/")
            addresses = self.browser.run(
                """
                const boxes = [...document.querySelectorAll('input[type=checkbox][value]')];
                boxes[arguments[0]].click();
                boxes[arguments[1]].dispatchEvent(new MouseEvent('click',
                    {bubbles: true, cancelable: true, shiftKey: true}));
                document.getElementById('show-checked').click();
                return boxes.map(box => box.value);
                """,
                first,
                last,
            )
            self.assertTrue(
                self.browser.wait_until("return location.pathname === '/servers';", LOAD_SECONDS)
            )
            shown = self.browser.run(
                "return new URLSearchParams(location.search).getAll('address');"
            )
            chosen = addresses[2:10]
            self.assertEqual(shown, chosen if first < last else chosen[::-1])


if __name__ == "__main__":
    PagesTest.program = sys.argv[1]
    if len(sys.argv) > 2:
        PagesTest.screenshots = sys.argv[2]
        os.makedirs(sys.argv[2], exist_ok=True)
    unittest.main(argv=sys.argv[:1], verbosity=2)
