#!/usr/bin/env python3
"""The pages in a real browser: every picture is drawn, and what their script does.

Usage: pages_test.py KURABE [SCREENSHOT_DIRECTORY]

Makes a demo directory, serves it on a free port, opens the pages in headless Chromium and counts
the pictures that were decoded at the size their <img> has announced.

What Kurado's pages do, and which test here or in tests/server says so ("P": pages_test.cpp,
"C": pages_choices_test.cpp):

  "/"
  services with counts, the active one lit    P OverviewHasEveryHost..., OverviewShowsOneService...
  sections, rows: state, box, links, comment  P OverviewHasEveryHostWithStateBoxAndLinks
  states by POST in batches of 50             every_host_gets_a_state_that_is_also_told
  Shift-click checks a range                  a_shift_click_checks_the_range_between_in_its_order
  checked rows are yellow, two buttons        two_checked_hosts_enable_the_buttons_and_are_yellow
  "show" goes to /servers in check order      two_checked_hosts_are_shown_side_by_side_in_check_order
  new windows, cookie open-new                the_switch_for_new_windows_is_kept_in_a_cookie
  "/server"
  service > address hostname comments, title  C HeadersAndTitlesNameTheHost
  minimise, cookie minimize-header            the_header_folds..., C FoldedHeaderIsFolded...
  copies "<URL> <hostname>", URL of /servers  copying_gives_the_address_of_the_view_and_the_host
  pills: short id, full one as a tooltip, red C PillsHaveShortNamesTooltipsAndAreRed
  terms and their sets of pictures            P EveryTermHasItsSetOfImages
  custom range, to the quarter of an hour     P CustomRange...
  warnings in red, badges                     P WarningsAreShownOnTheirPlugin, SilenceIsAWarning...
  links keep term, from, to, plugin; no day   P CustomRangeIsKept..., C LinksLeaveOutWhatIsUsual
  "/servers"
  columns in order, rows aligned              P ColumnsFollowTheOrder..., ComparedHostsStand...
  pills are those of all hosts                C PillsHaveShortNamesTooltipsAndAreRed
"""

import contextlib
import os
import re
import sys
import time
import unittest

from webdriver import Browser

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))
from site_server import Site, demo  # noqa: E402

HOSTS = 120
DAYS = 2
SHOWN_HOSTS = 100
LOAD_SECONDS = 120

# Every picture is asked for at once.
LOAD_ALL = "for (const image of document.images) image.loading = 'eager';"
# Those that wait for others come when they are near the screen.
SCROLL_OVER = """
const done = arguments[0];
const { scrollWidth, scrollHeight } = document.documentElement;
(async () => {
    for (let y = 0; y < scrollHeight; y += innerHeight) {
        for (let x = 0; x < scrollWidth; x += innerWidth) {
            scrollTo(x, y);
            for (const _ of "12") await new Promise(requestAnimationFrame);  // until it is seen
        }
    }
    scrollTo(0, 0);
    done();
})();
"""
ALL_LOADED = """
return [...document.images].every(image => image.complete && !image.classList.contains('held'));
"""
CHECKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page_checks.js")
SHOWN = "[...document.querySelectorAll('.host')].filter(row => row.offsetParent !== null)"
# Shown in another shape than its own: as wide as it is told to be, but not as high.
DISTORTED = """
const shape = (width, height) => width / height;
return [...document.images]
    .filter(image => Math.abs(shape(image.offsetWidth, image.offsetHeight)
        / shape(image.getAttribute('width'), image.getAttribute('height')) - 1) > 0.02)
    .map(image => image.outerHTML);
"""
ENTER, ESCAPE = "\ue007", "\ue00c"
COUNT = """
const graphs = [...document.images].filter(
    image => (image.dataset.address ?? image.src).includes('/graph?'));
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


LONG_NAMES = """
const names = '.hostname, h1 .address, .pills a, .plugin h2 a, .plugin h3, .compare thead b, '
    + '.host td a, .host th a, .service h2 a, .services span:first-child, .badge, .ranges';
for (const element of document.querySelectorAll(names)) element.textContent = 'x'.repeat(128);
const hosts = [...document.querySelectorAll('.host a')]; // of which no more is seen by scrolling
return Math.max(
    document.documentElement.scrollWidth,
    ...hosts.map(link => Math.ceil(link.getBoundingClientRect().right)),
) - window.innerWidth;
"""
DATE_PIXELS = 180  # of "12/01/2026, 05:13 PM" with its icon
WIDTHS = """
const { clientWidth, scrollWidth } = document.documentElement;
const button = document.getElementById('fold').getBoundingClientRect();
return [window.innerWidth, clientWidth, scrollWidth, button.right];
"""


class PagesTest(unittest.TestCase):
    program = ""
    screenshots = None

    @classmethod
    def setUpClass(cls):
        cls.server = Site(cls.program, demo(cls.program, HOSTS, DAYS))
        cls.addClassCleanup(cls.stop_server)
        cls.addresses = cls.server.addresses()
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
        self.browser.run_async(SCROLL_OVER)
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

    def wait(self, script, *arguments):
        self.assertTrue(self.browser.wait_until(script, LOAD_SECONDS, *arguments), script)

    def cookies(self):
        return self.browser.run("return document.cookie;").split("; ")

    def check_hosts(self, *indexes):
        self.browser.run(
            """
            const boxes = document.querySelectorAll('input[type=checkbox][value]');
            for (const index of arguments[0]) boxes[index].click();
            """,
            indexes,
        )

    # ---- The page of all hosts ----

    def test_the_search_finds_hosts_as_one_types_and_keeps_what_is_checked(self):
        self.browser.open(self.server.url + "/")
        self.check_hosts(0)
        name = self.browser.run("return document.querySelectorAll('.host .name')[5].textContent;")
        self.browser.press("/", *name.upper())
        self.wait(f"return {SHOWN}.length === 1;")
        self.assertEqual(
            self.browser.run(f"return {SHOWN}[0].querySelector('.name').textContent;"), name
        )
        self.assertIn("1 ", self.browser.run("return document.getElementById('shown').value;"))
        self.browser.press(ESCAPE)
        self.wait(f"return {SHOWN}.length === arguments[0];", HOSTS)
        checked = "return document.querySelectorAll('.host input:checked').length;"
        self.assertEqual(self.browser.run(checked), 1)

    def test_hosts_are_found_by_address_comment_service_and_role(self):
        self.browser.open(self.server.url + "/")
        service = self.browser.run(
            "return document.querySelector('section.service h2').textContent;"
        )
        role = self.browser.run("return document.querySelector('.host').dataset.role;")
        comment = self.browser.run(
            "return [...document.querySelectorAll('.comments')].map(cell => cell.textContent)"
            ".find(text => text !== '');"
        )
        self.assertTrue(service and role and comment)
        for text in [self.addresses[0], comment, service, role]:
            shown = self.browser.run(
                f"""
                const filter = document.getElementById('filter');
                filter.value = arguments[0];
                filter.dispatchEvent(new Event('input'));
                return {SHOWN}.length;
                """,
                text,
            )
            self.assertGreaterEqual(shown, 1, text)
        filtered = f"""
            const filter = document.getElementById('filter');
            filter.value = 'no host has this';
            filter.dispatchEvent(new Event('input'));
            return {SHOWN}.length;
        """
        self.assertEqual(self.browser.run(filtered), 0)

    def test_enter_compares_what_the_search_shows(self):
        self.browser.open(self.server.url + "/")
        prefix = self.addresses[0][:-1]
        self.browser.press("/", *prefix)
        self.wait(f"return {SHOWN}.length < arguments[0];", HOSTS)
        shown = self.browser.run(f"return {SHOWN}.map(row => row.querySelector('input').value);")
        self.assertGreaterEqual(len(shown), 2)
        self.browser.press(ENTER)
        self.wait("return location.pathname === '/servers';")
        self.assertEqual(
            self.browser.run("return new URLSearchParams(location.search).getAll('address');"),
            shown,
        )

    def test_two_checked_hosts_enable_the_buttons_and_are_yellow(self):
        self.browser.open(self.server.url + "/")
        state = """
            return ['show-checked', 'uncheck'].map(id => document.getElementById(id).disabled);
        """
        self.assertEqual(self.browser.run(state), [True, True])
        self.check_hosts(1)
        self.assertEqual(self.browser.run(state), [True, True])
        self.check_hosts(4)
        self.assertEqual(self.browser.run(state), [False, False])
        color = "return getComputedStyle(document.querySelectorAll('.host')[4]).backgroundColor;"
        red, green, blue = map(int, re.findall(r"\d+", self.browser.run(color))[:3])
        self.assertTrue(min(red, green) > blue + 30, (red, green, blue))
        self.browser.run("document.getElementById('uncheck').click();")
        self.assertEqual(self.browser.run(state), [True, True])
        self.browser.run("document.getElementById('check-shown').click();")
        self.assertEqual(
            self.browser.run("return document.querySelectorAll('.host input:checked').length;"),
            HOSTS,
        )

    def test_more_hosts_than_can_be_compared_are_told(self):
        self.browser.open(self.server.url + "/")
        self.browser.run("""
            document.getElementById('show-checked').dataset.most = '2';
            watchChoices(document.getElementById('compare'));
        """)
        state = """
            const show = document.getElementById('show-checked');
            return [show.disabled, show.title.includes(`${show.dataset.atMost}2)`)];
        """
        self.check_hosts(0, 1)
        self.assertEqual(self.browser.run(state), [False, False])
        self.check_hosts(2)
        self.assertEqual(self.browser.run(state), [True, True])

    def test_every_host_gets_a_state_that_is_also_told(self):
        self.browser.open(self.server.url + "/")
        self.wait("return document.getElementById('states').textContent !== '';")
        marked = """
            return document.querySelectorAll('.host.good, .host.warning, .host.critical').length;
        """
        self.assertEqual(self.browser.run(marked), HOSTS)

    def test_the_switch_for_new_windows_is_kept_in_a_cookie(self):
        self.browser.open(self.server.url + "/")
        self.browser.run("document.getElementById('new-window').click();")
        self.assertIn("open-new=true", self.cookies())
        self.browser.open(self.server.url + "/")
        target = "return document.querySelector('.to-host').target + document.forms[0].target;"
        self.assertEqual(self.browser.run(target), "_blank_blank")
        self.browser.run("document.getElementById('new-window').click();")
        self.assertIn("open-new=false", self.cookies())
        self.assertEqual(self.browser.run(target), "")

    # ---- Pages of graphs ----

    def test_two_ranges_are_drawn_over_and_beside_each_other(self):
        hosts = "&".join(f"address={address}" for address in self.addresses[:2])
        for page in [f"/server?address={self.addresses[0]}", f"/servers?{hosts}"]:
            for more in ["compare=yesterday", "compare=yesterday&compare_as=beside"]:
                count = self.open_and_count(f"{page}&{more}", more)
                self.assert_all_drawn(count, 6)

    def test_pictures_are_renewed_without_a_gap_or_a_jump(self):
        self.browser.open(f"{self.server.url}/server?address={self.addresses[0]}&term=1hour")
        self.wait("return [...document.images].slice(0, 3).every(image => image.complete);")
        self.browser.run(
            """
            window.gaps = 0;
            window.renewals = 0;
            window.height = document.documentElement.scrollHeight;
            new MutationObserver((changes) => {
                for (const change of changes) {
                    for (const node of change.addedNodes) {
                        const image = node.querySelector('img') ?? node;
                        window.renewals += 1;
                        if (!(image.complete && image.naturalWidth > 0)) window.gaps += 1;
                    }
                }
            }).observe(document.querySelector('main'), {childList: true, subtree: true});
            for (const image of document.images) {
                if (image.dataset.every) image.dataset.every = '1';
            }
            """
        )
        self.wait("return [...document.images].some(image => image.src.includes('&at='));")
        self.assertEqual(self.browser.run("return window.gaps;"), 0)
        self.assertGreater(self.browser.run("return window.renewals;"), 0)
        self.assertEqual(
            self.browser.run("return document.documentElement.scrollHeight - window.height;"), 0
        )

    def test_the_switch_of_the_renewal_is_kept_and_is_off_for_closed_ranges(self):
        page = f"{self.server.url}/server?address={self.addresses[0]}"
        state = "const box = document.getElementById('refresh'); return [box.checked, box.disabled];"
        self.browser.open(page)
        self.assertEqual(self.browser.run(state), [True, False])
        self.browser.run("document.getElementById('refresh').click();")
        self.assertIn("auto-refresh=false", self.cookies())
        self.browser.open(page)
        self.assertEqual(self.browser.run(state), [False, False])
        self.browser.run("document.getElementById('refresh').click();")
        self.browser.open(page + "&term=custom&from=2020-01-01&to=2020-01-02")
        self.assertEqual(self.browser.run(state), [False, True])

    def test_the_header_folds_and_stays_folded(self):
        page = f"{self.server.url}/server?address={self.addresses[0]}"
        self.browser.open(page)
        height = "return document.querySelector('.bar').offsetHeight;"
        before = self.browser.run(height)
        self.browser.run("document.getElementById('fold').click();")
        self.assertLess(self.browser.run(height), before / 2)
        self.assertIn("minimize-header=true", self.cookies())
        self.browser.open(page)
        self.assertLess(self.browser.run(height), before / 2)
        self.browser.run("document.getElementById('fold').click();")
        self.assertEqual(self.browser.run(height), before)

    def test_on_a_phone_the_header_is_short_until_it_is_unfolded(self):
        height = "return document.querySelector('.bar').offsetHeight;"
        self.browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=375, height=720, deviceScaleFactor=1, mobile=True,
        )
        self.browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
        try:
            for path in self.pages()[1:3]:
                for language in ["en", "ja"]:
                    self.browser.open(f"{self.server.url}{path}&lang={language}")
                    with self.subTest(path=path, language=language):
                        self.assertLess(self.browser.run(height), 100)
                        self.browser.run("document.getElementById('unfold').focus();")
                        self.browser.press(" ")
                        self.assertGreater(self.browser.run(height), 200)
                        self.browser.run("document.querySelector('label[for=unfold]').click();")
                        self.assertLess(self.browser.run(height), 100)
        finally:
            self.browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
            self.browser.devtools("Emulation.clearDeviceMetricsOverride")

    def test_copying_gives_the_address_of_the_view_and_the_host(self):
        path = f"/server?address={self.addresses[0]}&term=month"
        self.browser.open(self.server.url + path)
        copied = self.browser.run_async(
            """
            const done = arguments[arguments.length - 1];
            navigator.clipboard.writeText = (text) => { done(text); return Promise.resolve(); };
            document.querySelector('.copy').click();
            """
        )
        host = self.browser.run("return document.querySelector('.hostname').textContent;")
        self.assertEqual(copied, f"{self.server.url}{path} {host}")

    def test_the_language_is_switched_in_the_bar_and_stays(self):
        self.browser.open(f"{self.server.url}/server?address={self.addresses[0]}&term=month")
        language = "return document.documentElement.lang;"
        before = self.browser.run(language)
        for expected in [{"ja": "en", "en": "ja"}[before], before]:
            self.browser.run("document.querySelector('.languages a').click();")
            self.wait("return document.documentElement.lang === arguments[0];", expected)
            self.assertTrue(
                self.browser.run("return location.search.endsWith('&term=month');")
            )

    # ---- For everybody, on every screen ----

    def pages(self):
        hosts = "&".join(f"address={address}" for address in self.addresses[:3])
        return [
            "/",
            f"/server?address={self.addresses[0]}&compare=lastweek",
            f"/servers?{hosts}&compare=yesterday&compare_as=beside",
            "/server?address=none",
        ]

    def test_graphs_can_be_looked_at_without_script(self):
        hosts = "&".join(f"address={address}" for address in self.addresses[:2])
        self.browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.browser.open(f"{self.server.url}/servers?{hosts}")
            self.browser.run(
                "document.querySelector('a[href*=\"compare=lastmonth\"]').click();"
            )
            self.wait("return location.search.endsWith('&compare=lastmonth');")
            self.wait("return document.readyState === 'complete';")
            self.assertEqual(self.browser.run("return document.documentElement.className;"), "")
            self.browser.run(LOAD_ALL)
            self.wait(ALL_LOADED)
            self.assert_all_drawn(self.browser.run(COUNT), 6)
            shown = self.browser.run(
                "return [...document.querySelectorAll('.needs-script')]"
                ".filter(element => element.getClientRects().length > 0).length;"
            )
            self.assertEqual(shown, 0)
        finally:
            self.browser.devtools("Emulation.setScriptExecutionDisabled", value=False)

    def test_pages_break_no_rule_of_accessibility_in_light_and_dark(self):
        with open(CHECKS, encoding="utf-8") as file:
            checks = file.read()
        for scheme in ["light", "dark"]:
            self.browser.devtools(
                "Emulation.setEmulatedMedia",
                features=[{"name": "prefers-color-scheme", "value": scheme}],
            )
            for path in self.pages():
                self.browser.open(self.server.url + path)
                if path == "/":
                    self.wait("return document.getElementById('states').textContent !== '';")
                    self.check_hosts(0, 1)
                with self.subTest(scheme=scheme, path=path):
                    self.assertEqual("\n".join(self.browser.run(checks)[:20]), "")
        self.browser.devtools("Emulation.setEmulatedMedia", features=[])

    def test_nothing_is_wider_than_a_phone_or_lost_on_a_large_screen(self):
        for width, height in [(390, 844), (3840, 2160)]:
            self.browser.devtools(
                "Emulation.setDeviceMetricsOverride",
                width=width, height=height, deviceScaleFactor=1, mobile=False,
            )
            for number, path in enumerate(self.pages()):
                self.browser.open(self.server.url + path)
                with self.subTest(width=width, path=path):
                    overflow = self.browser.run(
                        "return document.documentElement.scrollWidth - window.innerWidth;"
                    )
                    self.assertLessEqual(overflow, 0)
                    widest = self.browser.run(
                        "return Math.max(0, ...[...document.images].map(i => i.offsetWidth));"
                    )
                    self.assertLessEqual(widest, width)
                    self.assertEqual(self.browser.run(DISTORTED), [])
                if self.screenshots:
                    time.sleep(1)
                    name = f"{width}-{number}.png"
                    self.browser.screenshot(os.path.join(self.screenshots, name))
        self.browser.devtools("Emulation.clearDeviceMetricsOverride")

    @contextlib.contextmanager
    def screen(self, width, height):
        self.browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )
        try:
            yield
        finally:
            self.browser.devtools("Emulation.clearDeviceMetricsOverride")

    @contextlib.contextmanager
    def media(self, name, value):
        self.browser.devtools(
            "Emulation.setEmulatedMedia", features=[{"name": name, "value": value}]
        )
        try:
            yield
        finally:
            self.browser.devtools("Emulation.setEmulatedMedia", features=[])

    def test_long_names_are_no_wider_than_a_phone(self):
        with self.screen(375, 740):
            for path in self.pages():
                self.browser.open(self.server.url + path)
                with self.subTest(path=path):
                    self.assertLessEqual(self.browser.run(LONG_NAMES), 0)

    def test_dates_are_shown_whole_on_a_phone(self):
        with self.screen(320, 600):
            self.browser.open(f"{self.server.url}/server?address={self.addresses[0]}")
            self.browser.run("document.getElementById('unfold').click();")
            widths = self.browser.run(
                "return [...document.querySelectorAll('input[type=datetime-local]')]"
                ".map(input => input.offsetWidth);"
            )
        self.assertEqual(widths, [max(widths)] * 3)
        self.assertGreaterEqual(min(widths), DATE_PIXELS)

    def test_scrollbars_cover_nothing_and_two_hosts_need_none_sideways(self):
        hosts = "&".join(f"address={address}" for address in self.addresses[:2])
        with Browser(1600, 1000, has_scrollbars=True) as browser:
            for more in ["&address=none", "&compare=yesterday"]:
                browser.open(f"{self.server.url}/servers?{hosts}{more}")
                window, inside, page, button = browser.run(WIDTHS)
                self.assertLess(inside, window)  # or there is no scrollbar to be seen
                self.assertLessEqual(page, inside)
                self.assertLessEqual(button, inside)

    def test_choices_are_seen_where_the_system_chooses_the_colours(self):
        with self.media("forced-colors", "active"):
            self.browser.open(f"{self.server.url}/server?address={self.addresses[0]}")
            colors = self.browser.run(
                "return [...document.querySelectorAll('.terms a')]"
                ".map(link => getComputedStyle(link).backgroundColor);"
            )
        self.assertEqual(colors[1:], [colors[-1]] * (len(colors) - 1))
        self.assertNotEqual(colors[0], colors[-1])


if __name__ == "__main__":
    PagesTest.program = sys.argv[1]
    if len(sys.argv) > 2:
        PagesTest.screenshots = sys.argv[2]
        os.makedirs(sys.argv[2], exist_ok=True)
    unittest.main(argv=sys.argv[:1], verbosity=2)
