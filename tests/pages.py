"""Every page there is, read from the one list of addresses: a page that is added is looked at wherever all are."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver

DAY = (dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).date().isoformat()

EXAMPLES = {
    "night": [f"nights/{DAY}/"],
    "night_cramp": [f"nights/{DAY}/cramp/"],
    "night_note": [f"nights/{DAY}/note/"],
    "checkup_names": ["checkup/medicines_and_illnesses/names/"],
    "checkup_screen": ["checkup/danger_now/", "checkup/medicines_and_illnesses/"],
    "claim": ["claims/soap_in_the_bed/"],
    "foods": ["plan/foods/", "plan/foods/?q=potato"],
    "search": ["search/", "search/?q=magnesium"],
    "claims": ["claims/", "claims/?q=magnesium"],
}
"""Addresses that need a word or a date, and pages that look otherwise with a question."""

NO_PAGE = {
    *(
        "answer",
        "undo",
        "clock_left",
        "zone",
        "checkup_begin",
        "plan_done",
        "pair",
        "feed_on",
        "feed_off",
    ),
    *(
        "nights_last",
        "nights_pause_end",
        "nights_undo",
        "nights_bring_back",
        "relief_check",
        "phones_add",
        "data_upload",
        "data_begin",
    ),
    *("data_backup", "report_pdf", "report_words", "card_pdf", "fridge_pdf", "feed_file", "worker", "manifest"),
    *("healthz", "readyz", "openapi-json", "api-root", "record", "offline_data"),
}
"""Forms that are only sent, files, and what speaks to programs."""

NEEDING_MORE = {
    *(
        "nights_pause_one",
        "night_answer",
        "night_habits",
        "night_usual",
        "night_cramp_one",
        "night_note_one",
    ),
    *("data_export", "data_preview", "data_piece", "data_meanings", "data_confirm", "data_cancel"),
    *("data_undo", "feed", "phones_away"),
}
"""Addresses of one thing that somebody must have said or sent first: `test_accessibility_said.py` looks at them."""


def named() -> Iterator[tuple[str, str]]:
    """Yield every address of the house with its name."""
    from django.urls import get_resolver

    yield from _named(get_resolver().url_patterns, "")


def _named(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _named(one.url_patterns, route)
        elif isinstance(one, URLPattern) and not (one.name == "me" and route.startswith("api/")):
            yield route, str(one.name)


def pages() -> list[str]:
    """Return the address of every page, with examples for those that need a word; and of one that is nowhere."""
    found = ["nowhere/"]
    for route, name in named():
        if name in EXAMPLES:
            found += EXAMPLES[name]
        elif name not in NO_PAGE and name not in NEEDING_MORE:
            assert "<" not in route, f"{route}: needs an example"
            found.append(route)
    return found
