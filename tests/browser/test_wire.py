"""What really crosses the wire when a browser that keeps nothing opens a page: how much, and to whom."""

import pytest
from tests.pages import pages


@pytest.fixture(scope="module")
def house(start_house, tmp_path_factory):
    with start_house(tmp_path_factory.mktemp("wire"), demo=True) as found:
        yield found


@pytest.fixture(scope="module")
def session(house, sign_in):
    return sign_in(house)


@pytest.fixture
def opened(browse, house, session):
    """Open a page with nothing kept; return what was asked for and its weight: ``opened("plan/")``."""

    def weigh(address, lang):
        page = browse(lang, service_workers="block", storage_state=session)
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        asked, weights = {}, {}
        network.on("Network.requestWillBeSent", lambda one: asked.update({one["requestId"]: one["request"]["url"]}))
        network.on("Network.loadingFinished", lambda one: weights.update({one["requestId"]: one["encodedDataLength"]}))
        page.goto(house.origin + address)
        page.wait_for_load_state("networkidle")
        return [(url, weights.get(request, 0)) for request, url in asked.items()]

    return weigh


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("address", pages())
def test_a_page_is_light_and_asks_nobody_else(opened, house, address, lang):
    found = opened(address, lang)

    assert [url for url, _ in found if not url.startswith((house.origin, "data:", "blob:"))] == []
    assert len(found) > 3
    assert sum(weight for _, weight in found) <= 60_000
    assert sum(weight for url, weight in found if url.endswith(".js")) <= 25_000


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_check_up_of_the_phone_is_light_with_all_its_rules(browse, house, lang):
    page = browse(lang, service_workers="block")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights = []
    network.on("Network.loadingFinished", lambda one: weights.append(one["encodedDataLength"]))
    page.goto(house.origin + "offline/checkup/")
    page.click("[data-begin-checkup]")
    page.locator("#screen form").wait_for()

    assert 25_000 < sum(weights) <= 60_000
