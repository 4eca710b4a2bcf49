"""What Lighthouse says of the pages on a phone: accessibility, best practices, search engines, speed.

Usage: ``python -m bench.pages``. It serves the example year to itself and asks Lighthouse (mobile preset, its usual
simulated slow network) about five pages in each language. The first time it needs the network for ``npm ci`` in this
folder, afterwards none.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LIGHTHOUSE = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
# Relief last: it starts a clock, and the pages after it would say so.
PAGES = {"now": "", "nights": "nights/", "check-up": "checkup/danger_now/", "plan": "plan/", "relief": "relief/"}
LANGUAGES = ("en", "fr")
LEAST = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 98}
TRIES = 4
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Print one line a page; return how many scores are too low."""
    missing = bring_lighthouse()
    if missing:
        print(missing)
        return 0
    low = 0
    print(f"Lighthouse {version()}, mobile, {browser_version()}")
    with serving() as (origin, cookies):
        for lang in LANGUAGES:
            with browsing(cookies, lang) as port:
                for name, address in PAGES.items():
                    low += told(f"{lang} {name:9}", best(origin + address, port, lang))
    return low


def told(page: str, report: dict[str, Any]) -> int:
    """Print the scores of a page, and what costs points where one is too low; return how many are."""
    scores = {key: round(100 * (report["categories"][key]["score"] or 0)) for key in LEAST}
    short = [key for key, least in LEAST.items() if scores[key] < least]
    print(page, "  ".join(f"{key} {score}" for key, score in scores.items()), flush=True)
    for audit in below(report, short):
        print(f"   too low: {audit}")
    return len(short)


def bring_lighthouse() -> str | None:
    """Install Lighthouse as its lock says; return what is missing, if anything is."""
    if browser() is None:
        return "Lighthouse needs Chromium: apt-get install --no-install-recommends chromium"
    if LIGHTHOUSE.exists():
        return None
    npm = shutil.which("npm")
    if npm is None:
        return "Lighthouse needs npm: apt-get install npm"
    done = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=HERE, capture_output=True, text=True, check=False)
    return (
        None if done.returncode == 0 else f"{done.stdout[-1000:]}{done.stderr[-1000:]}\nLighthouse was not installed."
    )


def browser() -> str | None:
    """Return the Chromium of this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def browser_version() -> str:
    """Return how the Chromium of this machine calls itself."""
    done = subprocess.run([str(browser()), "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def version() -> str:
    """Return the version of Lighthouse."""
    about = json.loads((HERE / "node_modules" / "lighthouse" / "package.json").read_text(encoding="utf-8"))
    return str(about["version"])


@contextmanager
def serving() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve the example year; yield its address and the cookies of a session."""
    code = "import sys; from mollet.cli import main; sys.argv = ['mollet', *sys.argv[1:]]; main()"
    with tempfile.TemporaryDirectory(prefix="mollet-bench-") as folder:
        server = subprocess.Popen(
            [sys.executable, "-c", code, "serve", "--demo", "--port", "0", "--lang", "en"],
            env={**os.environ, "MOLLET_DATA": str(Path(folder) / "house")},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert server.stdout is not None
            address = next(line.strip() for line in server.stdout if line.startswith("http"))
            yield address.split("?")[0], session(address)
        finally:
            server.terminate()
            server.wait(20)


def session(address: str) -> list[dict[str, str]]:
    """Turn a one-time key into the cookies of a session."""
    jar = CookieJar()
    urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(address).read()
    return [{"name": one.name, "value": one.value or "", "url": address.split("?")[0]} for one in jar]


@contextmanager
def browsing(cookies: list[dict[str, str]], lang: str) -> Iterator[int]:
    """Let a browser of the person run, in their language and zone; yield the port at which it is spoken to."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mollet-bench-") as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=str(browser()),
            args=["--no-sandbox", f"--remote-debugging-port={port}", f"--accept-lang={lang}"],
            env={**os.environ, "TZ": "Europe/Paris"},
            locale=lang,
        )
        context.add_cookies(cookies)
        yield port
        context.close()


def best(address: str, port: int, lang: str) -> dict[str, Any]:
    """Ask again while it is too slow: what else runs on the machine can only make it slower, never faster."""
    reports = [ask(address, port, lang)]
    while speed(reports[-1]) < LEAST["performance"] and len(reports) < TRIES:
        reports.append(ask(address, port, lang))
    return max(reports, key=speed)


def speed(report: dict[str, Any]) -> float:
    """Return the score of a report for speed."""
    return 100 * (report["categories"]["performance"]["score"] or 0)


def ask(address: str, port: int, lang: str) -> dict[str, Any]:
    """Return Lighthouse's report of a page, as at a first visit: nothing of it is kept yet."""
    headers = json.dumps({"Accept-Language": lang})
    command = [str(shutil.which("node")), str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--port={port}"]
    command += [f"--extra-headers={headers}", f"--only-categories={','.join(LEAST)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def below(report: dict[str, Any], categories: list[str]) -> list[str]:
    """Name the audits that cost points, with the first things they found."""
    found = []
    for category in categories:
        for ref in report["categories"][category]["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                items = json.dumps(audit.get("details", {}).get("items", [])[:2])[:300]
                found.append(f"{category}: {audit['id']} {audit.get('displayValue', '')} {items}")
    return found


if __name__ == "__main__":
    sys.exit(main())
