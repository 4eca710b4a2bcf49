"""A phone of the house over HTTPS: Chromium is given the root of the house, and no error is looked away from."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.browser.conftest import ARGUMENTS, CHROMIUM, phones_of
from tests.browser.test_accessibility import axe, violations
from tests.browser.test_relief import gone, until_sent, waiting
from tests.browser.worker import until_worker
from tests.web.served import AT_HOME, served

__all__ = ["axe"]

SERVE = """
import sys
from mollet.store import folder
folder.prepare()
import mollet.web.settings
mollet.web.settings.MOLLET_TESTING = True
from mollet.cli import main
main()
"""
NAME = "mollet.home.arpa"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A house with a name on its network."""
    with served(tmp_path_factory.mktemp("home"), *AT_HOME, "--name", NAME, code=SERVE) as found:
        yield found


@pytest.fixture(scope="module")
def believe(chromium, tmp_path_factory):
    """Start a Chromium with a home of its own that believes some roots: ``believe(file)``."""
    certutil = shutil.which("certutil")
    if certutil is None:
        why = "certutil is missing: apt-get install libnss3-tools"
        pytest.fail(why) if os.environ.get("MOLLET_CI") else pytest.skip(why)
    started = []

    def start(*roots: Path):
        home = tmp_path_factory.mktemp("phone")
        store = home / ".pki" / "nssdb"
        store.mkdir(parents=True)
        base = f"sql:{store}"
        subprocess.run([certutil, "-d", base, "-N", "--empty-password"], check=True, capture_output=True)
        for number, root in enumerate(roots):
            command = [certutil, "-d", base, "-A", "-t", "C,,", "-n", f"house {number}", "-i", str(root)]
            subprocess.run(command, check=True, capture_output=True)
        browser = chromium.browser_type.launch(
            executable_path=str(CHROMIUM),
            args=[
                *ARGUMENTS,
                f"--host-resolver-rules=MAP {NAME} 127.0.0.1, MAP bank.example 127.0.0.1",
            ],
            env={**os.environ, "HOME": str(home)},
        )
        started.append(browser)
        return browser

    yield start
    for browser in started:
        browser.close()


@pytest.fixture(scope="module")
def root(house, tmp_path_factory):
    """The certificate as the second port hands it out."""
    import urllib.request

    file = tmp_path_factory.mktemp("root") / "mollet.crt"
    with urllib.request.urlopen(house.trust.replace(NAME, "localhost") + "mollet.crt", timeout=30) as answer:
        file.write_bytes(answer.read())
    return file


@pytest.fixture(scope="module")
def trusting(believe, root):
    return believe(root)


@pytest.fixture
def phone(trusting):
    """A phone that believes the house; a script error fails the test."""
    with phones_of(trusting) as open_page:
        yield open_page


def join(page, house, name="Claire’s phone"):
    """Open the address that the command prints, as a camera does, and tap the button."""
    page.goto(house.run("pair", "--name", name).stdout.splitlines()[-1])
    page.click("main form button")
    page.wait_for_url(house.secure)


def test_without_the_root_the_browser_refuses(believe, house):
    page = believe().new_page()

    with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(house.secure + "relief/")


def test_the_root_vouches_for_no_other_site(believe, house, root, tmp_path):
    import datetime as dt

    from mollet.web import certificates

    signing = certificates._read(house.folder / "certificates" / "root.pem")
    stolen = tmp_path / "stolen.pem"
    certificates._write(stolen, certificates._make_leaf(signing, ["bank.example"], dt.datetime.now(dt.UTC)))
    with _speaking(stolen) as port:
        page = believe(root).new_page()

        with pytest.raises(Exception, match=r"ERR_CERT_(INVALID|NAME_CONSTRAINT_VIOLATION|AUTHORITY_INVALID)"):
            page.goto(f"https://bank.example:{port}/")


def test_the_number_of_this_machine_is_believed_as_its_name_is(phone, house):
    page = phone()

    page.goto(f"https://127.0.0.1:{house.https_port}/relief/")

    assert page.url == f"https://localhost:{house.https_port}/relief/"


def test_a_phone_joins_and_the_page_is_a_secure_place(phone, house):
    page = phone()
    join(page, house)

    assert page.evaluate("isSecureContext")
    assert page.evaluate("'wakeLock' in navigator")


def test_relief_opens_offline_and_what_was_said_is_sent_later(phone, house, entries):
    page = phone()
    join(page, house)
    page.goto(house.secure + "relief/")
    until_worker(page)
    before = len(entries(house))
    page.context.set_offline(True)
    page.goto(house.secure + "relief/")
    gone(page, after=180)
    assert waiting(page) == 1

    page.context.set_offline(False)
    page.goto(house.secure)
    until_sent(page)

    assert len(entries(house)) == before + 1


def test_a_phone_that_is_sent_away_keeps_what_it_could_not_send(phone, house, entries):
    page = phone()
    join(page, house, "Lost phone")
    page.goto(house.secure + "relief/")
    until_worker(page)
    before = len(entries(house))
    [lost] = [line.split()[0] for line in house.run("phones").stdout.splitlines() if "Lost phone" in line]
    house.run("phones", "--revoke", lost)

    page.goto(house.secure + "relief/")
    gone(page, after=180)
    answer = page.goto(house.secure)

    assert answer.status == 403
    assert waiting(page) == 1
    assert len(entries(house)) == before

    join(page, house, "Found again")
    until_sent(page)
    assert len(entries(house)) == before + 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_axe_finds_nothing_on_the_pages_of_joining(phone, house, axe, lang):
    page, found = phone(lang), {}
    at_the_door = (house.secure + "pair/", house.secure, house.trust, house.secure + "pair/?code=ABCDE-FGHJK")
    for address in at_the_door:
        page.goto(address)
        found |= {(address, theme): violations(page, axe, theme) for theme in ("day", "night")}
    join(page, house)
    page.goto(house.secure + "me/phones/")
    found |= {("phones", theme): violations(page, axe, theme) for theme in ("day", "night")}
    page.click("form[action='/me/phones/add/'] button")
    page.locator(".qr").nth(1).wait_for()
    found |= {("code", theme): violations(page, axe, theme) for theme in ("day", "night")}

    assert {where: what for where, what in found.items() if what} == {}


def test_nothing_sticks_out_on_a_narrow_phone(phone, house):
    page, wide = phone(), {}
    page.set_viewport_size({"width": 320, "height": 568})
    join(page, house, "A phone with a name that is as long as a name may ever be, 60.")
    page.goto(house.secure + "me/phones/")
    page.click("form[action='/me/phones/add/'] button")
    page.locator(".qr").nth(1).wait_for()
    wide["code"] = page.evaluate("document.documentElement.scrollWidth")
    for address in (house.secure + "pair/", house.secure + "me/phones/", house.trust):
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")

    assert {where: width for where, width in wide.items() if width > 320} == {}


def test_no_request_of_these_pages_leaves_the_house(phone, house):
    page, asked = phone(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(house.trust)
    join(page, house)
    page.goto(house.secure + "me/phones/")
    page.click("form[action='/me/phones/add/'] button")
    page.locator(".qr").nth(1).wait_for()

    assert [url for url in asked if not url.startswith((house.secure, house.trust))] == []


def _speaking(leaf):
    """A server elsewhere that shows a stolen leaf."""
    import contextlib
    import http.server
    import threading

    from mollet.web import certificates

    @contextlib.contextmanager
    def speak():
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, format, *arguments):
                """Say nothing."""

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
            server.socket = certificates.context(leaf).wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield server.server_port
            server.shutdown()

    return speak()
