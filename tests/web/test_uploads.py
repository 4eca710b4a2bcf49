import threading

import pytest
from tests.exchange.apple_files import quantity, xml
from tests.web.test_data import words

from mollet.exchange import formats
from mollet.store import models, read
from mollet.web import readings, uploads

LARGE = xml(
    [quantity("StepCount", f"2026-11-{1 + n % 20:02d} 10:{n % 60:02d}:00 +0100", "10", "count") for n in range(99)]
)


@pytest.fixture(autouse=True)
def morning(at, person, data_folder, monkeypatch):
    at("2026-11-22T09:00:00+01:00")
    data_folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(readings, "AT_ONCE", 1000)


def begin(house, size=20_000):
    return house.post("/data/import/begin/", {"name": "export.xml", "size": str(size)})


def send(house, identity, at, content):
    return house.post(f"/data/import/{identity}/piece/?at={at}", content, content_type="application/octet-stream")


def sent(house, text=LARGE):
    content = text.encode()
    identity = begin(house).json()["id"]
    for at in range(0, len(content), 5000):
        send(house, identity, at, content[at : at + 5000])
    return f"/data/import/{identity}/"


def read_to_the_end(house, address):
    page = house.get(address)
    while page.headers.get("Refresh"):
        for thread in threading.enumerate():
            if thread.name == "reading":
                thread.join()
        page = house.get(address)
    return page


def test_a_file_that_came_in_pieces_is_whole(house):
    address = sent(house)

    [file] = (uploads._folder() / address.split("/")[3]).iterdir()
    assert file.read_text() == LARGE


def test_a_piece_that_comes_twice_is_kept_once_and_told_where_to_go_on(house):
    identity = begin(house).json()["id"]
    send(house, identity, 0, b"12345")

    assert send(house, identity, 0, b"12345").json() == {"size": 5}


def test_a_piece_of_a_file_that_is_gone_says_so(house):
    answer = send(house, "00000000-0000-4000-8000-000000000000", 0, b"1")

    assert (answer.status_code, "no longer waiting" in answer.json()["says"]) == (404, True)


def test_a_piece_that_is_too_large_is_refused(house, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_PIECE", 4)

    assert send(house, begin(house).json()["id"], 0, b"12345").status_code == 400


def test_where_the_disk_has_no_room_it_is_said_before_anything_is_sent(house):
    answer = begin(house, size=10**18)

    assert (answer.status_code, "has no room" in answer.json()["says"]) == (507, True)


def test_a_stranger_cannot_send_a_file(stranger):
    assert begin(stranger).status_code == 403


def test_a_large_file_is_read_aside_and_then_shown(house):
    page = words(read_to_the_end(house, sent(house)))

    assert "20 daily measures" in page
    assert models.Import.objects.count() == 0


def test_what_was_read_aside_is_kept_without_being_read_again(house, monkeypatch):
    address = sent(house)
    read_to_the_end(house, address)
    monkeypatch.setattr(formats, "read", None)

    house.post(f"{address}confirm/")

    assert models.Measure.objects.count() == 20


def test_while_a_large_file_is_read_the_page_looks_again_by_itself(house, monkeypatch):
    going_on = threading.Event()
    real = formats.read
    monkeypatch.setattr(formats, "read", lambda *words: (going_on.wait(), real(*words))[1])

    page = house.get(sent(house))
    going_on.set()

    assert (page["Refresh"], "0 MB read so far" in words(page)) == ("2", True)


def test_a_reading_that_is_stopped_leaves_nothing(house, monkeypatch):
    going_on = threading.Event()
    real = formats.read
    monkeypatch.setattr(formats, "read", lambda *words: (going_on.wait(), real(*words))[1])
    address = sent(house)
    house.get(address)

    house.post(f"{address}cancel/")
    going_on.set()

    assert (house.get(address).status_code, models.Import.objects.count()) == (404, 0)


def test_a_large_file_that_cannot_be_read_says_why_and_is_let_go(house):
    address = sent(house, "<HealthData>" + " " * 5000)

    page = read_to_the_end(house, address)

    assert "holds no records" in words(page)
    assert house.get(address).status_code == 404


TABLE = "day,leg,other\n" + "".join(f"2026-{1 + n // 28:02d}-{1 + n % 28:02d},{n % 3},x\n" for n in range(280))
SAID = {"column": ["leg"], "meaning": ["cramps"], "days": "evenings"}


def test_what_a_large_table_means_is_read_aside_and_kept_without_being_read_again(house, person, monkeypatch):
    address = sent(house, TABLE)
    read_to_the_end(house, address)
    answer = house.post(f"{address}meanings/", SAID)
    page = words(read_to_the_end(house, answer.headers["Location"]))
    monkeypatch.setattr(formats, "read", None)

    house.post(f"{address}confirm/", SAID)

    assert ("280 new entries" in page, len(read.diary(person).said_nights)) == (True, 280)


def test_meanings_that_cannot_be_leave_a_large_table_waiting(house):
    address = sent(house, TABLE)
    read_to_the_end(house, address)
    for _ in range(2):
        house.post(f"{address}meanings/", SAID | {"meaning": ["nonsense"]})
        page = read_to_the_end(house, address)

    assert (page.status_code, "cannot mean" in words(page)) == (400, True)


def test_a_large_table_that_shall_replace_is_read_aside_before_it_does(house, person):
    rows = "night,cramps\n" + "".join(f"2026-{1 + n // 28:02d}-{1 + n % 28:02d},%d\n" for n in range(280))
    for cramps, choice in ((1, {}), (2, {"replace": "on"})):
        address = sent(house, rows.replace("%d", str(cramps)))
        read_to_the_end(house, address)
        house.post(f"{address}confirm/", choice)
        if house.get(address).status_code == 200:
            assert 'name="replace" value="on"' in read_to_the_end(house, address).content.decode()
            house.post(f"{address}confirm/", choice)

    assert {night.cramps for night in read.diary(person).said_nights.values()} == {2}
