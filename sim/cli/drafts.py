"""What ``paotui new`` writes: the least that runs, with a comment where a stranger would ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A text with `{name}` and `{file}`, and how to run it: arguments of ``paotui run``."""

    text: str
    how: str


DISPATCH = '''"""A dispatch policy. Try it: paotui run {how}"""

import numpy as np

from sim import Assignment, errand, idle, pair_costs


def {name}(wave, rng):
    """Give each open order, the oldest first, to the idle rider who costs least."""
    riders, answer = idle(wave), []
    for order in wave.orders:  # placed, and in nobody's route
        if not len(riders):
            break
        costs = pair_costs(wave, [order], riders)[0]  # seconds; inf where the rules forbid it
        best = int(costs.argmin())
        if costs[best] < np.inf:
            answer.append(Assignment(int(wave.riders.id[riders[best]]), errand(order)))  # pickup, drop-off
            riders = np.delete(riders, best)
    return answer  # riders that are left out keep the route they have
'''
RULE = '''"""A rule of a membership programme. Try it: paotui run {how}"""

import numpy as np

from sim import Grants, Offer


def {name}(night, rng):
    """Give 3 yuan off to every user who has not ordered for a week; asked every midnight."""
    members = night.members  # columns over everybody who lives in the city
    silent = members.registered & (night.day - members.last_order == 7)
    return Grants(offer=Offer(value=np.where(silent, 300, 0), floor=1500, days=7))  # fen
'''
PAY = '''"""A rule of what riders are paid. Try it: paotui run {how}"""


def {name}(job):
    """Half a yuan for each kilometre beyond the second; asked for every order, offered or delivered."""
    return max(job.metres - 2000, 0) / 1000 * 50  # fen; below 0 it is taken off
'''
CREW = '''"""A rule for riders. Try it: paotui run {how}"""

import numpy as np

from sim import CrewGrants


def {name}(night, rng):
    """20 yuan for whoever delivered 100 orders or more in the last week, every Sunday; asked every midnight."""
    crew = night.crew  # columns over everybody who rides or might
    busy = crew.employed & (crew.within(7, crew.delivered) >= 100)
    bonus = np.where(busy & (night.today.weekday() == 6), 2000, 0)  # fen
    return CrewGrants(bonus=bonus, bonus_days=7)  # riders reckon with it as with pay of these days
'''
INCENTIVE = '''"""Extra pay where riders are short. Try it: paotui run {how}"""

import numpy as np


def {name}(seen, rng):
    """A yuan for each order more than idle riders in a zone, up to three; asked every quarter of an hour."""
    missing = seen.open + np.rint(seen.expected).astype(np.int64) - seen.idle  # by zone
    return np.clip(missing, 0, 3) * 100  # fen for each order picked up there until the next decision
'''
DEAL = '''"""A deal of the platform with its merchants. Try it: paotui run {how}"""

import numpy as np

from sim import Deals


def {name}(night, rng):
    """Two points less commission for merchants with fewer than ten orders a day; asked every midnight."""
    merchants = night.merchants  # columns over every merchant, windows by day with the last in row 0
    few = merchants.recent_orders[:7].mean(axis=0) < 10
    return Deals(commission=np.where(few, night.commission - 0.02, night.commission))
'''
SCENARIO = """# A scenario of your own: whatever it does not say, it takes from its parent.
# `paotui schema` tells every key with its unit and range.
extends: campus_lunch
name: "{name}"
description: Lunch on the campus with a larger fleet.
riders:
  count: 400  # riders; assumption
"""

DRAFTS = {
    "dispatch": Draft(DISPATCH, "campus_lunch --dispatch {file}:{name}"),
    "rule": Draft(RULE, "membership_quarter --days 14 --membership {file}:{name}"),
    "pay": Draft(PAY, "riders_quarter --days 14 --set 'pay.rules={{mine: {{rule: \"{file}:{name}\"}}}}'"),
    "crew": Draft(CREW, "riders_quarter --days 14 --set 'crew={{mine: {{rule: \"{file}:{name}\"}}}}'"),
    "incentive": Draft(INCENTIVE, "riders_quarter --days 14 --set incentive.policy={file}:{name}"),
    "deal": Draft(DEAL, "three_sides --days 14 --set 'market.deals={{mine: {{policy: \"{file}:{name}\"}}}}'"),
}
"""Policies by kind."""
