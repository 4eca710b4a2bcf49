"""Join a phone to the house: it brings a code that works once, and leaves with a cookie of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_http_methods

from mollet.web import clock, phones, session
from mollet.web.doors import SeeOther
from mollet.web.page import Request
from mollet.web.typed import Problem, Typed


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: Request) -> HttpResponse:
    """Ask whether this phone is to join; looking uses no code up, so a preview or a reload spoils nothing."""
    if not request.is_secure():
        return render(request, "pair.html", {"without_https": True})
    typed = Typed(request.POST if request.method == "POST" else request.GET)
    code = typed.text("code", 40)
    name = typed.text("name", phones.LONGEST_NAME)
    if request.method == "POST" and code and not typed.problems:
        joined = phones.join(code, name or "", clock.now())
        if joined is not None:
            answer = SeeOther("/")
            session.take_in(request, answer, joined[1])
            return answer
    offer = phones.offered(code, clock.now()) if code else None
    # The address that joined this phone is opened again: by a tab that comes back, or by a second look at the pattern.
    is_in = bool(code) and offer is None and request.method != "POST" and session.person(request) is not None
    if is_in:
        return render(request, "pair.html", {"is_in": True})
    if offer is None and (code or request.method == "POST") and not typed.problems:
        typed.problems.append(Problem("code", "phones.code_ended", {"minutes": phones.CODE_MINUTES}))
    held = {"code": code or "", "name": name or (offer.name if offer else "")}
    said = {"typed": held, "problems": typed.problems, "longest": phones.LONGEST_NAME}
    return render(request, "pair.html", said, status=403 if typed.problems else 200)


urlpatterns = [path("", pair, name="pair")]
