"""The page: complete, self-contained, escaped, accessible, the same twice."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from math import isnan
from pathlib import Path

import pytest

from sim.experiment.run import RunResult
from sim.kpi.kpis import KPIS
from sim.report.run import report_run
from tests.report.page_reader import Page, colours

FIGURES = ("demand", "load", "delivery_time", "income", "minutes", "map", "diagnosis")
RESOURCES = {"src", "srcset", "href", "data", "action", "poster"}


@pytest.fixture(scope="module")
def file(town: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_run(replace(town, folder=tmp_path_factory.mktemp("town") / "deep"))


@pytest.fixture(scope="module")
def page(file: Path) -> Page:
    return Page(file)


def written(result: RunResult, folder: Path) -> Page:
    return Page(report_run(replace(result, folder=folder)))


def test_the_page_says_what_it_is(page: Page) -> None:
    for words in ("small town", "1 replication", "carry no interval", "paotui compare", "Seed 1", "matching"):
        assert words in page.text
    assert page.tags["h1"] == 1


def test_nothing_is_fetched(page: Page) -> None:
    links = [v for _, attributes in page.attributes for k, v in attributes.items() if k in RESOURCES]
    assert len(links) == 2 * len(FIGURES) + 1
    assert all(str(link).startswith("data:") for link in links)
    assert not any(token in page.source for token in ("http://", "https://", "@import", "url("))
    assert page.tags["script"] == 0
    assert any("default-src 'none'" in str(meta.get("content")) for meta in page.all("meta"))


def test_every_kpi_with_a_value_is_there_with_its_definition(page: Page, town: RunResult) -> None:
    rows = {attributes.get("id") for attributes in page.all("tr")}
    known = [name for name, value in town.kpis.items() if not isnan(value)]
    assert {row for row in rows if str(row).startswith("kpi-")} == {f"kpi-{name}" for name in known}
    assert len(known) > 20
    assert all(KPIS[name].definition in page.text for name in known)
    assert f"{len(KPIS) - len(known)} more have no value in this run" in page.text


def test_the_shares_of_all_outcomes_stand_together(page: Page) -> None:
    at = page.text.index("What became of the orders")
    card = page.text[at : at + 120]
    assert [word for word in card.split() if word in ("delivered", "cancelled", "open")][:3] == [
        "delivered", "cancelled", "open",
    ]  # fmt: skip


def test_figures_and_tables_can_be_read_aloud(page: Page) -> None:
    images = page.all("img")
    assert len(images) == len(FIGURES)
    assert all(len(image["alt"] or "") > 30 for image in images)
    assert all(cell.get("scope") in ("col", "row", "rowgroup") for cell in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.attributes if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = {a.get("aria-labelledby") for _, a in page.attributes} - {None}
    assert named <= set(ids)
    assert page.all("html") == [{"lang": "en"}]


def test_figures_are_files_too(file: Path) -> None:
    folder = file.parent / "figures"
    assert sorted(found.name for found in folder.iterdir()) == sorted(
        f"{f}.{k}" for f in FIGURES for k in ("png", "svg")
    )
    for name in FIGURES:
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (folder / f"{name}.svg").read_text(encoding="utf-8")


def test_the_same_run_gives_the_same_bytes(by_hand: RunResult, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        report_run(replace(by_hand, folder=tmp_path / folder))
    files = [file.relative_to(tmp_path / "a") for file in (tmp_path / "a").rglob("*") if file.is_file()]
    assert len(files) == 1 + 2 * len(FIGURES)
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


def test_a_run_kept_in_memory_has_no_page(by_hand: RunResult) -> None:
    with pytest.raises(ValueError, match="give run\\(\\) an `out`"):
        report_run(by_hand)


EVIL = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'{{ 7 * 7 }}$x_1$"


def test_text_of_the_scenario_is_escaped(made: Callable[..., RunResult], tmp_path: Path) -> None:
    result = made(
        description=EVIL,
        merchants={"classes": {EVIL: {"count": 5}}},
        population={"users": 30, "segments": {EVIL: {"share": 1}}},
    )
    page = written(replace(result, manifest={EVIL: {EVIL: EVIL}}), tmp_path)
    assert page.tags["script"] == 0
    assert page.tags["img"] == len(FIGURES)
    assert EVIL in page.text
    assert not any(name.startswith("on") for _, attributes in page.attributes for name in attributes)


def test_a_run_in_which_nothing_happened(nobody: RunResult, tmp_path: Path) -> None:
    page = written(nobody, tmp_path)
    assert "nobody ordered, and no rider came on shift" in page.text
    assert "nan" not in page.text.lower().replace("finance", "")
    assert "no order was placed" in page.text
    assert "no rider came on shift" in page.text
    assert "–" in page.text


def test_a_run_without_riders_says_why_figures_are_missing(no_riders: RunResult, tmp_path: Path) -> None:
    page = written(no_riders, tmp_path)
    assert "no order was delivered" in page.text
    assert "100.0%" in page.text


def test_a_week_with_a_long_name(week: RunResult, tmp_path: Path) -> None:
    named = replace(week, scenario=week.scenario.model_copy(update={"name": "跑腿" * 40}))
    page = written(named, tmp_path)
    assert "跑腿" * 40 in page.text
    assert "In the 7 days from 2 Mar to 8 Mar 2026" in page.text


def test_importing_the_package_does_not_import_matplotlib() -> None:
    code = "import sys, sim, sim.report; print('matplotlib' in sys.modules, 'jinja2' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.split() == ["False", "False"]


def test_pyplot_is_never_used() -> None:
    code = "import sys, sim.report.run, sim.report.compare; print('matplotlib.pyplot' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.split() == ["False"]


@pytest.mark.parametrize("width", [1280, 500])
def test_a_browser_shows_the_page_without_a_network(width: int, file: Path, chromium: str, tmp_path: Path) -> None:
    shot = tmp_path / "page.png"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--hide-scrollbars",
             "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}",
             f"--window-size={width},2400", f"--screenshot={shot}"]  # fmt: skip
    done = subprocess.run([chromium, *flags, file.as_uri()], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert "CONSOLE" not in done.stderr
    assert colours(shot) > 200
