"""Pages for what went wrong: what happened, what is safe, what to do next."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from mollet.words import date, say


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense."""
    return _problem(request, "bad_request", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what belongs to somebody else."""
    return _problem(request, "forbidden", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from one of our pages, or from one that was open for too long."""
    if request.path.startswith("/api/"):
        says = say("error.web.stale_form", getattr(request, "lang", "en"))
        return JsonResponse({"error": "stale_form", "says": says}, status=403)
    return _problem(request, "stale_form", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    return _problem(request, "not_found", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed, as plainly as possible, since anything may be broken."""
    lang = getattr(request, "lang", "en")
    context = {
        "title": say("error.web.server_error_title", lang),
        "says": say("error.web.server_error", lang),
        "lang": lang,
    }
    return HttpResponse(render_to_string("failure.html", context), status=500)


def not_begun(request: HttpRequest, night: dt.date) -> HttpResponse:
    """Answer who says how a night was that is still to come."""
    lang = getattr(request, "lang", "en")
    says = say("error.web.not_begun", lang, day=date(night, lang, "d MMMM y"))
    return render(request, "problem.html", {"title": say("error.web.not_begun_title", lang), "says": says}, status=400)


def _problem(request: HttpRequest, what: str, status: int) -> HttpResponse:
    lang = getattr(request, "lang", "en")
    context = {"title": say(f"error.web.{what}_title", lang), "says": say(f"error.web.{what}", lang)}
    return render(request, "problem.html", context, status=status)
