"""A cramp that does not let go: the signs of the ten-minute screen, and what the rules say of them."""

from mollet.advice.triage import Triage, triage
from mollet.diary.facts import resolve
from mollet.knowledge import Catalogue, KnowledgeError
from mollet.knowledge.rules import Compare, Rule

TEN_MINUTE_FLAG = "lasting_cramp"
STILL_HARD = "still_hard_after_stretch"
MINUTES = "this_cramp_minutes"


def judge(catalogue: Catalogue, ticked: list[str], *, late: bool, country: str = "FR") -> Triage:
    """Triage the ticked signs of this cramp; a sign that was not ticked is not known."""
    answers: dict[str, object] = {fact: True for sign in ticked for fact in catalogue.signs[sign].tells}
    if late:
        answers[MINUTES] = asking_minute(catalogue)
    return triage(resolve(answers, catalogue), catalogue, country)


def asking_minute(catalogue: Catalogue) -> float:
    """Return the minute at which the screen asks: the one in the rule of the lasting cramp."""
    return threshold(catalogue.red_flags[TEN_MINUTE_FLAG].when, MINUTES)


def threshold(rule: Rule, fact: str) -> float:
    """Return the limit that a rule sets for a number.

    Raises
    ------
    KnowledgeError
        The rule sets none: a limit is looked for, never invented.
    """
    parts = [rule]
    while parts:
        part = parts.pop()
        if isinstance(part, Compare) and part.name == fact and isinstance(part.limit, int | float):
            return part.limit
        parts.extend(part.parts())
    raise KnowledgeError("error.knowledge.no_threshold", flag=TEN_MINUTE_FLAG, fact=fact)
