"""How users weigh merchants, and how merchants run their business. All of it is monotone in what helps.

The choice is a multinomial logit (McFadden 1974): what is worth more or less about a merchant multiplies its
weight by a power of e.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Bools, Floats, Ints

USUAL_STARS = 4.5


@dataclass(frozen=True, slots=True)
class Appeal:
    """What moves the choice among merchants besides popularity and distance.

    Parameters
    ----------
    per_star, wait_per_min, ranked
        Power of e of a star, of a minute less of quoted wait, and of a paid place at the top of the list.
    price
        Power of e of the logarithm of what is paid, taken negative: an elasticity.
    """

    per_star: float
    price: float
    wait_per_min: float
    ranked: float


def worth(appeal: Appeal, rating: Floats, paid: Floats, wait_min: Floats, ranked: Bools) -> Floats:
    """What is worth more than usual about each merchant, as a power of e.

    Parameters
    ----------
    rating
        Stars.
    paid
        What is paid for a basket that usually costs 1, above 0.
    wait_min
        Quoted preparation and queue.
    ranked
        Whether it has a paid place.
    """
    taste = appeal.per_star * (rating - USUAL_STARS) - appeal.price * np.log(paid)
    return np.asarray(taste - appeal.wait_per_min * wait_min + appeal.ranked * ranked)


@dataclass(frozen=True, slots=True)
class Conduct:
    """How merchants run their business; money in yuan.

    Parameters
    ----------
    leaves, joins
        Chance in a night where the margin is far below, or above, what is asked for.
    asks_yuan, scale_yuan
        Margin per day at which half of these hold, and what changes their odds by the factor e.
    few_orders
        Orders per day below which leaving is minded less.
    passes_on
        Part of a change of the commission that goes into the prices.
    busy_min, least_radius
        Wait at which half the radius is wanted, and the least share of it.
    scale_share
        Gain, as a share of the turnover, that changes the odds of buying by the factor e.
    tries
        Chance of a promotion that gains nothing.
    trained
        By how much the first training shortens the preparation, as a share.
    """

    leaves: float
    joins: float
    asks_yuan: float
    scale_yuan: float
    few_orders: float
    passes_on: float
    busy_min: float
    least_radius: float
    scale_share: float
    tries: float
    trained: float


def leave_chance(conduct: Conduct, margin_yuan: Floats, orders: Floats) -> Floats:
    """Chance of leaving the platform tonight; falls with the margin and with the orders of a day."""
    few = np.clip((conduct.few_orders - orders) / max(conduct.few_orders, 1e-9), 0, 1)
    below = _logistic((conduct.asks_yuan - margin_yuan) / conduct.scale_yuan)
    return np.minimum(conduct.leaves * below * (1 + few), 1.0)


def join_chance(conduct: Conduct, margin_yuan: Floats) -> Floats:
    """Chance of joining tonight, by what merchants of the class earn on the platform in a day."""
    return conduct.joins * _logistic((margin_yuan - conduct.asks_yuan) / conduct.scale_yuan)


def wanted_price(conduct: Conduct, commission: Floats, usual: float) -> Floats:
    """Prices wanted at a commission, against those at the usual one."""
    full = (1 - usual) / np.maximum(1 - commission, 1e-3)
    return 1 + conduct.passes_on * (full - 1)


def wanted_radius(conduct: Conduct, wait_min: Floats) -> Floats:
    """Share of the usual radius that is wanted at a wait for a station."""
    return np.maximum(1 / (1 + (wait_min / conduct.busy_min) ** 2), conduct.least_radius)


def promotion_gain(price: float, share: Floats, commission: Floats, depth: float, matched: Floats) -> Floats:
    """What a merchant expects of a promotion, as a share of his turnover: he reckons that nobody else changes.

    Parameters
    ----------
    price
        Elasticity of the choice, see :class:`Appeal`.
    share
        Costs of the goods, as a share of the basket.
    depth, matched
        Share of the basket taken off, and the part of that which the platform pays.
    """
    own = depth * (1 - matched)
    with_it = (1 - own) * (1 - commission) - share
    return np.asarray((1 - depth) ** -price * with_it - (1 - commission - share))


def promote_chance(conduct: Conduct, gain: Floats) -> Floats:
    """Chance of running a promotion, by its gain as a share of the turnover."""
    return conduct.tries + (1 - conduct.tries) * _logistic(gain / conduct.scale_share)


def place_chance(conduct: Conduct, gain: Floats) -> Floats:
    """Chance of buying a paid place, by its gain as a share of the turnover."""
    return _logistic(gain / conduct.scale_share)


def pace(conduct: Conduct, times: Ints) -> Floats:
    """Factor on the preparation after so many trainings: each brings half of the one before."""
    return np.asarray(1 - conduct.trained * 2 * (1 - 0.5**times))


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -500, 500))))
