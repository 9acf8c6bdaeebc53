"""Blocks that fill a file, and know where in it each of their keys was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Self

from pydantic import PrivateAttr

from sim.scenario.errors import nearest
from sim.scenario.fields import Section
from sim.scenario.yaml12 import Loc


@dataclass(frozen=True)
class Marks:
    """Printed location of each key that was read; all are equal, for what a block says does not hang on its file."""

    places: Mapping[Loc, str] = field(default_factory=dict, compare=False)


class Written(Section):
    """A block that fills a file; errors that show only when it is used can still tell file and line."""

    _marks: Marks = PrivateAttr(default_factory=Marks)

    def model_post_init(self, context: Any, /) -> None:
        """Keep the ``places`` of a validation's context."""
        self._marks = Marks((context or {}).get("places", {}))

    def place(self, loc: Loc) -> str:
        """Printed location of a key, or of the closest block around it; empty where it was read from nowhere."""
        return nearest(self._marks.places, loc)

    def places(self, loc: Loc) -> dict[Loc, str]:
        """Printed location of each key below a block, by the path from there."""
        return {key[len(loc) :]: place for key, place in self._marks.places.items() if key[: len(loc)] == loc != key}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some values changed, which are written in no file any more."""
        copy = super().model_copy(update=update, deep=deep)
        kept = {loc: place for loc, place in self._marks.places.items() if _at(copy, loc) == _at(self, loc)}
        copy._marks = Marks(kept)
        return copy


def _at(block: Any, loc: Loc) -> Any:
    return reduce(_inside, loc, block)


def _inside(block: Any, key: str | int) -> Any:
    if isinstance(block, list | tuple):
        return block[key] if isinstance(key, int) and key < len(block) else None
    return block.get(key) if isinstance(block, Mapping) else getattr(block, str(key), None)
