"""Versions that a result depends on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("paotui", "simpy", "numpy", "scipy", "pandas", "pyarrow")


def versions() -> dict[str, str]:
    """Versions of Python, of this program and of the libraries that shape its numbers."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
