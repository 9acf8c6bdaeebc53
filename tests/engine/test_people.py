"""Everybody on the eve: who has an account, who gets a rule, and nobody where users do not respond."""

from typing import Any

import numpy as np
import pytest

from sim.engine.people import Bill, Crowd, settle
from sim.entities import Touch
from sim.policies.registry import PolicyNotFound
from sim.streams import Streams
from tests.engine.crowds import peopled
from tests.engine.toy import toy_scenario

USERS = 4000
CITY = peopled(USERS)
STREAMS = Streams(1)


def crowd_of(**blocks: Any) -> Crowd:
    crowd = Crowd.of(toy_scenario(response={"on": True}, **blocks), USERS, STREAMS)
    assert crowd is not None
    return crowd


def test_nobody_responds_unless_the_scenario_says_so() -> None:
    assert Crowd.of(toy_scenario(), USERS, STREAMS) is None


def test_a_share_has_an_account_and_the_same_people_in_every_replication() -> None:
    scenario = toy_scenario(response={"on": True, "registered": 0.7})
    people = settle(scenario, CITY, STREAMS)
    assert people.members.registered.mean() == pytest.approx(0.7, abs=0.03)
    assert np.array_equal(people.absent, ~people.members.registered)
    again = settle(scenario, CITY, Streams(1, 5))
    assert np.array_equal(again.members.registered, people.members.registered)
    assert np.array_equal(again.drop, people.drop)


def test_people_differ_in_how_easily_they_leave() -> None:
    people = settle(toy_scenario(response={"on": True, "leaving": {"a": 0.6, "b": 29.4}}), CITY, STREAMS)
    assert people.drop.mean() == pytest.approx(0.02, abs=0.003)
    assert people.drop.std() > 0.01


def test_the_first_eve_knows_of_nothing() -> None:
    people = settle(toy_scenario(response={"on": True}), CITY, STREAMS)
    members = people.members
    for column in (members.points, members.coupons.value, members.tier, members.orders, members.earned, people.trust):
        assert not column.any()
    for column in (members.joined, members.channel, members.inviter, members.last_order, members.redeemed):
        assert (column == -1).all()
    assert people.alive.all()
    assert people.plain.all()
    assert (members.birthday < 365).all()


def shared(*shares: float) -> Crowd:
    rules = {f"r{i}": {"rule": "earn", "share": share} for i, share in enumerate(shares)}
    return crowd_of(membership={"rules": rules})


def test_a_rule_for_everybody_has_no_arm_and_one_for_some_has_its_share() -> None:
    whole, half, none = shared(1, 0.5, 0).clauses
    assert whole.arm is None
    assert half.arm is not None
    assert none.arm is not None
    assert half.arm.mean() == pytest.approx(0.5, abs=0.03)
    assert not none.arm.any()


def test_arms_of_two_rules_are_independent_and_a_larger_share_contains_the_smaller() -> None:
    one, two = (clause.arm for clause in shared(0.5, 0.5).clauses)
    assert one is not None
    assert two is not None
    assert (one & two).mean() == pytest.approx(0.25, abs=0.03)
    (large,) = shared(0.8).clauses
    assert large.arm is not None
    assert large.arm[one].all()


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    rules = {"r": {"rule": "earn", "from_day": 7, "until_day": 20}}
    (clause,) = crowd_of(membership={"rules": rules}).clauses
    assert (clause.key, clause.first, clause.last) == ("membership.rules.r", 7, 20)


def test_a_strangers_single_rule_is_called_as_it_was_written() -> None:
    (clause,) = crowd_of(membership={"policy": "sim.policies.membership.points:Earn"}).clauses
    assert clause.key == "policy sim.policies.membership.points:Earn"


def test_a_rule_nobody_knows_is_named() -> None:
    with pytest.raises(PolicyNotFound, match="did you mean 'referral'"):
        crowd_of(membership={"rules": {"x": {"rule": "referal"}}})


def test_every_touch_has_its_worth() -> None:
    crowd = crowd_of()
    assert len(crowd.touches) == len(Touch)
    assert crowd.touches[Touch.CALL] == 1.5


def test_a_bill_is_the_sum_of_what_is_taken_off() -> None:
    assert Bill(discount=100, coupon=500, bought=50).off == 650
    assert Bill().off == 0
