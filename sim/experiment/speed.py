"""How fast the twin is: CPU per order beside a bare SimPy model of the same orders, in one run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.floor import simulate_floor
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.experiment.mdrp.bench import bench_mdrp, orders_per_cpu_s
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from sim.scenario.schema import Scenario
from sim.streams import Streams

POLICIES = ("nearest", "matching")
USERS_PER_ORDER = 3.06
RIDERS_PER_ORDER = 0.105
"""Sizes that keep the default district's balance of demand and fleet."""


def district(orders: int) -> Scenario:
    """The default district, scaled to about so many orders a day."""
    users, riders = round(orders * USERS_PER_ORDER), round(orders * RIDERS_PER_ORDER)
    merchants = {"restaurant": {"count": round(orders * 0.035)}, "shop": {"count": round(orders * 0.01)}}
    return Scenario.model_validate(
        {"population": {"users": users}, "riders": {"count": riders}, "merchants": {"classes": merchants}}
    )


def bench_speed(
    orders: int = 10_000,
    rounds: int = 10,
    instances: list[Path] | None = None,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Measure CPU per order: the floor, then ours with each shipped baseline; the least of some rounds.

    Every log goes to a Parquet file, as in a real run. The floor, ``nearest`` and ``matching`` take turns,
    so that a drift of the machine's speed meets all of them.

    Parameters
    ----------
    orders
        Orders of the generated district's day, about.
    rounds
        How often everything is measured.
    instances
        Benchmark instances for ``mdrp_orders_per_cpu_s``; none leaves it out.

    Returns
    -------
    dict
        ``orders``, ``us_per_order`` and ``ratios`` (``nearest_over_floor``, ``matching_over_floor``), and
        ``mdrp_orders_per_cpu_s`` (whole life cycle and KPIs).
    """
    scenario = district(orders)
    city = build_city(scenario)
    best: dict[str, float] = {}
    subjects = ("floor", *POLICIES)
    for index in range(rounds * len(subjects)):
        name = subjects[index % len(subjects)]
        cpu, placed = _cpu(name, scenario, city)
        best[name] = min(best.get(name, float("inf")), cpu / placed * 1e6)
        if progress:
            progress((index + 1) / (rounds * len(subjects) + 1))
    result: dict[str, Any] = {
        "orders": placed,
        "rounds": rounds,
        "us_per_order": {name: round(value, 2) for name, value in best.items()},
        "ratios": {f"{name}_over_floor": round(best[name] / best["floor"], 3) for name in POLICIES},
    }
    if instances:
        speeds = {name: orders_per_cpu_s(bench_mdrp(instances, name)) for name in POLICIES}
        result["mdrp_orders_per_cpu_s"] = {name: round(value, 1) for name, value in speeds.items()}
    return result


def _cpu(name: str, scenario: Scenario, city: City) -> tuple[float, int]:
    """CPU seconds of one run, and its Intents."""
    intents = len(city.day(0, Streams(scenario.seed)).intents)
    with TemporaryDirectory() as folder:
        begun = process_time()
        log = Log(Path(folder) / "events.parquet")
        if name == "floor":
            simulate_floor(city, log, Streams(scenario.seed))
        else:
            simulate(scenario, city, load_policy(DISPATCH, name), log)
        log.close()
        return process_time() - begun, intents
