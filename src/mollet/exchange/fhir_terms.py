"""Codes and names of FHIR R4 that the diary uses; ``docs/reference/fhir.md`` says which of them means what."""

from typing import Any

Json = dict[str, Any]

OWN = "urn:mollet:fhir:diary"
NIGHT_NAME = "urn:mollet:fhir:night"
QUESTIONNAIRE = "urn:mollet:fhir:check-up"

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ZONE = "http://hl7.org/fhir/StructureDefinition/tz-code"

NIGHT, CRAMP, AWAKE, SLEEP, SEVERITY, DURATION = (
    *("cramps-of-a-night", "cramp", "minutes-awake", "sleep-0-10"),
    *("severity", "duration"),
)
HABIT, REMEDY, DONE, AMOUNT, MEASURED = "habit", "remedy", "remedy-done", "amount", "measured"
LEG, PLACE, HELPED, WOKE, NONE = "leg", "place", "helped", "woke", "none"

DISPLAY = {
    NIGHT: "Leg cramps of one night, as said in the morning",
    CRAMP: "Leg cramp",
    AWAKE: "Minutes awake because of cramps",
    SLEEP: "Sleep, 0 to 10",
    SEVERITY: "Worst pain, 0 to 10",
    DURATION: "Duration of the cramp",
    LEG: "Leg",
    PLACE: "Part of the leg",
    HELPED: "What helped",
    WOKE: "Woken by it",
    NONE: "None",
    HABIT: "Habit of a day",
    REMEDY: "Remedy",
    DONE: "Remedy done on a day",
    AMOUNT: "Amount",
    MEASURED: "Sum or last value of a day, as a device or program counted it",
}
PLAN_NOTE = "Self-care offered by software from the person's own answers. Nobody has ordered it."
# What a device counted in a day: the code others know, where there is one; the category, and the unit in UCUM.
MEASURES: dict[str, tuple[Json | None, str]] = {
    "steps": ({"system": LOINC, "code": "55423-8", "display": "Number of steps"}, "activity"),
    "weight_kg": ({"system": LOINC, "code": "29463-7", "display": "Body weight"}, "vital-signs"),
}
UNITS = {"ml": "mL", "mg": "mg", "g": "g", "kg": "kg", "min": "min", "hours": "h"}
SEVERITY_CODE = {
    "system": LOINC,
    "code": "72514-3",
    "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
}
# Seen with these names in public guides; some countries ask for a licence, so they are written only when asked for.
CRAMP_IN_LOWER_LEG = {"system": SNOMED, "code": "449918009", "display": "Cramp in lower leg"}
CRAMP_IN_LOWER_LIMB = {"system": SNOMED, "code": "449917004", "display": "Cramp in lower limb"}
CRAMP_CONDITION = (
    {"system": ICD_10, "code": "R25.2", "display": "Cramp and spasm"},
    {"system": ICD_10_CM, "code": "G47.62", "display": "Sleep related leg cramps"},
)


def own(code: str, display: str | None = None) -> Json:
    """Return a coding of our own."""
    return {"system": OWN, "code": code, "display": display or DISPLAY[code]}


def concept(*codings: Json, text: str | None = None) -> Json:
    """Return codings with the words that stay when nobody knows the codes."""
    return {"coding": list(codings), "text": text or codings[0]["display"]}


def component(code: str, value: Json, *codings: Json) -> Json:
    """Return a part of an observation under our own code and, before it, those of others."""
    return {"code": concept(*codings, own(code), text=DISPLAY[code]), **value}


def category(code: str) -> Json:
    """Return the category of an observation."""
    return {"coding": [{"system": CATEGORY, "code": code, "display": code.replace("-", " ").capitalize()}]}


def quantity(kind: str, value: float) -> Json:
    """Return an amount whose unit ends the name of its kind; a number of things where none does."""
    unit = UNITS.get(kind.rpartition("_")[2])
    return {"value": value, "unit": unit or kind, "system": UCUM, "code": unit or "{#}"}


def minutes(value: float) -> Json:
    """Return a number of minutes as a quantity."""
    return {"valueQuantity": {"value": value, "unit": "min", "system": UCUM, "code": "min"}}


SURVEY = category("survey")
