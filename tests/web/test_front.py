"""The door with HTTPS of a real house: who gets through, who is left outside, and that nobody blocks the others."""

import contextlib
import http.client
import re
import signal
import socket
import ssl
import struct
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.folder import SESSION
from tests.web.served import AT_HOME, served

from mollet.web import front

HTTPS = ("--https", "--trust-port", "0")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("front"), *AT_HOME) as found:
        yield found


DOOR = SimpleNamespace(port=8443, peers={40123: "192.168.1.9"})


def plain(house, path, headers=()):
    """Ask the door of this machine, without HTTPS."""
    calling = http.client.HTTPConnection("localhost", int(house.address.split(":")[2].strip("/")), timeout=60)
    with contextlib.closing(calling):
        calling.request("GET", path, headers=dict(headers))
        answer = calling.getresponse()
        return answer, answer.read().decode()


def joined(house):
    """The cookie of a phone that was joined by the command."""
    code = house.run("pair").stdout.split("code=")[1].strip()
    form, page = house.ask(f"/pair/?code={code}")
    cookie = form.headers["Set-Cookie"].split(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)[1].decode()
    answer, _ = house.ask(
        "/pair/",
        method="POST",
        body=f"code={code}&csrfmiddlewaretoken={token}",
        headers={
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": house.secure,
            "Host": f"localhost:{house.https_port}",
        },
    )
    assert answer.status == 303
    return next(one for one in answer.headers.get_all("Set-Cookie") if "session" in one)


def test_relief_answers_over_https(house):
    assert house.ask("/relief/")[0].status == 200


def test_the_diary_is_closed_over_https_too(house):
    assert house.ask("/")[0].status == 403


def test_a_phone_that_joined_opens_the_diary(house):
    cookie = joined(house).split(";")[0]

    assert house.ask("/", headers={"Cookie": cookie})[0].status == 200


def test_the_cookie_of_a_phone_is_sealed(house):
    cookie = joined(house)

    assert cookie.startswith(f"__Host-mollet_session_{house.https_port}=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_the_cookie_of_a_phone_opens_nothing_without_https(house):
    name, _, value = joined(house).split(";")[0].partition("=")
    port = house.address.split(":")[2].strip("/")

    answer, _ = plain(house, "/", {"Cookie": f"{name}={value}; mollet_session_{port}={value}"})

    assert answer.status == 403


def test_a_phone_that_was_sent_away_finds_the_diary_closed(house):
    cookie = joined(house).split(";")[0]
    phone = house.run("phones").stdout.split()[0]

    said = house.run("phones", "--revoke", phone)

    assert said.returncode == 0
    assert house.ask("/", headers={"Cookie": cookie})[0].status == 403


def test_sending_away_a_phone_nobody_knows_is_an_error(house):
    said = house.run("phones", "--revoke", "nobody")

    assert (said.returncode, "nobody" in said.stderr) == (1, True)


def test_strict_transport_is_not_asked_for_at_home(house):
    assert house.ask("/relief/")[0].headers["Strict-Transport-Security"] is None


@pytest.mark.parametrize("host", ["evil.example", "192.168.99.99"])
def test_a_name_the_leaf_does_not_stand_for_is_refused(house, host):
    assert house.ask("/relief/", headers={"Host": host})[0].status == 400


def test_what_a_phone_says_of_who_asks_is_not_believed(house):
    forged = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}

    assert house.ask("/relief/", headers=forged)[0].status == 200


def test_https_forged_on_the_door_of_this_machine_is_not_believed(house):
    answer, _ = plain(house, "/relief/", {"X-Forwarded-Proto": "https"})

    assert answer.headers["Set-Cookie"] is None or "__Host-" not in answer.headers["Set-Cookie"]


def test_the_old_door_of_this_machine_stays_open(house):
    assert plain(house, "/relief/")[0].status == 200


def test_old_protocols_are_refused(house):
    old = house.root
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises((ssl.SSLError, OSError)):
        house.ask("/healthz", context=old)


def test_a_file_of_megabytes_comes_through_whole(house):
    answer, _ = house.ask("/healthz", method="POST", body=b"x" * 5_000_000)

    assert answer.status == 403  # no token: the whole of it was read, and refused


def test_sixty_handshakes_left_half_way_do_not_block(house):
    with contextlib.ExitStack() as open_until_the_end:
        for begun in range(60):
            left = socket.create_connection(("127.0.0.1", house.https_port))
            open_until_the_end.enter_context(left)
            left.sendall(b"\x16\x03\x01\x02\x00"[: begun % 6])

        assert house.ask("/relief/")[0].status == 200


def test_thirty_slow_bodies_do_not_block(house):
    with contextlib.ExitStack() as open_until_the_end:
        for _ in range(30):
            slow = socket.create_connection(("127.0.0.1", house.https_port))
            slow = open_until_the_end.enter_context(house.root.wrap_socket(slow, server_hostname="localhost"))
            slow.sendall(b"POST /api/entries HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx")

        assert house.ask("/relief/")[0].status == 200


def test_one_that_takes_all_it_can_leaves_room_for_the_others(house):
    with contextlib.ExitStack() as open_until_the_end:
        for number in range(150):
            greedy = socket.create_connection(("127.0.0.1", house.https_port), source_address=("127.0.0.2", 0))
            open_until_the_end.enter_context(greedy)
            if number < 45:
                with contextlib.suppress(OSError):
                    whole = house.root.wrap_socket(greedy, server_hostname="localhost")
                    open_until_the_end.enter_context(whole).sendall(b"GET /relief/ HTTP/1.1\r\nHost: local")

        assert house.ask("/relief/")[0].status == 200


def test_who_holds_the_page_of_the_certificate_holds_no_other_door(house):
    port = int(house.trust.rsplit(":")[2].strip("/"))
    with contextlib.ExitStack() as open_until_the_end:
        for _ in range(90):
            open_until_the_end.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(b"GET / HT")

        assert (house.ask("/relief/")[0].status, plain(house, "/relief/")[0].status) == (200, 200)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x00" * 300, b""])
def test_who_does_not_speak_tls_is_left_outside_and_the_house_goes_on(house, said):
    with socket.create_connection(("127.0.0.1", house.https_port), timeout=30) as stranger:
        stranger.sendall(said)
        stranger.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            assert b"HTTP" not in stranger.recv(1000)

    assert house.ask("/healthz")[0].status == 200


def test_connections_torn_off_leave_the_house_standing(house):
    for _ in range(20):
        torn = house.root.wrap_socket(
            socket.create_connection(("127.0.0.1", house.https_port)), server_hostname="localhost"
        )
        torn.sendall(b"GET /relief/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        torn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        torn.close()

    assert house.ask("/healthz")[0].status == 200


def test_told_to_stop_it_ends_although_phones_hold_the_line(tmp_path):
    with served(tmp_path, *AT_HOME) as house, socket.create_connection(("127.0.0.1", house.https_port)) as half:
        whole = house.root.wrap_socket(
            socket.create_connection(("127.0.0.1", house.https_port)), server_hostname="localhost"
        )
        with whole:
            whole.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert whole.recv(12) == b"HTTP/1.1 200"
            half.sendall(b"\x16")
            house.process.send_signal(signal.SIGTERM)

            assert house.process.wait(30) == 0
        assert not (house.folder / "address.json").exists()


def test_a_second_start_shows_the_same_root(tmp_path):
    with served(tmp_path, *AT_HOME) as first:
        before = first.fingerprint
    with served(tmp_path, *AT_HOME) as second:
        assert second.fingerprint == before


def test_a_taken_port_for_phones_is_said(house, tmp_path):
    taken = str(house.https_port)

    with (
        pytest.raises(AssertionError, match=f"Port {taken} is already"),
        served(tmp_path, "--https-port", taken, *HTTPS),
    ):
        pass


def test_for_the_application_the_peer_is_the_phone_and_the_scheme_is_https():
    seen = {}
    inner = front.behind(DOOR, lambda environ, start: seen.update(environ) or [])
    inner({"REMOTE_PORT": "40123", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http"}, None)

    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["SERVER_PORT"]) == ("192.168.1.9", "https", "8443")


@pytest.mark.parametrize("port", ["40124", "", "0"])
def test_another_program_of_this_machine_does_not_pass_for_a_phone(port):
    said = []
    front.behind(DOOR, lambda environ, start: pytest.fail("let in"))(
        {"REMOTE_PORT": port}, lambda status, headers: said.append(status)
    )

    assert said == ["421 Misdirected Request"]


def test_no_test_meets_the_folder_of_a_person(settings):
    assert Path(settings.STATIC_ROOT).is_relative_to(SESSION.name)
    assert Path(settings.STATIC_ROOT).is_dir()
