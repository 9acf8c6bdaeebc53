"""Our figures beside the published ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.experiment.mdrp.bench import orders_per_cpu_s
from sim.experiment.mdrp.published import SIZES, difference, known, published
from sim.experiment.mdrp.score import COLUMNS

METRICS = COLUMNS[4:13]
"""Measures of quality: from undelivered_pct to orders_per_bundle."""
BRIEF = ("ctd_mean", "ctd_overage", "rtp_mean", "undelivered_pct", "cost_per_order")
"""Those printed for every subset."""
SUBSETS = ("s1", "s2", "t100", "t75", "p100", "p125", "o100", "o50", "r50")
PAIRS = (("p125", "p100"), ("t75", "t100"), ("s2", "s1"))
"""Variants of an instance that differ in one thing only."""
REFERENCES = ("optimum", "best", "rolling")
"""Published solutions of single instances: exact with bundles of at most two, best known without, rolling horizon."""
ABOVE = ("above_bound_pct", "above_optimum_pct")
"""What :func:`above` adds to the table of instances."""

NAME = re.compile(r"^(\d+)([or]\d+)(t\d+)(s\d+)(p\d+)$")
NAN = float("nan")
Row = tuple[str, float, int, float, str, str]


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Means over instances, by published subset, against bounds and known solutions, and paired effects.

    Published means are over all 240 instances or a part of them (subsets: and over 21 variants of the algorithm),
    ours over the instances given, so compare the paired effects and what covers the same instances first.

    Parameters
    ----------
    frame
        Result of :func:`sim.experiment.mdrp.bench.bench_mdrp` for one policy.

    Returns
    -------
    DataFrame
        ``metric`` (``ctd_mean [s1]``: of a subset), ``ours``, ``over``: how many instances ours is the mean of,
        ``published`` (NaN where nothing is), ``covers``: which instances the published mean is of, ``source``.

    Raises
    ------
    ValueError
        When the table is empty or holds several policies.
    """
    if frame["dispatch"].nunique() != 1:
        raise ValueError(f"expected results of one dispatch policy, got {frame['dispatch'].nunique()}")
    parts = frame["instance"].str.extract(NAME)
    rows = [*_overall(frame), *_references(frame), *_subsets(frame, parts), *_effects(frame, parts), *_speed(frame)]
    return pd.DataFrame(rows, columns=["metric", "ours", "over", "published", "covers", "source"])


def above(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with how far click-to-door is above the trivial bound and, where one is published, the optimum (%)."""
    least = frame["ctd_bound"].to_numpy(), known(frame["instance"], "ctd_optimum").to_numpy()
    columns = [100 * (frame["ctd_mean"] / each - 1) for each in least]
    return frame.assign(**dict(zip(ABOVE, columns, strict=True)))


def paired(frame: pd.DataFrame, variant: str, base: str, metric: str) -> pd.Series:
    """Differences of a metric between the instances of a variant and their twins that differ only in it.

    Returns
    -------
    Series
        One value a pair, by the name of the variant's instance; empty when there are no pairs.
    """
    values = frame.set_index("instance")[metric]
    twins = {name: name.replace(variant, base) for name in values.index if NAME.match(name) and variant in name}
    return pd.Series(
        {name: values[name] - values[twin] for name, twin in twins.items() if twin in values.index}, dtype=float
    )


def _overall(frame: pd.DataFrame) -> Iterator[Row]:
    for metric in METRICS:
        figure = published()["all", metric]
        yield metric, float(frame[metric].mean()), len(frame), figure.value, f"all {SIZES['all']}", figure.source
    note = "the bound: mean preparation + mean travel + half a service at either end"
    yield "ctd_mean above the trivial bound, %", float(above(frame)[ABOVE[0]].mean()), len(frame), NAN, "", note


def _references(frame: pd.DataFrame) -> Iterator[Row]:
    """Means of ours and of published solutions over the same instances, and how far ours is above them."""
    online = known(frame["instance"], "ctd_rolling")
    for reference in REFERENCES:
        theirs = {metric: known(frame["instance"], f"{metric}_{reference}") for metric in ("ctd", "rtp")}
        has = theirs["ctd"].notna().to_numpy()
        if not has.any():
            continue
        source = published()[frame["instance"][has].iloc[0], f"ctd_{reference}"].source
        count, same = int(has.sum()), f"the same {has.sum()}"
        for metric, values in theirs.items():
            ours = float(frame[f"{metric}_mean"][has].mean())
            yield f"{metric}_mean, {reference}", ours, count, float(values[has].mean()), same, source
        ratios = [(ctd / theirs["ctd"])[has].to_numpy() for ctd in (frame["ctd_mean"].to_numpy(), online)]
        ours, rolling = (100 * (float(ratio.mean()) - 1) for ratio in ratios)
        covers = "" if np.isnan(rolling) else f"rolling horizon, {same}"
        yield f"ctd_mean above {reference}, %", ours, count, rolling, covers, source


def _subsets(frame: pd.DataFrame, parts: pd.DataFrame) -> Iterator[Row]:
    for subset in SUBSETS:
        part = frame[(parts == subset).any(axis=1)]
        for metric in BRIEF if len(part) else ():
            figure = published()[subset, metric]
            covers = f"{SIZES[subset]} of {SIZES['all']}"
            yield f"{metric} [{subset}]", float(part[metric].mean()), len(part), figure.value, covers, figure.source


def _effects(frame: pd.DataFrame, parts: pd.DataFrame) -> Iterator[Row]:
    for variant, base in PAIRS:
        for metric in ("ctd_mean", "rtp_mean"):
            changes = paired(frame, variant, base, metric)
            if len(changes):
                figure, pairs = difference(variant, base, metric), f"{SIZES[variant]} pairs"
                name = f"{metric}: {variant} - {base}"
                yield name, float(changes.mean()), len(changes), figure.value, pairs, figure.source


def _speed(frame: pd.DataFrame) -> Iterator[Row]:
    yield "decision time of a wave, median, ms", float(frame["wave_ms_median"].median()), len(frame), NAN, "", ""
    yield "decision time, p99 of the worst, ms", float(frame["wave_ms_p99"].max()), len(frame), NAN, "", ""
    yield "orders per CPU second", orders_per_cpu_s(frame), len(frame), NAN, "", ""
