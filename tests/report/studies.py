"""Studies told by hand: rows instead of simulations, so that every number is known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.experiment.compare import Comparison, effects
from sim.experiment.replicate import Row
from sim.kpi.kpis import KPIS
from sim.scenario.schema import Scenario
from sim.scenario.study import Study
from tests.report.conftest import SMALL

ZONES = 12
EVIL = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'{{ 7 * 7 }}$x_1$"
BASE: dict[str, float] = dict.fromkeys(KPIS, 0.0) | {
    "orders": 200, "on_time_share": 0.8, "delivered_share": 0.95, "cancelled_share": 0.04, "open_share": 0.01,
    "click_to_door_mean": 30, "click_to_door_p90": 45, "response_mean": 3, "overage_mean": 1,
    "ready_to_pickup_mean": 6, "orders_per_rider_hour": 1.7, "utilisation": 0.65, "empty_km_share": 0.5,
    "bundle_share": 0, "income_per_hour_mean": 10, "income_per_hour_p10": 7, "income_gini": 0.13,
    "contribution_per_order": 3.4,
}  # fmt: skip
"""An ordinary replication; KPIs that are not told of are 0."""

Change = Callable[[str, int, dict[str, float]], Mapping[str, float]]
"""From variant, replication and the KPIs that all variants share, those of this variant that differ."""


def improved(name: str, replication: int, kpis: dict[str, float]) -> Mapping[str, float]:
    """The baseline's numbers, or ten points more on time and 2 minutes faster at 0.1 yuan less an order."""
    if name == "old":
        return {}
    wobble = 0.001 * (replication % 3 - 1)
    return {
        "on_time_share": kpis["on_time_share"] + 0.1 + wobble,
        "click_to_door_mean": kpis["click_to_door_mean"] - 2 + 100 * wobble,
        "contribution_per_order": kpis["contribution_per_order"] - 0.1 + wobble,
        "utilisation": kpis["utilisation"] - 0.03 + wobble,
        "income_gini": kpis["income_gini"] + 10 * wobble,
    }


def row(name: str, replication: int, changed: Mapping[str, float], zones: int = ZONES) -> Row:
    """A replication: zone z has z times 20 orders, 9 of 10 on time after 30 minutes; others come at half the time."""
    placed = [20.0 * z for z in range(zones)]
    minutes = [(30.0 if name == "old" else 28.0 + z % 4) * n for z, n in enumerate(placed)]
    on_time = [0.9 * n for n in placed]
    own = shared(replication) | dict(changed)
    return Row(name, replication, "key", own, tuple(map(tuple, (placed, on_time, minutes, placed))))


def shared(replication: int) -> dict[str, float]:
    """KPIs of a replication before a variant changes them: easier and harder days."""
    day = (replication * 7 % 5 - 2) * 0.01
    fixed = ("orders", "bundle_share", "delivered_share", "cancelled_share", "open_share")
    return {kpi: value if kpi in fixed else value * (1 + day) for kpi, value in BASE.items()}


def made(
    names: Sequence[str] = ("old", "new"),
    replications: int = 6,
    change: Change = improved,
    zones: Mapping[str, int] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    selection: str = "",
    **study: Any,
) -> Comparison:
    """A study of a small town whose first variant is the baseline."""
    rows = {
        name: [row(name, r, change(name, r, shared(r)), (zones or {}).get(name, ZONES)) for r in range(replications)]
        for name in names
    }
    asked = Study.model_validate(
        {"name": "by hand", "scenario": "town", "variants": {name: {} for name in names}}
        | {"replications": {"count": max(replications, 2)}} | study
    )  # fmt: skip
    scenarios = {name: _scenario(name, (settings or {}).get(name, {})) for name in names}
    found = effects(rows, names[0], asked.kpis or list(KPIS))
    return Comparison(asked, scenarios, rows, found, selection)


def _scenario(name: str, settings: Mapping[str, Any]) -> Scenario:
    """The small town, all but the baseline with matching."""
    policy = "nearest" if name == "old" else "matching"
    return Scenario.model_validate(SMALL | {"dispatch": {"policy": policy}} | dict(settings))
