"""One look for all figures: palette, canvas, keys and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredOffsetbox, DrawingArea, HPacker, OffsetBox, TextArea, VPacker
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

INK, MUTED, FAINT, GRID = "#1d2733", "#66727f", "#b3bcc5", "#e6e9ed"
WORSE = "#b4531a"
GOOD, LATE, LOST, OPEN = "#12766f", "#e0912f", "#b3bcc5", "#dde2e7"
STREET = "#d5dbe1"
ROAD = "#7b8794"
GOOD_LIGHT, RIDER, RIDER_LIGHT, WATER = "#a9d3cc", "#4a4e9b", "#dcdeee", "#cfe3f2"

DEMAND = LinearSegmentedColormap.from_list("demand", ["#e9f4f1", GOOD_LIGHT, "#57a89e", GOOD])
"""Shades of demand, from little to much."""

RC: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "svg.hashsalt": "paotui",
    "svg.fonttype": "path",
    "path.simplify": True,
}
"""Settings under which every figure is drawn; none is left behind."""

KeyEntry = tuple[str, str] | tuple[str, str, str]
"""A name, its colour and, where a square is not meant, its marker; a marker with ``-`` before it is hollow."""
CHINESE = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei")
LETTER = 0.07
"""Width of a letter in inches, generously."""
POINTS = 72
HALO = [withStroke(linewidth=2.5, foreground="white")]


def settings(names: str = "") -> dict[Any, Any]:
    """:data:`RC` with fonts of this machine: one, or all it takes where names need letters that the first has not."""
    installed = set(fontManager.get_font_names())
    fonts = [font for font in (*RC["font.sans-serif"], *CHINESE) if font in installed]
    return RC | {"font.family": fonts[:1] if _has(fonts[:1], names) else fonts}


def writable(text: str) -> bool:
    """Whether the fonts in force have all its letters."""
    return _has(rcParams["font.family"], text)


def _has(fonts: Sequence[str], text: str) -> bool:
    charmaps = [get_font(findfont(font)).get_charmap() for font in fonts] if text else []
    return all(any(ord(letter) in charmap for charmap in charmaps) for letter in text)


def width_in(ax: Axes) -> float:
    """Width of the axes in inches: how many labels there is room for."""
    return size_in(ax)[0]


def size_in(ax: Axes) -> tuple[float, float]:
    """Width and height of the axes in inches."""
    whole, box = ax.get_figure(root=True), ax.get_position()
    assert whole is not None
    return float(box.width * whole.get_figwidth()), float(box.height * whole.get_figheight())


def heading(ax: Axes, text: str, key: Sequence[KeyEntry] = ()) -> None:
    """What the figure counts and, below it, colours with their names; wraps where the axes are narrow."""
    title = TextArea(text, textprops={"color": MUTED, "size": 9})
    rows: list[OffsetBox] = [title, *(packed([_entry(*entry) for entry in line], 14) for line in _wrapped(ax, key))]
    beside(ax, VPacker(pad=0, sep=5, children=[*rows]), above=True)


def beside(ax: Axes, box: OffsetBox, above: bool) -> None:
    """Put a box above or below the axes, flush with the left edge of the figure."""
    whole = ax.get_figure(root=True)
    assert whole is not None
    edge = blended_transform_factory(whole.transFigure, ax.transAxes)
    shift = ScaledTranslation(4 / POINTS, (8 if above else -6) / POINTS, whole.dpi_scale_trans)
    place, y = ("lower left", 1) if above else ("upper left", 0)
    ax.add_artist(AnchoredOffsetbox(place, child=box, pad=0, borderpad=0, frameon=False,
                                    bbox_to_anchor=(0, y), bbox_transform=edge + shift))  # fmt: skip


def horizontal_grid(ax: Axes) -> None:
    """Faint lines behind the data and no vertical spine."""
    ax.grid(axis="y", color=GRID, linewidth=0.8)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))


def marks(ax: Axes, values: Sequence[tuple[float, str, str]]) -> None:
    """Vertical lines ``(x, text, colour)``, each named at its top, at different heights.

    Call it when the limits are set; the vertical axis is extended to make room. The rightmost line is the
    lowest, so that no line crosses the name of another.
    """
    top, right = ax.get_ylim()[1], ax.get_xlim()[1]
    inch = right / width_in(ax)
    ax.set_ylim(0, top * (1 + 0.13 * len(values)))
    for level, (x, text, colour) in enumerate(sorted(values, reverse=True)):
        height = top * (1.06 + 0.13 * level)
        ax.vlines(x, 0, height, colors=colour, linewidth=1.2)
        side = "right" if x + (LETTER * len(text) + 0.1) * inch > right else "left"
        shift = -4 if side == "right" else 4
        ax.annotate(text, (x, height), (shift, 0), textcoords="offset points", ha=side, va="top", color=colour,
                    path_effects=HALO)  # fmt: skip


def nothing(ax: Axes, text: str) -> None:
    """Say why there is nothing to see, without an empty scale."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=MUTED)


def packed(children: Sequence[OffsetBox], sep: float = 5) -> HPacker:
    """Boxes side by side."""
    return HPacker(pad=0, sep=sep, align="center", children=list(children))


def label(text: str) -> TextArea:
    """A short text in a key."""
    return TextArea(text, textprops={"color": INK, "size": 9})


def _entry(text: str, colour: str, marker: str = "") -> HPacker:
    swatch = DrawingArea(9, 9)
    if marker:
        face = "white" if marker.startswith("-") else colour
        size, edge = (10, 2) if marker == "|" else (6, 1)
        swatch.add_artist(Line2D([4.5], [4.5], marker=marker.lstrip("-"), color=colour, markerfacecolor=face,
                                 markersize=size, markeredgewidth=edge))  # fmt: skip
    else:
        swatch.add_artist(Rectangle((0, 0), 9, 9, facecolor=colour, edgecolor="none"))
    return packed([swatch, label(text)])


def _wrapped(ax: Axes, key: Sequence[KeyEntry]) -> list[list[KeyEntry]]:
    lines: list[list[KeyEntry]] = []
    room = 0.0
    for entry in key:
        needed = LETTER * len(entry[0]) + 0.4
        if needed > room:
            lines.append([])
            room = float(ax.get_figure(root=True).get_figwidth())  # type: ignore[union-attr]
        lines[-1].append(entry)
        room -= needed
    return lines
