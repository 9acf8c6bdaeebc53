"""Finding instances, hostile input, and the summary beside published figures."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.mdrp.bench import bench_mdrp, find_instances, orders_per_cpu_s
from sim.experiment.mdrp.published import difference, published
from sim.experiment.mdrp.score import COLUMNS
from sim.experiment.mdrp.summary import METRICS, SUBSETS, paired, summary

Change = Callable[[Path, str, str], None]


def test_instances_are_found_alone_and_in_folders(tiny: Path, tmp_path: Path) -> None:
    other = shutil.copytree(tiny, tiny.with_name("other"))
    (tiny.parent / "notes").mkdir()
    (tiny.parent / "README.md").write_text("about")
    assert find_instances([tiny]) == [tiny]
    assert find_instances([tiny.parent]) == [other, tiny]
    assert find_instances([tiny, tiny.parent, tiny.parent / "." / "tiny"]) == [other, tiny]


def test_an_incomplete_instance_is_found_and_then_refused(tiny: Path) -> None:
    (tiny / "couriers.txt").unlink()
    assert find_instances([tiny.parent]) == [tiny]
    with pytest.raises(ValueError, match=r"couriers\.txt: cannot be read \(No such file or directory\)"):
        bench_mdrp([tiny])


def test_paths_that_hold_no_instance(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, reason in [
        (tmp_path / "nowhere", "no such folder"),
        (tiny / "orders.txt", "is a file, expected an instance folder"),
        (tmp_path / "empty", "holds no instance"),
    ]:
        with pytest.raises(ValueError, match=reason) as caught:
            find_instances([path])
        assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("orders.txt", "o3\t1000", "o3\tnan", r"orders\.txt:4: x: expected a number"),
        ("orders.txt", "o3\t1000", "o3\tinf", r"orders\.txt:4: x: expected a number"),
        ("orders.txt", "o5\t0\t1420\t40\tr3", "o5\t0\t1420\t40\tr9", r"orders\.txt:6: restaurant: no restaurant 'r9'"),
        ("orders.txt", "r1\t95", "r1\t49", r"orders\.txt:7: ready_time is before placement_time"),
        ("orders.txt", "o6\t950", "o5\t950", r"orders\.txt:7: 'o5' is listed twice"),
        ("couriers.txt", "\t64", "\t4", r"couriers\.txt:3: off_time is not after on_time"),
        ("couriers.txt", "c2\t1000\t950\t4\t64", "c2\t1000\t950", r"couriers\.txt:3: expected 5 columns, found 3"),
        ("restaurants.txt", "restaurant", "kitchen", r"restaurants\.txt:1: expected the header"),
        ("instance_parameters.txt", "100\t4", "0\t4", r"instance_parameters\.txt:2: expected metres_per_minute > 0"),
        ("instance_parameters.txt", "\t19", "", r"instance_parameters\.txt:2: expected 7 numbers"),
    ],
)
def test_broken_instances_are_answered_by_one_line(
    file: str, old: str, new: str, complaint: str, tiny: Path, tmp_path: Path, change: Change
) -> None:
    change(tiny / file, old, new)
    with pytest.raises(ValueError, match=complaint) as caught:
        bench_mdrp([tiny], export=tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_an_instance_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "day").write_text("not a folder")
    with pytest.raises(ValueError, match=r"instance_parameters\.txt: cannot be read \(Not a directory\)"):
        bench_mdrp([tmp_path / "day"])


def test_exports_may_not_overwrite_each_other(tiny: Path, tmp_path: Path) -> None:
    twin = shutil.copytree(tiny, tmp_path / "more" / "tiny")
    with pytest.raises(ValueError, match="two instances are called tiny"):
        bench_mdrp([tiny, twin], export=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_that_cannot_be_written(tiny: Path, script: str, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ValueError, match=f"{tmp_path / 'out'}{os.sep}tiny: cannot be written"):
        bench_mdrp([tiny], script, export=tmp_path / "out")


def frame(**columns: list[object]) -> pd.DataFrame:
    """Results of four twins of seed 0, with constant figures but for the columns given."""
    names = ["0r50t100s1p100", "0r50t75s1p100", "0r50t100s2p100", "0r50t100s1p125"]
    constant = dict.fromkeys((*COLUMNS[2:], "ctd_bound"), [1.0] * 4)
    return pd.DataFrame({"instance": names, "dispatch": ["nearest"] * 4} | constant | columns)


def value(table: pd.DataFrame, metric: str) -> tuple[float, float]:
    row = table[table["metric"] == metric]
    return row["ours"].item(), row["published"].item()


def test_paired_effects_compare_twins() -> None:
    results = frame(ctd_mean=[30.0, 27.0, 28.5, 34.0])
    assert paired(results, "t75", "t100", "ctd_mean").to_dict() == {"0r50t75s1p100": -3.0}
    assert paired(results, "p125", "p100", "ctd_mean").tolist() == [4.0]
    assert len(paired(results.iloc[1:], "s2", "s1", "ctd_mean")) == 0
    table = summary(results)
    assert value(table, "ctd_mean: t75 - t100 (1 pairs)") == pytest.approx((-3.0, 31.29 - 34.79))
    assert value(table, "ctd_mean: s2 - s1 (1 pairs)") == pytest.approx((-1.5, 32.38 - 33.70))
    assert value(table, "ctd_mean: p125 - p100 (1 pairs)") == pytest.approx((4.0, 34.98 - 31.10))
    assert value(table, "rtp_mean: p125 - p100 (1 pairs)") == pytest.approx((0.0, 0.01))


def test_the_summary_stands_beside_published_means() -> None:
    table = summary(frame(ctd_mean=[30.0, 27.0, 28.5, 34.0], ctd_bound=[25.0] * 4))
    assert list(table.columns) == ["metric", "ours", "published", "source"]
    assert value(table, "ctd_mean") == pytest.approx((29.875, 32.74))
    assert value(table, "ctd_mean [s1]") == pytest.approx((91 / 3, 33.70))
    assert value(table, "ctd_mean [r50]") == pytest.approx((29.875, 33.27))
    assert value(table, "ctd_mean / trivial bound") == pytest.approx((29.875 / 25, 1.0))
    assert "ctd_mean [o100]" not in set(table["metric"])
    assert table["metric"].is_unique


def test_known_solutions_are_compared_instance_by_instance() -> None:
    known = [published()[name, "ctd_optimum"].value for name in frame()["instance"]]
    table = summary(frame(ctd_mean=[1.1 * ctd for ctd in known]))
    assert value(table, "ctd_mean / ctd_optimum (4 instances)") == pytest.approx((1.1, 1.0))


def test_instances_of_another_name_only_count_in_the_whole(tiny: Path, script: str) -> None:
    table = summary(bench_mdrp([tiny], script))
    assert value(table, "ctd_mean")[0] == pytest.approx(22.2)
    assert not table["metric"].str.contains(r"\[|pairs|optimum").any()


def test_one_policy_at_a_time() -> None:
    with pytest.raises(ValueError, match="one dispatch policy, got 2"):
        summary(frame(dispatch=["nearest", "nearest", "matching", "matching"]))
    with pytest.raises(ValueError, match="one dispatch policy, got 0"):
        summary(frame().iloc[:0])


def test_speed_is_orders_over_cpu_time() -> None:
    assert orders_per_cpu_s(frame(orders=[100] * 4, cpu_s=[0.1, 0.1, 0.1, 0.2])) == pytest.approx(800)


def test_published_figures_are_complete_and_sourced() -> None:
    assert all(("all", metric) in published() for metric in METRICS)
    assert all((subset, "ctd_mean") in published() for subset in SUBSETS)
    assert all(figure.source for figure in published().values())
    optima = [name for name, metric in published() if metric == "ctd_optimum"]
    assert len(optima) == 16
    assert all(published()[n, "ctd_optimum"].value <= published()[n, "ctd_rolling"].value for n in optima)


def test_published_differences() -> None:
    assert difference("p125", "p100", "ctd_mean").value == 3.88
    with pytest.raises(KeyError):
        difference("p125", "p100", "wave_ms_p99")
