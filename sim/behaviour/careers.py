"""How riders respond over weeks: what they expect, how much they work, who quits and who comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Bools, Floats

TIRED_H = 48.0
"""Hours a week beyond which work wears a rider out."""


@dataclass(frozen=True, slots=True)
class Labour:
    """What moves riders; see :class:`sim.scenario.supply.Supply` for each field, units as there."""

    usual_yuan_per_hour: float
    elasticity: float
    own_weight: float
    heard_weight: float
    quits_per_week: float
    quits_income: float
    quits_late: float
    quits_tired: float
    honour: float
    joins_per_week: float
    joins_income: float
    stays_per_yuan: float
    comes_per_yuan: float
    rival_yuan: float
    rival_scale: float


def learnt(labour: Labour, expected: Floats, own: Floats, market: float) -> Floats:
    """What is expected to be earned in an hour, in yuan, after a day.

    Parameters
    ----------
    own
        What each rider earned in an hour of that day, NaN where he did not work.
    market
        Mean over all who worked, NaN when nobody did.
    """
    heard = expected if np.isnan(market) else expected + labour.heard_weight * (market - expected)
    return np.where(np.isnan(own), heard, heard + labour.own_weight * (np.nan_to_num(own) - heard))


def work_chance(labour: Labour, attendance: float, expected: Floats, both: Bools) -> Floats:
    """Chance that a rider works on a day: rises with what he expects, with constant elasticity, up to 1.

    Parameters
    ----------
    attendance
        The chance at the usual hourly income.
    both
        Riders who may work for another platform instead, by a logit in what they expect of each.
    """
    willing = np.minimum(attendance * (np.maximum(expected, 0) / labour.usual_yuan_per_hour) ** labour.elasticity, 1)
    gain = np.clip((labour.rival_yuan - expected) / labour.rival_scale, -50, 50)
    return np.asarray(willing * np.where(both, 1 / (1 + np.exp(gain)), 1.0))


def quit_chance(
    labour: Labour, expected: Floats, reservation: Floats, late: Floats, hours: Floats, honour: Floats
) -> Floats:
    """Chance that a rider quits on a night.

    Parameters
    ----------
    late
        Share of his orders that were late.
    hours
        Hours worked in the last week.
    honour
        Praise that is still fresh, 0 to 1.
    """
    power = labour.quits_income * (1 - expected / reservation) + labour.quits_late * late
    power = power + labour.quits_tired * np.maximum(hours - TIRED_H, 0) - labour.honour * honour
    return np.asarray(1 - np.exp(-labour.quits_per_week / 7 * np.exp(np.clip(power, -50, 10))))


def hire_chance(labour: Labour, expected: Floats, reservation: Floats) -> Floats:
    """Chance that somebody of the pool comes on a night; rises with what he has heard of the pay."""
    power = np.clip(labour.joins_income * (expected / reservation - 1), -50, 10)
    return np.asarray(1 - np.exp(-labour.joins_per_week / 7 * np.exp(power)))


def moved_chance(per_yuan: float, surcharge_yuan: Floats) -> Floats:
    """Chance that a rider stays on at the end of his shift, or comes in, for a surcharge on each order."""
    return np.asarray(1 - np.exp(-per_yuan * np.maximum(surcharge_yuan, 0.0)))
