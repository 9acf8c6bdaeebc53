"""Readers of an instance and of a solution, for the evaluator alone: nothing here knows the engine."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

Point = tuple[float, float]


class Demand(NamedTuple):
    """An order of the instance; times in minutes."""

    at: Point
    placed: float
    restaurant: str
    ready: float


class Shift(NamedTuple):
    """A courier of the instance; times in minutes."""

    at: Point
    on: float
    off: float


@dataclass(frozen=True, slots=True)
class Problem:
    """An instance: everything by its name; times in minutes, pay in currency units."""

    restaurants: dict[str, Point]
    orders: dict[str, Demand]
    couriers: dict[str, Shift]
    metres_per_minute: float
    pickup: float
    dropoff: float
    target: float
    pay_per_order: float
    pay_per_hour: float

    def minutes(self, courier: str, origin: str, destination: str) -> int:
        """Whole minutes of a leg; origin ``0`` is the courier's on-location."""
        start = self.couriers[courier].at if origin == "0" else self.where(origin)
        return math.ceil(math.dist(start, self.where(destination)) / self.metres_per_minute)

    def where(self, name: str) -> Point:
        """Coordinates of a restaurant or of an order's drop-off."""
        return self.restaurants[name] if name in self.restaurants else self.orders[name].at


class Bundle(NamedTuple):
    """A line of the assignments file."""

    assigned: float
    pickup: float
    courier: str
    orders: tuple[str, ...]


class Delivery(NamedTuple):
    """A line of the orders file."""

    order: str
    placed: float
    ready: float
    pickup: float
    dropoff: float
    courier: str


class Move(NamedTuple):
    """A line of the couriers file."""

    courier: str
    departure: float
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Solution:
    """The three files of a solution."""

    bundles: tuple[Bundle, ...]
    deliveries: tuple[Delivery, ...]
    moves: tuple[Move, ...]


class _Line:
    """The cells of one line of a file."""

    def __init__(self, path: Path, number: int, cells: list[str]) -> None:
        self._place, self.cells = f"{path}:{number}", cells

    def number(self, cell: int) -> float:
        try:
            return float(self.cells[cell])
        except ValueError:
            raise ValueError(f"{self._place}: expected a number, got {self.cells[cell]!r}") from None

    def numbers(self, first: int, last: int) -> list[float]:
        return [self.number(cell) for cell in range(first, last)]

    def point(self) -> Point:
        return self.number(1), self.number(2)


def read_problem(folder: Path) -> Problem:
    """Read the four files of an instance.

    Raises
    ------
    ValueError
        When a file is missing or a line cannot be read; one line naming file and line.
    """
    kitchens = {line.cells[0]: line.point() for line in _lines(folder / "restaurants.txt", 3)}
    orders = {
        line.cells[0]: Demand(line.point(), line.number(3), line.cells[4], line.number(5))
        for line in _lines(folder / "orders.txt", 6)
    }
    couriers = {
        line.cells[0]: Shift(line.point(), line.number(3), line.number(4))
        for line in _lines(folder / "couriers.txt", 5)
    }
    first = next(_lines(folder / "instance_parameters.txt", 7), None)
    if first is None:
        raise ValueError(f"{folder / 'instance_parameters.txt'}: has no line of numbers")
    pace, pickup, dropoff, target, _, per_order, per_hour = first.numbers(0, 7)
    return Problem(kitchens, orders, couriers, pace, pickup, dropoff, target, per_order, per_hour)


def read_solution(folder: Path) -> Solution:
    """Read the three files of a solution.

    Raises
    ------
    ValueError
        When a file is missing or a line cannot be read; one line naming file and line.
    """
    bundles = [
        Bundle(line.number(0), line.number(1), line.cells[2], tuple(line.cells[3:]))
        for line in _lines(folder / "solution_info_assignments.txt", 4, more=True)
    ]
    deliveries = [
        Delivery(line.cells[0], line.number(1), line.number(2), line.number(3), line.number(4), line.cells[5])
        for line in _lines(folder / "solution_info_orders.txt", 6)
    ]
    moves = [
        Move(line.cells[0], line.number(1), line.cells[2], line.cells[3])
        for line in _lines(folder / "solution_info_couriers.txt", 4)
    ]
    return Solution(tuple(bundles), tuple(deliveries), tuple(moves))


def _lines(path: Path, cells: int, more: bool = False) -> Iterator[_Line]:
    """Every line after the header that is not blank."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from None
    for number, text in enumerate(lines, 2):
        row = text.split()
        if row and (len(row) < cells or (len(row) > cells and not more)):
            raise ValueError(f"{path}:{number}: expected {cells} cells, found {len(row)}")
        if row:
            yield _Line(path, number, row)
