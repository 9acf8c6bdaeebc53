"""Compiles the few loops that would be slow in Python.

A module of such loops is imported only when a policy that needs them decides: numba takes half a second to import.
What it compiles it keeps beside the module, or in the user's cache folder where that cannot be written. Without
numba the same functions run as plain Python, with equal answers and slowly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """The function, compiled at its first call; its ``py_func`` is the plain one."""
    try:
        from numba import njit
    except ImportError:
        return loop
    fast: Any = njit(cache=True)(loop)
    return cast(Loop, fast)
