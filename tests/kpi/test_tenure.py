"""When in their time riders quit, on logs made by hand and on a run."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events import Kind
from sim.kpi.events import Events
from sim.kpi.tenure import early_quits, kaplan_meier, staying, stays_table, tenure_table
from sim.units import DAY
from tests.engine.test_careers import of_all
from tests.kpi.hand_made import STORY, Row, log


def nights(days: int, *moves: tuple[int, Kind, int], before: int = 2) -> Events:
    """A log of censuses, and of moves: the night (days since the eve), what happens, and to whom."""
    census = [Row(day * DAY, Kind.FLEET, amount=900, detail=before) for day in range(days + 1)]
    return log(*(Row(night * DAY, kind, rider=rider, amount=0) for night, kind, rider in moves), *census)


HIRED, QUIT = Kind.HIRED, Kind.QUIT
TOLD = nights(35, (3, HIRED, 2), (7, QUIT, 0), (8, QUIT, 1), (10, QUIT, 2), (14, HIRED, 0))
"""Two riders from before: one quits at the end of the first week and is hired again, one in the second. One is hired
and quits after seven days."""


def test_a_stay_begins_with_the_hiring_or_the_run_and_ends_with_quitting_or_the_run() -> None:
    rows = stays_table(TOLD).sort_values(["hired", "days"]).to_numpy().tolist()
    assert rows == [[False, 7.0, True], [False, 8.0, True], [True, 7.0, True], [True, 21.0, False]]


def test_who_quits_at_the_end_of_a_week_quits_in_it() -> None:
    table = tenure_table(TOLD)
    hired, before = (table[table["hired"] == side].drop(columns="hired").to_numpy().tolist() for side in (True, False))
    assert before == [[0, 2, 1, 2.0], [1, 1, 1, pytest.approx(1 / 7)]]
    assert hired == [[0, 2, 1, 2.0], [1, 1, 0, 1.0], [2, 1, 0, 1.0]]


def test_early_quits_are_of_those_hired_in_the_run_and_need_four_weeks() -> None:
    assert isnan(early_quits(TOLD)), "the one who stays was watched for three weeks"
    longer = nights(40, (3, HIRED, 2), (7, QUIT, 0), (10, QUIT, 2), (11, HIRED, 3))
    assert early_quits(longer) == pytest.approx(1 / 2)
    assert early_quits(nights(40, (3, HIRED, 2), (38, QUIT, 2))) == 0, "he quit after 35 days"
    assert isnan(early_quits(nights(40, (3, QUIT, 1)))), "nobody was hired"


def test_where_riders_do_not_respond_there_is_nothing() -> None:
    assert not len(stays_table(STORY))
    assert not len(tenure_table(STORY))
    assert [column.tolist() for column in staying(STORY)] == [[0], [1]]


def test_the_curve_ends_with_the_run() -> None:
    days, share = staying(TOLD)
    assert days.tolist() == [0, 7, 8, 35]
    assert share.tolist() == pytest.approx([1, 1 / 2, 1 / 4, 1 / 4])


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=40))
def test_without_anybody_cut_off_the_curve_is_the_share_still_there(stays: list[tuple[int, bool]]) -> None:
    days = np.array([day for day, _ in stays], np.float64)
    steps, share = kaplan_meier(days, np.ones(len(days), np.bool_))
    np.testing.assert_allclose(share, [(days > step).mean() for step in steps], atol=1e-12)
    cut = kaplan_meier(days, np.array([left for _, left in stays]))[1]
    assert (np.diff(cut) <= 0).all()
    assert cut[-1] >= share[-1] - 1e-12


def test_the_table_of_a_run_adds_up() -> None:
    events = of_all()
    table, stays = tenure_table(events), stays_table(events)
    assert table["quit"].sum() == stays["quit"].sum() == (events["kind"] == Kind.QUIT).sum()
    assert table["rider_weeks"].sum() == pytest.approx(stays["days"].sum() / 7)
    assert (table["rider_weeks"] <= table["at_risk"] + 1e-9).all()
    assert table[(table["week"] == 0) & ~table["hired"]]["at_risk"].tolist() == [16]
