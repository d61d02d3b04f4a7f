"""A headless Chromium driven through the W3C WebDriver protocol; standard library only."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

CHROMIUM_ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HIDE_SCROLLBARS = "--hide-scrollbars"
START_SECONDS = 60
CALL_SECONDS = 120


class Browser:
    """One Chromium with an empty profile; use it in a `with` statement."""

    def __init__(self, width, height, arguments=(), has_scrollbars=False):
        self._profile = tempfile.mkdtemp(prefix="kurabe-chromium-")
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            self._start_session(width, height, arguments, has_scrollbars)
        except BaseException:
            self._end_driver()  # or it would keep the test's output open for ever
            raise

    def _start_session(self, width, height, more, has_scrollbars):
        self._session = f"{self._driver_url()}/session"
        arguments = CHROMIUM_ARGUMENTS + ([] if has_scrollbars else [HIDE_SCROLLBARS]) + [
            f"--user-data-dir={self._profile}",
            f"--window-size={width},{height}",
            *more,
        ]
        capabilities = {
            "alwaysMatch": {
                "goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium")}
            }
        }
        reply = self._call("POST", "", {"capabilities": capabilities})
        self._session += "/" + reply["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", "")
        finally:
            self._end_driver()

    def _end_driver(self):
        self._driver.terminate()
        self._driver.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The value that the JavaScript function body returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        """The value that the script gives to its last argument, a callback."""
        return self._call("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        """The result of a command of Chromium's DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def press(self, *keys):
        """Presses and lets go each key, on whatever has the focus."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", "/screenshot")))

    def wait_until(self, script, seconds, *arguments):
        """Whether the script returned something true before the time was over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.run(script, *arguments):
                return True
            time.sleep(0.1)
        return False

    def _driver_url(self):
        # "ChromeDriver was started successfully on port 12345."
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            line = self._driver.stdout.readline()
            if not line:
                break
            if "started successfully on port" in line:
                return f"http://127.0.0.1:{line.strip().rstrip('.').split()[-1]}"
        raise RuntimeError("chromedriver did not start")

    def _call(self, method, path, body=None):
        request = urllib.request.Request(
            self._session + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error
