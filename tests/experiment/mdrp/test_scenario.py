"""A benchmark instance becomes a scenario, in memory and as YAML."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.experiment.mdrp.scenario import benchmark_scenario, import_mdrp, with_diversion
from sim.scenario.load import load
from sim.scenario.schema import Scenario

Change = Callable[[Path, str, str], None]


def test_the_rules_are_the_benchmarks(tiny: Path) -> None:
    scenario = benchmark_scenario(tiny, "nearest", {"lead_min": 10.0})
    assert scenario.travel.metres_per_minute == 100
    assert scenario.travel.whole_minutes
    assert (scenario.service.pickup_min, scenario.service.dropoff_min) == (4, 4)
    assert scenario.platform.promise_min == 20
    assert scenario.platform.exact_ready
    assert (scenario.platform.delivery_fee_yuan, scenario.platform.commission) == (0, 0)
    assert (scenario.pay.per_order_yuan, scenario.pay.guarantee_yuan_per_hour, scenario.pay.per_km_yuan) == (10, 19, 0)
    dispatch = scenario.dispatch
    assert (dispatch.policy, dispatch.params, dispatch.every_s) == ("nearest", {"lead_min": 10.0}, 60)
    assert (dispatch.diversion, dispatch.single_merchant, dispatch.pickup_by_off) == (False, True, True)


def test_the_variant_outside_the_benchmark_changes_two_rules_only(tiny: Path) -> None:
    """No forecaster: it would have been shown the orders that are yet to be placed."""
    usual = benchmark_scenario(tiny, "nearest")
    free = with_diversion(usual)
    assert free.dispatch == usual.dispatch.model_copy(update={"diversion": True})
    assert (free.reposition.policy, free.reposition.forecast) == ("flow", "planned")
    assert free.model_copy(update={"dispatch": usual.dispatch, "reposition": usual.reposition}) == usual


def test_an_imported_file_says_the_same(tiny: Path, tmp_path: Path) -> None:
    path = import_mdrp(tiny, tmp_path / "day.yaml", "nearest")
    assert path == tmp_path / "day.yaml"
    assert load(path, Scenario) == benchmark_scenario(tiny, "nearest")
    text = path.read_text()
    assert text.startswith("# A Meal Delivery Routing Problem instance: 6 orders, 2 couriers, 3 restaurants.\n")
    assert text.count("#") > 15


def test_it_is_named_after_the_instance_in_a_folder(tiny: Path, tmp_path: Path) -> None:
    assert import_mdrp(tiny, tmp_path) == tmp_path / "tiny.yaml"


@pytest.mark.parametrize("name", ["日 one", 'o\'clock "x"', "a: b # c", "- [x]", "x" * 200])
def test_any_folder_name_survives(name: str, tiny: Path, tmp_path: Path) -> None:
    folder = tiny.rename(tiny.with_name(name))
    assert load(import_mdrp(folder, tmp_path / "day.yaml"), Scenario) == benchmark_scenario(folder)


def test_the_file_may_be_moved(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.parent)
    path = import_mdrp(Path(tiny.name), Path("day.yaml"))
    moved = shutil.move(path, tmp_path / "elsewhere.yaml")
    assert load(moved, Scenario).city.model_dump()["dir"] == str(tiny)


def test_a_broken_instance_writes_nothing(tiny: Path, tmp_path: Path, change: Change) -> None:
    change(tiny / "orders.txt", "o3\t1000", "o3\tnan")
    with pytest.raises(ValueError, match=r"orders\.txt:4: x: expected a number, got 'nan'"):
        import_mdrp(tiny, tmp_path / "day.yaml")
    assert not (tmp_path / "day.yaml").exists()


@pytest.mark.parametrize("speed", ["5", "99999"])
def test_parameters_out_of_range_are_one_line(speed: str, tiny: Path, change: Change) -> None:
    change(tiny / "instance_parameters.txt", "100\t", f"{speed}\t")
    with pytest.raises(ValueError, match=r"instance_parameters\.txt:2: .*metres_per_minute") as caught:
        benchmark_scenario(tiny)
    assert "\n" not in str(caught.value)
