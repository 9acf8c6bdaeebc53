"""Real orders from a CSV file, as counts: only the time and the place of an order are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from sim.city.zones import zone_grid
from sim.entities import Floats, Ints
from sim.spelling import did_you_mean
from sim.twin.counts import Counts, counted, plain_calendar
from sim.units import QUARTERS

METRES_PER_DEGREE = 111_320.0
"""Of latitude; of longitude at the equator."""


@dataclass(frozen=True, slots=True)
class OrderColumns:
    """Which columns of a CSV hold what.

    Parameters
    ----------
    time
        When the order was placed; with an offset, or in `written_in`.
    lat, lon
        Where it goes, in degrees.
    zone
        Name of its zone; when given, `lat` and `lon` are not needed.
    written_in, timezone
        Time zone of times without an offset, and of the city's clocks.
    zone_m
        Side of a zone in metres.
    """

    time: str = "TIMESTAMP"
    lat: str = "USER_LAT"
    lon: str = "USER_LONG"
    zone: str = ""
    written_in: str = "UTC"
    timezone: str = "UTC"
    zone_m: float = 1000.0


def read_orders(path: Path, columns: OrderColumns) -> Counts:
    """Count the orders of a file by quarter of an hour and zone, from its first to its last day.

    Raises
    ------
    ValueError
        When the file, a column or a time zone is missing, or a cell cannot be read; with file and line.
    """
    table = _read(path, columns)
    local = _local(path, table[columns.time], columns)
    day = local.dt.normalize().dt.tz_localize(None)
    first, days = day.min(), (day.max() - day.min()).days + 1
    zone, names = _zones(path, table, columns)
    quarter = (local.dt.hour * 60 + local.dt.minute) // 15
    step = (day - first).dt.days * QUARTERS + quarter
    values = counted(step.to_numpy(np.int64), zone, (days * QUARTERS, len(names)))
    return Counts(path.stem, first.date(), plain_calendar(first.date(), days), names, values)


def _read(path: Path, columns: OrderColumns) -> pd.DataFrame:
    wanted = [columns.time, *([columns.zone] if columns.zone else [columns.lat, columns.lon])]
    try:
        header = list(pd.read_csv(path, nrows=0).columns)
        for name in wanted:
            if name not in header:
                raise ValueError(f"no column {name!r}{did_you_mean(name, header)}; it has {', '.join(header)}")
        table = pd.read_csv(path, usecols=wanted, dtype=str, keep_default_na=False)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ValueError(f"{path}:1: {' '.join(str(error).split())}") from None
    if table.empty:
        raise ValueError(f"{path}: has no orders")
    return table


def _local(path: Path, text: pd.Series, columns: OrderColumns) -> pd.Series:
    for name in (columns.written_in, columns.timezone):
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"unknown time zone {name!r}: expected one such as 'Europe/Helsinki'") from None
    times = pd.to_datetime(text, errors="coerce", format="ISO8601")
    _refuse(path, columns.time, text, times.isna(), "a time such as '2020-08-01 18:30:00'")
    if times.dt.tz is None:
        times = times.dt.tz_localize(columns.written_in, ambiguous=True, nonexistent="shift_forward")
    return times.dt.tz_convert(columns.timezone)


def _zones(path: Path, table: pd.DataFrame, columns: OrderColumns) -> tuple[Ints, tuple[str, ...]]:
    if columns.zone:
        names, zone = np.unique(table[columns.zone].to_numpy(str), return_inverse=True)
        return zone, tuple(names.tolist())
    lat, lon = (_degrees(path, name, table[name]) for name in (columns.lat, columns.lon))
    east = lon * METRES_PER_DEGREE * np.cos(np.radians(lat.mean()))
    return zone_grid(east, lat * METRES_PER_DEGREE, columns.zone_m)


def _degrees(path: Path, name: str, text: pd.Series) -> Floats:
    values = pd.to_numeric(text, errors="coerce")
    _refuse(path, name, text, ~(values.abs() <= 180), "degrees")
    return values.to_numpy(np.float64)


def _refuse(path: Path, name: str, text: pd.Series, bad: pd.Series, expected: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ValueError(f"{path}:{row + 2}: {name}: expected {expected}, got {text.iloc[row]!r}")
