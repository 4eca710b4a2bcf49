"""A page that does not come: it is asked for again in one tap, and what was sent before it is never in doubt."""

import pytest
from tests.browser.test_offline_checkup import CHECKUP, home
from tests.browser.worker import is_kept, until_worker

__all__ = ["home"]


@pytest.fixture
def phone(browse, home):
    """A signed-in phone that its worker already serves."""
    page = browse()
    page.clock.set_fixed_time("2026-11-22T08:00:00+01:00")
    page.context.add_cookies([home.cookie])
    page.goto(home.origin)
    until_worker(page)
    return page


@pytest.fixture
def silent_once_kept(home, phone):
    """The house takes a form, says where to look, and is gone before anyone looks: ``silent_once_kept("/me/")``."""

    def send(address):
        def gone(path, content):
            if home.line.under_way and path == address:
                home.line.become("refused")
            return content

        phone.goto(home.origin + address.strip("/"))
        home.line.until_idle()
        home.line.rewrite = gone
        phone.locator("main form .button").last.click()
        phone.locator(".offline").wait_for()
        home.line.rewrite = None

    return send


def test_the_page_that_did_not_come_is_asked_for_again_in_one_tap(home, phone):
    home.line.become("refused")
    phone.goto(home.origin + "nights/?month=2026-10")
    home.line.become("quiet")

    phone.get_by_role("link", name="Try again").click()

    phone.locator("h2", has_text="October 2026").wait_for()
    assert phone.url == home.origin + "nights/?month=2026-10"


def test_a_screen_of_the_check_up_that_did_not_come_is_asked_for_again_too(home, phone):
    assert is_kept(phone, CHECKUP)
    home.line.become("refused")
    phone.goto(home.origin + "checkup/danger_now/")
    home.line.become("quiet")

    phone.get_by_role("link", name="Try again").click()

    phone.locator("form[action='/checkup/danger_now/'], main form [name=breathless]").first.wait_for(state="attached")
    assert phone.url == home.origin + "checkup/danger_now/"


def test_trying_again_is_in_sight_without_scrolling(home, phone):
    home.line.become("refused")
    phone.goto(home.origin + "nights/")
    found = phone.get_by_role("link", name="Try again").bounding_box()

    assert found["y"] + found["height"] <= phone.viewport_size["height"]


def test_the_kept_page_itself_tries_the_first_page_again(home, phone):
    phone.goto(home.origin + "offline/")

    assert phone.locator("[data-same]").get_attribute("href") == "/"


def test_a_form_that_was_kept_is_said_to_be_kept_where_its_page_does_not_come(home, phone, silent_once_kept):
    silent_once_kept("/me/")

    phone.locator("#arrived").wait_for()


def test_the_confirmation_comes_with_one_tap_once_the_house_answers(home, phone, silent_once_kept):
    silent_once_kept("/me/")
    home.line.become("quiet")

    phone.get_by_role("link", name="Try again").click()

    phone.locator(".notice[role=status]", has_text="Saved.").wait_for()


def test_a_page_that_was_only_looked_at_claims_nothing_kept(home, phone):
    home.line.become("refused")
    phone.goto(home.origin + "nights/")
    phone.locator("#last-night").wait_for()

    assert not phone.locator("#arrived").is_visible()


def test_a_morning_answer_that_was_kept_is_not_asked_for_again(home, phone):
    home.line.become("refused")
    phone.goto(home.origin + "?said=11111111-1111-4111-8111-111111111111")
    phone.locator("#arrived").wait_for()

    phone.locator("#last-night").wait_for(state="hidden")
