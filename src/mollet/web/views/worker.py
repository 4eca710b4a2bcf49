"""The service worker: its rules are a file, its head is written here, so that other files make another worker."""

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from mollet.knowledge import load
from mollet.web import statics

PAGES = ("/relief/", "/alarm/", "/offline/", "/phone/", "/help/")
"""Pages a phone keeps: public ones, so that they answer whoever holds it, with or without a session."""

LATER = ("/offline/checkup/",)
"""Pages that are kept with the rules they compute with, once a first page is whole."""

FILES = (
    *("tokens.css", "base.css", "parts.css", "pages.css"),
    *(
        "hour.js",
        "start.js",
        "relief.js",
        "speak.js",
        "clock.js",
        "outbox.js",
        "ahead.js",
        "offline.js",
        "instead.js",
        "routine.js",
        "plan.js",
        "phone.js",
        "fill.js",
        "answers.js",
        "calls.js",
        "checkup.js",
        "rules.js",
        "sources.js",
    ),
    *("icon.svg", "icon-180.png", "icon-192.png"),
)
"""Files these pages name, themselves or through one another."""


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Send the worker with its head; never from a cache, so that a new house is noticed."""
    body = with_head(
        {
            "VERSION": json.dumps(f"house-{statics.collected().name}{load().version}"),
            "PAGES": json.dumps(PAGES),
            "FILES": json.dumps([static(name) for name in FILES]),
            "LATER": json.dumps(LATER),
            "POCKET": "false",
        }
    )
    return HttpResponse(body, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def with_head(head: Mapping[str, str]) -> str:
    """Return the rules with their head: names and what stands for them in the script."""
    lines = [f"const {name} = {value};" for name, value in head.items()]
    return "\n".join(lines) + "\n" + statics.source("worker.js")
