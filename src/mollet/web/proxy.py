"""A house behind somebody's own HTTPS server: which one is believed, and under which address phones know the house.

``MOLLET_TRUSTED_PROXY`` is the address that the other server connects from, ``MOLLET_ORIGIN`` what phones type. Both or
none: what an unknown neighbour says about who asks, and how, is never believed.
"""

import os
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from mollet.errors import StoreError

TRUSTED_HEADERS = frozenset({"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"})
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Proxy:
    """The server before this one."""

    address: str
    origin: str
    """``https://mollet.example.org``, without a slash."""

    @property
    def host(self) -> str:
        """The name in the origin."""
        return urlsplit(self.origin).hostname or ""


def proxy() -> Proxy | None:
    """Return the server that is believed; none where none is named.

    Raises
    ------
    StoreError
        One of the two is missing, or is no address.
    """
    address = os.environ.get("MOLLET_TRUSTED_PROXY", "").strip()
    origin = os.environ.get("MOLLET_ORIGIN", "").strip().rstrip("/").lower()
    if not address and not origin:
        return None
    if not address or not origin:
        raise StoreError("proxy.both")
    try:
        ip_address(address)
    except ValueError as error:
        raise StoreError("proxy.address", typed=address) from error
    if not _is_origin(origin):
        raise StoreError("proxy.origin", typed=origin)
    return Proxy(address, origin)


def _is_origin(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        return False
    rest = parts.path or parts.query or parts.fragment or parts.username
    named = _HOST.fullmatch(parts.hostname or "") is not None
    return parts.scheme == "https" and named and not rest and (port is None or port > 0)
