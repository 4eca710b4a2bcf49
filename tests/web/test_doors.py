"""Addresses that only take a form are no dead end for who looks at them."""

import re

import pytest
from django.urls import URLPattern, get_resolver

POST_ONLY = {
    "/answer/": "/",
    "/undo/": "/",
    "/clock/": "/",
    "/relief/check/": "/relief/#check",
    "/plan/done/": "/plan/",
    "/nights/pause/end/": "/",
    "/nights/undo/": "/nights/",
    "/nights/bring_back/": "/nights/",
    "/nights/2026-11-20/answer/": "/nights/2026-11-20/#exactly",
    "/nights/2026-11-20/habits/": "/nights/2026-11-20/",
    "/data/import/": "/data/",
    "/data/import/00000000-0000-4000-8000-000000000000/confirm/": "/data/",
    "/data/import/00000000-0000-4000-8000-000000000000/cancel/": "/data/",
    "/data/imports/00000000-0000-4000-8000-000000000000/undo/": "/data/",
    "/data/backup/": "/data/",
    "/report/words/": "/report/",
}


@pytest.mark.parametrize(("address", "page"), POST_ONLY.items())
def test_a_look_at_the_address_of_a_form_leads_to_its_page(house, address, page):
    answer = house.get(address)

    assert (answer.status_code, answer["Location"]) == (303, page)


@pytest.mark.parametrize("page", sorted({page.partition("#")[0] for page in POST_ONLY.values()}))
def test_the_page_of_a_form_is_there(house, at, page):
    at("2026-11-21T09:00:00+01:00")

    assert house.get(page).status_code == 200


def test_another_method_is_refused(house):
    assert house.delete("/answer/").status_code == 405


def views(patterns, begin=""):
    for one in patterns:
        address = begin + str(one.pattern)
        if isinstance(one, URLPattern):
            yield address, one.name
        else:
            yield from views(one.url_patterns, address)


def filled(address):
    uuid = "00000000-0000-4000-8000-000000000000"
    address = re.sub(r"<uuid:\w+>", uuid, address).replace("<day:night>", "2026-11-20")
    return "/" + re.sub(r"<\w+:\w+>", "csv", address)


def test_no_address_answers_a_look_with_an_empty_refusal(house, at):
    at("2026-11-21T09:00:00+01:00")
    all_addresses = [filled(address) for address, _ in views(get_resolver().url_patterns) if "api/" not in address]

    assert [address for address in all_addresses if house.get(address).status_code == 405] == []
