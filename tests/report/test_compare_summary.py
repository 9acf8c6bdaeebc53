"""All variants side by side, on the page and as Markdown, against rows told by hand."""

from math import nan
from pathlib import Path

import pytest

from sim.kpi.kpis import KPIS
from sim.report.compare import report_compare
from sim.report.comparison.story import HEADLINES
from sim.report.comparison.summary import MOST, Cell, markdown, summary
from sim.report.wording import title
from tests.report.page_reader import Page
from tests.report.studies import EVIL, made

FEW = ["on_time_share", "click_to_door_mean", "income_gini", "utilisation"]
MANY = ("old", "new", "other", "third")


def row(text: str, name: str) -> list[str]:
    """Cells of a Markdown table's row."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {name}")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_a_variant_and_a_column_a_kpi() -> None:
    data = summary(made(names=MANY, kpis=FEW))
    assert [line.variant for line in data.lines] == list(MANY)
    assert [line.is_baseline for line in data.lines] == [True, False, False, False]
    assert [(c.title, c.unit, c.better) for c in data.columns] == [
        ("On time share", "%", "↑"),
        ("Click to door, mean", "min", "↓"),
        ("Income Gini", "", "↓"),
        ("Utilisation", "%", ""),
    ]
    assert (data.replications, data.comparisons) == (6, 3 * len(FEW))


def test_cells_tell_the_level_the_difference_and_what_it_is_called() -> None:
    old, new = summary(made(kpis=FEW)).lines
    assert old.cells[0] == Cell("79.7", "± 1.4", "equal")
    assert new.cells[0] == Cell("89.7", "+10.0 ± 0.1", "better")
    assert [cell.verdict for cell in new.cells] == ["better", "better", "undecided", "changed"]


def test_the_baseline_stands_first_wherever_it_is_in_the_study() -> None:
    result = made(names=MANY, kpis=FEW)
    moved = result.study.model_copy(update={"baseline": "old"})
    rows = {name: result.rows[name] for name in ("third", "new", "old", "other")}
    data = summary(type(result)(moved, result.scenarios, rows, result.effects))
    assert [line.variant for line in data.lines] == ["old", "third", "new", "other"]


def test_where_a_variant_has_no_value_there_is_no_comparison_to_adjust_for() -> None:
    """Extra pay per order has no value where nobody is paid any."""
    result = made(kpis=FEW, change=lambda name, replication, kpis: {"income_gini": nan} if name == "old" else {})
    assert (len(result.effects), summary(result).comparisons) == (len(FEW), len(FEW) - 1)


def test_of_too_many_kpis_the_headlines_are_shown() -> None:
    assert len(KPIS) > MOST
    every = summary(made())
    assert len(every.columns) == len(HEADLINES)
    assert every.comparisons == len(KPIS)
    assert len(summary(made(kpis=list(KPIS)[:MOST])).columns) == MOST


def test_what_a_study_names_is_shown_first() -> None:
    kpis = [kpi for kpi in KPIS if kpi not in HEADLINES][: MOST + 3]
    result = made(kpis=kpis)
    named = result.study.model_copy(update={"kpis": kpis})
    columns = summary(type(result)(named, result.scenarios, result.rows, result.effects)).columns
    assert [column.title for column in columns] == [title(kpi) for kpi in kpis[:MOST]]


def test_markdown_sets_in_bold_what_is_certain() -> None:
    text = markdown(summary(made(kpis=FEW)))
    assert row(text, "variant")[1:] == [
        "On time share, % ↑",
        "Click to door, mean, min ↓",
        "Income Gini, ↓",
        "Utilisation, %",
    ]
    assert row(text, "old (baseline)")[1] == "79.7 ± 1.4"
    new = row(text, "new")
    assert new[1] == "89.7 (**+10.0 ± 0.1**)"
    assert "**" not in new[3]
    assert "6 paired replications" in text
    assert "Holm's adjustment for 4 comparisons" in text
    assert len({line.count("|") for line in text.splitlines() if line.startswith("|")}) == 1


def test_markdown_says_what_is_equal_and_what_has_no_value() -> None:
    same = markdown(summary(made(kpis=FEW, change=lambda name, r, kpis: {})))
    assert row(same, "new")[1] == "79.7 (equal)"
    gone = markdown(summary(made(kpis=FEW, change=lambda name, r, kpis: dict.fromkeys(kpis, nan))))
    assert set(row(gone, "new")[1:]) == {"–"}
    assert "nan" not in gone


@pytest.mark.parametrize("name", ["a|b", "a\nb", EVIL])
def test_no_name_breaks_the_table(name: str) -> None:
    lines = markdown(summary(made(names=("old", name), kpis=FEW))).splitlines()
    cells = [line.replace("\\|", "").count("|") for line in lines if line.startswith("|")]
    assert cells == [len(FEW) + 2] * 4
    assert "<script>" not in "".join(lines)


def test_it_is_written_beside_the_page_and_shown_on_it(tmp_path: Path) -> None:
    page = Page(report_compare(made(names=MANY, kpis=FEW), tmp_path))
    assert (tmp_path / "compare.md").read_text(encoding="utf-8") == markdown(summary(made(names=MANY, kpis=FEW)))
    words = page.text[page.text.index("Side by side") :]
    assert "old baseline 79.7 ± 1.4" in words
    assert "new 89.7 +10.0 ± 0.1" in words


def test_two_variants_need_no_summary_on_the_page(tmp_path: Path) -> None:
    assert "Side by side" not in Page(report_compare(made(names=MANY[:3], kpis=FEW), tmp_path)).text
