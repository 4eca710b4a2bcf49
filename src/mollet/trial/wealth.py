"""Betting on the coin that chose the order of each pair: the only voice that may speak before the planned end.

If the remedy changes nothing, the coin is independent of every count, so that a gambler who bets on "the remedy was the
quieter half" cannot be expected to win: wealth is a non-negative martingale that starts at 1, and by Ville's inequality
it ever reaches 20 in at most 5 % of useless experiments, however often one looks. The idea of sequential tests by
betting: Shafer 2021 (J R Stat Soc A 184:407); Ramdas et al. 2023 (Stat Sci 38:576).
"""

import datetime as dt
from collections.abc import Mapping
from math import exp
from statistics import mean, variance

from mollet.trial.protocol import Period, Protocol

# Sizes of effect that are bet on; the wealths are averaged, so that none has to be chosen.
BETS = (0.1, 0.2, 0.35, 0.6, 1.0)


def wealth(protocol: Protocol, counts: Mapping[dt.date, int]) -> float:
    """Return what 1 has become after every completed pair.

    Parameters
    ----------
    protocol : Protocol
        Blocks of two periods whose order a fair coin chose; other blocks carry no bet.
    counts : mapping of date to int
        Cramps of each closed night. A pair is complete when its last night is past the last closed one or is it.
    """
    latest = max(counts, default=dt.date.min)
    wealths = [1.0] * len(BETS)
    for pair in protocol.blocks():
        if {one.arm for one in pair} == {0, 1} and len(pair) == 2 and pair[-1].last <= latest:
            advantage = _advantage(pair, counts)
            wealths = [held * 2 / (1 + exp(-bet * advantage)) for held, bet in zip(wealths, BETS, strict=True)]
    return mean(wealths)


def _advantage(pair: tuple[Period, ...], counts: Mapping[dt.date, int]) -> float:
    """Cramps that the nights on A had more than those on B, in units of their scatter; 0 where one half is empty."""
    a, b = (_of(next(one for one in pair if one.arm == arm), counts) for arm in (0, 1))
    if not a or not b:
        return 0.0
    both = a + b
    average = mean(both)
    scatter = max(1.0, variance(both) / average) if average else 1.0
    return max(-500.0, min(500.0, (mean(a) - mean(b)) * min(len(a), len(b)) / scatter))


def _of(period: Period, counts: Mapping[dt.date, int]) -> list[int]:
    return [count for night, count in counts.items() if period.first <= night <= period.last]
