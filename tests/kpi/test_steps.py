"""The steps of a delivered order: as timed by hand, and adding up whatever was lived."""

import numpy as np
import pandas as pd
import pytest

from sim.events import Kind
from sim.kpi.events import Events
from sim.kpi.orders import orders_table
from sim.kpi.steps import CHAIN, PATH, steps_table
from tests.kpi.hand_made import NOTHING, STORY, Row, delivered, departed, log, picked_up, placed


def steps(events: Events) -> pd.DataFrame:
    return steps_table(events, orders_table(events))


def seconds(events: Events, order: int) -> dict[str, float]:
    table = steps(events)
    row = table[table["order"] == order].to_dict("records")[0]
    return {str(name): round(60 * float(minutes), 6) for name, minutes in row.items() if name != "order"}


def test_the_story_is_timed_by_hand() -> None:
    """The rider is at the counter at 420 s; order 0 is ready at 400 s and waits for order 1, ready at 500 s."""
    assert seconds(STORY, 0) == {
        "kitchen": 300, "stood": 20, "companion": 80, "leave": 100, "way": 300, "door": 100,
        "set_off": -200, "approach": 100, "counter": 120,
    }  # fmt: skip


def test_who_sets_off_before_he_has_the_order_sets_off_when_he_gets_it() -> None:
    """Order 1 moves at 230 s to a rider who left for its merchant at 200 s."""
    assert seconds(STORY, 1)["set_off"] == 230 - 500
    assert seconds(STORY, 1)["approach"] == 70
    assert seconds(STORY, 1)["stood"] == 0


def late_rider(*extra: Row) -> Events:
    """Ready at 600 s, given away at 900 s, at the counter at 1300 s."""
    return log(
        *placed(0, 7, merchant=1, user=1, basket=100),
        Row(600, Kind.READY, 7, merchant=1),
        Row(900, Kind.ASSIGNED, 7, rider=2, detail=0),
        departed(950, 2, 500, order=7),
        Row(1200, Kind.ARRIVED, 7, 2, place=4),
        picked_up(1300, 7, 2),
        departed(1400, 2, 900, order=7),
        Row(2000, Kind.ARRIVED, 7, 2, place=9),
        delivered(2050, 7, 2, place=9),
        *extra,
    )


def test_a_meal_stands_from_ready_until_the_rider_is_at_the_counter() -> None:
    assert seconds(late_rider(), 7) == {
        "kitchen": 600, "stood": 700, "companion": 0, "leave": 100, "way": 600, "door": 50,
        "set_off": 350, "approach": 250, "counter": 100,
    }  # fmt: skip


def test_stops_for_others_on_the_way_belong_to_the_way() -> None:
    other = [Row(1500, Kind.ARRIVED, 8, 2, place=5), delivered(1560, 8, 2, place=5), departed(1600, 2, 300, order=7)]
    events = late_rider(*placed(10, 8, merchant=1, user=2, basket=100), picked_up(1300, 8, 2), *other)
    assert seconds(events, 7)["way"] == 600
    assert seconds(events, 8)["way"] == 100


def test_moves_of_another_rider_are_not_his() -> None:
    others = [departed(1250, 3, 1), Row(1260, Kind.ARRIVED, 0, 3), departed(1350, 3, 1), Row(2010, Kind.ARRIVED, 0, 1)]
    assert seconds(late_rider(*others), 7) == seconds(late_rider(), 7)


def test_a_log_without_rides_still_adds_up() -> None:
    """Data from elsewhere may know pickups and deliveries only."""
    events = late_rider()
    events = events[~np.isin(events["kind"], (Kind.ARRIVED, Kind.DEPARTED, Kind.READY))]
    told = seconds(events, 7)
    assert sum(told[name] for name in PATH) == 2050
    assert (told["kitchen"], told["way"]) == (1300, 750)


def test_steps_of_a_lived_log_are_positive_and_add_up(lived: Events) -> None:
    orders = orders_table(lived)
    orders = orders[orders["state"] == "delivered"]
    table = steps_table(lived, orders)
    assert table["order"].tolist() == orders["order"].tolist()
    assert (table[[*PATH, "approach", "counter"]] >= -1e-9).all(axis=None)
    click_to_door = (orders["delivered_at"] - orders["placed_at"]).to_numpy() / 60
    assert table[[*PATH]].sum(axis=1).to_numpy() == pytest.approx(click_to_door)


def test_steps_of_a_lived_log_are_those_of_the_scenario(lived: Events) -> None:
    """Half of each visit of 4 minutes lies before the hand-over and half after; only bundles wait for companions."""
    table, orders = steps(lived), orders_table(lived)
    assert table["door"].to_numpy() == pytest.approx(2)
    assert table["leave"].to_numpy() == pytest.approx(2)
    assert table["counter"].median() == pytest.approx(2, abs=0.01)
    alone = orders["order"][(orders["state"] == "delivered") & ~orders["bundled"]]
    assert table["companion"][table["order"].isin(alone)].max() < 0.01
    assert table["companion"].max() > 1


def test_the_rider_s_path_explains_the_meal_s_wait(lived: Events) -> None:
    """Set-off, approach and counter end when he is at the counter: later than ready, the meal stood."""
    table = steps(lived)
    path = table[[*CHAIN]].sum(axis=1)
    assert path.clip(lower=0).to_numpy() == pytest.approx(table["stood"].to_numpy(), abs=1e-6)


def test_no_orders_no_steps() -> None:
    assert steps(NOTHING).columns.tolist() == ["order", *PATH, *CHAIN]
    assert len(steps(log(*placed(0, 0, 1, 1, 100)))) == 0


def test_what_the_rider_shops_himself_is_preparation_and_no_wait() -> None:
    """Counter at 420, ten minutes of shopping, picked up at 1020: had it been ready, he would have left at 420."""
    events = log(
        *placed(100, 0, merchant=1, user=1, basket=100, cooks_at=420),
        Row(200, Kind.ASSIGNED, 0, rider=2, detail=0),
        departed(200, 2, 500, order=0),
        Row(300, Kind.ARRIVED, 0, 2, place=4),
        Row(1020, Kind.READY, 0, merchant=1),
        picked_up(1020, 0, 2, waited_s=0, merchant=1),
        departed(1100, 2, 500, order=0),
        Row(1400, Kind.ARRIVED, 0, 2, place=5),
        delivered(1500, 0, 2),
    )
    assert seconds(events, 0) == {
        "kitchen": 600, "stood": 320, "companion": 0, "leave": 80, "way": 300, "door": 100,
        "set_off": -500, "approach": 100, "counter": 120,
    }  # fmt: skip
