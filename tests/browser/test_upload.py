"""A large file goes to the house in pieces: it arrives whole though pieces are lost on the way, and can be stopped."""

import pytest
from tests.exchange.apple_files import quantity, xml

MEGABYTES = 20
PIECES = "**/data/import/*/piece/*"


@pytest.fixture(scope="module")
def house(start_house, tmp_path_factory):
    with start_house(tmp_path_factory.mktemp("upload")) as found:
        yield found


@pytest.fixture(scope="module")
def session(house, sign_in):
    return sign_in(house)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """An export of a phone, most of which nobody needs, as in real ones."""
    days = [quantity("StepCount", f"2026-11-{day:02d} 10:00:00 +0100", "1000", "count") for day in range(1, 21)]
    written = xml(days)
    beat = written[written.index("<Record") : written.index("</HealthData>")].replace("StepCount", "HeartRate")
    filler = beat * (MEGABYTES * 1_000_000 // len(beat))
    path = tmp_path_factory.mktemp("export") / "export.xml"
    path.write_text(written.replace("</HealthData>", f"{filler}</HealthData>"), encoding="utf-8")
    return path


@pytest.fixture
def data(browse, house, session, large):
    page = browse(service_workers="block", storage_state=session)
    page.goto(f"{house.origin}data/")
    page.set_input_files("input[type=file]", str(large))
    return page


def look(page):
    page.get_by_role("button", name="Look into the file").click()


def waiting(house):
    """Files that were handed over and wait."""
    return [file.name for file in (house.folder / "uploads").glob("*/*")]


def test_a_large_file_arrives_whole_though_a_piece_is_lost_on_the_way(data, house):
    lost = []

    def lose_the_second(route):
        if "at=0" in route.request.url or lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort("connectionreset")

    data.route(PIECES, lose_the_second)
    look(data)
    data.get_by_role("button", name="Bring this in").click()

    assert "20 daily measures were kept" in data.locator("main").inner_text()
    assert (len(lost), waiting(house)) == (1, [])


def test_a_large_file_on_its_way_can_be_stopped(data, house):
    data.route(PIECES, lambda route: route.continue_() if "at=0" in route.request.url else None)
    look(data)
    with data.expect_request(lambda request: "/piece/" in request.url and "at=0" not in request.url):
        pass
    said = data.locator("[data-words]").inner_text()
    data.locator("[data-stop]").click()
    data.wait_for_url("**/data/?done=cancelled")

    assert ("%" in said, waiting(house)) == (True, [])
