#!/usr/bin/env python3
"""Pages on paper, printed by a real browser.

Usage: paper_test.py KURABE
"""

import base64
import os
import re
import sys
import unittest
import zlib

from dark_test import ON_SCREEN, SEEN_ARE_DARK, LookedAt

NOT_ON_PAPER = """
const width = arguments[0];
const wrong = [];
const name = (element) => element.outerHTML.slice(0, 120);
const boxes = (element) => element.getClientRects().length;
for (const element of document.querySelectorAll('button, input, nav, form, .brand')) {
    if (boxes(element) > 0) wrong.push(`is seen: ${name(element)}`);
}
for (const image of document.querySelectorAll('main img')) {
    const {left, right, width: own, height} = image.getBoundingClientRect();
    const shape = image.getAttribute('width') / image.getAttribute('height');
    if (left < 0 || right > width) wrong.push(`is cut: ${left} to ${right} ${name(image)}`);
    if (own < 300) wrong.push(`is small: ${own} ${name(image)}`);
    if (Math.abs(own / height / shape - 1) > 0.02) wrong.push(`is distorted: ${name(image)}`);
}
if (document.documentElement.scrollWidth > width) wrong.push('is wider than paper');
const page = getComputedStyle(document.documentElement).backgroundColor;
if (page !== 'rgb(255, 255, 255)') wrong.push(`ground: ${page}`);
const title = document.querySelector('h1');
if (boxes(title) === 0) wrong.push('no title');
return wrong.slice(0, 5);
"""
UNNAMED = """
const hosts = [...document.querySelectorAll('thead b')].map((name) => name.textContent);
return [...document.querySelectorAll('tr.graphs td')].filter((cell) => {
    const column = [...cell.parentElement.children].indexOf(cell);
    const says = getComputedStyle(cell, '::before');
    return cell.querySelector('img') !== null
        && (says.content !== `"${hosts[column]}"` || says.display !== 'block');
}).map((cell) => cell.outerHTML.slice(0, 120));
"""


class Paper:
    """Of a PDF that Chromium made: its pictures, and how often each is drawn."""

    def __init__(self, pdf):
        self.sheets = len(re.findall(rb"/Type /Page\b(?!s)", pdf))
        self.corners = []  # of each picture: red of its first pixel
        self.drawn = 0  # one that is torn is drawn on two pages
        for match in re.finditer(rb"<<((?:(?!endobj).)*?)>>\s*stream\r?\n", pdf, re.DOTALL):
            head = match.group(1)
            length = int(re.search(rb"/Length (\d+)", head).group(1))
            data = pdf[match.end() : match.end() + length]
            if b"/Subtype /Image" in head:
                self.corners.append(zlib.decompressobj().decompress(data, 1)[0])
            elif b"/FlateDecode" in head and b"/Type" not in head and b"/Length1" not in head:
                self.drawn += len(re.findall(rb"/X\d+ Do\b", zlib.decompress(data)))


class PaperTest(LookedAt):
    def print(self, **more):
        options = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True, **more}
        return Paper(base64.b64decode(self.browser.devtools("Page.printToPDF", **options)["data"]))

    def pages_to_print(self):
        beside = "&compare=yesterday&compare_as=beside"
        return [self.server, self.server + beside, self.few + beside, self.wall]

    def test_all_pictures_are_printed_light_and_whole(self):
        for scheme in ["light", "dark"]:
            for page in self.pages_to_print():
                with self.subTest(scheme=scheme, page=page):
                    self.prefer(scheme)
                    self.browser.open(page)
                    self.wait("return document.readyState === 'complete';")
                    self.wait(ON_SCREEN + "return seen.every((image) => image.naturalWidth > 0);")
                    pictures = self.browser.run(
                        "return document.querySelectorAll('main img').length;"
                    )
                    paper = self.print()
                    self.assertEqual(len(paper.corners), pictures)
                    self.assertEqual(paper.drawn, pictures)
                    self.assertGreater(min(paper.corners), 192)
                    self.assertLess(paper.sheets, pictures / 2)
                    self.wait(SEEN_ARE_DARK, scheme == "dark")  # the screen is as it was

    def test_paper_has_pictures_within_its_width_by_host_and_no_controls(self):
        for width in [718, 1047]:  # A4, upright and across
            self.browser.devtools(
                "Emulation.setDeviceMetricsOverride",
                width=width, height=1000, deviceScaleFactor=1, mobile=False,
            )
            for page in self.pages_to_print():
                with self.subTest(width=width, page=page):
                    self.prefer("dark", media="print")
                    self.browser.open(page)
                    self.load_all()
                    self.assertEqual(self.browser.run(NOT_ON_PAPER, width), [])

    def test_each_picture_of_hosts_side_by_side_says_whose_it_is(self):
        self.prefer("light", media="print")
        for page in [self.few, self.wall]:
            self.browser.open(page)
            unnamed = self.browser.run(UNNAMED)
            self.assertEqual(unnamed, [])


if __name__ == "__main__":
    LookedAt.program = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1], verbosity=2)
