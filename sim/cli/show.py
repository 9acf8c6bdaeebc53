"""How results look on a terminal: tables and progress bars."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

console = Console(width=None if sys.stdout.isatty() else 200, markup=False, emoji=False)
note = Console(stderr=True, markup=False, emoji=False)


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None]]:
    """A bar with the time left on standard error, fed with the share done."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    times = (TextColumn("elapsed"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, *times, console=note, transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def number(value: object, digits: int = 2) -> str:
    """A number for people: fixed digits, thousands apart, a dash for no value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:,.{digits}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], left: int = 1) -> None:
    """Print a table; the first `left` columns hold text."""
    shown = Table(title=title or None, title_justify="left", box=None, pad_edge=False, padding=(0, 1))
    for index, name in enumerate(columns):
        shown.add_column(name, justify="left" if index < left else "right", overflow="fold")
    for row in rows:
        shown.add_row(*(number(cell) for cell in row))
    console.print(shown)
