"""The exact back-test: whether the simulator still gives the baseline's stored KPIs, bit for bit.

It is no statistics and judges no policy. A difference means that the simulator, the baseline's policy or a
library under them computes something else than when the rows were stored; whoever meant that says why.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.experiment.folder import write_json
from sim.experiment.gate.plan import Plan
from sim.experiment.replicate import Row
from sim.experiment.versions import versions
from sim.scenario.load import scenario_hash


@dataclass(frozen=True, slots=True)
class Change:
    """A stored KPI that is computed otherwise now; None for no value."""

    scenario: str
    replication: int
    kpi: str
    old: float | None
    new: float | None

    def __str__(self) -> str:
        where = f"{self.scenario}, replication {self.replication}"
        return f"{where}: {self.kpi} was {_shown(self.old)}, is {_shown(self.new)}"


@dataclass(frozen=True)
class BackTest:
    """Stored rows beside today's.

    Parameters
    ----------
    changes
        What differs.
    notes
        What else is not as it was when the rows were stored: libraries, assumptions, KPIs, a missing file.
    same
        Whether the simulator is as it was blessed.
    """

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    same: bool = True


def blessed_file(plan: Plan) -> Path:
    """The file with the stored rows.

    Raises
    ------
    ValueError
        When the gate names none.
    """
    if not plan.gate.blessed:
        raise ValueError(f"{plan.path}: names no file to bless; add a line such as `blessed: {plan.path.stem}.json`")
    return plan.path.parent / plan.gate.blessed


def write_blessed(plan: Plan, rows: Sequence[Row], reason: str) -> Path:
    """Store the baseline's rows, with the reason after those that were given before."""
    path = blessed_file(plan)
    reasons = [*(_read(path)["reasons"] if path.is_file() else []), reason]
    stored = [_stored(plan, row) for row in rows]
    write_json(path, {"gate": plan.gate.name, "reasons": reasons, "versions": versions(), "rows": stored})
    return path


def back_test(plan: Plan, rows: Sequence[Row]) -> BackTest:
    """Compare today's rows of the baseline with the stored ones.

    Raises
    ------
    ValueError
        When the file is there and holds something else.
    """
    path = blessed_file(plan)
    if not path.is_file():
        return BackTest(notes=[f"{path.name} is missing: nothing was blessed yet"], same=False)
    document = _read(path)
    old = {(row["scenario"], row["replication"]): row for row in document["rows"]}
    new = {(row["scenario"], row["replication"]): row for row in (_stored(plan, row) for row in rows)}
    changes = [change for place in old.keys() & new.keys() for change in _changes(old[place], new[place])]
    changes.sort(key=lambda c: (c.scenario, c.replication, c.kpi))
    missing = [f"{name}, replication {r}: not blessed yet" for name, r in sorted(new.keys() - old.keys())]
    notes = [*missing, *_assumptions(old, new), *_libraries(document["versions"])]
    return BackTest(changes, notes, not changes and not missing)


def _stored(plan: Plan, row: Row) -> dict[str, Any]:
    kpis = row.document()["kpis"]
    assumed = scenario_hash(plan.scenarios[row.variant])
    where = {"scenario": row.variant.rpartition("/")[0], "replication": row.replication}
    return {**where, "scenario_hash": assumed, "kpis": kpis}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """KPIs that were stored and differ; those that are new have nothing to be compared with."""
    for kpi, value in old["kpis"].items():
        if new["kpis"].get(kpi, math.nan) != value:
            yield Change(old["scenario"], old["replication"], kpi, value, new["kpis"].get(kpi))


def _assumptions(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> list[str]:
    both = sorted(old.keys() & new.keys())
    changed = {name for name, r in both if old[name, r]["scenario_hash"] != new[name, r]["scenario_hash"]}
    return [f"{name}: the scenario itself says something else than when it was blessed" for name in sorted(changed)]


def _libraries(then: Mapping[str, str]) -> list[str]:
    now = versions()
    return [f"{name} was {then.get(name)}, is {now[name]}" for name in now if then.get(name) != now[name]]


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        rows = [(row["scenario"], row["replication"], row["scenario_hash"], *row["kpis"]) for row in document["rows"]]
        if not rows or not all(isinstance(text, str) for text in [*document["reasons"], *document["versions"]]):
            raise ValueError("no rows, or reasons that are no text")
        return dict(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a file of blessed rows ({error}); delete it and bless anew") from None


def _shown(value: float | None) -> str:
    return "no value" if value is None else repr(value)
