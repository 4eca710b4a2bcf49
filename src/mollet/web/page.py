"""What every view and template knows about the request: whose it is, its language, its theme and its hour."""

import datetime as dt
from typing import TYPE_CHECKING

from django.http import HttpRequest

from mollet import __version__
from mollet.web import clock

if TYPE_CHECKING:
    from mollet.store.models import Person
    from mollet.web.phones import Phone


class Request(HttpRequest):
    """A request as the middleware leaves it; views name this type."""

    person: "Person | None"
    """Whose session it is; ``None`` on the public pages without a session."""
    phone: "Phone | None"
    """Which joined phone asks; ``None`` for a browser of this machine."""
    lang: str
    theme: str
    chosen_theme: str
    """The theme as it was chosen: ``"auto"`` also at night, when it is shown dark."""
    local_now: dt.datetime
    """The present in the zone of the person."""
    hour: str
    """``"night"``, or ``"day"``."""


class PersonalRequest(Request):
    """A request on a page that is closed without a session: the person is known."""

    person: "Person"


def about(request: HttpRequest) -> dict[str, object]:
    """Put language, theme, hour, the hours of night and the word of the navigation that is lit into every template."""
    return {
        "lang": getattr(request, "lang", "en"),
        "theme": getattr(request, "theme", "auto"),
        "chosen_theme": getattr(request, "chosen_theme", "auto"),
        "hour": getattr(request, "hour", "day"),
        "night_hours": clock.NIGHT_HOURS,
        "person": getattr(request, "person", None),
        "local_now": getattr(request, "local_now", None),
        "here": _section(request.path),
        "pocket": getattr(request, "pocket", False),
        "secure": request.is_secure(),
        "version": __version__,
    }


_SECTIONS = {
    "nights": "nights",
    "plan": "plan",
    "claims": "plan",
    "causes": "plan",
    "checkup": "plan",
    "me": "me",
    "data": "me",
    "missed": "nights",
    "search": "nights",
    "report": "me",
    "card": "me",
    "fridge": "me",
    "help": "me",
    "phone": "me",
    "pair": "me",
}


def _section(path: str) -> str:
    return _SECTIONS.get(path.strip("/").split("/")[0], "now" if path == "/" else "")
