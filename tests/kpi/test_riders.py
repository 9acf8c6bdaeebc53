"""The riders table and the idle spells, by hand."""

import numpy as np
import pandas as pd
import pytest

from sim.events import Kind
from sim.kpi.riders import idle_spells, riders_table, spells
from tests.kpi.hand_made import NOTHING, STORY, Row, departed, idle, log, on_shift, picked_up, placed

EXPECTED: dict[str, list[float]] = {
    "rider": [3, 7],
    "shifts": [2, 1],
    "planned_s": [7200 + 3600, 3600],
    "duty_s": [8000, 3600],  # rider 3 never leaves: to the end of the log, the second shift merged
    "idle_s": [200 + 300, 200 + 3340],
    "wait_s": [80 + 90, 0],  # the bundle's wait counts once
    "break_s": [0, 0],
    "busy_s": [8000 - 500 - 170, 3600 - 3540],
    "delivered": [2, 0],
    "metres": [3200, 300],
    "empty_m": [500 + 200, 300],
    "earned": [1150, 1000],
    "income_per_hour": [11.50 / 3, 10.0],
}


@pytest.mark.parametrize("column", EXPECTED)
def test_a_column_is_as_computed_by_hand(column: str) -> None:
    np.testing.assert_allclose(riders_table(STORY)[column], EXPECTED[column], rtol=1e-12)


def test_the_columns_are_the_documented_ones() -> None:
    assert list(riders_table(STORY).columns) == list(EXPECTED)
    assert list(riders_table(NOTHING).columns) == list(EXPECTED)
    assert len(riders_table(NOTHING)) == 0


def test_idle_spells_by_hand() -> None:
    table = idle_spells(STORY)
    assert table.to_numpy().tolist() == [[3, 1, 0, 200], [3, 21, 2700, 3000], [7, 2, 0, 200], [7, 9, 260, 3600]]
    assert list(table.columns) == ["rider", "place", "start", "end"]


def test_who_is_idle_at_the_end_is_idle_to_the_end_of_the_log() -> None:
    events = log(on_shift(0, 1, 5, 3600), idle(10, 1, 5), *placed(500, 0, 0, 0, 100))
    assert idle_spells(events)["end"].tolist() == [500]
    row = riders_table(events).iloc[0]
    assert (row["duty_s"], row["idle_s"], row["busy_s"]) == (500, 490, 10)


def test_a_spell_ends_with_its_own_rider() -> None:
    """Rider 1 stays idle although rider 2, the next in the table, goes off shift."""
    events = log(
        on_shift(0, 1, 5, 900), idle(0, 1, 5), on_shift(0, 2, 6, 900), idle(0, 2, 6), Row(900, Kind.OFF_SHIFT, rider=2)
    )
    assert idle_spells(events)["end"].tolist() == [900, 900]
    longer = np.append(events, log(Row(1000, Kind.WAVE)))
    assert idle_spells(longer)["end"].tolist() == [1000, 900]


def test_a_shift_that_begins_on_duty_is_merged_and_a_later_one_is_not() -> None:
    merged = log(on_shift(0, 1, 5, 600), on_shift(500, 1, 5, 600), Row(1200, Kind.OFF_SHIFT, rider=1, place=5))
    apart = log(
        on_shift(0, 1, 5, 600),
        Row(600, Kind.OFF_SHIFT, rider=1, place=5),
        on_shift(900, 1, 5, 600),
        Row(1500, Kind.OFF_SHIFT, rider=1, place=5),
    )
    for events, pieces in ((merged, 1), (apart, 2)):
        assert len(spells(events, Kind.ON_SHIFT, Kind.OFF_SHIFT)) == pieces
        row = riders_table(events).iloc[0]
        assert (row["duty_s"], row["planned_s"], row["shifts"]) == (1200, 1200, 2)


def test_waits_are_shared_by_a_visit_and_not_by_two() -> None:
    visits = [picked_up(100, 0, 1, 60), picked_up(100, 1, 1, 60), picked_up(300, 2, 1, 60), picked_up(300, 3, 2, 60)]
    riders = riders_table(log(on_shift(0, 1, 5, 3600), on_shift(0, 2, 5, 3600), *visits))
    assert riders["wait_s"].tolist() == [120, 60]


def test_a_reposition_is_ridden_empty_only_with_an_empty_box() -> None:
    events = log(
        on_shift(0, 1, 5, 3600),
        departed(10, 1, 70),
        picked_up(20, 0, 1),
        departed(30, 1, 900),
        Row(40, Kind.DELIVERED, 0, 1),
        departed(50, 1, 8),
    )
    row = riders_table(events).iloc[0]
    assert (row["metres"], row["empty_m"]) == (978, 78)


def test_whoever_did_not_come_on_shift_is_not_in_the_table() -> None:
    riders = riders_table(log(on_shift(0, 40, 5, 3600)))
    assert riders["rider"].tolist() == [40]
    assert riders[["delivered", "metres", "earned", "income_per_hour"]].to_numpy().tolist() == [[0, 0, 0, 0]]
    assert isinstance(spells(NOTHING, Kind.IDLE, Kind.OFF_SHIFT), pd.DataFrame)
