"""Both sides of a referral."""

import numpy as np
import pytest

from sim.policies.membership.referral import Referral
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.policies.membership.nights import members, night

DICE = np.random.default_rng(1)


def test_both_sides_are_promised_something() -> None:
    assert Referral(friend_yuan=8, inviter_yuan=5)(night(), DICE).invite == (800, 500)


def test_the_inviter_gets_a_fifth_of_the_friends_points() -> None:
    of = members(5, inviter=[-1, 0, 0, 1, -1], earned=[100, 30, 22, 14, 50])
    points = Referral(points_share=0.2)(night(of), DICE).points
    assert np.asarray(points).tolist() == [10, 2, 0, 0, 0], "of 52 and of 14, in whole points"


def test_points_are_not_given_where_none_are_shared() -> None:
    assert Referral(points_share=0)(night(), DICE).points is None


def test_three_friends_lift_the_tier() -> None:
    of = members(5, friends=[0, 2, 3, 8, 90])
    assert np.asarray(Referral()(night(of), DICE).lift).tolist() == [0, 0, 1, 2, 3]
    assert Referral(lift_every=0)(night(of), DICE).lift is None


def test_levels_are_worth_something_in_the_scenario() -> None:
    rules = dict(load("referral", Scenario).membership.rules)
    assert {"tiers", "referral"} <= {spec.rule for spec in rules.values()}
    assert max(rules["tiers"].params["discount"]) > 0


@pytest.mark.parametrize("params", [{"friend_yuan": -1}, {"points_share": 1.5}, {"lift_every": 2.5}])
def test_nonsense_is_refused(params: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Referral(**params)  # type: ignore[arg-type]
