"""The speed bench returns what it documents; how fast it was is not tested here."""

from pathlib import Path

import pytest

from sim.city.build import build_city
from sim.experiment.speed import POLICIES, bench_speed, district
from sim.streams import Streams
from tests.experiment.mdrp.tiny_day import INSTANCE


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in INSTANCE.items():
        (folder / name).write_text(text.replace(" ", "\t"))
    return folder


def test_the_bench_returns_the_documented_figures(tiny: Path) -> None:
    told: list[float] = []
    result = bench_speed(orders=120, rounds=1, instances=[tiny], progress=told.append)
    assert set(result) >= {"orders", "rounds", "us_per_order", "ratios", "mdrp_orders_per_cpu_s"}
    assert set(result["us_per_order"]) == {"floor", *POLICIES}
    assert set(result["ratios"]) == {"nearest_over_floor", "matching_over_floor"}
    assert set(result["mdrp_orders_per_cpu_s"]) == {"nearest", "matching"}
    figures = [*result["us_per_order"].values(), *result["ratios"].values(), *result["mdrp_orders_per_cpu_s"].values()]
    assert all(isinstance(figure, float) and figure > 0 for figure in figures)
    for name in POLICIES:
        ratio = result["us_per_order"][name] / result["us_per_order"]["floor"]
        assert result["ratios"][f"{name}_over_floor"] == pytest.approx(ratio, rel=0.01)
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] <= 1


def test_without_instances_there_is_no_benchmark_figure() -> None:
    result = bench_speed(orders=100, rounds=1)
    assert "mdrp_orders_per_cpu_s" not in result
    assert result["rounds"] == 1


@pytest.mark.parametrize("orders", [200, 2000])
def test_the_district_is_scaled_to_about_so_many_orders(orders: int) -> None:
    scenario = district(orders)
    intents = len(build_city(scenario).day(0, Streams(scenario.seed)).intents)
    assert intents == pytest.approx(orders, rel=0.15)
    assert scenario.riders.count == round(orders * 0.105)
    names = list(scenario.merchants.classes)
    assert names == ["restaurant", "shop"]
