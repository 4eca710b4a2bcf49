"""Where advice stands, its sources stand one tap away: never inside something else that must be opened first."""

import re
from dataclasses import dataclass, fields, is_dataclass
from html.parser import HTMLParser

import pytest

from mollet.advice.causes import causes
from mollet.advice.evidence import UNREVIEWED, said_of
from mollet.advice.foods import guarded
from mollet.advice.lasting import judge
from mollet.advice.plan import plan
from mollet.advice.relief import relief
from mollet.advice.triage import triage
from mollet.knowledge import Facts, load
from mollet.web import answered
from mollet.words import say

UNKNOWN = Facts({})


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def filled(name):
    """What a script writes for a name in a list that it fills: `tests/browser` shows that it does."""
    return say("sources.not_reviewed", "en") if name == "standard" else f"({name};"


@dataclass
class Fold:
    """A folded list of sources: where it stands, and what it says once it is open."""

    place: int
    depth: int
    says: str = ""

    @property
    def is_unreviewed(self):
        return say("sources.not_reviewed", "en") in self.says

    @property
    def names(self):
        return set(re.findall(r"\((S-[\w-]+);", self.says))


class Page(HTMLParser):
    """What a page says, how many things must be opened to read it, and its folded lists of sources."""

    def __init__(self, answer):
        super().__init__()
        self.place, self.opened, self.said, self.folds = 0, [], [], []
        self.feed(answer.content.decode())

    def handle_starttag(self, tag, attrs):
        self.place += 1
        if tag == "details":
            told = dict(attrs)
            fold = Fold(self.place, len(self.opened)) if told.get("class") == "sources" else None
            if fold and "data-sources" in told:
                fold.says = " ".join(filled(name) for name in told["data-sources"].split())
            self.opened.append(fold)
            self.folds += [fold] if fold else []

    def handle_endtag(self, tag):
        if tag == "details":
            self.opened.pop()

    def handle_data(self, data):
        self.place += 1
        words = " ".join(data.split())
        for fold in filter(None, self.opened):
            fold.says += f" {words}"
        self.said.append((self.place, len(self.opened), words))

    def without_sources(self, sentence, sources):
        """Places where a sentence stands, and no list one tap away names what it rests on; or that it is missing."""
        wanted = " ".join(sentence.split())
        alone = [(place, depth) for place, depth, words in self.said if words == wanted]
        found = alone or [(place, depth) for place, depth, words in self.said if wanted in words]
        if not found:
            return [f"is not on the page: {wanted}"]
        return [f"{place}: {wanted}" for place, depth in found if not self._is_backed(place, depth, set(sources))]

    def _is_backed(self, place, depth, sources):
        near = [fold for fold in self.folds if fold.place > place and fold.depth <= depth]
        return any(sources <= fold.names if sources else fold.is_unreviewed for fold in near)


def unbacked(page, sentences):
    """Sentences of a page, each with its sources, that have none of them one tap away."""
    return [told for text, sources in sentences for told in page.without_sources(text.en, sources)]


def parts(item):
    """Yield an item and everything in it that names sources."""
    if hasattr(item, "sources") and hasattr(item, "status"):
        yield item
    for one in fields(item):
        value = getattr(item, one.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part):
                yield from parts(part)


ADVICE = ("tiers", "red_flags", "relief", "remedies", "causes", "claims", "countries", "features")


@pytest.mark.parametrize("kind", ADVICE)
def test_all_that_is_advised_names_its_sources_or_is_told_to_be_unreviewed(kind):
    every = [part for item in getattr(load(), kind).values() for part in parts(item)]

    assert every
    assert [part for part in every if not part.sources and part.status not in (*UNREVIEWED, None)] == []


def test_every_figure_of_nutrition_names_its_sources():
    reference = load().reference
    rows = [*reference["intake"], *reference["upper"], reference["guard"]]

    assert len(rows) > 10
    assert [row for row in rows if not row["sources"]] == []
    assert [food.id for food in load().foods.values() if not food.sources] == []


def test_every_step_of_relief_and_each_of_its_conditions_is_one_tap_from_its_sources(stranger):
    page = Page(stranger.get("/relief/"))
    steps = [one.step for one in relief(UNKNOWN, load()).steps]
    sentences = [
        (text, step.sources) for step in steps if step.order > 0 for text in (step.words, step.does, step.stop)
    ]
    sentences += [(one.says, one.sources) for step in steps if step.order > 0 for one in step.contraindications]

    assert len(sentences) > 30
    assert unbacked(page, sentences) == []


def test_what_relief_says_of_danger_is_one_tap_from_its_sources(stranger):
    page = Page(stranger.get("/relief/"))
    shown = [flag for flag in load().red_flags.values() if any(flag.says.en in words for _, _, words in page.said)]
    tiers = [load().tiers[name] for name in ("emergency", "same_day", "soon")]
    sentences = [(flag.says, flag.sources) for flag in shown]
    sentences += [(text, tier.sources) for tier in tiers for text in (tier.do, tier.safety_net)]

    assert len(shown) > 5
    assert unbacked(page, sentences) == []


def test_every_sign_of_the_alarm_page_is_one_tap_from_its_sources(stranger):
    answer = stranger.get("/alarm/?country=FR")
    page = Page(answer)
    flags = [one for one in load().red_flags.values() if f'data-flag="{one.id}"' in answer.content.decode()]
    tiers = [load().tiers[name] for name in ("emergency", "same_day", "soon")]
    france = load().countries["FR"]
    sentences = [(flag.says, flag.sources) for flag in flags]
    sentences += [(text, tier.sources) for tier in tiers for text in (tier.do, tier.safety_net)]
    sentences += [(france.says, france.sources), *((one.says, france.sources) for one in france.same_day)]

    assert len(flags) > 50
    assert unbacked(page, sentences) == []


def test_when_to_stop_names_its_sources_on_the_alarm_page(stranger):
    page = Page(stranger.get("/alarm/"))
    stops = [step for step in load().relief.values() if any(step.stop.en in words for _, _, words in page.said)]

    assert stops
    assert unbacked(page, [(step.stop, step.sources) for step in stops]) == []


def test_the_answer_to_the_signs_of_a_cramp_names_its_sources(stranger):
    page = Page(stranger.post("/relief/check/", {"hard": "yes", "breath": "yes", "late": "yes"}))
    found, tier = judge(load(), ["hard", "breath"], late=True), load().tiers["emergency"]
    sentences = [(one.flag.says, one.flag.sources) for one in found.deciding]
    sentences += [(one.says, one.sources) for one in found.avoid]

    assert len(sentences) > 1
    assert unbacked(page, [*sentences, (tier.do, tier.sources), (tier.safety_net, tier.sources)]) == []


@pytest.mark.parametrize("claim", load().claims.values(), ids=lambda claim: claim.id)
def test_a_claim_is_one_tap_from_its_sources(house, claim):
    page = Page(house.get(f"/claims/{claim.id}/"))

    assert unbacked(page, [(claim.known, claim.sources), (claim.we_say, claim.sources)]) == []


def test_every_cause_is_one_tap_from_its_sources(house):
    page = Page(house.get("/causes/"))
    found = causes(UNKNOWN, load())
    every = [one.cause for one in (*found.applies, *found.not_known, *found.does_not_apply)]
    sentences = [(cause.says, cause.sources) for cause in every]
    sentences += [(one.says, one.sources) for cause in every for one in cause.evidence]

    assert len(every) == len(load().causes)
    assert unbacked(page, sentences) == []


def said_on_the_plan(found):
    """All sentences of a plan, each with what it rests on."""
    for _, section in found.sections:
        for one in section:
            yield (one.variant.does if one.variant else one.remedy.does), one.remedy.sources
            held = {part.says: part.sources for part in said_of(one.remedy) if part is not one.remedy}
            yield from ((text, held.get(text, ())) for text in one.judgement.conditions)
            yield from ((each.says, each.sources) for each in one.remedy.evidence)
    for one in (*found.ask_first, *found.left_out):
        yield from ((text, one.sources) for text in one.why)
    for judged in (*found.with_doctor, *found.not_advised):
        yield judged.item.says, judged.item.sources
        yield from ((each.says, each.sources) for each in judged.item.evidence)
    yield from ((text, found.see_doctor_sources) for text in found.see_doctor)
    yield from ((one.says, one.sources) for one in found.counted)
    yield from ((flag.says, flag.sources) for flag in found.first)


ABOUT = {
    "nothing": {},
    "an_ordinary_night": {"danger_now": {"none": "none"}},
    "medicines": {"medicines_and_illnesses": {"medicines": "ramipril\nfurosemide", "supplements": "Magné B6"}},
    "kidneys": {"medicines_and_illnesses": {"conditions": "dialysis"}},
    "an_emergency": {"danger_now": {"chest_pain": "yes"}},
}


@pytest.fixture(params=ABOUT, ids=str)
def answering(request, house):
    """Say in the check-up what a person of this kind says."""
    for screen, said in ABOUT[request.param].items():
        house.post(f"/checkup/{screen}/", said)
    return house


def facts_of(person):
    class Asked:
        pass

    Asked.person = person
    return answered.facts(Asked)


def test_every_sentence_of_the_plan_is_one_tap_from_its_sources(answering, person):
    sentences = list(said_on_the_plan(plan(facts_of(person), load())))

    assert sentences
    assert unbacked(Page(answering.get("/plan/")), sentences) == []


def test_every_sentence_of_the_result_is_one_tap_from_its_sources(answering, person):
    found = triage(facts_of(person), load(), person.country)
    tier = load().tiers[found.tier]
    sentences = [(one.flag.says, one.flag.sources) for one in found.findings]
    sentences += [(one.says, one.sources) for one in (*found.avoid, *found.discuss)]
    sentences += [(tier.do, tier.sources)] if found.findings else []
    kept = ("not_settled", "safety_net", found.tier)
    sentences += [(one.says, one.sources) for one in found.do if one.id not in kept]

    assert unbacked(Page(answering.get("/checkup/result/")), sentences) == []


def test_what_stands_before_everything_else_names_its_sources(house):
    house.post("/checkup/danger_now/", {"chest_pain": "yes"})
    flag, tier = load().red_flags["chest_pain_or_collapse"], load().tiers["emergency"]

    lists = [fold for fold in Page(house.get("/")).folds if fold.depth == 0]

    assert any({*flag.sources, *tier.sources, *load().countries["FR"].sources} <= fold.names for fold in lists)


def test_who_is_not_to_eat_more_of_a_mineral_reads_why_from_sources(house, person):
    house.post("/checkup/medicines_and_illnesses/", {"conditions": "dialysis"})
    against = guarded(facts_of(person), load())

    assert against
    page = Page(house.get("/plan/foods/?q=banana"))
    assert unbacked(page, [(text, one.judgement.sources) for one in against for text in one.judgement.says]) == []


def test_our_own_table_of_foods_names_where_it_is_from(house):
    named = set().union(*(fold.names for fold in Page(house.get("/plan/foods/")).folds))

    assert {source for food in load().foods.values() for source in food.sources} <= named


def test_when_to_see_a_doctor_names_its_sources(house):
    page = house.get("/plan/").content.decode()
    told = page[page.index('id="see"') : page.index('id="review"')]

    assert {source for one in load().red_flags.values() if one.in_plan for source in one.sources} <= set(
        re.findall(r"\((S-[\w-]+);", told)
    )


def test_never_to_stop_a_medicine_by_oneself_has_its_sources(house):
    page = Page(house.get("/me/medicines/"))

    assert page.without_sources(say("medicines.never_alone", "en"), load().claims["stop_the_statin"].sources) == []


def test_the_page_for_the_doctor_names_what_it_rests_on(house, person):
    house.post("/checkup/medicines_and_illnesses/", {"medicines": "furosemide", "conditions": "dialysis"})
    discussed = triage(facts_of(person), load(), person.country).discuss

    assert discussed
    page = Page(house.get("/report/"))
    assert unbacked(page, [(one.says, one.sources) for one in discussed]) == []


def test_the_phone_is_told_what_tonight_rests_on(house):
    told = house.get("/api/me").json()

    assert told["routine"]
    assert [part["id"] for part in told["routine"] if not part["sources"]] == []


def test_the_phone_is_told_what_the_urgent_rests_on(house):
    house.post("/checkup/danger_now/", {"chest_pain": "yes"})

    [urgent] = house.get("/api/me").json()["first"]
    assert set(load().red_flags["chest_pain_or_collapse"].sources) <= set(urgent["sources"])


def test_every_document_a_phone_may_name_is_in_its_list(house):
    house.post("/checkup/danger_now/", {"chest_pain": "yes"})
    rules, told = house.get("/offline/rules.json").json(), house.get("/api/me").json()
    named = [
        *rules["behind"]["tiers"].values(),
        *rules["behind"]["flags"].values(),
        *rules["behind"]["routine"].values(),
    ]
    named += [one["sources"] for one in house.get("/offline/words.en.json").json()["countries"].values()]
    every = {name for one in named for name in one.split()} | {name for one in told["first"] for name in one["sources"]}

    assert every - {"standard"} <= set(house.get("/offline/sources.json").json()["documents"])
