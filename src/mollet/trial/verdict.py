"""The one decision rule: from what is believed after the data to one of the words a person reads.

Pure Python, so that the same rule can be read, tested and run anywhere. ``docs/why/verdict.md`` says it in words and
gives the reasons; ``docs/reference/operating.md`` says how often it is right and wrong.
"""

from dataclasses import dataclass
from math import log
from statistics import NormalDist
from typing import Literal

Word = Literal[
    "helps",
    "may_help",
    "cannot_tell",
    "no_use",
    "harms",
    "goes_with_fewer",
    "goes_with_more",
    "nothing_to_compare",
]

SURE = 0.95
LIKELY = 0.80
UNLIKELY = 0.10
WEALTH_TO_STOP = 20.0
SCEPTICAL_SD = 0.35

# Without nights on both arms, or without any cramp, there is no comparison to speak of.
NOTHING_TO_COMPARE = frozenset({"arm_without_nights", "no_cramp"})
# A fit that is not to be trusted carries no word but "cannot tell"; the others take back the words that flatter.
SPOILS_EVERYTHING = frozenset({"poor_fit", "fit_failed"})
SPOILS_PRAISE = frozenset({"unequal_closing", "protocol_changed"})


@dataclass(frozen=True, slots=True)
class Prior:
    """Belief before the data about the log rate ratio: a normal distribution."""

    mean: float = 0.0
    sd: float = 0.5

    def sceptical(self) -> "Prior":
        """Return the twin that expects nothing, and large effects least."""
        return Prior(0.0, min(SCEPTICAL_SD, self.sd))


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of the rate ratio after the data, under one prior.

    Parameters
    ----------
    mean, sd : float
        Of the log rate ratio, B divided by A.
    prob_fewer, prob_worthwhile : float
        Probability that the ratio is below 1, and below the smallest worthwhile ratio.
    prior : Prior
        What was believed before.
    """

    mean: float
    sd: float
    prob_fewer: float
    prob_worthwhile: float
    prior: Prior


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rule must know besides the two beliefs.

    Parameters
    ----------
    worthwhile : float
        The smallest worthwhile rate ratio, chosen before the first night; between 0 and 1.
    is_randomised : bool
        The order of the arms was drawn, and stored before the first night.
    has_ended : bool
        The last night of the plan is over.
    may_be_too_short : bool
        The arms changed every night and the remedy may act more slowly than that.
    wealth : float
        What betting on the coin has made of 1 so far (see :mod:`mollet.trial.wealth`).
    problems : frozenset of str
        What a reader must know, by name.
    """

    worthwhile: float
    is_randomised: bool = False
    has_ended: bool = True
    may_be_too_short: bool = False
    wealth: float = 1.0
    problems: frozenset[str] = frozenset()


def verdict(informed: Belief, sceptical: Belief, circumstances: Circumstances) -> Word:
    """Return the word for a comparison, under the prior of the remedy and under the sceptical one."""
    if circumstances.problems & NOTHING_TO_COMPARE:
        return "nothing_to_compare"
    if circumstances.problems & SPOILS_EVERYTHING:
        return "cannot_tell"
    word = (_of_an_experiment if circumstances.is_randomised else _of_a_diary)(informed, sceptical, circumstances)
    is_flattering = word in ("helps", "may_help", "no_use", "goes_with_fewer")
    return "cannot_tell" if is_flattering and circumstances.problems & SPOILS_PRAISE else word


def _of_an_experiment(informed: Belief, sceptical: Belief, circumstances: Circumstances) -> Word:
    if not circumstances.has_ended:
        return "helps" if circumstances.wealth >= WEALTH_TO_STOP else "cannot_tell"
    if _fewer(informed) and _fewer(sceptical):
        return "helps"
    # What makes cramps more frequent is of no use either: the warning is the word to say.
    if _more(informed) and _more(sceptical):
        return "harms"
    if _is_of_no_use(informed, sceptical, circumstances):
        return "no_use"
    return "may_help" if informed.prob_fewer >= LIKELY else "cannot_tell"


def _of_a_diary(informed: Belief, sceptical: Belief, circumstances: Circumstances) -> Word:
    """Nothing was drawn: the words say what goes together, never what caused it."""
    if _fewer(informed) and _fewer(sceptical):
        return "goes_with_fewer"
    if _more(informed) and _more(sceptical):
        return "goes_with_more"
    return "cannot_tell"


def _fewer(belief: Belief) -> bool:
    return belief.prob_fewer >= SURE


def _more(belief: Belief) -> bool:
    return 1 - belief.prob_fewer >= SURE


def _is_of_no_use(informed: Belief, sceptical: Belief, circumstances: Circumstances) -> bool:
    both = (informed, sceptical)
    return (
        all(belief.prob_worthwhile <= UNLIKELY for belief in both)
        and all(could_show(belief, circumstances.worthwhile) for belief in both)
        and not circumstances.may_be_too_short
    )


def could_show(belief: Belief, worthwhile: float) -> bool:
    """Tell whether these nights were enough to show the smallest worthwhile effect, had it been there.

    A narrow prior alone makes a large effect improbable; that is no finding. So the data by themselves, an estimate of
    precision ``1/sd**2 - 1/prior.sd**2``, must have been able to bring P(fewer) to 0.95 if the estimate had fallen
    exactly on the smallest worthwhile ratio: the experiment would then more likely than not have shown it. That even
    chance is our choice; a stricter one would make "no use" unreachable for who cramps rarely.
    """
    before = 1 / belief.prior.sd**2
    information = 1 / belief.sd**2 - before
    if information <= 0:
        return False
    mean = belief.sd**2 * (information * log(worthwhile) + before * belief.prior.mean)
    return mean <= -NormalDist().inv_cdf(SURE) * belief.sd


def of_twenty(probability: float) -> int:
    """Return a probability as so many of 20; never none and never all, for no diary makes anything certain."""
    return min(19, max(1, round(20 * probability)))
