"""The page that hands out the certificate: the certificate, words about it, and nothing of the diary."""

import datetime as dt
import plistlib
import re
import urllib.error
import urllib.request

import pytest
from tests.web.served import AT_HOME, served

from mollet.web import certificates, trust

STEPS = {"en": ("Install", "Remove Profile", "Remove"), "fr": ("Installer", "Supprimer le profil", "Supprimer")}


@pytest.fixture
def held(data_folder):
    return certificates.ensure(dt.datetime.now(dt.UTC), ["192.168.1.20"])


@pytest.fixture
def ask(held):
    """Ask the page: ``ask("/", lang="fr")`` gives status, headers and content."""

    def asked(path="/", lang="en", address="192.168.1.9", method="GET"):
        said = []
        content = trust.application(lambda: held, "Europe/Paris")(
            {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": address, "HTTP_ACCEPT_LANGUAGE": lang},
            lambda status, headers: said.append((status, dict(headers))),
        )
        return *said[0], b"".join(content)

    return asked


def test_the_certificate_is_the_root_without_its_key(ask, held):
    status, headers, content = ask("/mollet.crt")

    assert (status, content) == ("200 OK", held.root)
    assert headers["Content-Type"] == "application/x-x509-ca-cert"


def test_the_profile_holds_the_same_root(ask, held):
    _, headers, content = ask("/mollet.mobileconfig")

    [payload] = plistlib.loads(content)["PayloadContent"]
    assert (payload["PayloadType"], payload["PayloadContent"]) == ("com.apple.security.root", held.root)
    assert headers["Content-Type"] == "application/x-apple-aspen-config"


def test_the_same_root_is_the_same_profile(ask):
    assert ask("/mollet.mobileconfig")[2] == ask("/mollet.mobileconfig")[2]


@pytest.mark.parametrize("path", ["/", "/style.css", "/mollet.crt", "/mollet.mobileconfig", "/nothing"])
def test_no_private_key_and_no_cookie_ever_leaves(ask, held, path):
    _, headers, content = ask(path)
    key = held.leaf.with_name("root.pem").read_text().splitlines()[1].encode()

    assert b"PRIVATE" not in content
    assert key not in content
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "path", ["/relief/", "/nights/", "/api/me", "/pair/", "/static/", "/../secret_key", "//", "/leaf.pem", "/root.pem"]
)
def test_nothing_else_is_there(ask, path):
    assert ask(path)[0] == "404 Not Found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_taken_in(ask, method):
    assert ask("/", method=method)[0] == "405 Method Not Allowed"


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::1"])
def test_who_is_not_of_the_home_is_refused(ask, address):
    status, _, content = ask("/mollet.crt", address=address)

    assert (status, b"home only" in content) == ("403 Forbidden", True)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_says_how_to_install_and_how_to_remove(ask, lang):
    page = ask("/", lang=lang)[2].decode()

    assert f'<html lang="{lang}"' in page
    assert [word for word in STEPS[lang] if word not in page] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_pocket_is_named_before_everything_that_must_be_done(ask, lang):
    page = ask("/", lang=lang)[2].decode()

    assert page.index({"en": "pocket edition", "fr": "édition de poche"}[lang]) < page.index("<h2")


def test_the_page_shows_no_fingerprint_for_it_could_be_forged_with_the_rest(ask, held):
    page = ask("/")[2].decode()

    assert held.fingerprint[:11] not in page
    assert "SHA-256" in page


def test_the_page_needs_nothing_from_elsewhere(ask):
    _, headers, content = ask("/")

    named = re.findall(r'(?:href|src)="([^"]+)"', content.decode())
    assert [one for one in named if not one.startswith("/")] == []
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_second_port_of_a_real_house_knows_the_certificate_and_no_diary(tmp_path):
    with served(tmp_path, *AT_HOME) as house:
        with urllib.request.urlopen(house.trust + "mollet.crt", timeout=30) as answer:
            assert certificates.fingerprint(answer.read()) == house.fingerprint
        for path in ("nights/", "relief/", "api/me", "pair/"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(house.trust + path, timeout=30)


def test_at_night_the_page_does_not_glare(ask, at):
    at("2026-11-22T03:10:00+01:00")

    assert 'data-theme="night"' in ask("/")[2].decode()
