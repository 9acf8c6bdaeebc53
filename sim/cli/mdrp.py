"""What ``paotui bench mdrp`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.cli.show import console, note, progress, table
from sim.experiment.mdrp.summary import above, summary
from sim.experiment.mdrp.sweep import MEASURES, Grid, means, sweep

COLUMNS = {
    "instance": "instance", "orders": "orders", "delivered": "done", "undelivered_pct": "lost %",
    "ctd_mean": "ctd", "ctd_p90": "ctd p90", "ctd_overage": "over", "rtp_mean": "rtp", "rtp_p90": "rtp p90",
    "utilisation": "used", "cost_per_order": "cost", "orders_per_bundle": "bundle", "ctd_bound": "bound",
    "above_bound_pct": "+% bound", "above_optimum_pct": "+% exact",
    "wave_ms_median": "wave ms", "wave_ms_p99": "p99 ms", "cpu_s": "cpu s",
}  # fmt: skip
"""Columns of the table of instances and what stands above them."""
APART = ("ctd_mean", "ctd_p90", "rtp_mean", "undelivered_pct", "cost_per_order")
NOTE = """
beside the published results: ours is the mean over its instances, a published mean is over what it covers"""
OUTSIDE = """
outside the comparison: with diversion and prepositioning, which the benchmark's rules forbid"""
SWEPT = """
mean over the instances by setting; best: no other is better in both click-to-door and cost"""


def show_instances(frame: pd.DataFrame) -> None:
    """A row for each instance, then means beside the published results."""
    rows = above(frame)[list(COLUMNS)].itertuples(index=False)
    table(str(frame["dispatch"].iloc[0]), tuple(COLUMNS.values()), list(rows))
    console.print(NOTE, soft_wrap=True)
    columns = ("measure", "ours", "instances", "published", "covers", "source")
    table("", columns, list(summary(frame).itertuples(index=False)))


def show_diversion(frame: pd.DataFrame, free: pd.DataFrame) -> None:
    """The variant outside the comparison, beside ours by the rules."""
    console.print(OUTSIDE, soft_wrap=True)
    rows = [(name, *each[list(APART)].mean().tolist()) for name, each in (("by the rules", frame), ("with both", free))]
    table("", ("", *APART), rows)


def show_sweep(levels: pd.DataFrame) -> None:
    """Means of every setting."""
    console.print(SWEPT, soft_wrap=True)
    marks = levels["default"].map({True: "default", False: ""}) + levels["best"].map({True: " best", False: ""})
    rows = list(levels.assign(mark=marks)[["setting", "mark", *MEASURES]].itertuples(index=False))
    table("", ("setting", "", *MEASURES), rows, left=2)


def show_verdicts(frame: pd.DataFrame, export: Path) -> bool:
    """How many exported solutions are feasible, and why others are not; True when all are."""
    bad = frame[frame["verdict"] != "FEASIBLE"]
    console.print(f"{len(frame) - len(bad)} of {len(frame)} solutions FEASIBLE, written to {export}", soft_wrap=True)
    for name, verdict in zip(bad["instance"], bad["verdict"], strict=True):
        note.print(f"{name}: {verdict}", soft_wrap=True)
    return not len(bad)


def draw_pareto(folders: Sequence[Path], dispatch: str, grid: Grid, out: Path) -> None:
    """Vary the policy's parameters, print the means, write ``pareto.csv`` and the picture."""
    from sim.report.benchmark import draw_sweep

    with progress(f"{dispatch}, every setting on {len(folders)} instances") as tell:
        frame = sweep(folders, dispatch, grid, out, progress=tell)
    show_sweep(means(frame))
    frame.to_csv(out / "pareto.csv", index=False, float_format="%.6g", lineterminator="\n")
    console.print(f"table: {out / 'pareto.csv'}\npicture: {draw_sweep(frame, dispatch, out)}", soft_wrap=True)
