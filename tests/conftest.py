"""What several tests need: the real data beside the repository, and a browser."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Two workers share the machine, so time limits per example would only make tests flaky.
slow_is_no_fault = [HealthCheck.too_slow]  # of a machine that others use too
settings.register_profile("paotui", deadline=None, max_examples=30, suppress_health_check=slow_is_no_fault)
settings.load_profile("paotui")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of the real data: PAOTUI_DATA, else ../shared/data beside the repository."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("PAOTUI_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder} (set PAOTUI_DATA)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a headless-capable browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no chromium on the path")
    return path
