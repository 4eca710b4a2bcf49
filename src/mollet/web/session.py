"""Who is this? One-time keys become a signed cookie.

A key is printed in the terminal, travels once in an address and is gone: only its hash lies in the data folder, as the
name of a small file, and redeeming it removes the file. The cookie carries the diary's UUID under a signature made
with the secret of this data folder; two houses on one machine differ in port, secret and therefore cookie.

Over HTTPS, where the browser may be any phone, the cookie carries a secret of that phone alone, so that each can be
sent away by itself (``phones``).
"""

import datetime as dt
import hashlib
import re
import secrets
import uuid
from pathlib import Path
from typing import cast

from django.core import signing
from django.http import HttpRequest, HttpResponse

from mollet.store import people
from mollet.store.folder import data_folder
from mollet.store.models import Person
from mollet.web import clock, phones
from mollet.web.page import Request

KEPT_SECONDS = 400 * 24 * 3600
RENEWED_AFTER_SECONDS = 24 * 3600
_SALT = "mollet.session"
_KEY = re.compile(r"[A-Za-z0-9_-]{20,60}")


def issue(diary: uuid.UUID) -> str:
    """Make a fresh one-time key for a diary, and note its hash in the data folder."""
    key = secrets.token_urlsafe(24)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _hash(key)).write_text(str(diary), encoding="ascii")
    return key


def withdraw_all() -> None:
    """Forget every key that was printed and not used."""
    for file in _folder().glob("*"):
        file.unlink(missing_ok=True)


def redeem(key: str) -> uuid.UUID | None:
    """Return the diary a key opens and use the key up; ``None`` when it is wrong or was used."""
    if not _KEY.fullmatch(key):
        return None
    file = _folder() / _hash(key)
    try:
        diary = uuid.UUID(file.read_text(encoding="ascii"))
        file.unlink()
    except (FileNotFoundError, ValueError):
        # Gone between reading and removing: another request used it first.
        return None
    return diary


def person(request: HttpRequest) -> Person | None:
    """Return the person whose cookie came with the request: a joined phone's, or the signed one of this machine."""
    asked = cast(Request, request)
    asked.phone = None
    value = request.COOKIES.get(_cookie(request))
    if value is None:
        return None
    if request.is_secure():
        asked.phone = phones.find(value, clock.now())
        return people.with_diary(asked.phone.diary) if asked.phone else None
    try:
        diary = uuid.UUID(signing.TimestampSigner(salt=_SALT).unsign(value, max_age=KEPT_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
    return people.with_diary(diary)


def open_for(request: HttpRequest, response: HttpResponse, diary: uuid.UUID) -> None:
    """Put the cookie of a diary on an answer."""
    if request.is_secure():
        take_in(request, response, phones.add(diary, "", clock.now()))
    else:
        _set(request, response, signing.TimestampSigner(salt=_SALT).sign(str(diary)))


def take_in(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """Put the cookie of a joined phone on an answer; the one it had before, if any, ends."""
    before = request.COOKIES.get(_cookie(request))
    if before is not None:
        phones.forget(before)
    _set(request, response, secret)


def prolong(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Renew a cookie that is older than a day, so that who comes back never has to look for a key."""
    value = request.COOKIES[_cookie(request)]
    phone = cast(Request, request).phone
    if phone is not None:
        if clock.now() - phone.seen > dt.timedelta(seconds=RENEWED_AFTER_SECONDS):
            _set(request, response, value)
        return response
    try:
        signing.TimestampSigner(salt=_SALT).unsign(value, max_age=RENEWED_AFTER_SECONDS)
    except signing.SignatureExpired:
        diary = signing.TimestampSigner(salt=_SALT).unsign(value)
        open_for(request, response, uuid.UUID(diary))
    return response


def _set(request: HttpRequest, response: HttpResponse, value: str) -> None:
    response.set_cookie(
        _cookie(request),
        value,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )


def _cookie(request: HttpRequest) -> str:
    # Cookies do not know ports: the example house on the next port must not sign us out of ours.
    port = request.get_host().rpartition(":")[2]
    return f"mollet_session_{port}" if port.isdigit() else "mollet_session"


def _folder() -> Path:
    return data_folder() / "keys"


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
