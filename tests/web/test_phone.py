"""The page of one phone: what it says of iPhones, of installing and of keeping."""

import pytest

LIMITS = {
    "en": ("seven days", "vibrat", "home screen"),
    "fr": ("sept jours", "vibr", "écran d’accueil"),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_limits_of_an_iphone_are_told(stranger, lang):
    page = stranger.get("/phone/", headers={"accept-language": lang}).content.decode().replace("\u00a0", " ")

    assert [words for words in LIMITS[lang] if words not in page] == []


def test_the_page_offers_to_keep_to_install_and_to_save_what_needs_attention(stranger):
    page = stranger.get("/phone/").content.decode()

    assert all(f'id="{name}"' in page for name in ("persist", "install-button", "attention"))
    assert 'download="mollet-waiting.json"' in page


@pytest.mark.parametrize(
    ("lang", "never"),
    [
        ("en", ("Nothing of it is sent", "all that you said")),
        ("fr", ("Rien n’en est envoyé", "tout ce que vous avez dit")),
    ],
)
def test_nothing_is_said_that_is_false_while_something_waits_or_needs_attention(stranger, lang, never):
    page = stranger.get("/phone/", headers={"accept-language": lang}).content.decode()

    assert [words for words in never if words in page] == []
