"""One replication of one variant, as the row that a study keeps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sim.city.model import City
from sim.experiment.run import run
from sim.kpi.tables import Tables
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario

SIMULATOR = ("city", "engine", "policies", "kpi", "entities", "events", "routes", "streams", "units")
"""The rooms that a replication's numbers come from, besides its scenario."""


class Task(Protocol):
    """A replication that a pool can run and a store can keep."""

    @property
    def variant(self) -> str:
        """Name under which rows are kept."""

    @property
    def scenario(self) -> Scenario:
        """Assumptions; they tell the city."""

    @property
    def replication(self) -> int:
        """Which draw of the days."""

    def key(self) -> str:
        """Changes when the assumptions do: a kept row with another key is run again."""

    def run(self, city: City) -> Row:
        """Run it in memory."""


@dataclass(frozen=True, slots=True)
class Job:
    """A replication to run: which variant, under which assumptions, which draw of the days."""

    variant: str
    scenario: Scenario
    replication: int

    def key(self) -> str:
        """Hashes of the scenario and of the code that acts on it."""
        return f"{scenario_hash(self.scenario)}-{code_of(self.scenario)}"

    def run(self, city: City) -> Row:
        """Run it in memory."""
        result = run(self.scenario, replication=self.replication, city=city)
        kpis = {name: float(value) for name, value in result.kpis.items()}
        return Row(self.variant, self.replication, self.key(), kpis, by_zone(result.tables, city))


@dataclass(frozen=True, slots=True)
class Row:
    """What a study keeps of a replication.

    Parameters
    ----------
    variant, replication, key
        Which it was, and the fingerprint of its assumptions.
    kpis
        Every KPI by name; NaN where it has no value.
    zones
        For each zone in order: orders placed, orders on time, and minutes from click to door in total and
        the orders they are of; shape (4, zones).
    """

    variant: str
    replication: int
    key: str
    kpis: dict[str, float]
    zones: tuple[tuple[float, ...], ...]

    def document(self) -> dict[str, Any]:
        """As JSON: null for NaN."""
        kpis = {name: None if math.isnan(value) else value for name, value in self.kpis.items()}
        rest = {"variant": self.variant, "replication": self.replication, "key": self.key}
        return rest | {"kpis": kpis, "zones": [list(row) for row in self.zones]}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Row:
        """From :meth:`document`."""
        kpis = {name: math.nan if value is None else float(value) for name, value in document["kpis"].items()}
        zones = tuple(tuple(map(float, row)) for row in document["zones"])
        return cls(document["variant"], document["replication"], document["key"], kpis, zones)


def code_of(scenario: Scenario) -> str:
    """Fingerprint of the simulator's source and of the files of policies and their models, if they are yours."""
    policies = (scenario.dispatch, scenario.intake, scenario.checkout.screening, scenario.promise)
    files = [Path(block.policy.rpartition(":")[0]) for block in policies]
    files += (Path(value) for value in scenario.dispatch.params.values() if str(value).endswith(".json"))
    own = b"".join(file.read_bytes() for file in files if file.suffix in (".py", ".json") and file.is_file())
    return sha256(_simulator() + own).hexdigest()[:16]


@cache
def _simulator() -> bytes:
    root, digest = Path(__file__).parents[1], sha256()
    for room in SIMULATOR:
        files = [file for ending in ("*.py", "*.json") for file in sorted((root / room).rglob(ending))]
        for file in files or [root / f"{room}.py"]:
            digest.update(file.read_bytes())
    return digest.digest()


def by_zone(tables: Tables, city: City) -> tuple[tuple[float, ...], ...]:
    """What a row keeps of each zone."""
    orders = tables.orders
    zone, count = city.places.zone[orders["place"].to_numpy()], len(city.zones)
    on_time = (orders["delivered_at"] <= orders["promised_at"]).to_numpy()
    minutes = ((orders["delivered_at"] - orders["placed_at"]) / 60).to_numpy()
    done = np.isfinite(minutes)
    columns = (
        np.bincount(zone, minlength=count),
        np.bincount(zone[on_time], minlength=count),
        np.bincount(zone[done], minutes[done], minlength=count),
        np.bincount(zone[done], minlength=count),
    )
    return tuple(tuple(column.astype(float).tolist()) for column in columns)
