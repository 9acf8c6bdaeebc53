"""Names of variants in figures: short, on one line, in letters the fonts have."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.style import writable

LONGEST = 22
"""Letters of a name in a figure; longer ones end in an ellipsis."""


def labels(names: Sequence[str], longest: int = LONGEST) -> dict[str, str]:
    """The variants' names for a figure; one that can not be written or told apart is called by its number."""
    short = {name: _short(name, longest) for name in names}
    taken = list(short.values())
    return {
        name: text if writable(text) and taken.count(text) == 1 else f"variant {number}"
        for number, (name, text) in enumerate(short.items(), 1)
    }


def _short(name: str, longest: int) -> str:
    text = " ".join(name.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
