"""One replication of one variant, as the row that a study keeps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.city.model import City
from sim.experiment.run import run
from sim.kpi.tables import Tables
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Job:
    """A replication to run: which variant, under which assumptions, which draw of the days."""

    variant: str
    scenario: Scenario
    replication: int


@dataclass(frozen=True, slots=True)
class Row:
    """What a study keeps of a replication.

    Parameters
    ----------
    variant, replication, scenario_hash
        Which it was.
    kpis
        Every KPI by name; NaN where it has no value.
    zones
        For each zone in order: orders placed, orders on time, and minutes from click to door in total and
        the orders they are of; shape (4, zones).
    """

    variant: str
    replication: int
    scenario_hash: str
    kpis: dict[str, float]
    zones: tuple[tuple[float, ...], ...]

    def document(self) -> dict[str, Any]:
        """As JSON: null for NaN."""
        kpis = {name: None if math.isnan(value) else value for name, value in self.kpis.items()}
        rest = {"variant": self.variant, "replication": self.replication, "scenario_hash": self.scenario_hash}
        return rest | {"kpis": kpis, "zones": [list(row) for row in self.zones]}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Row:
        """From :meth:`document`."""
        kpis = {name: math.nan if value is None else float(value) for name, value in document["kpis"].items()}
        zones = tuple(tuple(map(float, row)) for row in document["zones"])
        return cls(document["variant"], document["replication"], document["scenario_hash"], kpis, zones)


def replicate(job: Job, city: City) -> Row:
    """Run a job in memory."""
    result = run(job.scenario, replication=job.replication, city=city)
    kpis = {name: float(value) for name, value in result.kpis.items()}
    return Row(job.variant, job.replication, scenario_hash(job.scenario), kpis, _zones(result.tables, city))


def _zones(tables: Tables, city: City) -> tuple[tuple[float, ...], ...]:
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
