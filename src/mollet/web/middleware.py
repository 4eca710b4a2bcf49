"""What happens to every request before a view sees it, and to every answer before it leaves.

Order (outermost first): ``headers``, ``never_bare``, ``sealed_cookies``, ``one_origin``, white noise, gzip,
``known_person``, ``closed_by_default``, ``voice``, ``small_batches``, then Django's own CSRF check.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from mollet.store import people
from mollet.web import clock, session
from mollet.web.page import Request
from mollet.words import LANGUAGES, say

Answer = Callable[[HttpRequest], HttpResponse]

LARGEST_BATCH = 2_000_000

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=(), "
    "screen-wake-lock=(self)"
)
PUBLIC = (
    *("/relief/", "/alarm/", "/offline/", "/phone/", "/help/", "/static/"),
    "/pair/",  # takes a code that works once
    "/feed/",  # each address holds a secret of its own
    *("/healthz", "/readyz", "/manifest.webmanifest", "/sw.js", "/favicon.ico"),
)
"""Beginnings of the addresses that answer without a key: pain and danger need no sign-in."""
HEALTH = ("/healthz", "/readyz")
SEAL = "__Host-"


def headers(get_response: Answer) -> Answer:
    """Send the security headers with every page and every error."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.path.startswith("/static/"):
            # A style sheet loads and asks for nothing: the rest would only weigh on a phone at night.
            return response
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def never_bare(get_response: Answer) -> Answer:
    """Answer without HTTPS to this machine alone: a diary does not cross a network in the clear.

    Behind another server this also catches one that is not believed, or that does not say how it was asked.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.is_secure() or request.path in HEALTH or _is_here(request):
            return get_response(request)
        lang = _browser_language(request)
        return HttpResponse(say("error.web.bare", lang) + "\n", content_type="text/plain; charset=utf-8", status=403)

    return answer


def sealed_cookies(get_response: Answer) -> Answer:
    """Over HTTPS send and take cookies only under ``__Host-`` names, which no other site and no plain page can set."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.is_secure():
            return get_response(request)
        request.COOKIES = {
            name.removeprefix(SEAL): value for name, value in request.COOKIES.items() if name.startswith(SEAL)
        }
        response = get_response(request)
        for name, morsel in list(response.cookies.items()):
            del response.cookies[name]
            response.cookies[SEAL + name] = morsel.value
            sealed = response.cookies[SEAL + name]
            sealed.update({key: held for key, held in morsel.items() if held})
            sealed["secure"], sealed["path"], sealed["domain"] = True, "/", ""
        return response

    return answer


def one_origin(get_response: Answer) -> Answer:
    """Send 127.0.0.1 to localhost: what the phone keeps belongs to one origin, so there must be one.

    A name that is not ours is refused by ``ALLOWED_HOSTS`` when the host is read here.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        host = request.get_host()
        name, _, port = host.rpartition(":") if host.rpartition(":")[2].isdigit() else (host, "", "")
        if name in ("127.0.0.1", "[::1]") and request.path not in HEALTH:
            origin = f"{request.scheme}://localhost" + (f":{port}" if port else "")
            return HttpResponsePermanentRedirect(origin + request.get_full_path(), preserve_request=True)
        return get_response(request)

    return answer


def known_person(get_response: Answer) -> Answer:
    """Find whose request it is: by the session cookie, or by a one-time key that is turned into one."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = cast(Request, request)
        asked.person = session.person(request)
        key = request.GET.get("key")
        if request.method != "GET" or key is None:
            response = get_response(request)
            return session.prolong(request, response) if asked.person else response
        response = HttpResponseRedirect(_without_key(request))
        if asked.person is None and (diary := session.redeem(key)):
            session.open_for(request, response, diary)
        return response

    return answer


def closed_by_default(get_response: Answer) -> Answer:
    """Answer 403 to whoever is not known, except where pain or danger is dealt with."""

    def answer(request: HttpRequest) -> HttpResponse:
        if cast(Request, request).person is not None or _is_public(request.path):
            return get_response(request)
        _speak(cast(Request, request))
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"error": "no_session", "says": say("error.web.closed_api", _lang(request))}, status=403
            )
        return render(request, "closed.html", status=403)

    return answer


def voice(get_response: Answer) -> Answer:
    """Decide the language, the theme and the hour of the page."""

    def answer(request: HttpRequest) -> HttpResponse:
        _speak(cast(Request, request))
        response = get_response(request)
        response.headers.setdefault("Content-Language", _lang(request))
        return response

    return answer


def small_batches(get_response: Answer) -> Answer:
    """Refuse a batch far beyond what a phone sends before anything of it is read."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.path == "/api/entries" and length.isdecimal() and int(length) > LARGEST_BATCH:
            says = say("error.web.too_large", _lang(request), megabytes=LARGEST_BATCH // 1_000_000)
            return JsonResponse({"error": "too_large", "says": says}, status=413)
        return get_response(request)

    return answer


def _is_here(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]).is_loopback
    except ValueError:
        return False


def _without_key(request: HttpRequest) -> str:
    others = [(name, value) for name, values in request.GET.lists() if name != "key" for value in values]
    # A path that begins with two slashes would name another host.
    path = "/" + request.path.lstrip("/")
    return path + (f"?{urlencode(others)}" if others else "")


def _is_public(path: str) -> bool:
    return any(path == begin or (begin.endswith("/") and path.startswith(begin)) for begin in PUBLIC)


def _lang(request: HttpRequest) -> str:
    return cast(Request, request).lang


def _speak(request: Request) -> None:
    """Set language, theme and hour: the person's choice first, then what the browser asks for."""
    # A house of one: without a session the zone and theme of its only person are still the best guess at 3 a.m.
    person = request.person or people.local_person()
    request.lang = person.language or _browser_language(request)
    request.local_now = clock.local(person.zone)
    request.hour = "night" if clock.is_night(request.local_now) else "day"
    request.chosen_theme = person.theme
    request.theme = _theme(person.theme, request.hour)


def _theme(chosen: str, hour: str) -> str:
    """Return the theme; "auto" is dark at night whatever the device says, so that no page ever glares at 3 a.m."""
    if chosen in ("day", "night"):
        return chosen
    return "night" if hour == "night" else "auto"


def _browser_language(request: HttpRequest) -> str:
    return browser_language(request.headers.get("Accept-Language", ""))


def browser_language(said: str) -> str:
    """Return the first language that a browser asks for and that we speak."""
    wishes = [part.split(";q=") for part in said.replace(" ", "").split(",")]
    ranked = sorted(wishes, key=lambda wish: -_quality(wish))
    spoken = [wish[0][:2].lower() for wish in ranked if wish[0][:2].lower() in LANGUAGES]
    return spoken[0] if spoken else "en"


def _quality(wish: list[str]) -> float:
    try:
        return float(wish[1]) if len(wish) > 1 else 1.0
    except ValueError:
        return 0.0
