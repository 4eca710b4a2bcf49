"""``mollet pair`` and ``mollet phones``, beside a real house."""

import datetime as dt
import json
import os
import re
import subprocess

import pytest
from tests.web.served import AT_HOME, MOLLET, served

from mollet.web import phones


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("phones"), *AT_HOME) as found:
        yield found


def join(house, name):
    """Let a phone in without a browser: the code of the command, used at once."""
    code = house.run("pair", "--name", name).stdout.split("code=")[1].strip()
    with pytest.MonkeyPatch.context() as here:
        here.setenv("MOLLET_DATA", str(house.folder))
        assert phones.join(code, "", dt.datetime.now(dt.UTC))


def test_pair_prints_both_addresses_and_nothing_else(house):
    said = house.run("pair")

    trust, joining = said.stdout.splitlines()
    assert trust == house.trust
    assert re.fullmatch(re.escape(house.secure) + r"pair/\?code=[2-9A-Z]{5}-[2-9A-Z]{5}", joining)


def test_pair_shows_the_fingerprint_to_compare(house):
    assert house.fingerprint in house.run("pair").stderr


def test_two_codes_differ(house):
    assert house.run("pair").stdout != house.run("pair").stdout


def test_pair_speaks_french(house):
    assert "une seule fois" in house.run("pair", "--help", "--lang", "fr").stdout


def test_phones_lists_who_is_in_and_takes_one_away(house):
    join(house, "Claire’s phone")
    join(house, "Kitchen")
    [kitchen] = [one for one in json.loads(house.run("phones", "--json").stdout)["phones"] if one["name"] == "Kitchen"]

    said = house.run("phones", "--revoke", kitchen["id"])

    assert "Kitchen was sent away" in said.stderr
    assert "Claire’s phone" in said.stdout
    assert "Kitchen" not in said.stdout


def test_the_list_for_programs_holds_no_secret(house):
    join(house, "One more")

    for phone in json.loads(house.run("phones", "--json").stdout)["phones"]:
        assert set(phone) == {"id", "name", "joined", "seen"}


def test_pair_without_a_house_says_how_to_start_one(tmp_path):
    surroundings = {**os.environ, "MOLLET_DATA": str(tmp_path / "diary"), "MOLLET_LANG": "en"}

    said = subprocess.run([MOLLET, "pair"], env=surroundings, capture_output=True, text=True, timeout=60)

    assert (said.returncode, "mollet serve" in said.stderr) == (1, True)


def test_pair_beside_a_house_for_this_machine_alone_says_what_is_missing(tmp_path):
    with served(tmp_path) as alone:
        said = alone.run("pair")

    assert (said.returncode, said.stdout) == (1, "")
    assert "mollet serve --lan --https" in said.stderr
    assert "mollet pocket" in said.stderr
