"""Behind somebody's own HTTPS server: only the one that is named is believed. Caddy is run as the how-to pages say."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from tests.web.served import served

from mollet.errors import StoreError
from mollet.web import proxy

ROOT = Path(__file__).parents[2]
PAGES = ("docs/how-to/phones.md", "docs/how-to/telephones.md")
ORIGIN = "https://mollet.example.org"
BELIEVED = {"MOLLET_TRUSTED_PROXY": "127.0.0.1", "MOLLET_ORIGIN": ORIGIN}
FORWARDED = {"Host": "mollet.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def port_of(house):
    return int(house.address.split(":")[2].strip("/"))


def ask(house, path, headers, address="127.0.0.1"):
    calling = http.client.HTTPConnection(address, port_of(house), timeout=60)
    with contextlib.closing(calling):
        calling.request("GET", path, headers=headers)
        answer = calling.getresponse()
        return answer, answer.read().decode()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("proxy"), **BELIEVED) as found:
        yield found


def test_the_one_that_is_named_brings_https(house):
    answer, _ = ask(house, "/pair/", FORWARDED)

    assert answer.status == 200
    assert answer.headers["Set-Cookie"].startswith("__Host-mollet_csrf=")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_visitor_that_came_without_https_is_refused(house):
    answer, content = ask(house, "/relief/", {**FORWARDED, "X-Forwarded-Proto": "http"})

    assert (answer.status, "HTTPS only" in content) == (403, True)


def test_a_host_forwarded_for_others_is_refused(house):
    assert ask(house, "/relief/", {**FORWARDED, "X-Forwarded-Host": "evil.example"})[0].status == 400


def test_this_machine_still_has_its_own_door(house):
    answer, _ = ask(house, "/relief/", {"Host": f"localhost:{port_of(house)}"})

    assert answer.status == 200


def test_a_phone_joins_by_the_address_of_the_domain_alone(house):
    said = house.run("pair").stdout.splitlines()

    assert len(said) == 1
    assert said[0].startswith(f"{ORIGIN}/pair/?code=")


def test_where_nobody_is_named_nobody_is_believed(tmp_path):
    with served(tmp_path) as alone:
        answer, _ = ask(alone, "/relief/", FORWARDED)
        own, _ = ask(alone, "/pair/", {**FORWARDED, "Host": f"localhost:{port_of(alone)}"})

    assert answer.status == 400
    assert "__Host-" not in (own.headers["Set-Cookie"] or "")


def test_a_neighbour_of_the_one_that_is_named_is_refused(tmp_path):
    # The other server stands elsewhere, so mollet listens for it.
    named = {**BELIEVED, "MOLLET_TRUSTED_PROXY": "192.0.2.77"}
    with served(tmp_path, "--host", "0.0.0.0", **named) as open_house:
        claimed, _ = ask(open_house, "/pair/", FORWARDED)
        elsewhere = _own_address()
        if elsewhere is None:
            pytest.skip("this machine has no address but its own loopback")
        bare, content = ask(open_house, "/relief/", {"Host": f"localhost:{port_of(open_house)}"}, elsewhere)

    assert "__Host-" not in (claimed.headers["Set-Cookie"] or "")
    assert (bare.status, "HTTPS only" in content) == (403, True)


def _own_address():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address
    return None


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ({"MOLLET_TRUSTED_PROXY": "127.0.0.1"}, "proxy.both"),
        ({"MOLLET_ORIGIN": ORIGIN}, "proxy.both"),
        ({**BELIEVED, "MOLLET_TRUSTED_PROXY": "*"}, "proxy.address"),
        ({**BELIEVED, "MOLLET_TRUSTED_PROXY": "localhost"}, "proxy.address"),
        ({**BELIEVED, "MOLLET_ORIGIN": "http://mollet.example.org"}, "proxy.origin"),
        ({**BELIEVED, "MOLLET_ORIGIN": "https://*"}, "proxy.origin"),
        ({**BELIEVED, "MOLLET_ORIGIN": "https://a.example/mollet"}, "proxy.origin"),
        ({**BELIEVED, "MOLLET_ORIGIN": "https://me@a.example"}, "proxy.origin"),
        ({**BELIEVED, "MOLLET_ORIGIN": "https://a.example:port"}, "proxy.origin"),
    ],
)
def test_half_a_setting_or_a_wrong_one_is_said(monkeypatch, named, key):
    for name, value in named.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(StoreError) as said:
        proxy.proxy()

    assert said.value.key == key


def test_both_pages_show_the_same_lines():
    shown = [re.findall(r"```(?:caddyfile|sh)\n.*?```", (ROOT / page).read_text("utf-8"), re.DOTALL) for page in PAGES]

    assert len(shown[0]) == 2
    assert shown[0] == shown[1]


@pytest.fixture(scope="module")
def caddy(tmp_path_factory, house):
    """Caddy, before a house, with the lines of the how-to page; what it believes in tests is a root of its own."""
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("Caddy is not installed: apt-get install caddy")
    place = tmp_path_factory.mktemp("caddy")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    page = (ROOT / PAGES[0]).read_text(encoding="utf-8")
    [lines] = re.findall(r"```caddyfile\n(.*?)```", page, re.DOTALL)
    # The name is not ours in the world: a port of our own and a root of Caddy's own stand in for the public ones.
    lines = lines.replace("mollet.example.org {", f"mollet.example.org:{port} {{\n\ttls internal\n\tbind 127.0.0.1")
    lines = lines.replace("127.0.0.1:8765", f"127.0.0.1:{port_of(house)}")
    quiet = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"
    (place / "Caddyfile").write_text(quiet + lines)
    surroundings = {**os.environ, "HOME": str(place), "XDG_DATA_HOME": str(place), "XDG_CONFIG_HOME": str(place)}
    running = subprocess.Popen(
        [program, "run", "--config", "Caddyfile", "--adapter", "caddyfile"],
        cwd=place,
        env=surroundings,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = []
        for line in running.stderr:
            said.append(line)
            if "certificate obtained successfully" in line:
                break
        else:
            pytest.fail("".join(said))
        root = place / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        yield ssl.create_default_context(cafile=root), port
    finally:
        running.terminate()
        running.communicate(timeout=20)


def through(caddy, path, **more):
    """Ask through Caddy, as a phone of the domain."""
    believes, port = caddy
    calling = http.client.HTTPSConnection("mollet.example.org", port, context=believes, timeout=60)
    with contextlib.closing(calling):
        line = socket.create_connection(("127.0.0.1", port), timeout=60)
        calling.sock = believes.wrap_socket(line, server_hostname="mollet.example.org")
        calling.request(more.pop("method", "GET"), path, **more)
        answer = calling.getresponse()
        return answer, answer.read().decode()


def test_through_caddy_relief_answers_and_the_diary_is_closed(caddy):
    assert (through(caddy, "/relief/")[0].status, through(caddy, "/")[0].status) == (200, 403)


def test_through_caddy_a_phone_joins_and_opens_the_diary(caddy, house):
    origin = f"https://mollet.example.org:{caddy[1]}"
    code = house.run("pair").stdout.split("code=")[1].strip()
    form, page = through(caddy, f"/pair/?code={code}")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    said = {"Cookie": form.headers["Set-Cookie"].split(";")[0], "Origin": origin, "Referer": f"{origin}/pair/"}
    said["Content-Type"] = "application/x-www-form-urlencoded"

    body = f"code={code}&csrfmiddlewaretoken={token}"
    joined, _ = through(caddy, "/pair/", method="POST", body=body, headers=said)

    cookie = next(one for one in joined.headers.get_all("Set-Cookie") if "session" in one).split(";")[0]
    assert through(caddy, "/", headers={"Cookie": cookie})[0].status == 200


def test_through_caddy_a_visitor_cannot_claim_to_be_someone_else(caddy):
    forged = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "127.0.0.1"}

    answer, _ = through(caddy, "/pair/", headers=forged)

    assert answer.status == 200
    assert answer.headers["Set-Cookie"].startswith("__Host-")
