#!/usr/bin/env python3
"""How pictures look where the browser prefers dark, in a real browser.

Usage: dark_test.py KURABE
"""

import os
import sys
import unittest

from pages_test import ALL_LOADED, COUNT, LOAD_ALL, LOAD_SECONDS, SCROLL_OVER, Site, demo
from webdriver import Browser

HOSTS = 24
DAYS = 1
# Of each picture that is there: whether it was drawn dark, by the pixel in its corner.
DRAWN = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const isDark = (image) => {
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(1, 1, 1, 1).data[0] < 64;
};
const there = [...document.querySelectorAll('main img')].filter(
    (image) => image.complete && image.naturalWidth > 0);
const dark = there.filter(isDark).length;
return {dark, light: there.length - dark};
"""
ON_SCREEN = """
const seen = [...document.querySelectorAll('main img')].filter((image) => {
    const {left, right, top, bottom} = image.getBoundingClientRect();
    return right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
});
"""
# Whether all pictures on the screen are there, and as this word says in their addresses.
SEEN_ARE_DARK = ON_SCREEN + """
return seen.length > 0 && seen.every((image) => image.complete && image.naturalWidth > 0
    && image.currentSrc.includes('&theme=dark') === arguments[0]);
"""
STRIPS = """
return performance.getEntriesByType('resource').map((entry) => entry.name)
    .filter((name) => new URL(name).pathname === '/graphs');
"""
# Where the lines of a row of pictures begin.
BEGINS = """
const left = (element) => element.getBoundingClientRect().left;
const lines = [...document.querySelectorAll('.images')].map((row) => {
    const lines = new Map();
    for (const image of row.querySelectorAll('img')) {
        const top = image.getBoundingClientRect().top;
        lines.set(top, Math.min(left(image), lines.get(top) ?? Infinity));
    }
    return [...lines.values()];
});
return {rows: lines.length, lines: lines.flat().length, at: [...new Set(lines.flat())],
        group: left(document.querySelector('main h3'))};
"""
SINGLES = STRIPS.replace("/graphs", "/graph")


class LookedAt(unittest.TestCase):
    """Tests that look at the pages of some hosts, each in a browser of its own."""

    program = ""

    @classmethod
    def setUpClass(cls):
        cls.site = Site(cls.program, demo(cls.program, HOSTS, DAYS))
        cls.addClassCleanup(cls.site.stop)
        cls.addresses = cls.site.addresses()
        cls.server = f"{cls.site.url}/server?address={cls.addresses[0]}"
        cls.few = cls.servers(3)
        cls.wall = cls.servers(HOSTS)

    @classmethod
    def servers(cls, count):
        hosts = "&".join(f"address={address}" for address in cls.addresses[:count])
        return f"{cls.site.url}/servers?{hosts}"

    def setUp(self):
        self.browser = Browser(1600, 1000)
        self.addCleanup(self.browser.__exit__)

    def wait(self, script, *arguments):
        self.assertTrue(self.browser.wait_until(script, LOAD_SECONDS, *arguments), script)

    def prefer(self, scheme, media=""):
        self.browser.devtools(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def load_all(self):
        self.browser.run(LOAD_ALL)
        self.browser.run_async(SCROLL_OVER)
        self.wait(ALL_LOADED)
        count = self.browser.run(COUNT)
        self.assertGreaterEqual(count["graphs"], 6)
        self.assertEqual(count["asAnnounced"], count["graphs"])
        return count["graphs"]


class DarkTest(LookedAt):
    def assert_all_drawn(self, dark):
        pictures = self.load_all()
        drawn = self.browser.run(DRAWN)
        self.assertEqual(drawn, {"dark": pictures if dark else 0, "light": 0 if dark else pictures})

    def test_pictures_are_as_the_browser_prefers(self):
        for scheme in ["light", "dark"]:
            self.prefer(scheme)
            beside = "&compare=yesterday&compare_as=beside"
            for page in [self.server, self.server + beside, self.few + beside, self.wall]:
                with self.subTest(scheme=scheme, page=page):
                    self.browser.open(page)
                    self.assert_all_drawn(dark=scheme == "dark")

    def test_they_begin_where_their_group_does_in_every_line(self):
        self.browser.devtools("Emulation.setDeviceMetricsOverride", width=900, height=900,
                              deviceScaleFactor=1, mobile=False)
        self.browser.open(self.server)
        self.load_all()
        begins = self.browser.run(BEGINS)
        self.assertGreater(begins["lines"], begins["rows"], "no row is too wide for a line")
        self.assertEqual(begins["at"], [begins["group"]])

    def test_they_are_without_script(self):
        self.prefer("dark")
        self.browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
        for page in [self.server, self.few]:
            self.browser.open(page)
            self.browser.run(LOAD_ALL)
            self.wait(ALL_LOADED)
            drawn = self.browser.run(DRAWN)
            self.assertGreaterEqual(drawn["dark"], 6)
            self.assertEqual(drawn["light"], 0)

    def test_nothing_is_asked_for_in_the_other_colours(self):
        for scheme in ["dark", "light"]:  # what is in a page's memory counts as asked for
            self.prefer(scheme)
            self.browser.open(self.wall)
            self.load_all()
            for addresses in [self.browser.run(STRIPS), self.browser.run(SINGLES)]:
                self.assertGreater(len(addresses), 0)
                dark = [address for address in addresses if "theme=dark" in address]
                self.assertEqual(dark, addresses if scheme == "dark" else [])

    def test_they_are_sharp_on_dense_screens(self):
        self.browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=1600, height=1000, deviceScaleFactor=2, mobile=False,
        )
        self.prefer("dark")
        self.browser.open(self.wall)
        self.browser.run(LOAD_ALL)
        self.browser.run_async(SCROLL_OVER)
        self.wait(ALL_LOADED)
        self.assertEqual(self.browser.run(DRAWN)["light"], 0)
        for address in self.browser.run(STRIPS) + self.browser.run(SINGLES):
            self.assertIn("theme=dark", address)
            self.assertIn("scale=2", address)

    def test_they_follow_the_scheme_while_the_page_is_open(self):
        for page in [self.server, self.wall]:
            self.prefer("light")
            self.browser.open(page)
            self.load_all()
            height = self.browser.run("return document.documentElement.scrollHeight;")
            for scheme in ["dark", "light", "dark"]:
                self.prefer(scheme)
                for edge in ["0, 0", "document.documentElement.scrollWidth, 0"]:
                    self.browser.run(f"scrollTo({edge});")
                    self.wait(SEEN_ARE_DARK, scheme == "dark")
            self.assertEqual(
                self.browser.run("return document.documentElement.scrollHeight;"), height
            )

    def test_what_waits_for_a_strip_follows_the_scheme(self):
        self.prefer("light")
        self.browser.open(self.wall)
        self.wait("return document.readyState === 'complete';")
        self.assertTrue(self.browser.run("return document.querySelector('img.held') !== null;"))
        self.prefer("dark")
        self.assert_all_drawn(dark=True)

    def test_they_are_renewed_in_the_colours_of_the_page(self):
        renewed = ON_SCREEN + """
            return seen.every((image) => image.currentSrc.includes('&at=')
                && image.currentSrc.includes('&theme=dark') === arguments[0]);
        """
        for page in [self.server + "&term=1hour", self.wall]:
            self.prefer("dark")
            self.browser.open(page)
            self.wait("return document.readyState === 'complete';")
            self.browser.run("for (const image of document.images) image.dataset.every = '1';")
            for scheme in ["dark", "light"]:
                self.prefer(scheme)
                self.wait(renewed, scheme == "dark")

    def test_a_dark_picture_of_a_strip_gives_its_address(self):
        self.prefer("dark")
        self.browser.open(self.wall)
        self.load_all()
        first = "document.querySelector('img[data-address]')"
        self.browser.run(f"{first}.dispatchEvent(new Event('contextmenu', {{bubbles: true}}));")
        self.wait(f"return {first}.currentSrc.includes('/graph?address=');")
        self.assertIn("&theme=dark", self.browser.run(f"return {first}.currentSrc;"))


if __name__ == "__main__":
    LookedAt.program = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1], verbosity=2)
