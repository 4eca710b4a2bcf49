"""The check-up, screen by screen: which one comes next, and how many may still come."""

from collections.abc import Collection, Iterable

from mollet.advice.triage import AskNext, Triage
from mollet.knowledge.model import Catalogue


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
