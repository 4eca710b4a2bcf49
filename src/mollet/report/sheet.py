"""The doctor's page in words: every sentence once, for the screen and for paper, in the language of the doctor."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mollet.diary.summary import Summary
from mollet.knowledge.model import Catalogue, Question
from mollet.report import charts
from mollet.report.doctor import Doctor, Named, Sign, Spread, Tried, denied_by_day
from mollet.report.medicines import Change, Taken
from mollet.words import date, number, say

PARTS = ("name", "picture", "details", "tests", "discuss", "causes")
"""What the person may tick; the first lines always stand."""
USUAL_PARTS = ("name", "picture", "details", "tests", "discuss")


@dataclass(frozen=True, slots=True)
class Row:
    """One of the first lines: what it is about, what is read first, the sentences that follow, and the small print."""

    label: str
    lead: str
    says: tuple[str, ...] = ()
    small: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The time line as SVG, what it shows in words with all its numbers, and the line under it."""

    svg: str
    describes: str
    caption: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part that the person chose: its title and its sentences."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on the page, in the order of reading."""

    lang: str
    title: str
    made: str
    rows: tuple[Row, ...]
    picture: Picture | None
    parts: tuple[Part, ...]
    foot: str


def sheet(page: Doctor, catalogue: Catalogue, today: dt.date, lang: str, parts: Collection[str] = USUAL_PARTS) -> Sheet:
    """Put the facts into words.

    Parameters
    ----------
    page : Doctor
        What the diary and the answers say.
    catalogue : Catalogue
        For the names of relief steps, screens and sources.
    today : date
        The day the page is made.
    lang : str
        The doctor's language, whatever the person reads.
    parts : collection of str
        Those of ``PARTS`` that were ticked.
    """
    chosen: dict[str, Iterator[str]] = {
        "details": _details(page, catalogue, lang),
        "tests": _tests(page, catalogue, lang),
        "discuss": (one.says.to(lang) for one in page.triage.discuss),
        "causes": _causes(page, lang),
    }
    found = {name: tuple(items) for name, items in chosen.items() if name in parts}
    rows = (
        _who(page, lang, with_name="name" in parts),
        _cramps(page, lang),
        _signs(page, catalogue, lang),
        _medicines(page, lang),
        _tried(page, lang),
        _asks(page, lang),
    )
    return Sheet(
        lang=lang,
        title=say("report.title", lang),
        made=say("report.made_self_reported", lang, day=_day(today, lang)),
        rows=rows,
        picture=_picture(page, lang) if "picture" in parts else None,
        parts=tuple(Part(say(f"report.part.{name}", lang), items) for name, items in found.items() if items),
        foot=say("report.foot", lang, version=page.triage.knowledge_version[:12]),
    )


def _who(page: Doctor, lang: str, *, with_name: bool) -> Row:
    who = page.who
    lead = [who.name if with_name else None, who.sex.to(lang) if who.sex else None]
    if who.age_years is not None and who.age_said is not None:
        years = int(who.age_years)
        lead.append(say("report.age", lang, n=years, month=date(who.age_said, lang, "MMMM y")))
    says = [say("report.by_other", lang)] if who.is_answered_by_other else []
    says.append(_since(page, lang))
    if page.diary_since:
        says.append(say("report.diary_since_day", lang, day=_day(page.diary_since, lang)))
    says.append(_pair("report.list.illnesses", _named(page.illnesses, lang), lang))
    told = ", ".join(filter(None, lead)) or say("report.who_unknown", lang)
    return Row(say("report.row.who", lang), told[:1].upper() + told[1:], _all(says))


def _since(page: Doctor, lang: str) -> str:
    if page.since is None:
        return say("report.since_unknown", lang)
    return say("report.cramps_since", lang, month=date(page.since, lang, "MMMM y"))


def _cramps(page: Doctor, lang: str) -> Row:
    nights = page.nights
    says = [say("report.nights_from_to", lang, first=_day(nights.first, lang), last=_day(nights.last, lang))]
    if nights.closed:
        says += [
            say("report.with_cramps", lang, n=nights.with_cramps, closed=nights.closed),
            say("report.rate", lang, rate=_rate(nights, lang)),
        ]
    says.append(_trend(page, lang))
    if page.severity:
        says.append(_pair("report.severity", _spread(page.severity, "report.of_ten", lang), lang))
    if page.sleep:
        says.append(_pair("report.sleep", _spread(page.sleep, "report.of_ten_nights", lang), lang))
    return Row(say("report.row.cramps", lang), _counted(nights, lang), _all([*says, *_gaps(page, lang)]))


def _counted(nights: Summary, lang: str) -> str:
    every = nights.closed + nights.open + nights.unlogged + nights.paused
    if not nights.closed:
        return say("report.none_closed", lang, all=every)
    return say("report.counted", lang, n=nights.cramps, closed=nights.closed, all=every)


def _trend(page: Doctor, lang: str) -> str:
    """Say the same count for as many nights before: what changed is read off, and nothing is claimed of it."""
    before = page.before
    if before is None:
        return say("report.trend_unknown", lang)
    if not before.closed:
        return say("report.trend_not_closed", lang)
    return say("report.trend", lang, counted=_counted(before, lang), rate=_rate(before, lang))


def _rate(nights: Summary, lang: str) -> str:
    return number(nights.rate_per_week or 0.0, lang, "0.0")


def _gaps(page: Doctor, lang: str) -> Iterator[str]:
    nights = page.nights
    if nights.open:
        yield say("report.open", lang, n=nights.open, at_least=page.open_at_least)
    if nights.unlogged:
        yield say("report.unlogged", lang, n=nights.unlogged)
    if nights.paused:
        yield say("report.paused", lang, n=nights.paused)
    if nights.asking:
        yield say("report.asking", lang, n=nights.asking)


def _signs(page: Doctor, catalogue: Catalogue, lang: str) -> Row:
    there = _listed((f"{one.question.short.to(lang)} ({_day(one.on, lang)})" for one in page.present), lang)
    lead = say("report.signs_present", lang, signs=there) if there else say("report.signs_none", lang)
    is_asked = bool(page.present or page.denied)
    says = [_denied(on, told, lang) for on, told in denied_by_day(page.denied).items()]
    if is_asked or page.triage.findings:
        tier = (
            catalogue.tiers[page.triage.tier].name.to(lang)
            if page.triage.is_known
            else say("report.tier_unknown", lang)
        )
        then = page.triage_when_said
        if then and page.present:
            says.append(say("report.tier_then", lang, tier=catalogue.tiers[then.tier].name.to(lang)))
        of = "today" if then and page.present else "tier"
        says.append(say(f"report.{of}_{'settled' if page.triage.settled else 'open'}", lang, tier=tier))
    held = _listed((one.flag.name.to(lang) for one in page.triage.findings), lang)
    says.append(say("report.findings", lang, findings=held) if held else "")
    gaps = _listed(_not_asked(page, catalogue, lang), lang)
    small = say("report.signs_not_asked", lang, signs=gaps) if gaps else ""
    # Of what nobody asked, "none reported" would be read as a no.
    told = lead if is_asked else say("report.signs_never_asked", lang)
    return Row(say("report.row.signs", lang), told, _all(says), small)


def _denied(on: dt.date, signs: Iterable[Sign], lang: str) -> str:
    named = _listed((sign.question.short.to(lang) for sign in signs), lang)
    return say("report.signs_denied", lang, day=_day(on, lang), signs=named)


def _not_asked(page: Doctor, catalogue: Catalogue, lang: str) -> Iterator[str]:
    """Name each sign nobody asked about; of a screen that was not asked at all, the screen and how many it holds."""
    asked = {sign.question.group for sign in (*page.present, *page.denied)}
    by_group: dict[str, list[Question]] = {}
    for question in page.not_asked:
        by_group.setdefault(question.group, []).append(question)
    for group, questions in by_group.items():
        if group in asked or len(questions) == 1:
            yield from (question.short.to(lang) for question in questions)
        else:
            name = catalogue.groups[group].name.to(lang)
            yield say("report.whole_screen", lang, name=name, n=len(questions))


def _medicines(page: Doctor, lang: str) -> Row:
    says = []
    suspected = [f"{one.name} ({_suspicions(one, lang)})" for one in page.taken if one.suspicions]
    if suspected:
        says.append(say("report.may_provoke", lang, medicines=_listed(suspected, lang)))
    if page.changes:
        told = (_change(one, place, page, lang) for place, one in enumerate(page.changes, 1))
        says.append(say("report.changes", lang, changes=_listed(told, lang)))
    if page.medicines is None and page.taken:
        says.append(say("report.list_not_asked", lang))
    says.append(_pair("report.list.supplements", _named(page.supplements, lang), lang))
    return Row(say("report.row.medicines", lang), _taken(page, lang), _all(says))


def _taken(page: Doctor, lang: str) -> str:
    if page.taken:
        return _listed((_one_taken(one, lang) for one in page.taken), lang)
    return say("report.never_asked" if page.medicines is None else "report.says_none", lang)


def _one_taken(one: Taken, lang: str) -> str:
    words = f"{one.name} {one.dose}" if one.dose else one.name
    return f"{words} ({say('report.from_day', lang, day=_day(one.since, lang))})" if one.since else words


def _suspicions(one: Taken, lang: str) -> str:
    return ", ".join(
        say("report.suspicion", lang, name=each.name.to(lang), strength=say(f"causes.strength.{each.strength}", lang))
        for each in one.suspicions
    )


def _change(one: Change, place: int, page: Doctor, lang: str) -> str:
    """Say a change; the dose of a start is left to the list above where that says it."""
    is_told = one.change == "start" and any((each.name, each.dose) == (one.name, one.dose) for each in page.taken)
    name = f"{one.name} {one.dose}" if one.dose and not is_told else one.name
    return say(f"report.change.{one.change}", lang, n=place, day=_day(one.on, lang), name=name)


def _tried(page: Doctor, lang: str) -> Row:
    label = say("report.row.tried", lang)
    if not page.tried:
        return Row(label, say("report.tried_none", lang))
    return Row(label, _listed((_one_tried(one, lang) for one in page.tried), lang))


def _one_tried(one: Tried, lang: str) -> str:
    done = say("report.done", lang, n=one.done)
    left = [say("report.left_out", lang, n=one.left_out)] if one.left_out else []
    first, last = date(one.first, lang, "d MMM"), date(one.last, lang, "d MMM y")
    counted = ", ".join([done, *left])
    return say("report.tried_one", lang, name=one.name.to(lang), counted=counted, first=first, last=last)


def _asks(page: Doctor, lang: str) -> Row:
    topics = _listed((text.to(lang) for text in page.topics), lang)
    lead = " ".join(page.own_questions)
    about = say("report.asks_about", lang, topics=topics) if topics else ""
    says = (about,) if lead and about else ()
    return Row(say("report.row.asks", lang), lead or about or say("report.asks_nothing", lang), says)


def _details(page: Doctor, catalogue: Catalogue, lang: str) -> Iterator[str]:
    """Say what the episodes recorded hold: how long, how long awake, where, and what helped."""
    if page.minutes:
        yield _pair("report.duration", _spread(page.minutes, "report.in_minutes", lang), lang)
    if page.awake_minutes:
        yield _pair("report.awake", _spread(page.awake_minutes, "report.in_minutes_nights", lang), lang)
    if page.legs:
        yield _pair("report.legs", _each(page.legs, lang, "nights.leg"), lang)
    if page.places:
        yield _pair("report.places", _each(page.places, lang, "nights.place"), lang)
    if page.helped:
        steps = catalogue.relief
        named = {steps[id].name.to(lang) if id in steps else id: n for id, n in page.helped.items()}
        yield _pair("report.helped", ", ".join(f"{name} ({n})" for name, n in named.items()), lang)


def _tests(page: Doctor, catalogue: Catalogue, lang: str) -> Iterator[str]:
    done = _listed(page.tests_done, lang)
    yield say("report.tests_done", lang, tests=done) if done else say("report.tests_none_noted", lang)
    sources = ", ".join(catalogue.sources[one].reference for one in page.tests.sources)
    yield say("report.tests_usual", lang, says=page.tests.we_say.to(lang), sources=sources)


def _causes(page: Doctor, lang: str) -> Iterator[str]:
    for one in page.causes:
        strength = say(f"causes.strength.{one.cause.strength}", lang)
        yield say("report.suspicion", lang, name=one.cause.name.to(lang), strength=strength)


def _picture(page: Doctor, lang: str) -> Picture | None:
    if not any(week.closed for week in page.time_line):
        return None
    marks = [one.on for one in page.changes]
    weeks_ = ", ".join(str(week.cramps) if week.closed else "–" for week in page.time_line)
    first, last = _day(page.time_line[0].first, lang), _day(page.time_line[-1].last, lang)
    describes = say("report.picture_describes", lang, first=first, last=last, weeks=weeks_)
    key = "report.picture_caption_marks" if marks else "report.picture_caption"
    return Picture(charts.time_line(page.time_line, marks, describes, lang), describes, say(key, lang))


def _named(named: tuple[Named, ...] | None, lang: str) -> str:
    if named is None:
        return say("report.never_asked", lang)
    if not named:
        return say("report.says_none", lang)
    on = max(one.on for one in named)
    return f"{', '.join(one.name for one in named)} ({say('report.said_on', lang, day=_day(on, lang))})"


def _spread(found: Spread, key: str, lang: str) -> str:
    middle, least, most = (number(value, lang, "0.#") for value in (found.middle, found.least, found.most))
    return say(key, lang, middle=middle, least=least, most=most, n=found.n)


def _each(counts: Mapping[str, int], lang: str, family: str) -> str:
    return ", ".join(f"{say(f'{family}.{value}', lang)} ({n})" for value, n in counts.items())


def _pair(label: str, value: str, lang: str) -> str:
    return say("report.pair", lang, label=say(label, lang), value=value)


def _listed(items: Iterable[str], lang: str) -> str:
    return say("report.semicolon", lang).join(items)


def _all(says: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, says))


def _day(day: dt.date | None, lang: str) -> str:
    return date(day, lang, "d MMMM y") if day else ""
