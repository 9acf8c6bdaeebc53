"""The picture of a policy's settings on the benchmark: what stands where, and what is published beside it."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.mdrp.published import published
from sim.report.benchmark import draw_sweep
from sim.report.plots.bench_pareto import BenchPareto, bench_pareto, plot_bench_pareto
from sim.report.style import GOOD, MUTED, WORSE, settings

KNOWN, OTHER = "0r50t75s1p100", "1o100t75s1p100"
PLACES = {"quick": (30.0, 11.5), "usual": (31.0, 11.2), "cheap": (32.0, 11.0), "bad": (33.0, 11.6)}


def swept(*instances: str) -> pd.DataFrame:
    """Four settings; each is a minute slower on an instance than on the one before."""
    rows = [
        (name, instance, name == "usual", ctd + late, cost, 1.0, 0.0, 1.1)
        for name, (ctd, cost) in PLACES.items() for late, instance in enumerate(instances)
    ]  # fmt: skip
    columns = ["setting", "instance", "default", "ctd_mean", "cost_per_order"]
    return pd.DataFrame(rows, columns=[*columns, "rtp_mean", "undelivered_pct", "orders_per_bundle"])


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(settings()):
        yield Figure(figsize=(10, 5)).add_axes((0.1, 0.2, 0.85, 0.65))


def drawn(data: BenchPareto, ax: Axes) -> list[Axes]:
    plot_bench_pareto(data, ax)
    return [child for child in ax.child_axes if isinstance(child, Axes)]


def points(panel: Axes, colour: str) -> set[tuple[float, float]]:
    """What stands in a panel in one colour."""
    marks = [line for line in panel.lines if line.get_color() == colour and line.get_marker() in ("o", "D")]
    return {(float(x), float(y)) for line in marks for x, y in zip(*line.get_data(), strict=True)}  # type: ignore[arg-type]


def test_settings_stand_at_cost_and_click_to_door(ax: Axes) -> None:
    data = bench_pareto(swept(OTHER, "2o100t75s1p100"), "mine")
    (panel,) = drawn(data, ax)
    assert points(panel, GOOD) == {(11.5, 30.5), (11.2, 31.5), (11.0, 32.5)}
    assert points(panel, MUTED) == {(11.6, 33.5)}
    assert points(panel, WORSE) == {(11.42, 32.74), (11.26, 32.72), (11.25, 32.6)}
    assert "fastest: quick\ncheapest: cheap" in [text.get_text() for text in panel.texts]
    assert panel.get_title(loc="left") == "Instances given: 2"


def test_instances_with_an_optimum_have_a_panel_of_their_own(ax: Axes) -> None:
    data = bench_pareto(swept(OTHER, KNOWN), "mine")
    _, panel = drawn(data, ax)
    assert points(panel, GOOD) == {(11.5, 31.0), (11.2, 32.0), (11.0, 33.0)}
    assert points(panel, WORSE) == set()
    told = {text.get_text() for text in panel.texts}
    assert {"exact optimum 28.47", "published rolling horizon 29.57", "least cost found 10.32"} < told
    assert data.clouds[1].levels["exact optimum"] == published()[KNOWN, "ctd_optimum"].value


def test_in_words() -> None:
    data = bench_pareto(swept(OTHER), "mine")
    assert data.alt.startswith("Click-to-door against cost per order of 4 settings of mine. Best: quick: 30.00 min at")
    assert "bad" not in data.alt


@pytest.mark.parametrize("instances", [(KNOWN,), (OTHER, KNOWN), ("elsewhere",)])
def test_the_files_are_written_and_the_same_again(instances: tuple[str, ...], tmp_path: Path) -> None:
    frame = swept(*instances)
    first, second = (draw_sweep(frame, "mine", tmp_path / name) for name in "ab")
    assert first == tmp_path / "a" / "pareto.png"
    assert first.read_bytes()[:4] == b"\x89PNG"
    svg = first.with_suffix(".svg").read_text()
    assert "<svg" in svg
    assert (first.read_bytes(), svg) == (second.read_bytes(), second.with_suffix(".svg").read_text())
