"""Random answers of people who may say anything, and the answers of an ordinary night cramp."""

from hypothesis import strategies as st

from mollet.knowledge import load
from mollet.knowledge.model import Question

NAMES = {
    "medicine": ["ramipril", "spironolactone", "Kardégic", "simvastatine", "water tablets", "warfarin", "xyzabc"],
    "illness": ["type 2 diabetes", "dialysis", "artérite", "heart failure", "asthma", "kidney disease", "xyzabc"],
    "supplement": ["magnesium", "salt substitute", "vitamin K2", "tonic water", "xyzabc"],
}


def values_of(question: Question) -> st.SearchStrategy[object]:
    """Any answer to a question, names that nobody knows and names that leave something open among them."""
    if question.type == "boolean":
        return st.booleans()
    if question.type == "number":
        return st.integers(int(question.min or 0), int(question.max or 100))
    choices = [choice.id for choice in question.values]
    if question.type == "choice":
        return st.sampled_from(choices)
    return st.lists(st.sampled_from(NAMES.get(str(question.list_of), choices)), max_size=3, unique=True)


def answers() -> st.SearchStrategy[dict[str, object]]:
    """Any answers to any of the questions."""
    return st.fixed_dictionaries({}, optional={one.id: values_of(one) for one in load().questions.values()})


def ordinary(**more: object) -> dict[str, object]:
    """Someone with ordinary night cramps, who answered every question."""
    denied: dict[str, object] = {one.id: False for one in load().questions.values() if one.type == "boolean"}
    return {
        **denied,
        "age_years": 50,
        "sex": "female",
        "answering_for": "self",
        "main_problem": "cramp",
        "site": "calf",
        "side": "alternating",
        "at_night": True,
        "relieved_by_stretching": True,
        "tetanus_vaccine_up_to_date": True,
        "cramps_per_week": 1,
        "duration_minutes": 3,
        "this_cramp_minutes": 0,
        "symptom_days": 900,
        "pain_severity": 6,
        "walking_distance_metres": 5000,
        "medicines": [],
        "conditions": [],
        "supplements": [],
        "asks_about": [],
        **more,
    }
