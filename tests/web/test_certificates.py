"""The certificates of a house, judged by the library that judges them on the other side."""

import datetime as dt
import ssl

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mollet.errors import StoreError
from mollet.web import certificates

NOW = dt.datetime.now(dt.UTC)
HOME = "192.168.1.20"


@pytest.fixture
def house(data_folder):
    return certificates.ensure(NOW, [HOME])


@pytest.fixture
def folder(data_folder):
    return data_folder / "certificates"


def certificate(file):
    return x509.load_pem_x509_certificate(file.read_bytes())


def extension(found, kind):
    return found.extensions.get_extension_for_class(kind)


def shake_hands(house, name, leaf=None, believes=None):
    """A whole handshake in memory: the phone believes the root of this house, and asks for a name."""
    believes = believes or ssl.create_default_context(cadata=house.root)
    to_house, to_phone = ssl.MemoryBIO(), ssl.MemoryBIO()
    phone = believes.wrap_bio(to_phone, to_house, server_hostname=name)
    server = certificates.context(leaf or house.leaf).wrap_bio(to_house, to_phone, server_side=True)
    done = set()
    for _ in range(10):
        for side in (phone, server):
            try:
                side.do_handshake()
                done.add(side)
            except ssl.SSLWantReadError:
                continue
    assert done == {phone, server}
    return phone


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "mollet.home.arpa", HOME])
def test_a_phone_that_has_the_root_believes_every_name_of_the_house(house, name):
    assert shake_hands(house, name).version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("name", ["192.168.1.21", "other.home.arpa", "example.org"])
def test_a_name_the_leaf_does_not_stand_for_is_refused(house, name):
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(house, name)


@pytest.mark.parametrize("name", ["bank.example", "home.arpa", "8.8.8.8", "2001:db8::1"])
def test_a_leaf_for_others_is_refused_although_the_root_signed_it(house, folder, name):
    stolen = folder / "stolen.pem"
    certificates._write(stolen, certificates._make_leaf(certificates._read(folder / "root.pem"), [name], NOW))

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(house, name, stolen)


def test_a_phone_without_the_root_refuses(house):
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer certificate"):
        shake_hands(house, "localhost", believes=ssl.create_default_context())


def test_the_root_signs_leaves_and_no_other_root(house, folder):
    said = extension(certificate(folder / "root.pem"), x509.BasicConstraints)

    assert (said.critical, said.value.ca, said.value.path_length) == (True, True, 0)


def test_the_limits_of_the_root_must_be_understood(house, folder):
    assert extension(certificate(folder / "root.pem"), x509.NameConstraints).critical


def test_the_root_lasts_ten_years(house):
    assert (house.root_until - NOW).days in (3649, 3650)


def test_the_leaf_lasts_no_longer_than_phones_allow(house, folder):
    leaf = certificate(folder / "leaf.pem")

    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= dt.timedelta(days=397)


def test_the_leaf_is_for_servers_only(house, folder):
    said = extension(certificate(folder / "leaf.pem"), x509.ExtendedKeyUsage).value

    assert list(said) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_keys_are_for_their_owner_alone(house, folder):
    modes = {file.name: file.stat().st_mode & 0o777 for file in (folder, *folder.iterdir())}

    assert modes == {"certificates": 0o700, "root.pem": 0o600, "leaf.pem": 0o600}


def test_what_serves_still_is_left_alone(house, folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    certificates.ensure(NOW + dt.timedelta(days=300), [HOME])

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_another_address_brings_another_leaf_under_the_same_root(house):
    moved = certificates.ensure(NOW, ["10.0.0.7"])

    assert moved.root == house.root
    shake_hands(moved, "10.0.0.7")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(moved, HOME)


def test_a_leaf_near_its_end_is_made_again(house):
    later = certificates.ensure(NOW + dt.timedelta(days=361), [HOME])

    assert (later.root, later.until > house.until) == (house.root, True)


def test_a_leaf_never_outlives_its_root(house):
    last = certificates.ensure(house.root_until - dt.timedelta(days=3), [HOME])

    assert last.until == house.root_until


def test_a_root_that_has_ended_is_said_and_not_replaced(house, folder):
    before = (folder / "root.pem").read_bytes()

    with pytest.raises(StoreError) as said:
        certificates.ensure(house.root_until + dt.timedelta(days=1), [HOME])

    assert (said.value.key, (folder / "root.pem").read_bytes()) == ("certificate.root_ended", before)


@pytest.mark.parametrize("broken", [b"", b"nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_damaged_root_is_said_and_not_replaced(house, folder, broken):
    (folder / "root.pem").write_bytes(broken)

    with pytest.raises(StoreError) as said:
        certificates.ensure(NOW, [HOME])

    assert (said.value.key, (folder / "root.pem").read_bytes()) == ("certificate.damaged", broken)


def test_the_key_of_another_root_is_no_key_of_this_one(house, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MOLLET_DATA", str(tmp_path / "other"))
    certificates.ensure(NOW, [HOME])
    other = (tmp_path / "other" / "certificates" / "root.pem").read_text()
    own = (folder / "root.pem").read_text()
    cut = "-----BEGIN CERTIFICATE"
    (folder / "root.pem").write_text(other[: other.index(cut)] + own[own.index(cut) :])

    with pytest.raises(StoreError) as said:
        certificates._read(folder / "root.pem")

    assert said.value.key == "certificate.damaged"


def test_a_damaged_leaf_is_made_again(house, folder):
    (folder / "leaf.pem").write_bytes(b"nothing")

    shake_hands(certificates.ensure(NOW, [HOME]), HOME)


@pytest.mark.parametrize("address", ["8.8.8.8", "192.0.2.2", "2001:db8::1", "100.64.0.1"])
def test_an_address_outside_homes_is_left_out(data_folder, address):
    assert address not in certificates.ensure(NOW, [HOME, address]).names


@pytest.mark.parametrize("name", ["our.home.arpa", "pi.local", "a.b.internal", "Kitchen.LAN"])
def test_a_house_may_have_a_name_that_no_one_else_can_own(data_folder, name):
    house = certificates.ensure(NOW, [], name)

    shake_hands(house, name.lower())


@pytest.mark.parametrize("name", ["example.org", "home.arpa", ".local", "a b.local", "-a.local", "", "*.home.arpa"])
def test_a_name_that_others_own_is_refused(data_folder, name):
    with pytest.raises(StoreError) as said:
        certificates.ensure(NOW, [], name)

    assert said.value.key == "certificate.name"


def test_a_house_keeps_its_name(data_folder):
    certificates.ensure(NOW, [], "our.home.arpa")

    assert certificates.ensure(NOW, []).name == "our.home.arpa"


def test_another_name_needs_another_root_and_that_is_said(house):
    with pytest.raises(StoreError) as said:
        certificates.ensure(NOW, [], "our.home.arpa")

    assert said.value.key == "certificate.other_name"


def test_the_fingerprint_is_that_which_openssl_shows(house, folder):
    from cryptography.hazmat.primitives import hashes

    shown = certificate(folder / "root.pem").fingerprint(hashes.SHA256()).hex().upper()

    assert house.fingerprint.replace(" ", "") == shown


@pytest.mark.parametrize(
    ("address", "at_home"),
    [
        *(("127.0.0.1", True), ("192.168.1.9", True), ("10.1.2.3", True), ("172.31.0.1", True), ("fe80::1%eth0", True)),
        *(("::ffff:192.168.1.9", True), ("8.8.8.8", False), ("172.32.0.1", False), ("2001:db8::1", False)),
    ],
)
def test_who_is_at_home(address, at_home):
    assert certificates.is_private(address) == at_home
