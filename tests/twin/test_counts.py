"""Demand as counts: what the city draws, cell by cell."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.twin.counts import city_counts, counted, plain_calendar, scenario_counts
from tests.twin.demand_made import made_counts

SMALL: dict[str, Any] = {
    "name": "small town",
    "city": {"kind": "plane", "width_m": 2000, "height_m": 1500, "places": 60, "zone_m": 500},
    "population": {"users": 400},
    "merchants": {"classes": {"kitchen": {"count": 12}}},
    "riders": {"count": 14},
}


def test_counts_are_the_intents_of_the_days() -> None:
    scenario = Scenario.model_validate(SMALL)
    counts, city = scenario_counts(scenario, 3), build_city(scenario)
    day = city.day(1, Streams(scenario.seed)).intents
    zone = city.places.zone[day.place]
    quarter = ((day.t - 86400) // 900).astype(int)
    table = counts.values[96:192]
    assert table.sum() == len(day)
    for cell in {*zip(quarter.tolist(), zone.tolist(), strict=True)}:
        assert table[cell] == ((quarter == cell[0]) & (zone == cell[1])).sum()
    assert counts.values.shape == (3 * 96, len(city.zones))


def test_another_replication_is_another_draw_about_the_same_rates() -> None:
    scenario = Scenario.model_validate(SMALL | {"calendar": {"days": 4}})
    city = build_city(scenario)
    one, two = (city_counts(city, scenario, 3, replication) for replication in (0, 1))
    assert (one.values != two.values).any()
    assert one.rates is not None
    assert two.rates is not None
    assert (one.rates == two.rates).all()
    assert (one.values == scenario_counts(scenario, 3).values).all()


def test_rates_are_what_counts_scatter_about() -> None:
    counts = scenario_counts(Scenario.model_validate(SMALL | {"population": {"users": 4000}}), 20)
    assert counts.rates is not None
    rates = counts.rates[: len(counts.values)]
    assert len(counts.rates) == 21 * 96
    assert ((counts.values - rates) ** 2).sum() / rates.sum() == pytest.approx(1, abs=0.05)
    assert counts.values.sum() == pytest.approx(rates.sum(), rel=0.02)


def test_the_oracle_knows_surprises_and_the_planner_does_not() -> None:
    burst = {"name": "power cut", "place": {"use": "housing"}, "at": "18:00", "orders": 200, "announced": False}
    counts = scenario_counts(Scenario.model_validate(SMALL | {"demand": {"bursts": [burst]}}), 2)
    assert counts.rates is not None
    assert counts.planned is not None
    surprise = (counts.rates - counts.planned)[:96].sum(axis=1)
    assert surprise.sum() > 50
    assert np.flatnonzero(surprise > 1e-9).tolist() == [72, 73, 74]


def test_a_holiday_is_a_free_day() -> None:
    holiday = {"name": "rest", "dates": "2026-03-04"}
    counts = scenario_counts(Scenario.model_validate(SMALL | {"demand": {"holidays": [holiday]}}), 7)
    assert counts.calendar.off.tolist() == [False, False, True, False, False, True, True, False]
    assert counts.calendar.weekday.tolist() == [0, 1, 2, 3, 4, 5, 6, 0]


def test_coarser_counts_add_up() -> None:
    counts = made_counts(3)
    for coarse, shape in ((counts.city(), (288, 1)), (counts.hourly(), (72, 2)), (counts.city().hourly(), (72, 1))):
        assert coarse.values.shape == shape
        assert coarse.values.sum() == counts.values.sum()
        assert coarse.days == 3
        assert coarse.rates is not None
        assert len(coarse.rates) == shape[0] * 4 // 3
    assert counts.hourly().values[12].tolist() == counts.values[48:52].sum(axis=0).tolist()
    assert (counts.minutes, counts.hourly().minutes) == (15, 60)
    assert counts.hourly().city().values.tolist() == counts.city().hourly().values.tolist()


def test_what_nobody_knows_stays_unknown() -> None:
    coarse = made_counts(3, known=False).city().hourly()
    assert coarse.rates is None
    assert coarse.planned is None


def test_a_benchmark_city_has_no_past(tmp_path: Any) -> None:
    from tests.experiment.mdrp.tiny_day import INSTANCE

    for name, text in INSTANCE.items():
        (tmp_path / name).write_text(text.replace(" ", "\t"))
    scenario = Scenario.model_validate({"name": "tiny", "city": {"kind": "mdrp", "dir": str(tmp_path)}})
    with pytest.raises(ValueError, match="tiny: a benchmark city has one day"):
        scenario_counts(scenario, 3)


def test_cells_are_counted() -> None:
    table = counted(np.array([0, 2, 2]), np.array([1, 0, 0]), (3, 2))
    assert table.tolist() == [[0, 1], [0, 0], [2, 0]]
    assert plain_calendar(date(2020, 8, 1), 2).off.tolist() == [True, True, False]
