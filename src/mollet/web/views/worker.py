"""The service worker: its rules are a file, its head is written here, so that other files make another worker."""

import json

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from mollet import __version__
from mollet.web import clock, statics

PAGES = ("/relief/", "/alarm/", "/offline/", "/phone/")
"""Pages a phone keeps: public ones, so that they answer whoever holds it, with or without a session."""

FILES = (
    *("tokens.css", "base.css", "parts.css", "pages.css", "print.css"),
    *("start.js", "relief.js", "speak.js", "clock.js", "outbox.js", "ahead.js", "offline.js", "plan.js", "phone.js"),
    *("icon.svg", "icon-180.png", "icon-192.png"),
)
"""Files these pages name, themselves or through one another."""


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Send the worker with its head; never from a cache, so that a new house is noticed."""
    head = {
        "VERSION": f"{__version__}-{statics.collected().name}",
        "PAGES": PAGES,
        "FILES": [static(name) for name in FILES],
        "NIGHT": [clock.NIGHT_BEGINS.hour, clock.MORNING_BEGINS.hour],
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in head.items()]
    body = "\n".join(lines) + "\n" + statics.source("worker.js")
    return HttpResponse(body, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
