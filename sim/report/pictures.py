"""Figures as files and as part of a page: how large each is, on a wide page and on a phone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.style import settings

Draw = Callable[[Axes], None]

FULL, MAP, HALF, PHONE = 10.4, 6.25, 5.05, 3.6
"""Widths in inches, at 96 pixels each: the page, the map, half a page, a phone."""
ACROSS, NAMED_ROWS, ALL = (0.5, 0.25, 0.42, 0.62), (1.15, 0.12, 0.5, 0.62), (0.04, 0.04, 0.55, 0.4)
"""Margins of figures across the page, of bars with names beside them, and of the map."""
PHONE_KEY = 0.12
"""Inches for the second line of a key on a phone."""
PNG_DPI = 144


@dataclass(frozen=True, slots=True)
class Plot:
    """One figure; its title and caption stand in the page's template.

    Parameters
    ----------
    alt
        The figure in words.
    width, height
        Size in inches on a wide page.
    phone_height
        Height in inches on a phone.
    margins
        Inches left, right, below and above the axes.
    """

    name: str
    alt: str
    draw: Draw
    width: float = HALF
    height: float = 3.3
    phone_height: float = 3.0
    margins: tuple[float, float, float, float] = (0.5, 0.12, 0.5, 0.62)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure as the page needs it: data URIs for a wide page and a phone, and their sizes in pixels."""

    name: str
    alt: str
    wide: str
    phone: str
    size: tuple[int, int]


def figure(plot: Plot, phone: bool = False) -> Figure:
    """Draw one figure; call it inside :func:`matplotlib.rc_context`."""
    width, height = (PHONE, plot.phone_height) if phone else (plot.width, plot.height)
    left, right, below, above = plot.margins
    above += PHONE_KEY if phone else 0
    drawn = Figure(figsize=(width, height + (PHONE_KEY if phone else 0)), facecolor="white")
    height = drawn.get_figheight()
    box = (left / width, below / height, 1 - (left + right) / width, 1 - (below + above) / height)
    plot.draw(drawn.add_axes(box))
    return drawn


def draw_all(plots: Iterable[Plot], folder: Path, names: str = "") -> list[Picture]:
    """Draw every figure, write it as PNG and SVG, and return it for the page.

    Parameters
    ----------
    plots
        The figures.
    folder
        Where the files go; made when it is not there.
    names
        The reader's own words in the figures, for which letters are looked for in more than one font.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with rc_context(settings(names)):
        return [_drawn(plot, folder) for plot in plots]


def _drawn(plot: Plot, folder: Path) -> Picture:
    wide = figure(plot)
    (folder / f"{plot.name}.png").write_bytes(_bytes(wide, "png"))
    svg = _bytes(wide, "svg")
    (folder / f"{plot.name}.svg").write_bytes(svg)
    phone = _bytes(figure(plot, phone=True), "svg")
    size = round(plot.width * 96), round(plot.height * 96)
    return Picture(plot.name, plot.alt, _uri(svg), _uri(phone), size)


def _bytes(drawn: Figure, kind: str) -> bytes:
    buffer = BytesIO()
    if kind == "svg":
        drawn.savefig(buffer, format=kind, metadata={"Date": None})
    else:
        fast = {"compress_level": 2}
        drawn.savefig(buffer, format=kind, dpi=PNG_DPI, metadata={"Software": None}, pil_kwargs=fast)
    return buffer.getvalue()


def _uri(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg).decode()
