"""The hand-made day, written to disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.experiment.mdrp.tiny_day import INSTANCE, SCRIPT, SOLUTION


def write(folder: Path, files: dict[str, str], separator: str = " ") -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text.replace(" ", separator))
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The instance."""
    return write(tmp_path / "days" / "tiny", INSTANCE, "\t")


@pytest.fixture
def script(tmp_path: Path) -> str:
    """The policy, as one writes it on the command line."""
    (tmp_path / "script.py").write_text(SCRIPT)
    return f"{tmp_path / 'script.py'}:follow"


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    """The solution's three files."""
    return write(tmp_path / "by_hand", SOLUTION)


@pytest.fixture
def change() -> Callable[[Path, str, str], None]:
    """Replaces text that occurs once in a file."""

    def change(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new))

    return change
