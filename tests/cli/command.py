"""``paotui`` in this process: what a user types, and what he gets back."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli import main
from sim.experiment.run import RunResult


class Answer(NamedTuple):
    """Exit code and what was printed."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Standard output with every run of blanks as one, whatever the terminal's width."""
        return " ".join(self.out.split())


def empty_page(result: RunResult) -> Path:
    """Stands in for the report where its figures are not what is tested."""
    assert result.folder is not None
    page = result.folder / "report.html"
    page.write_text("<html>")
    return page


Paotui = Callable[..., Answer]


def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Paotui:
    """A function that runs ``paotui`` with the arguments given."""

    def paotui(*args: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["paotui", *map(str, args)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        return Answer(code, *capsys.readouterr())

    return paotui
