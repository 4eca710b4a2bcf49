import pytest

from mollet.knowledge import load


def test_every_claim_is_in_the_list(house):
    page = house.get("/claims/").content.decode()

    assert [id for id in load().claims if f'href="/claims/{id}/"' not in page] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_claim_has_its_page(house, person, lang):
    person.language = lang
    person.save()

    assert {house.get(f"/claims/{id}/").status_code for id in load().claims} == {200}


def test_contracture_finds_cramps(house):
    page = house.get("/claims/", {"q": "contracture"}).content.decode()

    found = [id for id in load().claims if f'href="/claims/{id}/"' in page]
    assert 0 < len(found) < len(load().claims)


def test_words_that_find_nothing_are_said_back(house):
    assert "“zzyxx”" in house.get("/claims/", {"q": "zzyxx"}).content.decode()


def test_words_searched_for_are_never_markup(house):
    page = house.get("/claims/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_each_claim_leads_to_the_screen_it_lives_on(house):
    wrong = []
    for claim in load().claims.values():
        page = house.get(f"/claims/{claim.id}/").content.decode()
        if claim.where != "/claims/" and f'href="{claim.where}' not in page:
            wrong.append(claim.id)

    assert wrong == []


def test_the_screen_of_each_claim_answers(house):
    wheres = {claim.where for claim in load().claims.values()}

    assert {where: house.get(where).status_code for where in wheres} == dict.fromkeys(wheres, 200)


def test_a_claim_nobody_made_is_not_found(house):
    assert house.get("/claims/nothing/").status_code == 404
