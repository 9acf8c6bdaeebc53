"""Signs of leaving, and the three levels of care."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.entities import Coupons, Members, Touch
from sim.policies.membership.care import CareCall, CareOffer, CareOrder, Watch
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.policies.membership.nights import members, night, recent

SHIPPED = [path for path in (Path(__file__).parents[3] / "scenarios").glob("*.yaml") if "care_" in path.read_text()]
LEVELS = ("care_offer", "care_call", "care_order")
DICE = np.random.default_rng(1)
BAD = {
    "recent_orders": recent([2]),
    "recent_cancelled": recent([2]),
    "recent_late": recent([2]),
    "recent_complaints": recent([2]),
}
"""Two signs: half of the orders cancelled, and two complaints of late ones."""


def holding(since: int, redeemed: int = -1, **columns: Any) -> Members:
    """One user with a coupon of that day."""
    coupons = Coupons.none(1)
    coupons.value[0, 1], coupons.since[0, 1], coupons.until[0, 1] = 500, since, since + 30
    of = members(1, redeemed=[redeemed], **columns)
    of.coupons = coupons
    return of


def shown(of: Members, day: int = 29, **params: Any) -> int:
    return int(Watch(**params).shown(night(of, day=day))[0])


@pytest.mark.parametrize(("delivered", "cancelled", "sign"), [(3, 1, 0), (2, 1, 1), (0, 3, 1), (1, 1, 0), (9, 3, 0)])
def test_more_than_a_quarter_cancelled_is_a_sign(delivered: int, cancelled: int, sign: int) -> None:
    of = members(1, recent_orders=recent([delivered]), recent_cancelled=recent([cancelled]))
    assert shown(of) == sign


@pytest.mark.parametrize(("late", "complaints", "sign"), [(2, 2, 1), (2, 1, 0), (1, 2, 0), (5, 3, 1)])
def test_two_late_complaints_are_a_sign(late: int, complaints: int, sign: int) -> None:
    assert shown(members(1, recent_late=recent([late]), recent_complaints=recent([complaints]))) == sign


@pytest.mark.parametrize(("day", "sign"), [(14, 0), (15, 0), (16, 1), (20, 1), (39, 1), (40, 0)])
def test_seven_days_with_an_unused_coupon_are_a_sign(day: int, sign: int) -> None:
    assert shown(holding(since=10), day) == sign


def test_whoever_has_used_one_since_is_not_idle() -> None:
    assert shown(holding(since=10, redeemed=12), 20) == 0
    assert shown(holding(since=10, redeemed=9), 20) == 1


def test_signs_add_up() -> None:
    assert shown(members(1, **BAD)) == 2
    assert shown(holding(since=10, **BAD)) == 3  # type: ignore[arg-type]


def cared(rule: Watch, of: Members) -> list[int]:
    return [day for day in range(20, 34) if rule.due(night(of, day=day))[0]]


def test_care_comes_once_a_week_while_the_signs_last() -> None:
    assert cared(CareOffer(), holding(since=10)) == [21, 28]
    assert cared(CareOffer(every_days=14), holding(since=10)) == [28]


def test_more_signs_get_more_care() -> None:
    levels = [CareOffer(), CareCall(), CareOrder()]
    for of, expected in ((holding(since=10), 1), (members(1, **BAD), 2), (holding(since=10, **BAD), 3)):  # type: ignore[arg-type]
        assert sum(bool(cared(level, of)) for level in levels) == expected


@given(st.integers(1, 3), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_fewer_signs_asked_for_never_mean_fewer_people(signs: int, counts: list[int]) -> None:
    names = ("recent_orders", "recent_cancelled", "recent_late", "recent_complaints")
    of = members(1, **{name: recent([count]) for name, count in zip(names, counts, strict=True)})
    fewer, more = (Watch(signs=least).due(night(of, day=21)) for least in (max(signs - 1, 1), signs))
    assert (fewer >= more).all()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_programmes_write_the_highest_level_first(path: Path) -> None:
    rules = load(path, Scenario).membership.rules.values()
    levels = [LEVELS.index(spec.rule) for spec in rules if spec.rule in LEVELS]
    assert levels == sorted(levels, reverse=True)


def test_what_each_level_gives() -> None:
    seen = night(holding(since=10, **BAD), day=21)  # type: ignore[arg-type]
    offer, call, order = (level(seen, DICE) for level in (CareOffer(yuan=5), CareCall(cost_yuan=3), CareOrder(yuan=30)))
    assert offer.offer is not None
    assert (offer.offer.value.tolist(), offer.offer.passes) == ([500], False)
    assert (call.touch, call.touch_cost, np.asarray(call.touched).tolist()) == (Touch.CALL, 300, [True])
    assert order.offer is not None
    assert (order.offer.value.tolist(), order.offer.passes) == ([3000], True)


@pytest.mark.parametrize("params", [{"signs": 4}, {"cancel_share": 2}, {"idle_days": 0}, {"least_orders": 0}])
def test_nonsense_is_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        CareOffer(**params)
