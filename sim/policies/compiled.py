"""Compiles the few loops that would be slow in Python.

A module of such loops is imported only when a policy that needs them decides: numba takes half a second to import.
What it compiles it keeps beside the module, or in the user's cache folder where that cannot be written. It compiles
anew for other types, so whoever calls a loop makes whole numbers of seconds floats. Without numba the same functions
run as plain Python, with equal answers and slowly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """The function, compiled at its first call; its ``py_func`` is the plain one."""
    try:
        from numba import njit
    except ImportError:
        return loop
    fast: Any = njit(cache=True)(loop)
    if not any(Path(fast.stats.cache_path).glob(f"{loop.__module__.rpartition('.')[2]}.*.nbi")):
        _tell()
    return cast(Loop, fast)


@cache
def _tell() -> None:
    """Say why nothing seems to happen for a while."""
    sys.stderr.write("what a policy computes most is compiled at its first use, once: about 20 s\n")
