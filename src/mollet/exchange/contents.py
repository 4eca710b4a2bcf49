"""What a file of the diary holds, counted in what is written: what is said to leave is what does."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from mollet.exchange import diary_csv, fhir, fhir_terms
from mollet.exchange.privacy import Leaving

_DAY = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])")
_RESOURCES = {"MedicationStatement": "medicine", "Condition": "condition", "CarePlan": "plan"}
_OBSERVATIONS = {
    fhir_terms.NIGHT: "night",
    fhir_terms.CRAMP: "cramp",
    fhir_terms.HABIT: "exposure",
    fhir_terms.DONE: "dose",
    fhir_terms.MEASURED: "measure",
}


def of_file(name: str, text: str, out: Leaving, since: dt.date | None = None, until: dt.date | None = None) -> Leaving:
    """Narrow what leaves to what a written file of it holds.

    Parameters
    ----------
    name : str
        Format of the file.
    text : str
        The file, as it was written.
    out : Leaving
        What may leave at the level that was chosen; the file was written of it.
    since, until : date or None
        First and last night that were asked for.
    """
    whole = Counter(out.kinds) + Counter(out.stays)
    kinds, settings = out.kinds, out.settings
    if name == diary_csv.NAME:
        kinds, settings = diary_csv.kinds(out.diary, since, until), ()
    elif name == fhir.NAME:
        kinds, settings = _of_bundle(text), ("zone",) if f'"{fhir_terms.ZONE}"' in text else ()
    stays = {kind: n - kinds.get(kind, 0) for kind, n in sorted(whole.items()) if n > kinds.get(kind, 0)}
    first, last = _days(text)
    return replace(out, kinds=dict(sorted(kinds.items())), stays=stays, first=first, last=last, settings=settings)


def _of_bundle(text: str) -> Mapping[str, int]:
    """Count the resources of a Bundle, and the answers within them."""
    kinds: Counter[str] = Counter()
    for entry in json.loads(text)["entry"]:
        resource = entry["resource"]
        type_ = resource["resourceType"]
        if type_ == "Observation":
            codes = {coding["code"] for coding in resource["code"]["coding"] if coding["system"] == fhir_terms.OWN}
            kinds.update(kind for code, kind in _OBSERVATIONS.items() if code in codes)
        elif type_ == "QuestionnaireResponse":
            kinds["answer"] += len(resource["item"])
        elif type_ in _RESOURCES:
            kinds[_RESOURCES[type_]] += 1
    return kinds


def _days(text: str) -> tuple[dt.date | None, dt.date | None]:
    """First and last day that is written in a file."""
    found = []
    for written in set(_DAY.findall(text)):
        try:
            found.append(dt.date.fromisoformat(written))
        except ValueError:
            continue
    return min(found, default=None), max(found, default=None)
