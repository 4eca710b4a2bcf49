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


def test_what_trials_let_us_believe_stands_as_so_many_of_twenty_with_the_dots(house):
    page = house.get("/claims/magnesium/").content.decode()

    assert "about 12 chances in 20" in page
    assert page.count('<circle class="dot-fewer"') == 12


def test_the_reasons_of_that_belief_and_their_source_are_one_tap_away(house):
    page = house.get("/claims/vitamin_k2/").content.decode()
    folded = page[page.index("Why we believe this") :]

    assert load().remedies["vitamin_k2"].prior.why.to("en") in folded
    assert "S-TAN24" in folded


@pytest.mark.parametrize("claim", ["soap_in_the_bed", "quinine_products"])
def test_without_a_trial_or_where_nobody_should_try_it_there_are_no_dots(house, claim):
    assert "dot-fewer" not in house.get(f"/claims/{claim}/").content.decode()
