"""Trials of levers told by hand."""

from sim.experiment.bookkeeping import CONTRIBUTION
from sim.experiment.levers import AS_IT_WAS, LeverTest, judged
from sim.experiment.replicate import Row
from sim.scenario.study import Settings

OUTCOMES = (CONTRIBUTION, "on_time_share", "drop_out_rate", "active_users")
SETTINGS: dict[str, Settings] = {
    "more riders": {"riders.count": 33},
    "dear <b>": {"incentive.policy": "peak", "incentive.params": {}},
    "nothing": {"platform.promise_min": 45.5},
}
DOES = {"more riders": (80.0, 0.05, -0.01), "dear <b>": (-200.0, 0.0, 0.0), "nothing": (0.0, 0.0, 0.0)}
"""Contribution, on-time share and drop-out rate that each lever adds, but for a wobble."""


def row(name: str, r: int) -> Row:
    wobble = 0.1 * (r % 3 - 1)
    money, share, leaving = (by * (1 + wobble) for by in DOES.get(name, (0.0, 0.0, 0.0)))
    noise = (5 * wobble if name == "nothing" else 0.0) + 900 + r
    kpis = {CONTRIBUTION: noise + money, "on_time_share": 0.8 + share, "drop_out_rate": 0.05 + leaving}
    return Row(name, r, "key", kpis | {"active_users": 50.0}, ())


def trials(week: int = 1) -> LeverTest:
    """Six replications of a week as it was and with three levers; a fourth is left out."""
    rows = {name: [row(name, r) for r in range(6)] for name in (AS_IT_WAS, *DOES)}
    left_out = {"coupon": "response.on is off in this run"}
    return judged(rows, week, OUTCOMES, SETTINGS, left_out, {"more riders": "hiring is not charged"})
