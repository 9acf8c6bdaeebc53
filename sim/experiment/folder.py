"""Result folders that appear whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any


class Folder:
    """A folder written aside and put in place at the end.

    Used as a context: files go to :attr:`part`; after :meth:`keep` the folder replaces the earlier
    result, otherwise it vanishes.

    Parameters
    ----------
    path
        Where the folder shall stand. It may exist if it is empty or an earlier result.

    Raises
    ------
    ValueError
        When the path is something else, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path = path.resolve()
        self.part = path.parent / f".{path.name}.part"
        self._kept = False
        if path.exists() and not (path.is_dir() and (not any(path.iterdir()) or (path / "manifest.json").is_file())):
            raise ValueError(f"{path}: exists and is not an earlier result; choose another --out")
        try:
            shutil.rmtree(self.part, ignore_errors=True)
            self.part.mkdir(parents=True)
        except OSError as error:
            raise ValueError(f"{path}: cannot be written ({error.strerror})") from None

    def keep(self) -> None:
        """Put the folder in place when the context ends."""
        self._kept = True

    def keep_aside(self) -> None:
        """Put what was not finished in place when the context ends, beside an earlier result that is."""
        earlier = self.path / "manifest.json"
        if earlier.is_file() and json.loads(earlier.read_text(encoding="utf-8")).get("status") == "finished":
            self.path = self.path.with_name(f"{self.path.name}-failed")
        self.keep()

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._kept:
            old = self.path.with_name(f".{self.path.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            if self.path.exists():
                self.path.replace(old)
            self.part.replace(self.path)
            shutil.rmtree(old, ignore_errors=True)
        else:
            shutil.rmtree(self.part, ignore_errors=True)


def expect_file(path: Path) -> None:
    """See before long work that its result can be written to a file; nothing is made yet.

    Raises
    ------
    ValueError
        When it cannot.
    """
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    faults = {
        "is a folder": path.is_dir(),
        f"{folder} is no folder": not folder.is_dir(),
        "no permission": not os.access(folder, os.W_OK),
    }
    for fault, there in faults.items():
        if there:
            raise ValueError(f"{path}: cannot be written ({fault})")


def write_text(path: Path, text: str) -> None:
    """Write a file in one piece: it is there whole, or as it was before; missing folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def write_json(path: Path, document: Any) -> None:
    """Write JSON in one piece; equal documents give equal bytes, and null stands for NaN and infinity."""
    write_text(path, json.dumps(_known(document), indent=2, allow_nan=False, ensure_ascii=False) + "\n")


def _known(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _known(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_known(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value
