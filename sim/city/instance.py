"""Reader of one Meal Delivery Routing Problem instance, in the benchmark's own units (metres, minutes)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.entities import Floats, Ints

LARGEST = 1e9
"""Metres or minutes; what is larger is a mistake."""
LAST_MIN = 2880
"""When an instance has ended, in minutes: nothing later would be simulated."""
COLUMNS = {
    "restaurants.txt": ("restaurant", "x", "y"),
    "orders.txt": ("order", "x", "y", "placement_time", "restaurant", "ready_time"),
    "couriers.txt": ("courier", "x", "y", "on_time", "off_time"),
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """The instance's parameters: m/min, minutes of service, targets in minutes, pay in currency units."""

    metres_per_minute: float
    pickup_min: float
    dropoff_min: float
    target_min: float
    maximum_min: float
    pay_per_order: float
    pay_per_hour: float


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance: ids as written, coordinates in metres, times in minutes; rows in file order."""

    name: str
    restaurants: tuple[str, ...]
    orders: tuple[str, ...]
    couriers: tuple[str, ...]
    restaurant_x: Floats
    restaurant_y: Floats
    order_x: Floats
    order_y: Floats
    placed: Floats
    order_restaurant: Ints
    ready: Floats
    courier_x: Floats
    courier_y: Floats
    on: Floats
    off: Floats
    parameters: Parameters


def read_instance(folder: Path) -> Instance:
    """Read an instance folder.

    Raises
    ------
    ValueError
        When a file is missing, a header is not the benchmark's, or a row cannot be read; the message
        names file, line and column.
    """
    kitchens, kx, ky = _columns(folder / "restaurants.txt")
    orders, ox, oy, placed, at, ready = _columns(folder / "orders.txt")
    couriers, cx, cy, on, off = _columns(folder / "couriers.txt")
    index = {name: i for i, name in enumerate(kitchens)}
    o, k, c = folder / "orders.txt", folder / "restaurants.txt", folder / "couriers.txt"
    where = [_known(o, row, "restaurant", name, index) for row, name in enumerate(at)]
    instance = Instance(
        name=folder.name,
        restaurants=tuple(kitchens),
        orders=tuple(orders),
        couriers=tuple(couriers),
        restaurant_x=_numbers(k, "x", kx),
        restaurant_y=_numbers(k, "y", ky),
        order_x=_numbers(o, "x", ox),
        order_y=_numbers(o, "y", oy),
        placed=_numbers(o, "placement_time", placed),
        order_restaurant=np.array(where, dtype=np.int64),
        ready=_numbers(o, "ready_time", ready),
        courier_x=_numbers(c, "x", cx),
        courier_y=_numbers(c, "y", cy),
        on=_numbers(c, "on_time", on),
        off=_numbers(c, "off_time", off),
        parameters=read_parameters(folder),
    )
    _in_order(o, "ready_time is before placement_time", instance.ready < instance.placed)
    _in_order(o, "placement_time is negative", instance.placed < 0)
    _in_order(o, f"placement_time is {LAST_MIN} or more, when the second day is over", instance.placed >= LAST_MIN)
    _in_order(c, "off_time is not after on_time", instance.off <= instance.on)
    return instance


def read_parameters(folder: Path) -> Parameters:
    """Read ``instance_parameters.txt`` of an instance folder.

    Raises
    ------
    ValueError
        When the file is missing or its row cannot be read.
    """
    path = folder / "instance_parameters.txt"
    rows = _rows(path)
    if len(rows) < 2 or len(rows[0]) != 7 or len(rows[1]) != 7:
        raise ValueError(
            f"{path}:2: expected 7 numbers under their names (metres per minute to guaranteed pay per hour)"
        )
    values = [_numbers(path, name, [text])[0] for name, text in zip(rows[0], rows[1], strict=True)]
    if min(values) < 0 or values[0] == 0:
        raise ValueError(f"{path}:2: expected metres_per_minute > 0 and no negative number")
    return Parameters(*map(float, values))


def _rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ValueError(f"{path}: cannot be read ({reason})") from None
    return [line.split("\t") for line in text.rstrip("\r\n ").splitlines()]


def _columns(path: Path) -> tuple[list[str], ...]:
    expected = COLUMNS[path.name]
    rows = _rows(path)
    if not rows or tuple(cell.strip() for cell in rows[0]) != expected:
        raise ValueError(f"{path}:1: expected the header {' '.join(expected)} (tab-separated)")
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(expected):
            raise ValueError(f"{path}:{line}: expected {len(expected)} columns, found {len(row)}")
    if len(rows) == 1:
        raise ValueError(f"{path}: has no rows")
    columns = tuple([cell.strip() for cell in column] for column in zip(*rows[1:], strict=True))
    _unique(path, columns[0])
    return columns


def _unique(path: Path, ids: list[str]) -> None:
    if len(set(ids)) < len(ids):
        twice = next(name for i, name in enumerate(ids) if name in ids[:i])
        raise ValueError(f"{path}:{len(ids) - ids[::-1].index(twice) + 1}: {twice!r} is listed twice")


def _numbers(path: Path, column: str, cells: list[str]) -> Floats:
    try:
        values = np.array(cells, dtype=np.float64)
    except ValueError:
        values = np.array([_number(cell) for cell in cells])
    bad = np.flatnonzero(~(np.abs(values) <= LARGEST))
    if len(bad):
        expected = "a number up to 1e9" if np.isfinite(values[bad[0]]) else "a number"
        raise ValueError(f"{path}:{bad[0] + 2}: {column}: expected {expected}, got {cells[bad[0]]!r}")
    return values


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _known(path: Path, row: int, column: str, name: str, index: dict[str, int]) -> int:
    if name not in index:
        raise ValueError(f"{path}:{row + 2}: {column}: no restaurant {name!r} in restaurants.txt")
    return index[name]


def _in_order(path: Path, problem: str, bad: np.typing.NDArray[np.bool_]) -> None:
    if bad.any():
        raise ValueError(f"{path}:{int(np.flatnonzero(bad)[0]) + 2}: {problem}")
