"""What a rule of the programme may answer: checked before it takes effect, and told in a few words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.engine.answers import of_column
from sim.entities import Approach, Grants, Offer, Rally, Touch

MOST = 10**9
"""No number may be larger; sums and the log hold that."""
WHOLE = ("points", "expired", "spent", "tier", "lift", "fee_off", "priority", "gift", "plan_days")
REAL = ("discount", "ease", "steps")


def fault_of(answer: object, users: int) -> str:
    """What is wrong with a rule's answer, empty when nothing is."""
    if not isinstance(answer, Grants):
        return "expected Grants"
    return next(_faults(answer, users), "")


def _faults(given: Grants, users: int) -> Iterator[str]:
    for name in (*WHOLE, *REAL, "touched"):
        column = getattr(given, name)
        if column is not None:
            kinds = "b" if name == "touched" else "iub" if name in WHOLE else "iubf"
            most, least = 1 if name == "discount" else MOST, -MOST if name == "steps" else 0
            yield from of_column(name, column, users, kinds, most, least)
    yield from _of_pairs("ladder", given.ladder)
    yield from _of_numbers("invite", tuple(given.invite))
    yield from _of_numbers("touch_cost, plan_fee, plan_saving", (given.touch_cost, given.plan_fee, given.plan_saving))
    if not 0 <= given.reward_cost <= MOST:
        yield "reward_cost must be 0 or more"
    if given.touch not in tuple(Touch):
        yield "touch is no Touch"
    yield from _of_parts(given, users)


def _of_parts(given: Grants, users: int) -> Iterator[str]:
    for name, kind in (("offer", Offer), ("approach", Approach), ("rally", Rally)):
        part = getattr(given, name)
        if part is not None and not isinstance(part, kind):
            yield f"{name} must be {kind.__name__}"
    if given.offer is not None:
        yield from of_column("offer.value", given.offer.value, users, "iub", MOST)
        yield from _of_coupon("offer", given.offer.floor, given.offer.days, given.offer.percent)
    if given.approach is not None:
        yield from _of_approach(given.approach, users)
    if given.rally is not None:
        yield from of_column("rally.who", given.rally.who, users, "b", 1)
        yield from _of_pairs("rally.rungs", given.rally.rungs)
        yield from _of_numbers("rally", (given.rally.asks, given.rally.thanks, given.rally.together))
        yield from _of_coupon("rally", given.rally.floor, given.rally.days, given.rally.percent)


def _of_approach(given: Approach, users: int) -> Iterator[str]:
    yield from of_column("approach.who", given.who, users, "b", 1)
    yield from _of_numbers("approach", (given.offer, given.cost, given.reward))
    if given.by is not None:
        yield from of_column("approach.by", given.by, users, "iu", users - 1, least=-1)
    if not -MOST <= given.push <= MOST:
        yield "approach.push must be a number"


def _of_numbers(name: str, values: tuple[object, ...]) -> Iterator[str]:
    for value in values:
        if not isinstance(value, int | np.integer) or not 0 <= value <= MOST:
            yield f"{name}: expected a whole number of 0 or more, got {value!r}"


def _of_pairs(name: str, pairs: tuple[tuple[int, int], ...]) -> Iterator[str]:
    for pair in pairs:
        yield from _of_numbers(name, tuple(pair))
    steps = [first for first, _ in pairs]
    if steps != sorted(set(steps)) or (steps and steps[0] < 1):
        yield f"{name} must be ascending pairs, from 1 on"


def _of_coupon(name: str, floor: int, days: int, percent: int) -> Iterator[str]:
    yield from _of_numbers(name, (floor, days, percent))
    if days < 1 or not 1 <= percent <= 100:
        yield f"{name} must last a day or more and take off 1 to 100 percent"
