"""Incentive policies on hand-made shortages."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from sim.policies.crew.incentive import INCENTIVES, FixedPeak, Forecast, Shortage, none
from sim.policies.registry import PolicyNotFound, load_policy
from sim.units import HOUR


def short(hour: float = 12, waiting: tuple[int, ...] = (0, 4), idle: tuple[int, ...] = (2, 0)) -> Shortage:
    return Shortage(hour * HOUR, np.array(waiting), np.array(idle), np.array([1.0, 2.0]), 0, 10**9)


def test_nothing_is_nothing() -> None:
    assert none(short(), default_rng(1)).tolist() == [0, 0]


@pytest.mark.parametrize(("hour", "fen"), [(10.9, 0), (11, 250), (13, 0), (36, 250)])
def test_the_peak_is_the_same_everywhere(hour: float, fen: int) -> None:
    assert FixedPeak({"11:00-13:00": 2.5})(short(hour), default_rng(1)).tolist() == [fen, fen]


def test_a_peak_may_go_over_midnight() -> None:
    peak = FixedPeak({"22:00-02:00": 1.0, "01:00-03:00": 2.0})
    assert [int(peak(short(hour), default_rng(1))[0]) for hour in (21.9, 22, 25, 26.5, 27)] == [0, 100, 200, 200, 0]


@pytest.mark.parametrize(
    ("name", "params", "found"),
    [
        ("peak", {"yuan": {"25:00-26:00": 2.0}}, "are no hours such as"),
        ("peak", {"yuan": {"11:00-13:00": -2.0}}, "must be 0 to"),
        ("forecast", {"most_yuan": -1.0}, "most_yuan must be 0 to"),
        ("forecast", {"orders_per_rider": -1.0}, "orders_per_rider must be 0 to"),
        ("forecast", {"yuan_per_missing": float("nan")}, "yuan_per_missing must be 0 to"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_run(name: str, params: dict[str, Any], found: str) -> None:
    with pytest.raises(PolicyNotFound, match=found):
        load_policy(INCENTIVES, name, params)


def test_the_forecast_pays_where_riders_are_missing() -> None:
    assert Forecast(0.75, 4, 4)(short(), default_rng(1)).tolist() == [0, 400]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 20))
def test_more_riders_never_raise_the_forecast_s_pay(waiting: int, idle: int, more: int) -> None:
    pays = [Forecast()(short(waiting=(waiting, 0), idle=(n, 0)), default_rng(1))[0] for n in (idle, idle + more)]
    assert 0 <= pays[1] <= pays[0] <= 400
