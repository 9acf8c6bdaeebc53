"""Promises by hand: the estimate and its corrections, what is learned, the guarantee and the flash product."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.events import Kind, Purpose, Stage
from sim.kpi.others import balances, payments_table
from sim.policies.nearest import Nearest
from tests.engine.columns import with_columns
from tests.engine.toy import always, drop, give, pick, play, play_on, rows, scripted, toy_city, toy_scenario, want

TRIP = give(0, pick(0), drop(0))
ETA = {"platform": {"eta": True, "promise_min": 5}}


def told(events: np.ndarray, order: int = 0) -> list[tuple[float, Stage, float]]:
    """When something was told, at which stage, and for when."""
    mine = rows(events, Kind.ETA)
    return [(row["t"], Stage(row["detail"]), row["t"] + row["amount"]) for row in mine[mine["order"] == order]]


def promises(events: np.ndarray) -> list[int]:
    return rows(events, Kind.PLACED)["detail"].tolist()


def test_the_estimate_is_kitchen_ride_and_door_and_then_the_plan() -> None:
    """Ready at 130; a minute at the counter, six to ride, one at the door: 610. The rider is late: 660."""
    events = play(toy_city([want(100)]), scripted({0: always(TRIP)}), **ETA)
    assert told(events) == [(100, Stage.QUOTED, 610), (120, Stage.ASSIGNED, 660), (180, Stage.PICKED_UP, 660)]
    assert rows(events, Kind.DELIVERED)["t"].tolist() == [660]


def test_nothing_is_told_unless_it_is_on() -> None:
    assert not told(play(toy_city([want(100)]), scripted({0: always(TRIP)})))


def test_the_next_estimate_has_learned() -> None:
    """Meals stand 5 s (a tenth of 50) and estimates are 50 s short, so 1000 + 30 + 5 + 480 + 50."""
    events = play(toy_city([want(100), want(1000)]), scripted({0: always(TRIP)}), **ETA)
    assert told(events, 1) == [(1000, Stage.QUOTED, 1565)]


def test_the_head_of_the_line_tells_how_long_meals_stand() -> None:
    """Order 0 is ready since 130 and nobody comes: at 430 a meal is expected to stand for 300 s."""
    events = play(toy_city([want(100), want(430)]), scripted(), **ETA)
    assert told(events, 1) == [(430, Stage.QUOTED, 430 + 30 + 300 + 480)]


def test_a_promise_by_distance() -> None:
    promise = {"policy": "distance", "params": {"base_min": 10, "per_km_min": 100}}
    assert promises(play(toy_city([want(100), want(200, 1, 5)]), scripted(), promise=promise)) == [2760, 600 + 2880]


def test_a_promise_by_load_is_the_usual_one_until_enough_is_known() -> None:
    """Then it is the estimate and the margin that would have sufficed, in whole minutes: 9 min and 50 s."""
    params = {"least": 1, "quantile": 0.9, "shortest_min": 1}
    city = toy_city([want(100), want(2000)])
    events = play(city, Nearest(), promise={"policy": "load_aware", "params": params, "learning": 0.001})
    assert promises(events) == [2400, 660]


def test_a_policy_of_ones_own_must_promise_a_time(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "def rash(quote):\n    return -5\n\ndef twice(quote):\n    return 2 * quote.usual_s\n"
    )
    assert promises(play(toy_city([want(100)]), scripted(), promise={"policy": f"{tmp_path}/mine.py:twice"})) == [4800]
    with pytest.raises(PolicyError, match="answered '-5', which cannot be carried out"):
        play(toy_city([want(100)]), scripted(), promise={"policy": f"{tmp_path}/mine.py:rash"})


def test_what_is_remembered_is_the_error_of_what_was_told() -> None:
    city = toy_city([want(100), want(2000), want(4000)])
    events, outcome = play_on(city, Nearest(), **ETA)
    for_when = [at for number in range(3) for _, stage, at in told(events, number) if stage is Stage.QUOTED]
    late = rows(events, Kind.DELIVERED)["t"] - np.array(for_when)
    assert list(outcome.world.lessons.latest) == pytest.approx(late.tolist(), abs=0.5)
    assert late[1] != late[0]


def compensated(events: np.ndarray) -> list[tuple[float, int, int]]:
    paid = rows(events, Kind.PAID)
    return [(r["t"], r["user"], r["amount"]) for r in paid[paid["detail"] == Purpose.COMPENSATION]]


@pytest.mark.parametrize(("promise_min", "pays"), [(6.3, True), (6.35, False), (9.33, False)])
def test_the_guarantee_pays_after_three_minutes_of_grace(promise_min: float, pays: bool) -> None:
    """Delivered at 660, 560 s after the click: a promise of 380 s would do, for three minutes more are in time."""
    guarantee = {"on": True, "yuan": 3, "fee_share": 0.5}
    settings = {"platform": {"promise_min": promise_min}, "promise": {"guarantee": guarantee}}
    events = play(toy_city([want(100)]), scripted({0: always(TRIP)}), **settings)
    assert compensated(events) == ([(660, 7, 300 + 200)] if pays else [])
    assert balances(payments_table(events)).sum() == 0


def flash(place: int, u: float, t: float = 11 * 3600, **more: Any) -> np.ndarray:
    city = with_columns(toy_city([want(t, place=place)]), flash=[u])
    spec = {"on": True, "radius_km": 0.4, "share": 0.2, "surcharge_yuan": 2, "hours": "11:00-12:00", **more}
    return play(city, scripted(), promise={"flash": spec})


def surcharges(events: np.ndarray) -> list[int]:
    paid = rows(events, Kind.PAID)
    return paid["amount"][paid["detail"] == Purpose.SURCHARGE].tolist()


def test_the_flash_product_is_a_short_promise_for_a_surcharge() -> None:
    events = flash(place=3, u=0.19)
    assert (promises(events), surcharges(events)) == ([1800], [200])
    fees = rows(events, Kind.PAID)
    assert fees["amount"][fees["detail"] == Purpose.DELIVERY_FEE].tolist() == [400]


@pytest.mark.parametrize(
    "other",
    [{"u": 0.2}, {"place": 4}, {"t": 11 * 3600 - 1}, {"t": 12 * 3600}],
    ids=["unwilling", "far", "early", "late"],
)
def test_who_is_not_willing_near_or_in_time_gets_the_usual_promise(other: dict[str, Any]) -> None:
    events = flash(**{"place": 3, "u": 0.1, **other})
    assert (promises(events), surcharges(events)) == ([2400], [])


def test_flash_orders_come_first_and_their_surcharge_is_refunded() -> None:
    city = with_columns(toy_city([want(39605, patience_s=100), want(39606)]), flash=[0.0, 1.0])
    policy = scripted()
    events = play(city, policy, promise={"flash": {"on": True, "surcharge_yuan": 2}})
    assert [order.priority for order in policy.seen[0].orders] == [1, 0]
    paid = rows(events, Kind.PAID)
    assert paid["amount"][paid["detail"] == Purpose.REFUND].tolist() == [2000 + 400 + 200]
    assert balances(payments_table(events)).sum() == 0


WISHES = [want(100), want(155, 1, 4), want(400), want(1500, 1, 5)]
ALL_ON = {
    "platform": {"eta": True, "promise_min": 5},
    "promise": {"policy": "load_aware", "params": {"least": 1}, "guarantee": {"on": True}, "flash": {"on": True}},
}


@pytest.mark.parametrize("t", [90, 110, 170, 300, 659, 661, 1400, 1700, 2500])
def test_a_run_goes_on_with_what_it_has_learned(t: float) -> None:
    city, scenario = with_columns(toy_city(WISHES), flash=[0.5] * 4), toy_scenario(**ALL_ON)
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Nearest(), whole)
    world = simulate(scenario, city, Nearest(), first, until=t).world
    simulate(scenario, city, Nearest(), second, world=world)
    assert [*first.events().tolist(), *second.events().tolist()] == whole.events().tolist()


def without(events: np.ndarray, kinds: Sequence[Kind]) -> list[Any]:
    return events[~np.isin(events["kind"], kinds)].tolist()


def test_to_tell_more_changes_nothing_else() -> None:
    off, on = (play(toy_city(WISHES), Nearest(), platform={"eta": eta}) for eta in (False, True))
    assert len(on) > len(off)
    assert without(on, [Kind.ETA]) == off.tolist()
