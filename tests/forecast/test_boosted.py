"""Boosted trees: what only they find, and what they need."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from sim.forecast.boosted import Boosted, features
from sim.forecast.smoothing import Smoothing
from tests.forecast.made import STEPS, calendar, drawn, rates

DAYS = 21


def test_a_weekday_of_its_own_is_found() -> None:
    """Fridays have half as many orders again: smoothing, which knows working and free days only, cannot tell."""
    means = rates(DAYS + 7, orders=4000)
    for day in range(4, DAYS + 7, 7):
        means[day * STEPS : (day + 1) * STEPS] *= 1.5
    values, now = drawn(means), (DAYS + 4) * STEPS + 44
    true = means[now : now + 8].sum()
    trees, smooth = (
        each.fit(values[: DAYS * STEPS], calendar(DAYS + 7)).predict(values[:0], now).mean.sum() / true
        for each in (Boosted(), Smoothing())
    )
    assert abs(trees - 1) < 0.12
    assert smooth < 0.85


def test_what_the_trees_see() -> None:
    usual, levels = np.array([[1.0, np.e]]), np.ones((1, 2, 4))
    seen = features(calendar(7), np.array([5 * STEPS + 40]), np.array([3]), usual, levels)
    assert seen.tolist() == [[40, 5, 1, 3, 0, 0, 0, 0, 0, 0], [40, 5, 1, 3, 1, 1, 0, 0, 0, 0]]


def test_no_row_of_a_training_day_looks_into_the_held_out_ones() -> None:
    values = drawn(rates(12))
    days, path = Smoothing().usual_days(values, calendar(12))
    later = days.copy()
    later[9:] = 77
    rows = [Boosted()._rows(each, path[:-2], calendar(12), 7, 9) for each in (days, later)]
    assert all((one == other).all() for one, other in zip(*rows, strict=True))


def test_a_short_history_is_refused() -> None:
    with pytest.raises(ValueError, match="trees need a history of 4 days or more, got 3"):
        Boosted().fit(np.ones((3 * STEPS, 1)), calendar(4))


def test_without_the_library_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(ValueError, match=r"pip install 'paotui\[forecast\]'"):
        Boosted().fit(drawn(rates(8)), calendar(9))


def test_more_rows_are_only_more_origins() -> None:
    values = drawn(rates(12))
    days, path = Smoothing().usual_days(values, calendar(12))
    few, many = (replace(Boosted(), rows=n)._rows(days, path[:-2], calendar(12), 7, 10) for n in (500, 10**9))
    assert len(many.actual) == (3 * STEPS - 7) * 8 * 4
    assert len(few.actual) < len(many.actual) / 5
    assert set(few.seen[:, 0]) <= set(many.seen[:, 0])
