"""Arrays by what they hold."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Table = TypeVar("Table")
Index = Ints | int
"""One place, or an array of them."""


def locked(table: Table) -> Table:
    """The same table, whose columns cannot be written to; a table within it is locked as well."""
    columns = {column.name: _view(getattr(table, column.name)) for column in fields(table)}  # type: ignore[arg-type]
    return type(table)(**columns)


def _view(column: Any) -> Any:
    if is_dataclass(column):
        return locked(column)
    view = column.view()
    view.flags.writeable = False
    return view
