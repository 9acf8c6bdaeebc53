"""On-time share by weather, counted by hand."""

import numpy as np
import pytest

from sim.entities import Weather
from sim.events import Kind
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.kpi.weather import weather_table
from sim.units import HOUR
from tests.kpi.hand_made import NOTHING, STORY, Row, delivered, log, placed


def change(hour: float, weather: Weather, pace: int = 1000) -> Row:
    return Row(hour * HOUR, Kind.CONDITIONS, amount=pace, detail=weather)


def order(number: int, hour: float, minutes: float) -> list[Row]:
    """An order delivered so many minutes after it was placed; the promise is 40."""
    return [*placed(hour * HOUR, number, 1, 1, 100), delivered(hour * HOUR + 60 * minutes, number, 3)]


DAY = Tables(
    log(
        change(0, Weather.DRY),
        change(1, Weather.RAIN, 1100),
        change(3, Weather.DRY),
        change(4, Weather.HEAVY_RAIN, 1200),
        change(5, Weather.COLD),
        *order(0, 0.5, 30),
        *order(1, 1, 30),  # at the very moment when it begins to rain
        *order(2, 2.9, 50),  # late, and delivered when it is dry again
        *order(3, 3.5, 40),
        *order(4, 4.5, 41),
        *placed(4.6 * HOUR, 5, 1, 1, 100),  # never delivered
        Row(8 * HOUR, Kind.IDLE, rider=1, place=0),
    )
)


def test_orders_are_counted_in_the_weather_in_which_they_are_placed() -> None:
    table = weather_table(DAY.events, DAY.orders).set_index("weather")
    assert list(table.index) == ["dry", "rain", "heavy_rain", "cold"]
    assert table["hours"].tolist() == [2, 2, 1, 3]
    assert table["orders"].tolist() == [2, 2, 2, 0]
    np.testing.assert_array_equal(table["on_time"], [1, 0.5, 0, np.nan])
    assert table["pace"].tolist() == pytest.approx([1, 1.1, 1.2, 1])


def test_the_interval_is_wilsons() -> None:
    rain = weather_table(DAY.events, DAY.orders).set_index("weather").loc["rain"]
    assert (rain["low"], rain["high"]) == pytest.approx((0.0945, 0.9055), abs=1e-4)  # 1 of 2 (Brown et al. 2001)


def test_the_kpi_is_the_share_in_rain() -> None:
    assert KPIS["wet_on_time_share"].value(DAY) == 1 / 4


@pytest.mark.parametrize("events", [STORY, NOTHING])
def test_without_weather_there_is_no_row(events: np.ndarray) -> None:
    tables = Tables(events)
    assert len(weather_table(events, tables.orders)) == 0
    assert np.isnan(KPIS["wet_on_time_share"].value(tables))
