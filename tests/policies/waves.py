"""Waves made by hand and at random: orders and riders on a square, no simulation."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.city.travel import StraightTravel
from sim.entities import Assignment, Order, Orders, Riders, Rules, Stop, StopKind, Wave

NOW = 10_000.0
RNG = np.random.default_rng(1)


def order(number: int, pickup: int = 0, dropoff: int = 1, ready_at: float = NOW) -> Order:
    """Placed a minute ago at the merchant of its pickup's number."""
    return Order(number, 0, pickup, pickup, dropoff, NOW - 60, ready_at, NOW + 2400, 2000, 400, 0)


def objects(values: list[Any]) -> np.ndarray:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def wave(
    orders: list[Order], at: list[int], x: list[float], y: list[float] | None = None, late: bool = False, **columns: Any
) -> Wave:
    """Riders 10, 11, ... at some places of a city at 1 m/s; all idle and free now unless told otherwise.

    With `late`, pickups after the off-time are against the rules.
    """
    n = len(at)
    riders: dict[str, Any] = {
        "id": np.arange(n) + 10,
        "at": np.array(at, dtype=np.int64),
        "free_at": np.full(n, NOW),
        "available": np.ones(n, dtype=bool),
        "load": np.zeros(n, np.int64),
        "capacity": np.full(n, 4),
        "off_at": np.full(n, NOW + 7200),
        "under_way": np.zeros(n, dtype=bool),
    } | {name: np.array(values) for name, values in columns.items()}
    carried = [[900 + i] * int(load > 0) for i, load in enumerate(riders["load"].tolist())]
    routes = [tuple(Stop(StopKind.DROPOFF, number, 0) for number in numbers) for numbers in carried]
    return Wave(
        index=3,
        now=NOW,
        orders=Orders(orders),
        assigned=Orders([]),
        riders=Riders(**riders, route=objects(routes), on_board=objects([frozenset(numbers) for numbers in carried])),
        travel=StraightTravel(np.array(x), np.zeros(len(x)) if y is None else np.array(y), 60.0),
        rules=Rules(120, 120, diversion=True, single_merchant=False, pickup_by_off=late),
    )


def pairs(answer: object) -> list[tuple[int, int]]:
    """(rider, order) of each assignment."""
    return [(a.rider, a.route[0].order) for a in answer if isinstance(a, Assignment)]  # type: ignore[attr-defined]


@st.composite
def random_waves(draw: st.DrawFn, most: int = 9) -> Wave:
    """Anything a wave may be: busy and idle riders, meals ready and not, off-times near and far, both rules."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(0, most)), draw(st.integers(0, most))
    x, y = rng.integers(0, 5000, (2, 12)).astype(float).tolist()
    orders = [
        order(i, int(rng.integers(12)), int(rng.integers(12)), NOW + float(rng.integers(-900, 900))) for i in range(n)
    ]
    return wave(
        orders,
        rng.integers(0, 12, m).tolist(),
        x,
        y,
        late=draw(st.booleans()),
        free_at=NOW + rng.integers(0, 600, m) * rng.integers(0, 2, m),
        available=rng.random(m) < 0.8,
        load=(rng.random(m) < 0.3).astype(int),
        off_at=NOW + rng.integers(-60, 4000, m).astype(float),
    )
