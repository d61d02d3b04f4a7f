#!/usr/bin/env python3
"""Pictures of many hosts that come several in one answer, in a real browser.

Usage: strips_test.py KURABE
"""

import base64
import os
import re
import sys
import unittest

from pages_test import ALL_LOADED, COUNT, LOAD_ALL, LOAD_SECONDS, SCROLL_OVER, Site, demo
from webdriver import Browser

HOSTS = 24
DAYS = 1
FIRST_SCREEN = 16  # pictures at most that are asked for one by one, at once
# The browser's list of them has 250 places.
REQUESTS = """
const paths = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
return {
    single: paths.filter((path) => path === '/graph').length,
    strips: paths.filter((path) => path === '/graphs').length,
};
"""
WALL_PAPER = {"paperWidth": 200, "paperHeight": 40}  # inches; what does not fit is not on it
PDF_IMAGE = b"/Subtype /Image"
HELD = "return document.querySelectorAll('img.held').length;"
OF_A_STRIP = "document.querySelectorAll('img[data-address]')[arguments[0]]"


class StripsTest(unittest.TestCase):
    program = ""

    @classmethod
    def setUpClass(cls):
        cls.server = Site(cls.program, demo(cls.program, HOSTS, DAYS))
        cls.addClassCleanup(cls.server.stop)
        hosts = "&".join(f"address={address}" for address in cls.server.addresses())
        cls.wall = f"{cls.server.url}/servers?{hosts}"

    def setUp(self):
        self.browser = Browser(1600, 1000)
        self.addCleanup(self.browser.__exit__)

    def wait(self, script, *arguments):
        self.assertTrue(self.browser.wait_until(script, LOAD_SECONDS, *arguments), script)

    def load_all(self):
        self.browser.run(LOAD_ALL)
        self.browser.run_async(SCROLL_OVER)
        self.wait(ALL_LOADED)
        count = self.browser.run(COUNT)
        self.assertGreaterEqual(count["graphs"], HOSTS * 6)
        self.assertEqual(count["drawn"], count["graphs"])
        self.assertEqual(count["asAnnounced"], count["graphs"], count["misfits"])
        return count["graphs"]

    def test_all_but_the_first_screen_come_in_strips(self):
        self.browser.open(self.wall)
        pictures = self.load_all()
        requests = self.browser.run(REQUESTS)
        self.assertGreater(requests["single"], 0)
        self.assertLessEqual(requests["single"], FIRST_SCREEN)
        self.assertGreater(requests["strips"], 0)
        self.assertLess(requests["strips"], pictures / 4)

    def turn_off(self):
        self.browser.devtools("Network.enable")
        self.browser.devtools(
            "Network.setCookie", url=self.server.url, name="strips", value="false", path="/"
        )

    def test_a_cookie_turns_them_off(self):
        self.turn_off()
        self.browser.open(self.wall)
        pictures = self.load_all()
        self.assertEqual(self.browser.run(REQUESTS), {"single": pictures, "strips": 0})

    def test_what_is_far_from_the_screen_waits_and_keeps_its_room(self):
        self.browser.open(self.wall)
        self.wait("return document.querySelectorAll('img[data-address][src]').length > 0;")
        self.assertGreater(self.browser.run(HELD), 0)
        size = "return [document.documentElement.scrollWidth, document.documentElement.scrollHeight];"
        before = self.browser.run(size)
        self.browser.run("scrollTo(document.documentElement.scrollWidth, 0);")
        last = "const row = document.querySelectorAll('tr.graphs')[0].querySelectorAll('img');"
        self.wait(f"{last} return row[row.length - 1].naturalWidth > 0;")
        self.load_all()
        self.assertEqual(self.browser.run(size), before)

    def test_where_strips_fail_each_picture_loads_by_itself(self):
        self.browser.devtools("Network.enable")
        self.browser.devtools("Network.setBlockedURLs", urls=["*/graphs?*"])
        self.browser.open(self.wall)
        pictures = self.load_all()
        self.assertEqual(self.browser.run(HELD), 0)
        self.assertEqual(
            self.browser.run(
                "return [...document.images].filter(image => image.src.includes('/graph?')).length;"
            ),
            pictures,
        )

    def print_wall(self):
        """How many pictures are on paper, and how many on the page."""
        self.browser.open(self.wall)
        self.wait("return document.readyState === 'complete';")
        pictures = self.browser.run("return document.images.length;")
        paper = self.browser.devtools("Page.printToPDF", **WALL_PAPER)
        return base64.b64decode(paper["data"]).count(PDF_IMAGE), pictures

    def test_what_waits_for_a_strip_is_on_paper(self):
        printed, pictures = self.print_wall()
        self.turn_off()
        self.assertEqual(self.print_wall(), (printed, pictures))
        self.assertGreaterEqual(printed, HOSTS * 6)

    def test_a_picture_gives_its_address_to_who_wants_to_copy_it(self):
        self.browser.open(self.wall)
        self.load_all()
        source = f"return {OF_A_STRIP}.src;"
        self.assertTrue(self.browser.run(source, 0).startswith("data:image/png;"))
        self.browser.run(f"{OF_A_STRIP}.dispatchEvent(new Event('contextmenu', {{bubbles: true}}));", 0)
        self.assertIn("/graph?address=", self.browser.run(source, 0))

    def test_pictures_of_strips_are_renewed(self):
        self.browser.open(self.wall)
        self.wait(f"return {OF_A_STRIP}?.naturalWidth > 0;", 0)
        self.browser.run("scrollTo(1500, 0);")  # only what is on the screen is renewed
        self.browser.run("for (const image of document.images) image.dataset.every = '1';")
        self.wait(f"return {OF_A_STRIP}.src.includes('&at=');", 0)

    def test_pages_of_few_pictures_have_no_strips(self):
        self.browser.open("&".join(self.wall.split("&")[:2]))
        self.wait("return document.readyState === 'complete';")
        self.assertFalse(
            self.browser.run("return [...document.scripts].some(script => script.src.includes('strips'));")
        )


if __name__ == "__main__":
    StripsTest.program = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1], verbosity=2)
