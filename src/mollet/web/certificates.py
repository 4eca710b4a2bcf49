"""The certificates of a house: a root of its own, which phones are asked to trust, and the leaf that it shows them.

Both are made here and stay in the data folder, for its owner alone. The root says in itself how little it may vouch
for: this machine, the address ranges of homes, and one name that no one else can own. The leaf is made again by itself
when the addresses of the machine change or its end comes near, so the root's key must stay at hand.
"""

import contextlib
import datetime as dt
import os
import re
import secrets
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from mollet.errors import StoreError, reason_of
from mollet.store import folder

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

NAME = "mollet.home.arpa"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PRIVATE = tuple(
    ip_network(one)
    for one in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
"""Loopback and the ranges that homes use: a root of ours vouches for no other address."""
ROOT_LASTS = dt.timedelta(days=3650)
LEAF_LASTS = dt.timedelta(days=390)  # phones refuse more than 397
RENEWED_BEFORE = dt.timedelta(days=30)
_CLOCKS_DIFFER = dt.timedelta(days=1)
_FOLDER, _ROOT, _LEAF = "certificates", "root.pem", "leaf.pem"
# Endings that are set aside for homes, or that nobody is given: a root for a name of others would be a weapon.
_ENDINGS = (".home.arpa", ".local", ".internal", ".lan", ".home")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Certificates:
    """What a house shows: the root to be trusted, and the file with the leaf and its key."""

    root: bytes
    """The root in DER, without its key."""
    leaf: Path
    name: str
    names: tuple[str, ...]
    """Every name and address the leaf stands for."""
    until: dt.datetime
    """The end of the leaf."""
    root_until: dt.datetime

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root, as phones and computers show it."""
        return fingerprint(self.root)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A certificate and its key."""

    certificate: "x509.Certificate"
    key: "EllipticCurvePrivateKey"


def is_private(address: str) -> bool:
    """Whether an address is this machine's or one of a home."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found.version == network.version and found in network for network in PRIVATE)


def home_addresses() -> tuple[str, ...]:
    """Return the addresses of this machine in its home, the one of the usual way out first; nothing is sent."""
    found: list[str] = []
    for far in ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            address = probe.getsockname()[0]
            if is_private(address) and not ip_address(address).is_loopback and address not in found:
                found.append(address)
    return tuple(found)


def ensure(now: dt.datetime, addresses: Iterable[str], name: str | None = None) -> Certificates:
    """Make what is missing, make again what is near its end or for other addresses, and return all of it.

    Parameters
    ----------
    now : datetime
        From when what is made holds.
    addresses : iterable of str
        Addresses of this machine in its home; one outside the ranges of homes is left out.
    name : str, optional
        Name of the house on its network; by default the one its root was made for, else ``mollet.home.arpa``.

    Raises
    ------
    StoreError
        The name belongs to others, the root was made for another name or has ended, or a file cannot be used.
    """
    root = _root(now, name)
    own = _name_of(root.certificate)
    names = (*LOOPBACK, own, *(one for one in addresses if is_private(one) and one not in LOOPBACK))
    leaf = _present_leaf(root, names, now)
    if leaf is None:
        leaf = _make_leaf(root, names, now)
        _write(_place(_LEAF), leaf)
    return Certificates(
        root=_der(root.certificate),
        leaf=_place(_LEAF),
        name=own,
        names=names,
        until=leaf.certificate.not_valid_after_utc,
        root_until=root.certificate.not_valid_after_utc,
    )


def context(leaf: Path) -> ssl.SSLContext:
    """Return what a server needs to show the leaf; loading the file into it again renews it in place."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    made.load_cert_chain(leaf)
    return made


def fingerprint(root: bytes) -> str:
    """Write SHA-256 of a certificate in pairs, as phones and computers show it."""
    import hashlib

    digest = hashlib.sha256(root).hexdigest().upper()
    return " ".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def _root(now: dt.datetime, name: str | None) -> _Pair:
    wanted = None if name is None else _checked(name)
    place = _place(_ROOT)
    if not place.exists():
        made = _make_root(wanted or NAME, now)
        _write(place, made)
        return made
    found = _read(place)
    if found.certificate.not_valid_after_utc <= now:
        raise StoreError("certificate.root_ended", folder=str(place.parent))
    if wanted is not None and wanted != _name_of(found.certificate):
        raise StoreError(
            "certificate.other_name", name=wanted, own=_name_of(found.certificate), folder=str(place.parent)
        )
    return found


def _checked(name: str) -> str:
    lower = name.strip().rstrip(".").lower()
    labels = lower.split(".")
    if not lower.endswith(_ENDINGS) or len(lower) > 253 or not all(_LABEL.fullmatch(one) for one in labels):
        raise StoreError("certificate.name", name=name, endings=", ".join(_ENDINGS))
    return lower


def _make_root(name: str, now: dt.datetime) -> _Pair:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    permitted = [x509.DNSName("localhost"), x509.DNSName(name), *(x509.IPAddress(network) for network in PRIVATE)]
    # Two houses can be told apart in the settings of a phone.
    subject = _subject(f"mollet {name} {secrets.token_hex(2).upper()}")
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + ROOT_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return _Pair(made.sign(key, hashes.SHA256()), key)


def _make_leaf(root: _Pair, names: Iterable[str], now: dt.datetime) -> _Pair:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    issuer = root.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    made = (
        x509.CertificateBuilder()
        .subject_name(_subject("mollet"))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(min(now + LEAF_LASTS, root.certificate.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(one) for one in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
    )
    return _Pair(made.sign(root.key, hashes.SHA256()), key)


def _present_leaf(root: _Pair, names: Iterable[str], now: dt.datetime) -> _Pair | None:
    """Return the leaf that is there, where it still serves."""
    place = _place(_LEAF)
    try:
        found = _read(place) if place.exists() else None
    except StoreError:
        return None  # a leaf is made again; only the root must never be replaced unasked
    if found is None or set(_names_of(found.certificate)) != set(names):
        return None
    end = min(now + RENEWED_BEFORE, root.certificate.not_valid_after_utc)
    return found if found.certificate.not_valid_after_utc >= end and _issued(found, root) else None


def _issued(leaf: _Pair, root: _Pair) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        leaf.certificate.verify_directly_issued_by(root.certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _subject(name: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _usage(*, signs_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> "x509.GeneralName":
    from cryptography import x509

    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _names_of(leaf: "x509.Certificate") -> tuple[str, ...]:
    from cryptography import x509

    said = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress)))


def _name_of(root: "x509.Certificate") -> str:
    from cryptography import x509

    permitted = root.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return next(one.value for one in permitted if isinstance(one, x509.DNSName) and one.value != "localhost")


def _der(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _place(name: str) -> Path:
    return folder.data_folder() / _FOLDER / name


def _read(place: Path) -> _Pair:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        held = place.read_bytes()
        key = load_pem_private_key(held, password=None)
        certificate = x509.load_pem_x509_certificate(held)
    except OSError as error:
        raise StoreError("certificate.unreadable", file=str(place), why=reason_of(error)) from error
    except ValueError as error:
        raise StoreError("certificate.damaged", file=str(place)) from error
    if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise StoreError("certificate.damaged", file=str(place))
    return _Pair(certificate, key)


def _write(place: Path, pair: _Pair) -> None:
    """Write a certificate with its key as one file for its owner alone: never half of it, never one of the two."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(key + pair.certificate.public_bytes(Encoding.PEM))
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(place)
    except OSError as error:
        raise StoreError("certificate.not_written", file=str(place), why=reason_of(error)) from error
