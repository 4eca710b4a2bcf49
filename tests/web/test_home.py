"""The doors for phones and their upkeep, in a house whose addresses change."""

import datetime as dt
import socket
import ssl
from ipaddress import ip_address

import pytest
from tests.test_layers import modules_after

from mollet.errors import StoreError
from mollet.web import certificates, running
from mollet.web.home import Home
from mollet.web.serve import Wishes

BASE = "http://localhost:8765/"


@pytest.fixture
def lives_at(monkeypatch):
    """Say which addresses the machine has."""
    return lambda *addresses: monkeypatch.setattr(certificates, "home_addresses", lambda: addresses)


@pytest.fixture
def open_home(settings, data_folder, lives_at):
    """Open the doors; what is admitted is taken back after the test."""
    settings.ALLOWED_HOSTS = list(settings.ALLOWED_HOSTS)
    opened = []
    lives_at("192.168.1.20")

    def start(**wished):
        home = Home(Wishes(**{"everywhere": True, "port": 0, "trust_port": 0, **wished}), BASE)
        opened.append(home)
        running.note(home.running)
        return home

    yield start
    for home in opened:
        home.close()


@pytest.fixture
def answering(open_home):
    """A home whose front pipes to a server that greets and goes."""
    with socket.create_server(("127.0.0.1", 0)) as greeting:
        home = open_home()
        home.front.start(greeting.getsockname()[1])
        yield home


def shown(home, name):
    """Shake hands for a name, as a phone that believes the root."""
    believes = ssl.create_default_context(cadata=home._held.root)
    line = socket.create_connection(("127.0.0.1", home.front.port), timeout=30)
    with believes.wrap_socket(line, server_hostname=name) as phone:
        return phone.getpeercert()


def test_phones_know_the_house_by_its_address(open_home):
    home = open_home()

    assert home.running.secure == f"https://192.168.1.20:{home.front.port}/"


def test_a_chosen_name_comes_before_the_address(open_home):
    assert open_home(name="our.home.arpa").running.secure.startswith("https://our.home.arpa:")


def test_a_name_once_chosen_stays(open_home):
    open_home(name="our.home.arpa")

    assert open_home().running.secure.startswith("https://our.home.arpa:")


def test_for_this_machine_alone_the_name_is_localhost(open_home):
    home = open_home(everywhere=False)

    assert home.running.secure.startswith("https://localhost:")
    assert "192.168.1.20" not in home._held.names


def test_only_names_of_the_leaf_are_admitted(open_home, settings):
    home = open_home()

    assert set(settings.ALLOWED_HOSTS) == {f"[{name}]" if ":" in name else name for name in home._held.names}


def test_a_new_address_is_shown_at_once_to_who_comes_next(answering, lives_at):
    before = shown(answering, "192.168.1.20")
    lives_at("10.0.0.7")

    answering._look_after()

    assert shown(answering, "10.0.0.7") != before
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(answering, "192.168.1.20")


def test_a_new_address_is_admitted_and_noted_and_the_old_one_is_not(open_home, settings, lives_at):
    home = open_home()
    lives_at("10.0.0.7")

    home._look_after()

    assert "10.0.0.7" in settings.ALLOWED_HOSTS
    assert "192.168.1.20" not in settings.ALLOWED_HOSTS
    assert running.noted().secure == f"https://10.0.0.7:{home.front.port}/"


def test_a_leaf_near_its_end_is_renewed_while_the_house_serves(open_home, at):
    home = open_home()
    before = home._held
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(days=370)).isoformat()
    at(later)

    home._look_after()

    assert (home._held.root, home._held.until > before.until) == (before.root, True)


def test_a_renewal_that_fails_leaves_the_house_open(answering, lives_at, caplog):
    (answering._held.leaf.with_name("root.pem")).write_bytes(b"nothing")
    lives_at("10.0.0.7")

    answering._look_after()

    assert "could not be renewed" in caplog.text
    assert shown(answering, "192.168.1.20")


def test_a_machine_without_a_home_address_says_so(open_home, lives_at):
    lives_at()

    assert not open_home().can_be_reached


def test_a_port_in_use_is_said_and_the_other_is_given_back(open_home):
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()

        with pytest.raises(StoreError) as said:
            open_home(everywhere=False, port=port, trust_port=other)

        assert (said.value.key, said.value.values["port"]) == ("home.port_taken", port)
        socket.create_server(("127.0.0.1", other)).close()


def test_what_is_found_of_this_machine_is_of_a_home():
    assert [one for one in certificates.home_addresses() if not certificates.is_private(one)] == []
    assert all(not ip_address(one).is_loopback for one in certificates.home_addresses())


@pytest.mark.parametrize("noted", ["", "[]", '{"address": 1, "more": 2}', "\x00"])
def test_a_damaged_note_is_no_running_house(data_folder, noted):
    data_folder.mkdir()
    (data_folder / "address.json").write_text(noted)

    assert running.noted() is None


def test_an_ordinary_start_brings_neither_certificates_nor_patterns(tmp_path, monkeypatch):
    monkeypatch.setenv("MOLLET_DATA", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mollet.web.settings")

    loaded = modules_after("import django; django.setup()\nimport mollet.web.urls, mollet.web.serve, mollet.cli.serve")

    assert "django" in loaded
    assert loaded & {"cryptography", "segno"} == set()
