"""Whether somebody who opens the app orders."""

from typing import Any

import numpy as np
import pytest

from sim.engine.log import Log
from sim.engine.night import live
from sim.engine.simulate import begin
from sim.engine.team import Share, Team
from sim.engine.will import look
from sim.entities import Grants, Offer
from sim.events import Kind
from sim.policies.nearest import Nearest
from tests.engine.crowds import peopled, rows, says, standing
from tests.engine.toy import toy_scenario, want

USER = 7
INTENT = want(100)


def looked(wanting: float, *rules: Any, **response: Any) -> tuple[Any, Any]:
    run, people = standing(*rules, city=peopled(wanting=wanting), **response)
    live(run)
    look(run, 0, INTENT)
    return run, people


def chance(*rules: Any, trust: float = 0.0, **response: Any) -> float:
    """The chance of an order that is told when nobody orders."""
    run, people = standing(*rules, city=peopled(wanting=1), **response)
    people.trust[USER] = trust
    live(run)
    look(run, 0, INTENT)
    return int(rows(run, Kind.BROWSED)["amount"][0]) / 1000


@pytest.mark.parametrize(("wanting", "orders"), [(0.59, True), (0.61, False)])
def test_under_usual_terms_as_many_order_as_the_scenario_says(wanting: float, orders: bool) -> None:
    run, people = looked(wanting, taste={"conversion": 0.6})
    assert bool(len(rows(run, Kind.PLACED))) is orders
    assert bool(len(rows(run, Kind.BROWSED))) is not orders
    assert people.members.opened[USER] == 0


ONES = np.ones(12, np.int64)


def test_whatever_helps_raises_the_chance() -> None:
    usual = chance()
    assert usual == pytest.approx(0.6)
    assert chance(trust=0.5) > usual > chance(trust=-0.5)
    for grants in (
        Grants(discount=0.2 * ONES),  # type: ignore[arg-type]
        Grants(fee_off=200 * ONES),
        Grants(offer=Offer(500 * ONES)),
        Grants(steps=2.0 * ONES),  # type: ignore[arg-type]
        Grants(touched=ONES > 0),
        Grants(tier=ONES),
    ):
        assert chance(lambda night, rng, given=grants: given) > usual


def test_a_larger_discount_never_lowers_it() -> None:
    chances = [chance(lambda night, rng, d=d: Grants(discount=d * ONES)) for d in (0.0, 0.1, 0.3, 0.6, 1.0)]
    assert chances == sorted(chances)
    assert chances[0] < chances[-1]


def test_a_coupon_that_does_not_fit_the_basket_changes_nothing() -> None:
    assert chance(lambda night, rng: Grants(offer=Offer(500 * ONES, floor=2001))) == chance()


def test_a_yuan_is_worth_what_people_think_of_money() -> None:
    rule = says(fee_off=300 * ONES)
    assert chance(rule, taste={"price": 0}) == pytest.approx(0.6)
    assert chance(rule, taste={"price": 2}) > chance(rule, taste={"price": 1})


def offered(fee: float, **settings: Any) -> float:
    """The chance of an order at a delivery fee in yuan."""
    scenario = toy_scenario(response={"on": True}, platform={"delivery_fee_yuan": fee}, **settings)
    run = begin(scenario, peopled(wanting=1), Nearest(), Log())
    live(run)
    look(run, 0, INTENT)
    return int(rows(run, Kind.BROWSED)["amount"][0]) / 1000


def test_a_fee_above_the_usual_keeps_people_from_ordering_and_one_below_it_draws_them() -> None:
    chances = [offered(fee) for fee in (2, 4, 6, 9)]
    assert chances == sorted(chances, reverse=True)
    assert chances[1] == pytest.approx(0.6)
    assert len(set(chances)) == 4


def test_a_kind_with_a_fee_of_its_own_is_judged_by_that_fee() -> None:
    assert offered(9, kinds={"takeaway": {"share": 1, "fee_yuan": 12}}) == pytest.approx(0.6)


def told(people_are_used_to: float | None, promise_min: float) -> int:
    """The chance that is told under a quoted wait, in permille."""
    response = {"on": True, "usual_wait_min": people_are_used_to}
    scenario = toy_scenario(response=response, platform={"eta": True, "promise_min": promise_min})
    run = begin(scenario, peopled(wanting=1), Nearest(), Log())
    live(run)
    look(run, 0, INTENT)
    return int(rows(run, Kind.BROWSED)["amount"][0])


def test_what_people_are_used_to_is_the_promise_unless_something_else_is_said() -> None:
    assert told(None, 20) == told(20, 20) == told(20, 60)
    assert told(5, 20) < told(20, 20) < told(60, 20)


def agreed(run: Any, people: Any, percent: int = 50, came: bool = False) -> int:
    """The chance of an order of somebody who is in a team with a price."""
    people.teams[USER] = team = Team(0, 3, 0, 1, 1500, percent, 0)
    if came:
        team.add(Share(9, USER, 0))
    look(run, 0, INTENT)
    return int(rows(run, Kind.BROWSED)["amount"][-1])


def test_who_has_agreed_to_order_together_reckons_with_the_price_once() -> None:
    run, people = standing(city=peopled(wanting=1))
    live(run)
    usual, ten, half, again = (agreed(run, people, *how) for how in ((1, True), (10,), (50,), (50, True)))
    assert usual == again < ten < half
    assert not people.bills, "and nothing is taken off before the team is complete"


@pytest.mark.parametrize("eta", [False, True])
def test_a_wait_longer_than_usual_keeps_people_from_ordering_where_it_is_told(eta: bool) -> None:
    chances = []
    for usual_min in (5, 20, 60):
        scenario = toy_scenario(response={"on": True}, platform={"eta": eta, "promise_min": usual_min})
        run = begin(scenario, peopled(wanting=1), Nearest(), Log())
        live(run)
        look(run, 0, INTENT)
        chances.append(int(rows(run, Kind.BROWSED)["amount"][0]))
    assert (chances[0] < chances[1] < chances[2]) is eta
    assert (chances == [600] * 3) is not eta


def test_who_has_no_account_or_has_left_does_not_look() -> None:
    run, people = standing(city=peopled(wishes=(want(100), want(200)), wanting=0.0))
    people.members.registered[USER] = False
    run.env.run(until=300)
    assert not len(rows(run, Kind.PLACED))
    assert people.members.opened[USER] == -1
