"""What was typed in a form, field by field: what cannot be read becomes a problem beside its field, never a loss."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as default

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a form that cannot be taken as it stands: the field, the key of its words and what they quote."""

    field: str
    key: str
    values: Mapping[str, object] = default(default_factory=dict)


class Typed:
    """The fields of one form; every reader returns a value or None, and notes a problem where something was wrong."""

    def __init__(self, fields: QueryDict) -> None:
        self.fields = fields
        self.problems: list[Problem] = []

    def text(self, name: str, most: int = 4000) -> str | None:
        """Read words, without the blanks around them; empty is None."""
        words = (self.fields.get(name) or "").strip()
        if len(words) > most:
            self._wrong(name, "too_long", n=most)
            return None
        return words or None

    def lines(self, name: str) -> tuple[str, ...]:
        """Read a list of which each line is one item; a comma between two names separates them too."""
        return tuple(part.strip() for part in re.split(r"[\n;]+|,(?!\d)", self.fields.get(name) or "") if part.strip())

    def whole(self, name: str, least: int, most: int) -> int | None:
        """Read a whole number between two bounds."""
        value = self.number(name, least, most)
        if value is not None and value != int(value):
            self._wrong(name, "not_whole", typed=self.fields[name], least=least, most=most)
            return None
        return None if value is None else int(value)

    def number(self, name: str, least: float, most: float) -> float | None:
        """Read a number between two bounds, with a decimal point or comma, and with thousands set apart or not.

        "1.500" may be either: thousands, where that is within the bounds.
        """
        typed = re.sub(r"[\s'’]", "", self.fields.get(name) or "")
        if not typed:
            return None
        readings = _readings(typed)
        if not readings:
            self._wrong(name, "not_number", typed=self.fields[name])
            return None
        found = next((value for value in readings if least <= value <= most), None)
        if found is None:
            self._wrong(name, "out_of_range", typed=self.fields[name], least=f"{least:g}", most=f"{most:g}")
        return found

    def day(self, name: str) -> dt.date | None:
        """Read a date as browsers send it."""
        typed = (self.fields.get(name) or "").strip()
        try:
            return dt.date.fromisoformat(typed) if typed else None
        except ValueError:
            self._wrong(name, "not_date", typed=typed)
            return None

    def clock(self, name: str) -> dt.time | None:
        """Read a time of day: 3:10, 03:10, 3h10 or 3.10."""
        typed = (self.fields.get(name) or "").strip()
        if not typed:
            return None
        match = re.fullmatch(r"(\d{1,2})\s*[:hH.]\s*(\d{2})?(?::\d{2})?", typed)
        if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
            self._wrong(name, "not_time", typed=typed)
            return None
        return dt.time(int(match[1]), int(match[2] or 0))

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """Read one of the values that the page offered."""
        typed = self.fields.get(name) or None
        if typed is not None and typed not in allowed:
            self._wrong(name, "not_offered", typed=typed)
            return None
        return typed

    def some(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Read the ticked ones of the values that the page offered."""
        return tuple(value for value in self.fields.getlist(name) if value in allowed)

    def missing(self, name: str) -> None:
        """Note that a field without which nothing can be kept was left empty."""
        self._wrong(name, "missing")

    def is_sure(self, name: str) -> bool:
        """Tell whether what stands in a field was asked back once and said to be meant."""
        return bool(self.fields.get(name)) and self.fields.get(f"sure_{name}") == self.fields.get(name)

    def _wrong(self, name: str, reason: str, **values: object) -> None:
        """Note a problem; what was typed there counts as not said until it is mended."""
        quoted = {key: value[:60] if isinstance(value, str) else value for key, value in values.items()}
        self.problems.append(Problem(name, f"form.{reason}", quoted))


def _readings(typed: str) -> list[float]:
    """Return what a number may mean, the likelier first: thousands set apart by points or commas, then decimals."""
    readings = []
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3}){1,2}(,\d{1,6})?", typed):
        readings.append(float(typed.replace(".", "").replace(",", ".")))
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3}){1,2}(\.\d{1,6})?", typed):
        readings.append(float(typed.replace(",", "")))
    if re.fullmatch(r"[+-]?\d{1,9}([.,]\d{1,6})?", typed):
        readings.append(float(typed.replace(",", ".")))
    return readings
