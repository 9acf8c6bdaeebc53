"""How users respond: trust, the decision to order, leaving and coming back. All of it is monotone in what helps.

Worth is counted in yuan-equivalents, and a difference of `Taste.scale_yuan` moves the odds of an order by the
factor e, as in a logit of discrete choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TypeVar

import numpy as np

from sim.entities import Bools, Floats, Ints

Number = TypeVar("Number", float, Floats)


@dataclass(frozen=True, slots=True)
class Trust:
    """How an order's outcome moves a user's trust, a state from -1 to 1 that begins at 0.

    Parameters
    ----------
    weight
        How much the last outcome counts against all before, 0 to 1.
    early, late, cancelled
        Worth of an order far before the promise, and harm of one far behind it and of a cancelled one, 0 to 1.
    cold, warm_min
        Harm of a meal that is carried for very long, 0 to 1, and minutes between pickup and door that leave it warm.
    scale_min
        Minutes after which a further minute matters only 1/e as much.
    answered, compensated
        Share of the harm that is made good where a complaint is answered at once, and by compensation.
    answer_min
        Minutes of waiting for the answer after which only 1/e of that is made good.
    forget_days
        Days after which 1/e of the trust or distrust is left without an order.
    """

    weight: float
    early: float
    late: float
    cancelled: float
    cold: float
    warm_min: float
    scale_min: float
    answered: float
    compensated: float
    answer_min: float
    forget_days: float


def outcome(trust: Trust, late_min: Floats, ride_min: Floats, delivered: Bools) -> Floats:
    """What a user thinks of an order, from -1 to 1: late hurts more than early helps, each with diminishing effect.

    Parameters
    ----------
    late_min
        Minutes past the promise, negative when early.
    ride_min
        Minutes that a meal was carried, 0 for what does not get cold.
    delivered
        Whether it was delivered.
    """
    on_time = np.where(late_min > 0, -trust.late, trust.early) * _size(trust, np.abs(late_min))
    cooled = trust.cold * _size(trust, np.maximum(ride_min - trust.warm_min, 0))
    return np.where(delivered, np.maximum(on_time - cooled, -1), -trust.cancelled)


def _size(trust: Trust, minutes: Floats) -> Floats:
    """How much of their full effect so many minutes have, from 0 to 1."""
    return np.asarray(1 - np.exp(-minutes / trust.scale_min))


def mended(trust: Trust, value: Floats, answer_min: Floats, compensated: Bools) -> Floats:
    """What a user thinks of a bad order after his complaint has been answered; nothing is made better than good."""
    share = trust.answered * np.exp(-answer_min / trust.answer_min) + trust.compensated * compensated
    return np.where(value < 0, value * (1 - np.clip(share, 0, 1)), value)


def updated(trust: Trust, before: Floats, value: Floats) -> Floats:
    """Trust after an order of that value."""
    return before + trust.weight * (value - before)


@dataclass(frozen=True, slots=True)
class Taste:
    """What moves the decision to order.

    Parameters
    ----------
    conversion
        Chance that an opening of the app becomes an order under the usual terms, in (0, 1).
    scale_yuan
        Yuan-equivalents that change the odds by the factor e.
    wait_yuan_per_min
        Worth of a minute less of quoted wait.
    trust_yuan
        Worth of full trust.
    tier_yuan
        Worth of the standing of each level of membership, beside its privileges.
    goal
        Share by which intervals between orders shorten from just after a reward to just before the next.
    price
        Worth of a yuan off the price, in yuan-equivalents: below 1 where people hardly look at it.
    """

    conversion: float
    scale_yuan: float
    wait_yuan_per_min: float
    trust_yuan: float
    tier_yuan: float
    goal: float
    price: float


def order_chance(taste: Taste, worth: Number) -> Number:
    """Chance that an opening becomes an order; rises with its worth in yuan-equivalents above the usual."""
    odds = taste.conversion / (1 - taste.conversion)
    if isinstance(worth, float):
        return odds / (odds + exp(-max(min(worth / taste.scale_yuan, 500.0), -500.0)))
    return np.asarray(odds / (odds + np.exp(-np.clip(worth / taste.scale_yuan, -500, 500))))


def pull_of_goal(taste: Taste, progress: Floats) -> Floats:
    """Worth of being near a reward, in yuan-equivalents, by progress from 0 to 1.

    The frequency of orders rises by 1 / (1 - goal) at the end (Kivetz, Urminsky and Zheng 2006: intervals shorten
    by a fifth), which near `conversion` takes the logarithm of the ratio of odds.
    """
    chance = taste.conversion
    top = min(chance / (1 - taste.goal), 0.999)
    return np.asarray(taste.scale_yuan * log(top / (1 - top) * (1 - chance) / chance) * progress)


@dataclass(frozen=True, slots=True)
class Leaving:
    """How users drop out, come back and complain.

    Parameters
    ----------
    bad
        How much the odds of dropping out after an order rise, as a power of e, where its outcome is as bad as can be.
    loyal
        By how much, as a power of e, full trust and each level of membership lower those odds.
    offer_yuan, contact
        An offer of this worth brings back 1 - 1/e of those it would move at all, and the share whom a contact moves.
    complains
        Chance of a complaint after the worst outcome.
    """

    bad: float
    loyal: float
    offer_yuan: float
    contact: float
    complains: float


def dropout_chance(leaving: Leaving, usual: Floats, value: Floats, trust: Floats, tier: Ints) -> Floats:
    """Chance of dropping out after an order; `usual` is the user's own at a neutral outcome (BG/NBD)."""
    power = -leaving.bad * value - leaving.loyal * (trust + tier)
    odds = usual / np.maximum(1 - usual, 1e-12) * np.exp(power)
    return np.asarray(odds / (1 + odds))


def return_chance(leaving: Leaving, worth_yuan: Floats) -> Floats:
    """Chance that somebody who has dropped out comes back when he is offered something of that worth."""
    return np.asarray(leaving.contact * (1 - np.exp(-np.maximum(worth_yuan, 0) / leaving.offer_yuan)))


def complaint_chance(leaving: Leaving, value: Floats) -> Floats:
    """Chance that a user complains about an order, by what he thinks of it."""
    return np.asarray(leaving.complains * np.maximum(-value, 0))


@dataclass(frozen=True, slots=True)
class Spreading:
    """How the platform is recommended, and who joins.

    Parameters
    ----------
    base
        Chance that somebody joins who is approached without an offer.
    scale_yuan
        Worth that changes the odds of joining by the factor e.
    friend_yuan
        Worth of a friend's word, at full trust of the friend.
    invites
        Friends whom a user at full trust tells of the platform, per month.
    reward_yuan
        A reward of this worth doubles them.
    """

    base: float
    scale_yuan: float
    friend_yuan: float
    invites: float
    reward_yuan: float


def join_chance(spreading: Spreading, worth_yuan: Floats) -> Floats:
    """Chance that somebody who is approached joins."""
    odds = spreading.base / (1 - spreading.base) * np.exp(np.clip(worth_yuan / spreading.scale_yuan, -50, 50))
    return np.asarray(odds / (1 + odds))


def invite_chance(spreading: Spreading, trust: Floats, reward_yuan: float | Floats) -> Floats:
    """Chance that a user tells a friend on one day; nobody who distrusts the platform does."""
    return np.asarray(
        np.clip(spreading.invites / 30 * np.maximum(trust, 0) * (1 + reward_yuan / spreading.reward_yuan), 0, 1)
    )


def promoter_score(trust: Floats, mood: Floats, middle: float, spread: float, noise: float) -> Ints:
    """Answer from 0 to 10 to whether one would recommend the platform; `mood` is standard normal."""
    return np.clip(np.rint(middle + spread * trust + noise * mood), 0, 10).astype(np.int64)
