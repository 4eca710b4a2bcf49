"""The example diary: a year made by the model of the report, kept in a folder of its own."""

import datetime as dt

from mollet.report.example import example_entries
from mollet.store import models, write

SEED = 20261101
"""Fixed, so that everybody's example is the same year, counted back from the day it is made."""


def ensure(person: models.Person, today: dt.date) -> int:
    """Fill an empty diary with the example year; one that holds anything stays as it is.

    Returns
    -------
    int
        How many entries were written.
    """
    if models.Entry.objects.filter(person=person).exists():
        return 0
    return len(write.record(person, example_entries(SEED, today, person.zone)))
