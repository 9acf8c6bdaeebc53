"""The lives of errands, second by second: who begins when, who pays whom, and what the platform reckons with."""

import pickle
from typing import Any

import numpy as np
import pytest

from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import NONE, Kind, Purpose
from sim.kpi.others import balances, payments_table
from tests.engine.latents import dressed, kinds_of
from tests.engine.toy import drop, give, pick, play, rows, scripted, story, times, toy_city, toy_scenario, want

LIFE = (Kind.PLACED, Kind.COOKING, Kind.READY, Kind.PICKED_UP, Kind.DELIVERED)
RIDE = {0: lambda wave: [give(0, pick(0), drop(0))]}
PLAIN: dict[str, Any] = {"share": 0.5}
BUY: dict[str, Any] = {"share": 0.5, "starts": "arrival", "prep_min": 5}
SEND: dict[str, Any] = {"share": 0.5, "pickup": "address", "prep_min": 3}


def paid(events: np.ndarray) -> list[tuple[float, str, int]]:
    return [(row["t"].item(), Purpose(row["detail"]).name, row["amount"].item()) for row in rows(events, Kind.PAID)]


def one(kind: dict[str, Any], prep_s: float = 240, **columns: Any) -> tuple[City, dict[str, Any]]:
    """A city with one order of a kind, placed at 100 s, and its scenario's blocks."""
    return kinds_of(toy_city([want(100, prep_s=prep_s)]), 1, expected_s=[300], **columns), {
        "kinds": {"plain": PLAIN, "odd": kind},
        "platform": {"exact_ready": False},
    }


def test_the_rider_shops_when_he_has_come() -> None:
    """Wave at 120, at the counter (0 m away) at 180, four minutes of shopping, two of service and six on the way."""
    city, blocks = one(BUY)
    events = play(city, scripted(RIDE), **blocks)
    assert story(events, *LIFE) == [
        (100, "PLACED"),
        (180, "COOKING"),
        (420, "READY"),
        (420, "PICKED_UP"),
        (420 + 60 + 360 + 60, "DELIVERED"),
    ]
    assert rows(events, Kind.PICKED_UP)["amount"].tolist() == [0], "he worked, he did not wait"


def test_a_plain_kind_is_a_takeaway() -> None:
    wishes = [want(100, prep_s=240)]
    usual = play(toy_city(wishes), scripted(RIDE))
    city = dressed(toy_city(wishes), kind=[0], members=[1], pickup=[0], expected_s=[30])
    kinds = play(city, scripted(RIDE), kinds={"plain": {"share": 1}})
    rest = kinds[kinds["kind"] != Kind.SPECIFIED]
    assert rest.tolist() == usual.tolist()
    assert [rows(kinds, Kind.SPECIFIED)[name].tolist() for name in ("order", "place", "amount", "detail")] == [
        [0], [0], [1], [0]
    ]  # fmt: skip


def test_the_platform_reckons_with_the_mean_until_it_is_done() -> None:
    city, blocks = one(BUY)
    answers = RIDE | {wave: lambda wave: [] for wave in range(1, 20)}
    policy = scripted(answers)
    city = kinds_of(toy_city([want(100, prep_s=240), want(150, 1, 4, patience_s=900)]), 1, 0, expected_s=[300, 30])
    play(city, policy, until=600.0, **blocks)
    before, after = policy.seen[0].orders[0], next(w for w in policy.seen if w.now == 210).assigned[0]
    assert (before.ready_at, before.handling_s, before.kind) == (100, 300, 1)
    assert (after.ready_at, after.handling_s) == (480, 0)
    free = [wave.riders.free_at[0] for wave in policy.seen if wave.now in (150, 210, 450)]
    assert free[0] == free[1] == 480 + 60 + 360 + 120
    assert free[2] == 420 + 60 + 360 + 120, "he was a minute faster than expected"


def test_orders_of_one_visit_are_done_side_by_side() -> None:
    wishes = [want(100, prep_s=240), want(101, place=4, prep_s=400), want(102, prep_s=90)]
    city = kinds_of(toy_city(wishes), 1, 1, 0, expected_s=[300, 300, 30])
    route = [pick(0), pick(1), pick(2), drop(0), drop(2), drop(1, 4)]
    events = play(city, scripted({0: lambda wave: [give(0, *route)]}), kinds={"plain": PLAIN, "odd": BUY})
    assert times(events, Kind.COOKING) == [102, 180, 180]
    assert times(events, Kind.READY) == [192, 420, 580]
    assert times(events, Kind.PICKED_UP) == [580] * 3
    assert rows(events, Kind.PICKED_UP)["amount"].tolist() == [160, 0, 400]


def test_a_parcel_is_packed_at_the_users_address_and_no_merchant_is_paid() -> None:
    city, blocks = one(SEND, prep_s=200)
    city = dressed(
        toy_city([want(100, merchant=-1, prep_s=200, basket=0)]), kind=[1], members=[1], pickup=[2], expected_s=[180]
    )
    policy = scripted({0: lambda wave: [give(0, pick(0, 2), drop(0))]})
    events = play(city, policy, **blocks)
    assert policy.seen[0].orders[0].ready_at == 280
    assert story(events, *LIFE) == [
        (100, "PLACED"),
        (100, "COOKING"),
        (300, "READY"),
        (120 + 240 + 60, "PICKED_UP"),
        (420 + 60 + 120 + 60, "DELIVERED"),
    ]
    assert rows(events, Kind.READY)["merchant"].tolist() == [NONE]
    assert [(purpose, fen) for _, purpose, fen in paid(events)] == [
        ("BASKET", 0), ("DELIVERY_FEE", 400), ("RIDER_PAY", 506)
    ]  # fmt: skip


def test_a_rider_who_pays_is_reimbursed_and_earns_what_he_would() -> None:
    sums = {}
    for advance in (False, True):
        city, blocks = one(BUY | {"advance": advance})
        events = play(city, scripted(RIDE), **blocks)
        sums[advance] = balances(payments_table(events))
        assert sums[advance].sum() == 0
        at_pickup = [(purpose, fen) for t, purpose, fen in paid(events) if t == 420]
        assert at_pickup == ([("ADVANCE", 2000), ("REIMBURSEMENT", 2000)] if advance else [("MERCHANT_SHARE", 1640)])
    assert sums[True]["rider"] == sums[False]["rider"] > 0
    assert sums[True]["merchant"] == 2000
    assert sums[True]["platform"] == sums[False]["platform"] - 360, "no commission"


def test_the_wait_in_a_queue_is_billed_at_the_pickup() -> None:
    city, blocks = one(BUY | {"bill_yuan_per_min": 0.5, "fee_yuan": 10})
    events = play(city, scripted(RIDE), **blocks)
    assert (420.0, "WAITING", 200) in paid(events)
    assert (100.0, "DELIVERY_FEE", 1000) in paid(events)
    assert balances(payments_table(events)).sum() == 0


def test_a_kind_has_its_promise_priority_needs_and_fee() -> None:
    terms = {"promise_min": 25, "priority": 7, "needs": ["box", "range"], "fee_yuan": 2.5}
    city, blocks = one({"share": 0.5} | terms)
    policy = scripted()
    events = play(city, policy, **blocks)
    order = policy.seen[0].orders[0]
    assert (order.promised_at, order.priority, order.needs, order.fee) == (1600, 7, 5, 250)
    assert rows(events, Kind.PLACED)["detail"].tolist() == [1500]


def test_a_kind_with_its_own_time_is_expected_to_take_it_in_the_kitchen() -> None:
    city, blocks = one({"share": 0.5, "prep_min": 5})
    policy = scripted()
    play(city, policy, **blocks)
    assert policy.seen[0].orders[0].ready_at == 400


def test_nobody_to_shop_at_is_a_lost_wish_but_a_parcel_needs_nobody() -> None:
    city = dressed(
        toy_city([want(100, -1), want(110, -1)]), kind=[0, 1], members=[1, 1], pickup=[-1, 2], expected_s=[0, 180]
    )
    events = play(city, scripted(), until=200.0, kinds={"plain": PLAIN, "odd": SEND})
    assert (rows(events, Kind.LOST)["order"].tolist(), rows(events, Kind.PLACED)["order"].tolist()) == ([0], [1])


def test_a_cancelled_parcel_is_packed_to_the_end_unnoticed() -> None:
    city = dressed(
        toy_city([want(100, -1, prep_s=500, patience_s=60)]), kind=[1], members=[1], pickup=[2], expected_s=[180]
    )
    events = play(city, scripted(), kinds={"plain": PLAIN, "odd": SEND})
    assert story(events, *LIFE, Kind.CANCELLED)[1:] == [(100, "COOKING"), (160, "CANCELLED"), (600, "READY")]


MOMENTS = [110, 150, 180, 300, 419.5, 420, 450, 700, 2000]


@pytest.mark.parametrize("t", MOMENTS)
def test_an_errand_can_be_cut_anywhere(t: float) -> None:
    wishes = [want(100, prep_s=240), want(160, merchant=-1, place=4, prep_s=290)]
    town = dressed(
        toy_city(wishes, [(0, 0, 0, 9000), (1, 2, 0, 9000)]),
        kind=[1, 2], members=[1, 1], pickup=[0, 2], expected_s=[300, 180],
    )  # fmt: skip
    answers = RIDE | {1: lambda wave: [], 2: lambda wave: [give(1, pick(1, 2), drop(1, 4))]}
    whole, first, second = Log(), Log(), Log()
    kinds = {"plain": PLAIN | {"share": 0}, "odd": BUY | {"advance": True}, "send": SEND}
    scenario = toy_scenario(kinds=kinds, platform={"exact_ready": False})
    simulate(scenario, town, scripted(answers), whole)
    outcome = simulate(scenario, town, scripted(answers), first, until=t)
    simulate(scenario, town, scripted(answers), second, world=pickle.loads(pickle.dumps(outcome.world)))
    assert [*first.events().tolist(), *second.events().tolist()] == whole.events().tolist()
    assert len(rows(whole.events(), Kind.DELIVERED)) == 2


def test_an_order_released_while_it_is_shopped_for_goes_to_another_rider() -> None:
    """The second order of a visit is taken away at 240; what was begun for it at 180 is finished for the other."""
    wishes = [want(100, prep_s=400), want(101, place=4, prep_s=300), want(102, 1, 5)]
    city = kinds_of(toy_city(wishes, [(0, 0, 0, 9000), (1, 5, 0, 9000)]), 1, 1, 0, expected_s=[300, 300, 30])
    together = [give(0, pick(0), pick(1), drop(0), drop(1, 4))]
    apart = [give(0, pick(0), drop(0)), give(1, pick(1), drop(1, 4))]
    events = play(city, scripted({0: lambda wave: together, 4: lambda wave: apart}), kinds={"plain": PLAIN, "odd": BUY})
    assert times(events, Kind.RELEASED) == [240]
    assert times(events, Kind.COOKING) == [102, 180, 180]
    assert times(events, Kind.READY)[1:] == [480, 580]
    picked = rows(events, Kind.PICKED_UP)
    assert [(row["t"], row["order"], row["rider"]) for row in picked] == [(580, 0, 0), (240 + 600 + 60, 1, 1)]
