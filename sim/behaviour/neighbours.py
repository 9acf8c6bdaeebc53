"""How people answer to being told, asked and called together. All of it is monotone in what helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Floats, Ints


def noticed(most_yuan: float, attention: Floats, worth_yuan: Floats) -> Floats:
    """Attention after something worth noticing, both in yuan-equivalents: each word adds less than the one before."""
    room = np.maximum(most_yuan - attention, 0)
    return attention + room * -np.expm1(-np.maximum(worth_yuan, 0) / most_yuan)


def turn(night: int, person: Ints, again_days: int) -> Ints:
    """For which time a person makes up his mind, so that asking him again before he thinks anew changes nothing.

    People do not all think anew in the same night: each has his own.
    """
    return (night + person % again_days) // again_days


@dataclass(frozen=True, slots=True)
class Together:
    """Whether people gather others, take part, and hand on.

    Parameters
    ----------
    begins
        Chance in a night that a user begins for whom the reward is worth everything.
    reward_yuan
        Reward for which 1 - 1/e of these begin.
    helps
        Chance that somebody with an account takes part who is asked and gets nothing for it, in (0, 1).
    hands_on
        Chance that a user hands on a coupon that he has not used.
    """

    begins: float
    reward_yuan: float
    helps: float
    hands_on: float


def begin_chance(together: Together, worth_yuan: float) -> float:
    """Chance in a night that a user gathers others for a reward of that worth."""
    return together.begins * float(-np.expm1(-max(worth_yuan, 0.0) / together.reward_yuan))


def help_chance(together: Together, worth_yuan: float, scale_yuan: float) -> float:
    """Chance that somebody with an account takes part; `scale_yuan` changes the odds by the factor e."""
    odds = together.helps / (1 - together.helps) * float(np.exp(min(worth_yuan / scale_yuan, 50.0)))
    return odds / (1 + odds)
