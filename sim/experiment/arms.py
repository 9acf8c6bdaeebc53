"""A/B tests inside a run: rules that apply to a part of the users, as table and as ``ab.json``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.city.model import City
from sim.kpi.arms import METRICS, arms_table
from sim.kpi.tables import Tables
from sim.scenario.schema import Scenario


def arms_inside(scenario: Scenario, city: City, tables: Tables) -> pd.DataFrame:
    """Every rule that is tried on a part of the users, see :func:`sim.kpi.arms.arms_table`; empty without any."""
    shares = {name: spec.share for name, spec in scenario.membership.rules.items()}
    return arms_table(tables, len(city.users.home), shares)


def ab_document(found: pd.DataFrame) -> dict[str, Any]:
    """As ``ab.json``: means over the users with the rule and without it, their difference and its 95% interval."""
    return {"tests": [_test(str(rule), mine) for rule, mine in found.groupby("rule", sort=False)]}


def _test(rule: str, mine: pd.DataFrame) -> dict[str, Any]:
    users, others, ratio_p = mine[["users", "others", "ratio_p"]].iloc[0].tolist()
    metrics = [
        {
            "metric": row["metric"],
            "unit": METRICS[row["metric"]],
            "with": row["inside"],
            "without": row["outside"],
            "difference": row["difference"],
            "interval": [row["low"], row["high"]],
        }
        for row in mine.to_dict("records")
    ]
    return {"rule": rule, "users": int(users), "others": int(others), "sample_ratio_p": ratio_p, "metrics": metrics}
