"""A look back at the routine after the weeks it was to be tried: how often it was done, the nights before and since."""

import datetime as dt
from dataclasses import dataclass

from mollet.diary import fold
from mollet.diary.fold import Diary
from mollet.diary.nights import Night
from mollet.diary.summary import Summary, summary
from mollet.knowledge.model import Catalogue

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Review:
    """The weeks of a trial, and what is known of them.

    Parameters
    ----------
    begun : date
        First night on which a part of the routine was done.
    due : date
        The day on which to look back.
    weeks : int
        How long it was to be tried.
    done : int
        Nights of the trial so far on which a part was done.
    nights : int
        Nights of the trial so far.
    before, during : Summary
        As many weeks before it, and the trial so far.
    is_due : bool
        Whether the weeks are over.
    """

    begun: dt.date
    due: dt.date
    weeks: int
    done: int
    nights: int
    before: Summary
    during: Summary
    is_due: bool


def review(diary: Diary, weeks: int | None, today: dt.date, catalogue: Catalogue) -> Review | None:
    """Return the look back, while the routine is tried and when its weeks are over; none before it was begun.

    Parameters
    ----------
    diary : Diary
        The person's.
    weeks : int or None
        For how long the plan says to try it.
    today : date
        The last night that may count is the one before.
    catalogue : Catalogue
        What is known: it says which remedies belong to the routine.
    """
    routine = {one.id for one in catalogue.remedies.values() if one.plan and one.plan.when == "bedtime"}
    done = {dose.night for dose in fold.doses(diary, dt.date.min, today) if dose.done and dose.remedy in routine}
    if not done or weeks is None:
        return None
    begun = min(done)
    due = begun + dt.timedelta(weeks=weeks)
    last = max(min(due, today) - _ONE_DAY, begun)
    return Review(
        begun=begun,
        due=due,
        weeks=weeks,
        done=sum(1 for night in done if night <= last),
        nights=(last - begun).days + 1,
        before=_summary(diary, begun - dt.timedelta(weeks=weeks), begun - _ONE_DAY),
        during=_summary(diary, begun, last),
        is_due=today >= due,
    )


def _summary(diary: Diary, first: dt.date, last: dt.date) -> Summary:
    """Sum up a span; one that has no night, where a zone skipped it, is a night of which nothing was said."""
    return summary(fold.nights(diary, first, last) or [Night(first)])
