"""What time is it? The one place of the web that asks, so that a test can say."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

from django.conf import settings

NIGHT_BEGINS = dt.time(21)
MORNING_BEGINS = dt.time(7)
ANSWER_UNTIL = dt.time(21)
NIGHT_HOURS = f"{NIGHT_BEGINS.hour} {MORNING_BEGINS.hour}"
"""As a page carries them, for a phone that asks its own clock."""


def now() -> dt.datetime:
    """Return the present instant in UTC; only test settings let ``MOLLET_NOW`` stand in for it."""
    if getattr(settings, "MOLLET_TESTING", False) and (said := os.environ.get("MOLLET_NOW")):
        return dt.datetime.fromisoformat(said).astimezone(dt.UTC)
    return dt.datetime.now(dt.UTC)


def local(zone: str) -> dt.datetime:
    """Return the present local time of a zone."""
    return now().astimezone(ZoneInfo(zone))


def is_night(moment: dt.datetime) -> bool:
    """Say whether a local time belongs to the hours in which most people are in bed or on their way there."""
    return moment.time() >= NIGHT_BEGINS or moment.time() < MORNING_BEGINS
