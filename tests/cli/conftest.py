"""A new user in an empty folder."""

from pathlib import Path

import pytest

from tests.cli.command import Paotui, command, empty_page
from tests.experiment.mdrp.tiny_day import INSTANCE

SMALL = ("--set", "population.users=300", "--set", "riders.count=15")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def paotui(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Paotui:
    """The command, run in that directory."""
    return command(capsys, monkeypatch)


@pytest.fixture
def quick(paotui: Paotui, monkeypatch: pytest.MonkeyPatch) -> Paotui:
    """The command without the drawing of figures, where they are not what is tested."""
    monkeypatch.setattr("sim.report.run.report_run", empty_page)
    return paotui


@pytest.fixture
def tiny(here: Path) -> Path:
    """A hand-made benchmark instance of six orders, in ``days/tiny``."""
    folder = here / "days" / "tiny"
    folder.mkdir(parents=True)
    for name, text in INSTANCE.items():
        (folder / name).write_text(text.replace(" ", "\t"))
    return folder
