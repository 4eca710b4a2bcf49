"""The check-up, screen by screen: which one comes next, and how many may still come."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from mollet.advice.triage import AskNext, Triage
from mollet.diary.facts import resolve
from mollet.knowledge.model import Catalogue, RedFlag
from mollet.knowledge.rules import Facts, leaves


def next_screen(result: Triage, catalogue: Catalogue, seen: Collection[str] = ()) -> AskNext | None:
    """Return the screen to show next; one already seen in this round is not shown again for what stays not known.

    What was left open on a screen keeps the triage open: the page of the result says so.
    """
    if result.ask_next is None or result.ask_next.group not in seen:
        return result.ask_next
    left = screens_left(result, catalogue, seen)
    return left[0] if left else None


def screens_left(result: Triage, catalogue: Catalogue, seen: Collection[str] = ()) -> tuple[AskNext, ...]:
    """Return the screens that could still change the tier, in their order; answers on one may close others.

    What was answered is not asked again, though it may have left something open.
    """
    return _screens(result.unasked, catalogue, seen)


def screens_open(result: Triage, catalogue: Catalogue) -> tuple[AskNext, ...]:
    """Return the screens on which something is open, those included whose answers could not be read."""
    return _screens(result.open, catalogue, ())


def _screens(open_keys: Iterable[str], catalogue: Catalogue, seen: Collection[str]) -> tuple[AskNext, ...]:
    keys: dict[str, list[str]] = {}
    for key in open_keys:
        keys.setdefault(catalogue.questions[key].group, []).append(key)
    return tuple(
        AskNext(group, tuple(keys[group])) for group in catalogue.groups if group in keys and group not in seen
    )


def screens_for(said: Mapping[str, object], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the screens that may concern a person of this age and sex, in their order.

    One is left out where nothing on it was answered, and age and sex say no to each of its questions or to every alarm
    that asks for it. What is not known leaves nothing out, nor do answers that contradict each other.
    """
    facts = resolve(said, catalogue)
    if any(one.when.value(facts.values) for one in catalogue.contradictions.values()):
        return tuple(catalogue.groups)
    who = resolve({key: said[key] for key in ("age_years", "sex") if key in said}, catalogue)
    concerns = {one.group for one in catalogue.questions.values() if one.id in said or _may_be(one.id, who, catalogue)}
    return tuple(group for group in catalogue.groups if group in concerns)


def _may_be(question: str, who: Facts, catalogue: Catalogue) -> bool:
    """Whether a question is worth asking of such a person; one that no alarm asks for always is."""
    if who.values.get(question) is False:
        return False
    flags = _asking(catalogue).get(question, ())
    return not flags or any(flag.when.value(who.values) is not False for flag in flags)


@lru_cache(maxsize=4)
def _asking(catalogue: Catalogue) -> Mapping[str, tuple[RedFlag, ...]]:
    """Alarms that a yes to each question speaks for, by question."""
    found: dict[str, dict[str, RedFlag]] = {}
    for flag in catalogue.red_flags.values():
        for leaf, is_negated in leaves(flag.when):
            if not is_negated:
                found.setdefault(leaf.name, {})[flag.id] = flag
    return {name: tuple(flags.values()) for name, flags in found.items()}
