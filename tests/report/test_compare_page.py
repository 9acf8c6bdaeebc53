"""The page of a study: complete, self-contained, escaped, the same twice, from hand-made rows."""

import re
import subprocess
from collections.abc import Callable, Iterable
from math import nan
from pathlib import Path

import pytest

from sim.experiment.compare import Comparison
from sim.report.compare import report_compare
from sim.report.pictures import Picture, Plot
from tests.report.conftest import SMALL
from tests.report.page_reader import Page, colours
from tests.report.studies import EVIL, ZONES, made

FIGURES = ("forest", "pareto", "replications", "zones_on_time_share", "zones_click_to_door")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_compare(made(), tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def page(file: Path) -> Page:
    return Page(file)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of a page without its figures, which take most of the time."""

    def named(plots: Iterable[Plot], folder: Path, names: str = "") -> list[Picture]:
        folder.mkdir(parents=True, exist_ok=True)
        return [Picture(plot.name, plot.alt, "data:,", "data:,", (1, 1)) for plot in plots]

    monkeypatch.setattr("sim.report.compare.draw_all", named)


def written(result: Comparison, folder: Path) -> Page:
    return Page(report_compare(result, folder))


def test_the_page_says_what_was_compared(page: Page) -> None:
    for words in ("Comparison", "6 replications", "by hand", "Baseline old", "Scenario small town", "Seed 1"):
        assert words in page.text
    assert page.tags["h1"] == 1


def test_nothing_is_fetched(page: Page) -> None:
    resources = {"src", "srcset", "href", "data", "action", "poster"}
    links = [v for _, attributes in page.attributes for k, v in attributes.items() if k in resources]
    assert len(links) == 2 * len(FIGURES) + 1
    assert all(str(link).startswith("data:") for link in links)
    assert not any(token in page.source for token in ("http://", "https://", "@import", "url("))
    assert page.tags["script"] == 0


def test_cohort_shares_stand_beside_every_comparison(page: Page) -> None:
    at = page.text.index("What became of the orders")
    assert at < page.text.index("What the variants change")
    assert "Variant Orders Delivered Cancelled Open" in page.text[at : at + 300]
    assert "old baseline 200 ± 0 95.0 ± 0.0 4 ± 0 1 ± 0" in page.text[at : at + 600]


def test_effects_stand_with_unit_interval_p_and_what_pairing_bought(page: Page) -> None:
    words = page.text[page.text.index("new against old") :]
    assert "On time share 79.7 ± 1.4 89.7 ± 1.4 % +10.0 points +9.9 to +10.1 +12.5% < 0.001 6 440× better" in words
    assert "Pairing made the difference in mean click-to-door" in page.text


def test_figures_can_be_read_aloud(page: Page) -> None:
    images = page.all("img")
    assert len(images) == len(FIGURES)
    assert all(len(image["alt"] or "") > 30 for image in images)
    ids = [attributes["id"] for _, attributes in page.attributes if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a.get("aria-labelledby") for _, a in page.attributes} - {None} <= set(ids)
    assert all(cell.get("scope") in ("col", "row", "rowgroup") for cell in page.all("th"))


def test_settings_that_differ_are_listed_and_assumptions_folded_away(page: Page) -> None:
    words = page.text[page.text.index("The variants Values") :]
    assert "old baseline dispatch.policy nearest new dispatch.policy matching" in words
    assert {"summary", "details"} <= set(page.tags)
    assert [d.get("open", "shut") for d in page.all("details")] == [None, "shut"]


def test_figures_are_files_too_and_equal_studies_give_equal_bytes(file: Path, tmp_path: Path) -> None:
    again = report_compare(made(), tmp_path / "b/deep").parent
    files = [found.relative_to(again) for found in again.rglob("*") if found.is_file()]
    assert {found.name for found in files} == {
        "compare.html",
        "compare.md",
        *(f"{f}.{k}" for f in FIGURES for k in ("png", "svg")),
    }
    assert all((file.parent / found).read_bytes() == (again / found).read_bytes() for found in files)


@pytest.mark.usefixtures("undrawn")
def test_the_sentence_of_ranking_and_selection_is_shown(tmp_path: Path) -> None:
    page = written(made(selection="new is best with 95% confidence."), tmp_path)
    assert "new is best with 95% confidence." in page.text


@pytest.mark.usefixtures("undrawn")
def test_names_are_escaped(tmp_path: Path) -> None:
    page = written(made(names=("old", EVIL), description=EVIL, selection=EVIL), tmp_path)
    assert page.tags["script"] == 0
    assert page.tags["img"] == len(FIGURES)
    assert EVIL in page.text
    assert not any(name.startswith("on") for _, attributes in page.attributes for name in attributes)


@pytest.mark.usefixtures("undrawn")
def test_eight_variants_with_long_and_chinese_names(tmp_path: Path) -> None:
    names = ("old", "跑腿" * 30, "a very long name of a variant " * 5, "a\nbroken\tname", *"wxyz")
    page = written(made(names=names, replications=2), tmp_path)
    assert "跑腿" * 30 in page.text
    assert "7 variants were compared with old on 2 replications" in page.text
    assert [("open" in d) for d in page.all("details")] == [True, True] + [False] * 6


@pytest.mark.usefixtures("undrawn")
def test_variants_of_different_cities_have_no_map(tmp_path: Path) -> None:
    page = written(made(zones={"new": ZONES - 1}), tmp_path)
    assert "There is no map" in page.text
    assert page.tags["img"] == 3
    other = made(settings={"new": {"city": SMALL["city"] | {"places": 61}}})
    assert "There is no map" in written(other, tmp_path / "other").text


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("replications", [2, 3])
def test_identical_variants(replications: int, tmp_path: Path) -> None:
    page = written(made(replications=replications, change=lambda name, r, kpis: {}), tmp_path)
    assert "new gave exactly the same as old in every replication." in page.text
    assert "nothing is distinguishable" in page.text
    assert not re.search(r"\binf\b", page.text)


@pytest.mark.usefixtures("undrawn")
def test_values_that_are_missing_are_dashes(tmp_path: Path) -> None:
    def change(name: str, r: int, kpis: dict[str, float]) -> dict[str, float]:
        gone = {kpi: nan for kpi in kpis if kpi.startswith(("click", "income", "contribution"))}
        return gone if name == "new" or r > 0 else {}

    page = written(made(change=change), tmp_path)
    assert "nan" not in page.text.lower()
    assert "no value" in page.text
    assert "–" in page.text


@pytest.mark.usefixtures("undrawn")
def test_one_pair_of_values_has_no_interval(tmp_path: Path) -> None:
    change: Callable[..., dict[str, float]] = lambda name, r, kpis: {"income_gini": nan} if r else {"income_gini": 0.2}  # noqa: E731
    page = written(made(change=change, replications=2), tmp_path)
    assert "nan" not in page.text.lower()


@pytest.mark.parametrize("width", [1280, 500])
def test_a_browser_shows_the_page(width: int, file: Path, chromium: str, tmp_path: Path) -> None:
    shot = tmp_path / "page.png"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--hide-scrollbars",
             "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}",
             f"--window-size={width},2400", f"--screenshot={shot}"]  # fmt: skip
    done = subprocess.run([chromium, *flags, file.as_uri()], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert "CONSOLE" not in done.stderr
    assert colours(shot) > 200
