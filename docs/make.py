"""Write the reference pages from the knowledge and the commands; ``--check`` only says which are stale."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import trees
from cases import vignettes

from mollet.cli import COMMANDS, group
from mollet.knowledge import Catalogue, load
from mollet.knowledge.model import Evidence, NameClass, Question, RedFlag, ReliefStep, Remedy
from mollet.words import say

HERE = Path(__file__).resolve().parent / "reference"
MADE = "<!-- Made from the knowledge by `make docs`; change the knowledge, not this page. -->"
TIERS = ("emergency", "same_day", "soon", "routine", "self_care")


def main(arguments: list[str]) -> int:
    """Write every page, or list those that no longer say what the knowledge says."""
    pages = {HERE / f"{name}.md": _page(lines(load())) for name, lines in PAGES.items()}
    if "--check" not in arguments:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path.name for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    if stale:
        print(f"Stale: {', '.join(stale)}. Run `make docs`.", file=sys.stderr)
    return bool(stale)


def _page(lines: Iterable[str]) -> str:
    title, *rest = lines
    return "\n".join([title, "", MADE, "", *rest]).rstrip() + "\n"


def red_flags(catalogue: Catalogue) -> Iterator[str]:
    """Every red flag by urgency, and what its rule asks."""
    yield "# Red flags"
    yield "Silence never clears a flag. Rules speak of answers; see [questions](questions.md)."
    for tier in TIERS:
        yield f"\n## {catalogue.tiers[tier].name.en} · {catalogue.tiers[tier].name.fr}\n"
        for flag in catalogue.red_flags.values():
            if flag.tier == tier:
                yield from _red_flag(flag, catalogue)


def _red_flag(flag: RedFlag, catalogue: Catalogue) -> Iterator[str]:
    yield f"### {flag.name.en} · {flag.name.fr}\n"
    yield f"`{flag.id}`, {flag.code}. {flag.says.en}\n"
    yield "Holds when:\n"
    yield from trees.when(f"red_flags/{flag.id}.toml", catalogue)
    yield ""
    if flag.avoid:
        yield f"Avoid: {', '.join(flag.avoid)}.\n"
    yield _cited(flag.sources, flag.status)


def rules(catalogue: Catalogue) -> Iterator[str]:
    """Rules that have a name, because several others use them."""
    yield "# Named rules"
    yield "Rules that several red flags or contraindications use. Where the answers do not decide one, it is not known."
    yield from trees.named_rules(catalogue)
    yield "\n## Answers that do not go together\n"
    yield "The person is asked to look at them again. Nothing is resolved by it: each answer counts as it was given."
    yield from trees.contradictions(catalogue)


def contraindications(catalogue: Catalogue) -> Iterator[str]:
    """Every contraindication with its rule, what follows when it holds, and what follows while it is not known."""
    yield "# Contraindications"
    yield "What is never offered, offered only after a question, or only with its condition, and to whom. All advice"
    yield "passes this one gate. *Never* and *doctor* take an item out of what is offered; *adapt* keeps it, with its"
    yield "condition."
    for folder, items in (("relief", catalogue.relief), ("remedies", catalogue.remedies)):
        for item in items.values():
            yield from _guards(f"{folder}/{item.id}", item, catalogue)


def _guards(place: str, item: ReliefStep | Remedy, catalogue: Catalogue) -> Iterator[str]:
    written = trees.contraindications(f"{place}.toml")
    if written:
        yield f"\n## {item.name.en} · {item.name.fr}\n"
    for one in written:
        unknown = "asked first" if one["if_unknown"] == "ask_first" else "said as a condition"
        yield f"**{one['outcome']}**; while not known: {unknown}. {one['says']['en']}\n"
        yield from trees.tree(one["when"], catalogue)
        yield f"\n{_cited(tuple(one['sources']), one['status'])}\n"


def remedies(catalogue: Catalogue) -> Iterator[str]:
    """Every remedy with what we say of it and its evidence."""
    yield "# Remedies"
    for remedy in catalogue.remedies.values():
        yield from _remedy(remedy)


def _remedy(remedy: Remedy) -> Iterator[str]:
    yield f"\n## {remedy.name.en} · {remedy.name.fr}\n"
    yield f"`{remedy.id}`: {remedy.stance.replace('_', ' ')}; certainty {remedy.certainty.replace('_', ' ')}.\n"
    yield f"{remedy.does.en} {remedy.says.en}\n"
    yield from _evidence(remedy.evidence)
    for one in remedy.contraindications:
        unknown = one.if_unknown.replace("_", " ")
        yield f"- {one.outcome}, if not known {unknown}: {one.says.en} ({_sources(one.sources)})"
    if remedy.prior:
        yield f"\nPrior of the log rate ratio: Normal({remedy.prior.mean}, {remedy.prior.sd}). {remedy.prior.why.en}\n"
    yield "\n" + _cited(remedy.sources, remedy.status)


def relief(catalogue: Catalogue) -> Iterator[str]:
    """The steps during a cramp, in order."""
    yield "# Relief of a cramp"
    for step in sorted(catalogue.relief.values(), key=lambda one: one.order):
        yield f"\n## {step.order}. {step.name.en} · {step.name.fr}\n"
        yield f"**{step.words.en}** · **{step.words.fr}** ({step.seconds} s). {step.does.en}\n"
        yield f"Stop: {step.stop.en}\n"
        yield from _evidence(step.evidence)
        yield "\n" + _cited(step.sources, step.status)


def causes(catalogue: Catalogue) -> Iterator[str]:
    """Every cause with its strength and figures."""
    yield "# Causes"
    for cause in catalogue.causes.values():
        yield f"\n## {cause.name.en} · {cause.name.fr}\n"
        yield f"`{cause.id}`: {cause.strength}. {cause.says.en}\n"
        yield from _evidence(cause.evidence)
        yield "\n" + _cited(cause.sources, cause.status)


def claims(catalogue: Catalogue) -> Iterator[str]:
    """What is commonly said, what is known, what we say."""
    yield "# Claims"
    for claim in sorted(catalogue.claims.values(), key=lambda one: one.number):
        yield f"\n## {claim.number}. {claim.said.en}\n"
        yield f"{claim.said.fr}\n"
        yield f"**{claim.verdict}**. Known: {claim.known.en} We say: {claim.we_say.en} Screen: `{claim.where}`.\n"
        yield _cited(claim.sources, claim.status)


def questions(catalogue: Catalogue) -> Iterator[str]:
    """Every question by screen: its key, its type, how long its answer holds."""
    yield "# Questions"
    for screen in catalogue.groups.values():
        yield f"\n## {screen.name.en} · {screen.name.fr}\n"
        yield "| key | asked | type | holds |\n| --- | --- | --- | --- |"
        yield from (_question(one) for one in catalogue.questions.values() if one.group == screen.id)
    yield "\n## Boxes of the screen during a cramp\n"
    yield "Each box asks for several things at once; ticked, each of them is answered with yes.\n"
    yield "| box | in French | answers |\n| --- | --- | --- |"
    yield from (f"| {one.name.en} | {one.name.fr} | {', '.join(one.tells)} |" for one in catalogue.signs.values())


def _question(question: Question) -> str:
    values = " ".join(value.id for value in question.values)
    return f"| `{question.id}` | {question.asks.en} | {question.type} {values} | {question.holds} |"


def names(catalogue: Catalogue) -> Iterator[str]:
    """Medicines, illnesses and supplements that are recognised, by class."""
    yield "# Names that are recognised"
    for kind in ("medicines", "illnesses", "supplements"):
        yield f"\n## {kind.capitalize()}\n\n| class | names |\n| --- | --- |"
        yield from (_name_class(one) for one in getattr(catalogue, kind).values())


def _name_class(one: NameClass) -> str:
    every = dict.fromkeys((*one.generic, *one.brand.en, *one.brand.fr, *one.lay.en, *one.lay.fr))
    return f"| {one.name.en} · {one.name.fr} (`{one.id}`) | {', '.join(every)} |"


def sources(catalogue: Catalogue) -> Iterator[str]:
    """Every source, and how far it was read."""
    yield "# Sources"
    yield "Reliability: 1 guideline, systematic review or regulator; 2 trial or cohort; 3 textbook, review or hospital"
    yield "page; 4 general page, used only to document what is said.\n"
    yield "| id | reference | identifier | read | reliability |\n| --- | --- | --- | --- | --- |"
    for one in catalogue.sources.values():
        yield f"| {one.id} | {one.reference} | {one.identifier} | {one.read} | {one.reliability} |"


def commands(catalogue: Catalogue) -> Iterator[str]:
    """Every command with what it does and an example."""
    yield "# Commands"
    yield "Results go to standard output, messages to standard error. Exit 0: done; 1: the input is not usable, and the"
    yield "message says what, where, and that nothing was lost; 2: the command line is wrong. `--json` gives one JSON"
    yield "document, `--lang en|fr` chooses the words, `MOLLET_DATA` names the folder of the diary."
    context = group.make_context("mollet", [], resilient_parsing=True)
    for name in COMMANDS:
        assert group.get_command(context, name) is not None
        example = say(f"cli.example.{name}", "en")
        yield f"\n## mollet {name}\n\n{say(f'cli.help.{name}', 'en')}\n\n```\n{example}\n```"


def _evidence(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    for one in evidence:
        sure = f"; {one.certainty.replace('_', ' ')}" if one.certainty else ""
        yield f"- {one.outcome}{sure}: {one.says.en} ({_sources(one.sources)}; {one.status})"


def _cited(ids: tuple[str, ...], status: str) -> str:
    return f"Sources: {_sources(ids)} · {status}"


def _sources(ids: tuple[str, ...]) -> str:
    return ", ".join(f"[{one}](sources.md)" for one in ids) or "none"


PAGES: dict[str, Callable[[Catalogue], Iterator[str]]] = {
    "red-flags": red_flags,
    "rules": rules,
    "contraindications": contraindications,
    "vignettes": vignettes,
    "remedies": remedies,
    "relief": relief,
    "causes": causes,
    "claims": claims,
    "questions": questions,
    "names": names,
    "sources": sources,
    "commands": commands,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
