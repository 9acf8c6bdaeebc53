"""The back-test: floors, bests, tables and what is told of 8%."""

from pathlib import Path

import numpy as np
import pytest

from sim.forecast.registry import find_forecasters
from sim.forecast.score import attainable_from
from sim.twin.backtest_forecast import GRAINS, Backtest, backtest_forecasts, error_table, verdict
from sim.twin.orders_csv import OrderColumns, read_orders
from tests.twin.demand_made import made_counts

PAST = find_forecasters(["naive", "average", "smoothing"])


@pytest.fixture(scope="module")
def known() -> Backtest:
    return backtest_forecasts(made_counts(20), PAST, 5)


@pytest.fixture(scope="module")
def unknown() -> Backtest:
    return backtest_forecasts(made_counts(20, known=False), PAST, 5, ["city, hour"])


def test_forecasters_come_in_the_order_of_what_they_know(known: Backtest) -> None:
    for grain in known.grains:
        wape = {name: trial.wape().mean for name, trial in grain.trials.items()}
        assert wape["naive"] > wape["average"]
        assert wape["average"] > 0.96 * wape["smoothing"]
        assert wape["smoothing"] > 0.97 * wape["oracle"]
        assert grain.trials["naive"].less(grain.trials["oracle"]).estimate.mean > 0
        assert grain.best in ("average", "smoothing")
    by_zone = known.grains[0].trials
    assert by_zone["naive"].less(by_zone["oracle"]).estimate.low > 0


def test_the_naive_forecast_errs_as_two_counts_do(known: Backtest) -> None:
    """The difference of two counts scatters with the root of two times a count's own noise, where counts are large."""
    grain = known.grains[-1]
    ratio = grain.trials["naive"].wape().mean / grain.floor.floor(grain.floor.noise)
    assert ratio == pytest.approx(np.sqrt(2), rel=0.15)


def test_the_floor_falls_as_cells_grow(known: Backtest) -> None:
    floors = {grain.name: grain.floor.floor(grain.floor.noise) for grain in known.grains}
    assert floors["zone, 15 min"] > floors["zone, hour"] > floors["city, hour"]
    assert floors["zone, 15 min"] > floors["city, 15 min"] > floors["city, hour"]
    for grain in known.grains:
        assert grain.trials["oracle"].wape().mean == pytest.approx(floors[grain.name], rel=0.2)


def test_every_grain_counts_the_same_orders(known: Backtest) -> None:
    orders = [grain.floor.actual[:, 0].sum() for grain in known.grains]
    assert len({*orders}) == 1
    assert orders[0] == known.counts.values[15 * 96 :].sum()


def test_real_orders_have_an_estimated_floor(known: Backtest, unknown: Backtest) -> None:
    (grain,) = unknown.grains
    assert not unknown.exact
    assert set(grain.trials) == set(PAST)
    exact = known.grains[-1].floor
    assert grain.floor.floor(grain.floor.noise) == pytest.approx(exact.floor(exact.noise), rel=0.05)


def test_the_table_has_a_row_for_each_lead(known: Backtest) -> None:
    table = error_table(known)
    one = table[(table.grain == "zone, 15 min") & (table.forecaster == "naive")]
    assert one.lead_min.tolist() == ["all", "15", "30", "45", "60", "75", "90", "105", "120"]
    assert table[table.grain == "city, hour"].lead_min.unique().tolist() == ["all", "60", "120"]
    assert (table.wape_low < table.wape).all()
    assert (table.wape < table.wape_high).all()
    assert (table.least <= table.floor + 1e-12).all()
    assert table.notna().all().all()


def test_what_is_told_of_eight_percent(known: Backtest, unknown: Backtest) -> None:
    first, *grains = verdict(known)
    assert first == "An error of 8% takes 100 expected orders in a cell: below, dice alone make it larger."
    assert len(grains) == len(GRAINS)
    assert grains[0].startswith("zone, 15 min: the floor is ")
    assert "0% of the orders fall in cells that full" in grains[0]
    assert "the floor, estimated, is" in verdict(unknown)[1]
    assert "of the orders fall in cells that full, the fullest expects" in verdict(known, 0.5)[1]


def test_shares_of_orders_in_full_cells(known: Backtest) -> None:
    grain = known.grains[-1]
    assert grain.share_from(0) == pytest.approx(1)
    assert grain.share_from(grain.means.max() + 1) == 0
    assert 0 < grain.share_from(float(np.median(grain.means[grain.means > 1]))) < 1
    assert attainable_from(0.5) < grain.means.max()


def test_progress_goes_from_nothing_to_one() -> None:
    told: list[float] = []
    backtest_forecasts(made_counts(10), find_forecasters(["naive"]), 2, ["city, hour", "zone, hour"], told.append)
    assert told == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1])


@pytest.mark.parametrize("tested", [0, 5, 20])
def test_too_few_days(tested: int) -> None:
    with pytest.raises(ValueError, match="12 days: expected 8 to learn from before"):
        backtest_forecasts(made_counts(12), PAST, tested)


def test_nothing_to_test_on() -> None:
    counts = made_counts(12)
    counts.values[9 * 96 :] = 0
    with pytest.raises(ValueError, match="nothing was ordered on the last 3 days"):
        backtest_forecasts(counts, PAST, 3)


def test_real_orders(data_dir: Path) -> None:
    path = data_dir / "wolt" / "orders_2020_08.csv"
    if not path.is_file():
        pytest.skip("no Wolt orders")
    counts = read_orders(path, OrderColumns(timezone="Europe/Helsinki"))
    (grain,) = backtest_forecasts(counts, PAST, 10, ["city, hour"]).grains
    wape = {name: trial.wape().mean for name, trial in grain.trials.items()}
    assert wape["smoothing"] < wape["average"] < wape["naive"]
    assert 0.1 < grain.floor.floor(grain.floor.noise) < wape["smoothing"] < 0.3
