"""Write evidence as JSON: what was found, how sure that is, and who says so."""

from typing import Any

from mollet.knowledge.model import Evidence


def evidence_to_json(one: Evidence, lang: str) -> dict[str, Any]:
    """Return one piece of evidence in one language."""
    written: dict[str, Any] = {"outcome": one.outcome, "says": one.says.to(lang)}
    if one.certainty:
        written["certainty"] = one.certainty
    if one.rated_by:
        written["rated_by"] = one.rated_by
    return {**written, "sources": list(one.sources), "status": one.status}
