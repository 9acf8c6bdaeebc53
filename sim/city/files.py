"""Where data is found and where what took long to compute is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]
BESIDE = Path(__file__).parents[2].parent / "shared" / "data"
"""Data beside a checkout."""
UNREADABLE = (OSError, ValueError, EOFError, KeyError, BadZipFile)


def find_data(name: str) -> Path:
    """The file of that name: as it stands, in the folder ``PAOTUI_DATA``, or in the data beside a checkout.

    Raises
    ------
    ValueError
        When it is in none of them.
    """
    folders = [Path(), Path(os.environ["PAOTUI_DATA"])] if os.environ.get("PAOTUI_DATA") else [Path(), BESIDE]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    hint = "" if os.environ.get("PAOTUI_DATA") else "; set PAOTUI_DATA to the folder that holds it"
    raise ValueError(f"{name}: no such file here or in {folders[-1]}{hint}")


def cache_folder() -> Path:
    """``PAOTUI_CACHE``, else ``paotui`` in ``XDG_CACHE_HOME`` or ``~/.cache``."""
    if own := os.environ.get("PAOTUI_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "paotui"


def content_key(*parts: bytes | str | NDArray[np.generic]) -> str:
    """A name for what follows from these parts alone; arrays count with type and shape."""
    digest = sha256()
    for part in parts:
        head = f"{part.dtype.str}{part.shape}" if isinstance(part, np.ndarray) else "text"
        body = part.encode() if isinstance(part, str) else part if isinstance(part, bytes) else part.tobytes()
        digest.update(f"{head}:{len(body)}:".encode() + body)
    return digest.hexdigest()[:32]


def kept_arrays(key: str, make: Callable[[], Mapping[str, NDArray[np.generic]]]) -> Arrays:
    """Small arrays by name, from the cache or made and kept there."""
    path = cache_folder() / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return dict(found)
    except UNREADABLE:
        made = dict(make())
    _keep(path, lambda file: np.savez_compressed(file, **made))  # type: ignore[arg-type]
    return made


def kept_table(key: str, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
    """One large array, from the cache or made and kept there; read-only, and its memory shared by all processes."""
    path = cache_folder() / f"{key}.npy"
    for _ in range(2):
        try:
            return np.asarray(np.lib.format.open_memmap(path, mode="r"))
        except UNREADABLE:
            made = make()
        if not _keep(path, lambda file: np.save(file, made)):  # noqa: B023 (called at once)
            return made
    return made


def _keep(path: Path, write: Callable[..., None]) -> bool:
    """Write beside, then move: nobody reads half a file. A cache that cannot be written is done without."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            try:
                write(file)
            except BaseException:
                Path(file.name).unlink()
                raise
        Path(file.name).replace(path)
    except OSError:
        return False
    return True
