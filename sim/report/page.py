"""The report of one run: a page that opens anywhere, without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.report.assumptions import blocks, changed
from sim.report.figures import draw_all
from sim.report.kpi_rows import kpi_rows
from sim.report.story import cards, sentence
from sim.report.view import RunView
from sim.report.zones import FEWEST_PEOPLE, zone_rows

TEMPLATES = Path(__file__).parent / "templates"


def write_report(view: RunView, folder: Path) -> Path:
    """Write ``report.html`` and, as PNG and SVG, ``figures/``; the same run gives the same bytes.

    Returns
    -------
    Path
        The page.
    """
    pictures = draw_all(view, folder / "figures")
    rows, assumptions = kpi_rows(view), blocks(view.scenario)
    page = folder / "report.html"
    text = _templates().get_template("run.html").render(
        name=view.scenario.name,
        description=view.scenario.description.strip(),
        sentence=sentence(view),
        cards=cards(view, rows),
        kpis=rows,
        pictures={picture.name: picture for picture in pictures},
        zones=zone_rows(view),
        fewest_people=FEWEST_PEOPLE,
        blocks=assumptions,
        changed=changed(assumptions),
        policy=view.scenario.dispatch.policy,
        seed=view.scenario.seed,
        manifest=list(_flat(view.manifest)),
    )  # fmt: skip
    page.write_text(text, encoding="utf-8", newline="\n")
    return page


def _templates() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _flat(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Names and values of nested details."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}".replace("_", " "), "–" if value is None else str(value)


__all__ = ["RunView", "write_report"]
