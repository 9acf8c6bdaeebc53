"""Finding instances, hostile input, and the summary beside published figures."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.events import Kind
from sim.experiment.mdrp.bench import bench_mdrp, find_instances, orders_per_cpu_s, run_instance
from sim.experiment.mdrp.published import SIZES, difference, known, published
from sim.experiment.mdrp.score import COLUMNS
from sim.experiment.mdrp.summary import METRICS, SUBSETS, above, paired, summary

LOOK = '''
from pathlib import Path


def look(wave, rng):
    """Write down, once a run, whether diversion is allowed; never assign."""
    if wave.index == 0:
        with Path(__file__).with_name("look.txt").open("a") as file:
            file.write(f"{wave.rules.diversion}\\n")
    return []
'''

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


def test_with_diversion_there_is_nothing_to_export(tiny: Path, script: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the benchmark's rules forbid it"):
        bench_mdrp([tiny], script, export=tmp_path / "out", diversion=True)
    assert not (tmp_path / "out").exists()


def test_diversion_reaches_the_policy_and_idle_couriers_are_sent(tiny: Path, tmp_path: Path, change: Change) -> None:
    """The policy answers nothing; only with prepositioning does a courier drive, to where one order waits."""
    change(tiny / "restaurants.txt", "r3\t0\t1000", "r3\t0\t1900")
    orders = (tiny / "orders.txt").read_text().splitlines()
    (tiny / "orders.txt").write_text("\n".join([orders[0], orders[5]]))
    (tmp_path / "look.py").write_text(LOOK)
    by_rule, free = (run_instance(tiny, f"{tmp_path / 'look.py'}:look", diversion=on) for on in (False, True))
    assert (tmp_path / "look.txt").read_text().split() == ["False", "True"]
    assert not (by_rule.events["kind"] == Kind.DEPARTED).any()
    assert set(free.events["place"][free.events["kind"] == Kind.ARRIVED].tolist()) == {2}


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
    assert value(table, "ctd_mean: t75 - t100") == pytest.approx((-3.0, 31.29 - 34.79))
    assert value(table, "ctd_mean: s2 - s1") == pytest.approx((-1.5, 32.38 - 33.70))
    assert value(table, "ctd_mean: p125 - p100") == pytest.approx((4.0, 34.98 - 31.10))
    assert value(table, "rtp_mean: p125 - p100") == pytest.approx((0.0, 0.01))


def test_the_summary_stands_beside_published_means() -> None:
    table = summary(frame(ctd_mean=[30.0, 27.0, 28.5, 34.0], ctd_bound=[25.0] * 4))
    assert list(table.columns) == ["metric", "ours", "over", "published", "covers", "source"]
    assert value(table, "ctd_mean") == pytest.approx((29.875, 32.74))
    assert value(table, "ctd_mean [s1]") == pytest.approx((91 / 3, 33.70))
    assert value(table, "ctd_mean [r50]") == pytest.approx((29.875, 33.27))
    assert value(table, "ctd_mean above the trivial bound, %")[0] == pytest.approx(100 * (29.875 / 25 - 1))
    covers = table.set_index("metric")[["over", "covers"]].T
    assert covers["ctd_mean"].tolist() == [4, "all 240"]
    assert covers["ctd_mean [s1]"].tolist() == [3, "120 of 240"]
    assert covers["ctd_mean [r50]"].tolist() == [4, "80 of 240"]
    assert covers["ctd_mean: t75 - t100"].tolist() == [1, "120 pairs"]
    assert "ctd_mean [o100]" not in set(table["metric"])
    assert table["metric"].is_unique


def test_known_solutions_are_compared_instance_by_instance() -> None:
    exact, rolling = (known(frame()["instance"], f"ctd_{name}") for name in ("optimum", "rolling"))
    table = summary(frame(ctd_mean=(1.1 * exact).tolist(), rtp_mean=[1.0, 2.0, 3.0, 4.0]))
    online = 100 * ((rolling / exact).mean() - 1)
    assert value(table, "ctd_mean above optimum, %") == pytest.approx((10, online))
    assert value(table, "ctd_mean, optimum") == pytest.approx((1.1 * exact.mean(), exact.mean()))
    assert value(table, "rtp_mean, optimum") == pytest.approx((2.5, (1.13 + 0.67 + 0.43 + 0.97) / 4))
    assert value(table, "ctd_mean above rolling, %")[1] == 0
    assert table.set_index("metric")["covers"]["ctd_mean above optimum, %"] == "rolling horizon, the same 4"


def test_a_mean_over_the_same_instances_leaves_the_others_out() -> None:
    names = ["0r50t100s1p100", "0o100t100s1p100", "9o100t75s1p100", "other"]
    table = summary(frame(instance=names, ctd_mean=[30.76, 40.07, 50.0, 60.0])).set_index("metric")  # type: ignore[arg-type]
    assert table.loc["ctd_mean, optimum", ["ours", "over", "published"]].tolist() == [30.76, 1, 30.76]  # type: ignore[operator]
    assert table.loc["ctd_mean, best", ["over", "published"]].tolist() == [2, pytest.approx((30.91 + 30.07) / 2)]  # type: ignore[operator]
    # not all of these have a rolling horizon
    assert np.isnan(table.loc["ctd_mean above best, %", "published"])  # type: ignore[arg-type]


def test_each_instance_is_set_beside_the_bound_and_the_optimum() -> None:
    table = above(frame(instance=["0r50t100s1p100", "other"] * 2, ctd_mean=[33.836] * 4, ctd_bound=[25.0] * 4))
    assert table["above_bound_pct"].tolist() == pytest.approx([35.344] * 4)
    assert table["above_optimum_pct"].tolist() == pytest.approx([10, np.nan] * 2, nan_ok=True)


def test_decision_times_stand_beside() -> None:
    table = summary(frame(wave_ms_median=[1.0, 2.0, 3.0, 40.0], wave_ms_p99=[5.0, 9.0, 7.0, 8.0]))
    assert value(table, "decision time of a wave, median, ms")[0] == 2.5
    assert value(table, "decision time, p99 of the worst, ms")[0] == 9


def test_instances_of_another_name_only_count_in_the_whole(tiny: Path, script: str) -> None:
    table = summary(bench_mdrp([tiny], script))
    assert value(table, "ctd_mean")[0] == pytest.approx(22.2)
    assert not table["metric"].str.contains(r"\[| - |optimum|best").any()


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
    assert SIZES["o100"] + SIZES["o50"] + SIZES["r50"] == SIZES["s1"] + SIZES["s2"] == SIZES["all"]
    optima = [name for name, metric in published() if metric == "ctd_optimum"]
    assert len(optima) == 16
    assert all(published()[n, "ctd_optimum"].value <= published()[n, "ctd_rolling"].value for n in optima)


def test_published_figures_of_single_instances() -> None:
    assert known(["0o100t75s1p100", "nowhere", "0r50t75s1p100"], "cost_best").tolist()[::2] == [10.747, 10.32]
    assert known(["nowhere"], "ctd_optimum").isna().all()


def test_published_differences() -> None:
    assert difference("p125", "p100", "ctd_mean").value == 3.88
    with pytest.raises(KeyError):
        difference("p125", "p100", "wave_ms_p99")
