"""The clinical cases of the tests, with what comes out of them."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mollet.advice.triage import triage
from mollet.diary.facts import resolve
from mollet.knowledge import Catalogue

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "vignettes"
ADVICE = {
    "blind_advice": "written without sight of the rules",
    "outside_advice": "by an outside examiner",
    "advice": "written after the rules",
}
"""Folders of cases of advice, and how they came about."""


def _files(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text(encoding="utf-8"))


def vignettes(catalogue: Catalogue) -> Iterator[str]:
    """Every clinical case: what is answered, what must come out, what does; and how often they agree."""
    yield "# Clinical cases"
    yield "Each case names its source: what a person answers, and the urgency and findings that must come out."
    yield "**No clinician has reviewed them**, and the rules were written by the same hands: agreement here shows that"
    yield "the rules do what was meant, not that what was meant is right.\n"
    yield from _listed(FOLDER, catalogue)
    yield "\n## Written without sight of the rules\n"
    yield "These were written from the sources and committed before their author had opened a rule. Rules that were"
    yield "wrong by them have been mended since, and a case only where it spoke against its own source (its file says"
    yield "so): that they agree today says little. The first run stands under [measured figures](measured.md).\n"
    yield from _listed(FOLDER / "blind", catalogue)
    yield "\n## Written by an outside examiner\n"
    yield "These were written by somebody who knew the sources, the table of red flags made from them and the keys of"
    yield "the answers, and had opened no rule and no case; frozen, then run once. That run stands under"
    yield "[measured figures](measured.md). Where another urgency was first written than came out, the case says so.\n"
    yield from _listed(FOLDER / "outside", catalogue)
    yield "\n## As people type them\n"
    yield "Several illnesses and medicines at once, much left out, half of them ordinary cramps frighteningly told."
    yield "Written from guidelines and committed before their author had opened a rule, the table of red flags or an"
    yield "earlier case (but for the form of two); run once. That run stands under [measured figures](measured.md)."
    yield "Where another urgency was first written than came out, the case says so.\n"
    yield from _listed(FOLDER / "typed", catalogue)
    yield "\n## By two examiners\n"
    yield "People with many illnesses and medicines, as they would tell it, by two examiners who knew only the keys of"
    yield "the answers: no rule, no table of red flags, no case. Frozen, then run once. That run stands under"
    yield "[measured figures](measured.md). Where another urgency was first written than came out, the case says so."
    yield "What each was written from stands in its file, often from memory.\n"
    yield from _listed(FOLDER / "examined", catalogue)
    yield from _advice()
    yield from _pinned()


def _advice() -> Iterator[str]:
    """Every case about what a person is given and refused."""
    yield "\n## What is given and refused\n"
    yield "Everybody here has ordinary night cramps and answered everything, but for what stands in the second line."
    yield "The first ones were written from the sources and committed before their author had opened a rule of the"
    yield "advice; what came out at their first run stands under [measured figures](measured.md). The others were"
    yield "decided from the same sources after the rules had been read."
    for folder, written in ADVICE.items():
        for name, file in _files(FOLDER / folder):
            yield f"\n### {name.replace('_', ' ').capitalize()}, {written}\n"
            for case in file["advice"]:
                yield from _case_of_advice(case)


def _case_of_advice(case: dict[str, Any]) -> Iterator[str]:
    setting = {"id", "title", "source", "answers", "unknown", "silent", "names_unknown"}
    asks = "; ".join(f"{key.replace('_', ' ')} {_asked(value)}" for key, value in case.items() if key not in setting)
    unknown = [f"{one} not answered" for one in case.get("unknown", ())]
    nothing_else = ["nothing else answered"] if case.get("silent") else []
    answers = [f"{key} = {_value(value)}" for key, value in case["answers"].items()]
    sources = ", ".join(f"[{one}](sources.md)" for one in case["source"])
    yield f"- **{case['title']}** (`{case['id']}`): {asks}. {sources}"
    yield f"  `{', '.join([*answers, *unknown, *nothing_else]) or 'nothing in particular'}`"


def _asked(value: object) -> str:
    """What a case asks: items, words for an item, or items under an alarm."""
    if isinstance(value, dict):
        return ", ".join(f"{one} ({_asked(words)})" for one, words in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else _value(value)


def _listed(folder: Path, catalogue: Catalogue) -> Iterator[str]:
    yield from _summary(folder, catalogue)
    own = folder == FOLDER
    for name, file in _files(folder):
        yield f"\n{'##' if own else '###'} {name.replace('_', ' ').capitalize()}\n"
        for case in file["case"]:
            yield from _case(case, own)


def outcome(case: dict[str, Any], catalogue: Catalogue) -> str:
    """Whether a case comes out exactly as urgent as it must, more urgent, or less."""
    got = triage(resolve(case["answers"], catalogue), catalogue).tier
    difference = catalogue.tiers[got].rank - catalogue.tiers[case["tier"]].rank
    return "exact" if difference == 0 else "over" if difference > 0 else "under"


def _summary(folder: Path, catalogue: Catalogue) -> Iterator[str]:
    cases = [case for _, file in _files(folder) for case in file["case"]]
    yield "| urgency that must come out | cases | exact | over | under |\n| --- | --- | --- | --- | --- |"
    total: Counter[str] = Counter()
    for tier in catalogue.tiers:
        counts = Counter(outcome(case, catalogue) for case in cases if case["tier"] == tier)
        total += counts
        yield _row(tier.replace("_", " "), counts)
    yield _row("all", total)


def _row(name: str, counts: Counter[str]) -> str:
    return f"| {name} | {counts.total()} | {counts['exact']} | {counts['over']} | {counts['under']} |"


def _case(case: dict[str, Any], names_findings: bool) -> Iterator[str]:
    found = ", ".join(case["findings"]) or "nothing"
    denied = f"; not {', '.join(case['not_findings'])}" if case.get("not_findings") else ""
    said = ", ".join(f"{key} = {_value(value)}" for key, value in case["answers"].items())
    sources = " ".join([", ".join(f"[{one}](sources.md)" for one in case["source"]), case.get("text", "")]).strip()
    finds = f" Finds {found}{denied}." if names_findings else ""
    yield f"- **{case['title']}** (`{case['id']}`): {case['tier'].replace('_', ' ')}.{finds} {sources}"
    yield f"  `{said}`"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def _pinned() -> Iterator[str]:
    files = dict(_files(FOLDER / "clauses"))
    flags = sum(len(file.get("flag", ())) for file in files.values())
    gate = [one for file in files.values() for one in file.get("gate", ())]
    hand = sum(bool(one.get("by_hand")) for one in gate)
    yield "\n## Clauses\n"
    yield f"Beside these cases {flags} sets of answers pin the clauses of the red flags, and {len(gate)} those of the"
    yield f"gate ({hand} of them written by hand from the guards of the sources, the others found from the rules). A"
    yield "pinned one says that a rule still is what it was; it is no case of a person. All stand in"
    yield "`tests/vignettes/clauses/`."
