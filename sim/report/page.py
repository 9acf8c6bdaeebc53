"""Pages that open anywhere, without a network: a template, the shared parts and style, and values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"


def write_page(page: Path, template: str, values: Mapping[str, object]) -> Path:
    """Fill a template and write it; the same values give the same bytes.

    Parameters
    ----------
    page
        The file to write; its folder exists.
    template
        Name of the template.
    values
        What the template shows; every text is escaped.

    Returns
    -------
    Path
        The page.
    """
    page.write_text(_templates().get_template(template).render(values), encoding="utf-8", newline="\n")
    return page


def _templates() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
