"""The picture of a policy's settings on the benchmark."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.report.pictures import FULL, Plot, draw_all
from sim.report.plots.bench_pareto import bench_pareto, plot_bench_pareto

HEIGHT, PHONE_HEIGHT = 5.0, 7.6
MARGINS = (0.62, 0.2, 1.0, 0.62)


def draw_sweep(frame: pd.DataFrame, dispatch: str, folder: Path) -> Path:
    """Draw ``pareto.png`` and ``pareto.svg``.

    Parameters
    ----------
    frame
        Result of :func:`sim.experiment.mdrp.sweep.sweep`.
    folder
        Where the files go; made when it is not there.

    Returns
    -------
    Path
        The PNG.
    """
    data = bench_pareto(frame, dispatch)
    plot = Plot("pareto", data.alt, lambda ax: plot_bench_pareto(data, ax), FULL, HEIGHT, PHONE_HEIGHT, MARGINS)
    draw_all([plot], folder)
    return folder / "pareto.png"
