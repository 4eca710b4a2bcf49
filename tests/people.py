"""The few people the tests live with, and what they say."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from mollet.diary.entries import Cramp, Data, Entry, Night, Withdrawn

_NAMES = UUID("5e0f5a0c-61d8-4f0e-9d6b-0d8f3a4b7c21")


@dataclass(frozen=True)
class Someone:
    """A person, where they live, and what the check-up would know of them."""

    name: str
    language: str
    zone: str
    answers: dict[str, Any] = field(default_factory=dict)

    def uuid(self, *words: object) -> UUID:
        """An id of this person's that the same words always give again."""
        return uuid5(_NAMES, "/".join([self.name, *map(str, words)]))

    def moment(self, written: str) -> dt.datetime:
        """A local date and time, with the offset of where the person lives."""
        return dt.datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(self.zone))

    def says(self, data: Data, at: str, *, word: object = None, said: str | None = None) -> Entry:
        """A first saying about a new thing."""
        key = (at, data, word)
        moment = self.moment(at)
        told = self.moment(said) if said else moment
        return Entry(1, self.uuid("id", *key), self.uuid("about", *key), (), moment, self.zone, told, data)

    def corrects(self, *earlier: Entry, data: Data, minutes: float = 1, word: object = None) -> Entry:
        """A later saying about the thing of the first of the earlier ones, replacing them all."""
        first = earlier[0]
        said = max(entry.said for entry in earlier) + dt.timedelta(minutes=minutes)
        replaced = tuple(entry.id for entry in earlier)
        return replace(first, id=self.uuid("id", replaced, data, word), replaces=replaced, said=said, data=data)

    def undoes(self, *earlier: Entry, minutes: float = 1) -> Entry:
        """The thing is taken back."""
        return self.corrects(*earlier, data=Withdrawn(), minutes=minutes)

    def cramps_at(self, at: str, **marks: Any) -> Entry:
        """A cramp whose onset is known."""
        return self.says(Cramp(**marks), at)

    def answers_night(self, night: str, cramps: int, *, word: object = None, said: str | None = None) -> Entry:
        """The morning answer, given at seven the next morning."""
        date = dt.date.fromisoformat(night)
        morning = f"{date + dt.timedelta(days=1)} 07:00"
        return self.says(Night(cramps=cramps, night=date), morning, word=word, said=said)


claire = Someone(
    "claire",
    "fr",
    "Europe/Paris",
    {
        "age_years": 67,
        "sex": "female",
        "site": "calf",
        "at_night": True,
        "cramps_per_week": 3,
        "medicines": ["atorvastatine"],
    },
)
marc = Someone(
    "marc",
    "fr",
    "America/Montreal",
    {"age_years": 41, "sex": "male", "site": "calf", "after_exercise": True, "medicines": [], "conditions": []},
)
awa = Someone(
    "awa",
    "fr",
    "Africa/Dakar",
    {"age_years": 31, "sex": "female", "pregnant": True, "site": "calf", "at_night": True, "medicines": []},
)
george = Someone(
    "george",
    "en",
    "Europe/London",
    {
        "age_years": 78,
        "sex": "male",
        "site": "calf",
        "medicines": ["ramipril", "furosemide"],
        "conditions": ["kidney disease"],
    },
)
noor = Someone("noor", "en", "Pacific/Auckland", {"age_years": 52, "sex": "female", "site": "foot"})
