"""The page that hands the certificate of a house to its phones, on a port of its own and without HTTPS.

A phone cannot open the house before it trusts it, so this one page comes in the clear. It knows no diary, takes no
cookie and no form, and reaches nothing but what stands in this module.
"""

import plistlib
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from mollet.web import clock, statics
from mollet.web.certificates import Certificates, is_private
from mollet.web.middleware import browser_language
from mollet.words import LANGUAGES, say

_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)
_STYLES = ("tokens.css", "base.css", "parts.css")

Answered = tuple[str, str, bytes]
"""Status, kind, content."""


def application(certificates: Callable[[], Certificates], zone: str) -> Callable[..., list[bytes]]:
    """Return the application of that page, for the root as it is now; of the person it knows the zone alone."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        lang = _language(environ)
        status, kind, content = _answer(environ, certificates(), lang, zone)
        headers = [("Content-Type", kind), ("Content-Length", str(len(content))), *_HEADERS]
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    return answer


def profile(root: bytes, name: str, lang: str) -> bytes:
    """Return the root as a profile that an iPhone installs; the same root is the same profile."""
    own = uuid.uuid5(uuid.NAMESPACE_OID, root.hex())
    payload = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"home.mollet.{own}.root",
        "PayloadUUID": str(uuid.uuid5(own, "root")),
        "PayloadDisplayName": say("trust.profile", lang, name=name),
        "PayloadCertificateFileName": "mollet.crt",
        "PayloadContent": root,
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"home.mollet.{own}",
            "PayloadUUID": str(own),
            "PayloadDisplayName": say("trust.profile", lang, name=name),
            "PayloadDescription": say("trust.profile_says", lang, name=name),
            "PayloadContent": [payload],
        }
    )


def _answer(environ: dict[str, Any], held: Certificates, lang: str, zone: str) -> Answered:
    if not is_private(str(environ.get("REMOTE_ADDR") or "0.0.0.0")):
        return "403 Forbidden", "text/plain; charset=utf-8", (say("trust.not_home", lang) + "\n").encode()
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return "405 Method Not Allowed", "text/plain", b""
    answers: dict[str, Callable[[], tuple[str, bytes]]] = {
        "/": lambda: ("text/html; charset=utf-8", _page(held, lang, zone)),
        "/style.css": lambda: ("text/css; charset=utf-8", b"\n".join(statics.content(name) for name in _STYLES)),
        "/mollet.crt": lambda: ("application/x-x509-ca-cert", held.root),
        "/mollet.mobileconfig": lambda: ("application/x-apple-aspen-config", profile(held.root, held.name, lang)),
    }
    found = answers.get(environ.get("PATH_INFO") or "/")
    if found is None:
        return "404 Not Found", "text/plain; charset=utf-8", (say("trust.nothing", lang) + "\n").encode()
    return "200 OK", *found()


def _page(held: Certificates, lang: str, zone: str) -> bytes:
    from django.template.loader import render_to_string

    other = next(one for one in LANGUAGES if one != lang)
    theme = "night" if clock.is_night(clock.local(zone)) else "auto"
    said = {"lang": lang, "other": other, "theme": theme, "name": held.name, "ends": held.root_until.year}
    return render_to_string("trust.html", said).encode()


def _language(environ: dict[str, Any]) -> str:
    wished = parse_qs(environ.get("QUERY_STRING", "")).get("lang", [""])[0]
    return wished if wished in LANGUAGES else browser_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
