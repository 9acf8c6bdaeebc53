"""Bounds of rules' parameters: what is inside is let through, everything else is told in one line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.bounds import ascending, inside, some, whole
from sim.policies.membership.care import CareCall, CareOffer, CareOrder
from sim.policies.membership.play import MysteryBox
from sim.policies.membership.points import Burn
from sim.policies.membership.preorders import Preorder
from sim.policies.membership.tiers import Tiers
from sim.policies.membership.together import Bargain, GroupBuying, Sharing


@given(st.floats(), st.floats(-5, 0), st.floats(0, 5))
def test_a_number_is_inside_or_refused(value: float, low: float, high: float) -> None:
    if low <= value <= high:
        inside("x", low, high, value)
    else:
        with pytest.raises(ValueError, match=r"^x must be "):
            inside("x", low, high, value)


@pytest.mark.parametrize("value", [True, "1", 1.5, 11])
def test_only_whole_numbers_are_whole(value: Any) -> None:
    whole("x", 0, 10, 0, 10)
    with pytest.raises(ValueError, match="x must be"):
        whole("x", 0, 10, value)


@given(st.lists(st.integers(-3, 3), max_size=5))
def test_values_rise_or_are_refused(values: list[int]) -> None:
    if values == sorted(set(values)):
        ascending("x", values)
    else:
        with pytest.raises(ValueError, match="x must rise"):
            ascending("x", values)


@pytest.mark.parametrize(
    ("rule", "params", "says"),
    [
        (Burn, {"ladder": ()}, "ladder must have at least one entry"),
        (Burn, {"ladder": [[100, 5], [500, 5]]}, r"ladder: yuan must rise from one to the next, got \[5, 5\]"),
        (Burn, {"ladder": [[500, 4], [100, 5]]}, "ladder: yuan must rise"),
        (Tiers, {"least": []}, "least must have at least one entry"),
        (Tiers, {"least": [4, 8]}, "discount must have 2 values, one for each level of least"),
        (MysteryBox, {"yuan": (), "weights": ()}, "yuan must have at least one entry"),
        (Preorder, {"weekdays": []}, "weekdays must have at least one entry"),
        (Bargain, {"rungs": []}, "rungs must have at least one entry"),
        (Bargain, {"rungs": [[1, 5], [2, 3]]}, "rungs: yuan must rise"),
        (Bargain, {"rungs": [[1, 5], [9, 6]], "asks": 8}, "rungs: helpers must be 1 to 8, got 9"),
        (GroupBuying, {"size": 6, "asks": 4}, "size must be 2 to 5, got 6"),
        (Sharing, {"friends": 6, "asks": 5}, "friends must be 1 to 5, got 6"),
        (CareOffer, {"yuan": -1}, "yuan must be 0 to 1000"),
        (CareOffer, {"days": 0}, "days must be 1 to 366"),
        (CareCall, {"cost_yuan": -3}, "cost_yuan must be 0 to 1000"),
        (CareOrder, {"days": 1.5}, "days must be a whole number"),
        (CareOrder, {"signs": 4}, "signs must be 1 to 3"),
    ],
)
def test_rules_refuse_what_is_empty_falls_or_cannot_be_reached(rule: Any, params: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rule(**params)


@pytest.mark.parametrize(
    "rule", [GroupBuying(size=5, asks=4), Sharing(friends=5, asks=5), Burn(ladder=((500, 28), (100, 5)))]
)
def test_the_bounds_themselves_are_allowed(rule: Any) -> None:
    assert callable(rule)


def test_one_entry_is_some() -> None:
    some("x", [0])
    with pytest.raises(ValueError, match="x must have at least one entry, got none"):
        some("x", ())
