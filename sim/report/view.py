"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.city.model import City
from sim.kpi.tables import Tables
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class RunView:
    """One replication of one scenario, as the report sees it.

    Parameters
    ----------
    kpis
        KPIs by name, as :func:`sim.kpi.kpis.compute` returns them.
    manifest
        How the run was made (seed, replication, versions, policy); shown as it is.
    """

    scenario: Scenario
    city: City
    tables: Tables
    kpis: Mapping[str, float]
    manifest: Mapping[str, object]
