"""The weather of a replication: the chain keeps its chances, the forecast errs as often as it says."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.weather import BEYOND, Atmosphere, Chain, Record
from sim.entities import Weather
from sim.scenario.weather import ChainPart, ChainWeather, TraceWeather
from sim.streams import Streams

YEAR = date(2026, 1, 1)
SIMPLE: list[list[float]] = [[0.9, 0.1, 0, 0, 0], [0.4, 0.5, 0.1, 0, 0], [0, 0.5, 0.5, 0, 0], [0] * 5, [0] * 5]
"""Dry, rain and heavy rain."""


def air(spec: Any = None, start: date = YEAR, **fields: Any) -> Atmosphere:
    return Atmosphere.of(spec or ChainWeather.model_validate(fields), start)


def simple(**forecast: float) -> Atmosphere:
    return air(parts={"a": {"counts": SIMPLE}}, forecast=forecast)


def counted(weather: np.ndarray) -> np.ndarray:
    counts = np.zeros((5, 5))
    np.add.at(counts, (weather[:-1], weather[1:]), 1)
    return counts


def test_a_replication_is_a_weather() -> None:
    one, two, other = (air().sky(30, Streams(3, r)) for r in (0, 0, 1))
    np.testing.assert_array_equal(one.weather, two.weather)
    np.testing.assert_array_equal(one.forecast, two.forecast)
    assert not np.array_equal(one.weather, other.weather)


def test_more_days_change_no_earlier_one() -> None:
    short, long = air().sky(5, Streams(1)), air().sky(40, Streams(1))
    for column in ("weather", "forecast", "before"):
        few = getattr(short, column)
        assert len(few) == (5 + BEYOND) * 24
        np.testing.assert_array_equal(few, getattr(long, column)[: len(few)])


def test_the_path_has_the_chances_of_the_chain() -> None:
    counts = counted(simple().sky(2000, Streams(1)).weather)
    for state, chances in enumerate(SIMPLE[:3]):
        possible = np.array(chances) > 0
        assert counts[state, ~possible].sum() == 0
        expected = np.array(chances)[possible] * counts[state].sum()
        assert stats.chisquare(counts[state, possible], expected).pvalue > 1e-3


def test_parts_hold_in_their_months_and_hours() -> None:
    """Rain begins only at noon of a summer's day, and ends only at six."""
    spec = {
        "winter": {"months": [1, 2, 3, 10, 11, 12], "counts": [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], *[[0] * 5] * 3]},
        "noon": {"months": [4, 5, 6, 7, 8, 9], "first_hour": 12, "last_hour": 12,
                 "counts": [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0], *[[0] * 5] * 3]},
        "dusk": {"months": [4, 5, 6, 7, 8, 9], "first_hour": 18, "last_hour": 18,
                 "counts": [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], *[[0] * 5] * 3]},
        "else": {"months": [4, 5, 6, 7, 8, 9], "first_hour": 19, "last_hour": 11,
                 "counts": [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], *[[0] * 5] * 3]},
        "rest": {"months": [4, 5, 6, 7, 8, 9], "first_hour": 13, "last_hour": 17,
                 "counts": [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], *[[0] * 5] * 3]},
    }  # fmt: skip
    days = air(parts=spec).sky(365, Streams(1)).weather[: 365 * 24].reshape(365, 24)
    summer = days[90:272]  # from 1 April on the day is dry until the first noon
    assert (summer[:, 13:19] == Weather.RAIN).all()
    assert (summer[:, :13] == Weather.DRY).all()
    assert (summer[:, 19:] == Weather.DRY).all()
    assert (days[:90] == Weather.DRY).all()


def test_a_row_of_zeros_takes_the_sum_of_all_parts() -> None:
    zero = [[0.0] * 5] * 5
    chain = Chain.of([ChainPart(last_hour=11, counts=SIMPLE), ChainPart(first_hour=12, counts=zero)])
    np.testing.assert_allclose(chain.chance[0], chain.chance[1])
    np.testing.assert_allclose(chain.chance.sum(axis=2), 1)


def test_counts_and_chances_are_the_same_chain() -> None:
    tenfold = [[10 * weight for weight in row] for row in SIMPLE]
    one, ten = (Chain.of([ChainPart(counts=rows)]).chance for rows in (SIMPLE, tenfold))
    np.testing.assert_allclose(one, ten)


def test_what_is_usual_is_the_stationary_share() -> None:
    usual = Chain.of([ChainPart(counts=SIMPLE)]).usual()
    assert usual.shape == (12, 24, 5)
    step = np.array(SIMPLE)[:3, :3]
    np.testing.assert_allclose(usual[4, 7, :3] @ step, usual[4, 7, :3])
    np.testing.assert_allclose(usual.sum(axis=2), 1)
    assert not usual[..., 3:].any(), "what never comes is not usual"


def test_the_shipped_weather_looks_like_new_york() -> None:
    """Shares of the hours of 2013 at JFK: 81.9 % dry, 6.0 % rain, 0.6 % heavy, 1.3 % heat, 10.1 % cold."""
    weather = air().sky(20 * 365, Streams(5)).weather
    np.testing.assert_allclose(np.bincount(weather) / len(weather), [0.819, 0.060, 0.006, 0.013, 0.101], atol=0.012)
    heat = np.bincount(np.flatnonzero(weather == Weather.HEAT) % 24, minlength=24)
    assert heat[12:18].sum() > 5 * heat[0:6].sum(), "heat comes by day"
    january = air().sky(31, Streams(5)).weather[: 31 * 24]
    assert not (january == Weather.HEAT).any()


def forecast_hits(skill: float, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """How often each lead is right, and how often it would be by the definition."""
    air_ = simple(skill=skill, decay=decay)
    sky = air_.sky(2000, Streams(2))
    hours = 2000 * 24
    right = [(sky.forecast[:hours, k] == sky.weather[k + 1 : hours + k + 1]).mean() for k in range(6)]
    usual = Chain.of([ChainPart(counts=SIMPLE)]).usual()[0, 0]
    trust = skill * decay ** np.arange(6)
    return np.array(right), trust + (1 - trust) * (usual**2).sum()


@pytest.mark.parametrize(("skill", "decay"), [(1.0, 1.0), (0.9, 0.95), (0.5, 0.8), (0.0, 1.0)])
def test_the_forecast_is_as_good_as_it_says(skill: float, decay: float) -> None:
    right, expected = forecast_hits(skill, decay)
    np.testing.assert_allclose(right, expected, atol=0.012)
    if skill == 1:
        assert (right == 1).all()


def test_a_forecast_that_has_come_right_stays_right() -> None:
    sky = simple(skill=0.7, decay=0.8).sky(300, Streams(1))
    target = np.arange(6, 7000)
    said = np.array([sky.forecast[target - lead, lead - 1] for lead in range(6, 0, -1)])
    right = said == sky.weather[target]
    assert (np.diff(right.astype(int), axis=0) >= 0).all()
    np.testing.assert_array_equal(said[-1], sky.before[target])


def test_the_forecast_moves_no_weather() -> None:
    good, bad = (simple(skill=skill).sky(50, Streams(1)) for skill in (1.0, 0.2))
    np.testing.assert_array_equal(good.weather, bad.weather)
    assert (good.forecast == bad.forecast).mean() < 0.95


def test_better_skill_errs_in_fewer_hours_and_in_no_other() -> None:
    truth, low, high = (simple(skill=skill).sky(200, Streams(1)).forecast for skill in (1.0, 0.5, 0.8))
    assert ((high != truth) <= (low != truth)).all()


def record(folder: Path, days: int = 3, first: str = "2021-03-01") -> TraceWeather:
    """Rain from 6 to 12 on each day."""
    start = np.datetime64(first)
    rows = [f"{start + np.timedelta64(h, 'h')}:00,15,{2 if 6 <= h % 24 < 12 else 0}" for h in range(days * 24)]
    path = folder / "record.csv"
    path.write_text("\n".join(["time,temp_c,precip_mm", *rows]) + "\n")
    return TraceWeather(file=str(path))


def test_a_record_is_followed_day_by_day(tmp_path: Path) -> None:
    made = air(record(tmp_path), date(2026, 3, 2))
    one, two = made.sky(2, Streams(1, 0)), made.sky(2, Streams(1, 7))
    np.testing.assert_array_equal(one.weather, two.weather)
    day = [Weather.RAIN if 6 <= hour < 12 else Weather.DRY for hour in range(24)]
    assert one.weather[:48].tolist() == [*day, *day]
    assert not np.array_equal(one.forecast, two.forecast), "forecasts differ between replications"


def test_after_the_record_the_weather_stays(tmp_path: Path) -> None:
    sky = air(record(tmp_path), date(2026, 3, 1)).sky(3, Streams(1))
    assert len(sky.weather) == (3 + BEYOND) * 24
    assert (sky.weather[3 * 24 :] == Weather.DRY).all()


def test_a_day_without_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"weather.file: record.csv has no weather for 04 March 06:00"):
        air(record(tmp_path), date(2026, 3, 2)).sky(3, Streams(1))


def test_what_is_usual_in_a_record_is_its_share(tmp_path: Path) -> None:
    usual = Record.of(record(tmp_path)).usual()
    assert usual[2, 7, Weather.RAIN] == 1
    assert usual[2, 13, Weather.DRY] == 1
    np.testing.assert_allclose(usual[6, 7], [0.75, 0.25, 0, 0, 0], atol=0.04)
    np.testing.assert_allclose(usual.sum(axis=2), 1)
