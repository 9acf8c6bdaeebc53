"""Our figures beside the published ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from sim.experiment.mdrp.bench import orders_per_cpu_s
from sim.experiment.mdrp.published import Figure, difference, published
from sim.experiment.mdrp.score import COLUMNS

METRICS = COLUMNS[4:13]
"""Measures of quality: from undelivered_pct to orders_per_bundle."""
BRIEF = ("ctd_mean", "ctd_overage", "rtp_mean", "undelivered_pct", "cost_per_order")
"""Those printed for every subset."""
SUBSETS = ("s1", "s2", "t100", "t75", "p100", "p125", "o100", "o50", "r50")
PAIRS = (("p125", "p100"), ("t75", "t100"), ("s2", "s1"))
"""Variants of an instance that differ in one thing only."""
REFERENCES = ("ctd_optimum", "ctd_best", "ctd_rolling")

NAME = re.compile(r"^(\d+)([or]\d+)(t\d+)(s\d+)(p\d+)$")
Row = tuple[str, float, float, str]


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Means over instances, by published subset, against bounds and known solutions, and paired effects.

    Published means are over all 240 instances (subsets: and over 21 variants of the algorithm), ours over the
    instances given, so compare the paired effects and ratios first.

    Parameters
    ----------
    frame
        Result of :func:`sim.experiment.mdrp.bench.bench_mdrp` for one policy.

    Returns
    -------
    DataFrame
        ``metric`` (``ctd_mean [s1]``: of a subset), ``ours``, ``published`` (NaN where nothing is), ``source``.

    Raises
    ------
    ValueError
        When the table is empty or holds several policies.
    """
    if frame["dispatch"].nunique() != 1:
        raise ValueError(f"expected results of one dispatch policy, got {frame['dispatch'].nunique()}")
    parts = frame["instance"].str.extract(NAME)
    rows = [*_overall(frame), *_subsets(frame, parts), *_references(frame), *_effects(frame, parts)]
    return pd.DataFrame(rows, columns=["metric", "ours", "published", "source"])


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
    yield "instances", float(len(frame)), 240.0, published()["all", "ctd_mean"].source
    for metric in METRICS:
        yield metric, float(frame[metric].mean()), *published()["all", metric]
    yield "orders per CPU second", orders_per_cpu_s(frame), float("nan"), ""


def _subsets(frame: pd.DataFrame, parts: pd.DataFrame) -> Iterator[Row]:
    for subset in SUBSETS:
        part = frame[(parts == subset).any(axis=1)]
        if len(part):
            for metric in BRIEF:
                yield f"{metric} [{subset}]", float(part[metric].mean()), *published()[subset, metric]


def _references(frame: pd.DataFrame) -> Iterator[Row]:
    """Ratios of mean click-to-door to the trivial bound, and to published solutions of the same instances."""
    note = "mean preparation + mean travel + half a service at either end"
    yield "ctd_mean / trivial bound", float((frame["ctd_mean"] / frame["ctd_bound"]).mean()), 1.0, note
    for reference in REFERENCES:
        known = [(ctd, figure) for name, ctd in _ctd(frame) if (figure := published().get((name, reference)))]
        if known:
            ratio = sum(ctd / figure.value for ctd, figure in known) / len(known)
            yield f"ctd_mean / {reference} ({len(known)} instances)", ratio, 1.0, known[0][1].source


def _ctd(frame: pd.DataFrame) -> Iterator[tuple[str, float]]:
    return zip(frame["instance"], frame["ctd_mean"], strict=True)


def _effects(frame: pd.DataFrame, parts: pd.DataFrame) -> Iterator[Row]:
    for variant, base in PAIRS:
        for metric in ("ctd_mean", "rtp_mean"):
            changes = paired(frame, variant, base, metric)
            if len(changes):
                figure: Figure = difference(variant, base, metric)
                yield f"{metric}: {variant} - {base} ({len(changes)} pairs)", float(changes.mean()), *figure
