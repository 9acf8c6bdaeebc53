"""Doors by place and what is latent about customers: as the scenario says, and one thing moves nothing else."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.build import build_city
from sim.city.doors import hang_doors
from sim.city.model import DoorTable, Intents, LandUse, Places
from sim.scenario.doors import Doors, Lockers
from sim.scenario.schema import Scenario
from sim.streams import Streams
from tests.city.towns import BLOCKS

SIZE = 20_000
USE = np.repeat([LandUse.HOUSING, LandUse.DORMITORY], SIZE)
PLACES = Places(np.zeros(2 * SIZE), np.zeros(2 * SIZE), np.zeros(2 * SIZE, np.int64), USE)
DORM = USE == LandUse.DORMITORY


def hung(lockers: dict[str, Any] | None = None, **spec: Any) -> DoorTable | None:
    return hang_doors(
        Doors.model_validate(spec), Lockers.model_validate(lockers or {}), PLACES, Streams(1).fixed("city.doors")
    )


def table(**spec: Any) -> DoorTable:
    found = hung(**spec)
    assert found is not None
    return found


def test_nothing_said_is_no_table() -> None:
    assert hung() is None
    assert build_city(Scenario.model_validate(BLOCKS)).doors is None


def test_a_land_use_that_is_silent_costs_nothing() -> None:
    doors = table(dormitory={"stairs": 1})
    assert (doors.extra_s[~DORM] == 0).all()
    assert (doors.extra_s[DORM] > 0).all()
    assert (doors.stairs == DORM).all()


def test_stairs_are_floors_times_pace() -> None:
    extra = table(dormitory={"stairs": 1, "floors": 5, "floor_s": 30}).extra_s[DORM]
    assert sorted(set(extra.tolist())) == [30, 60, 90, 120, 150]
    assert stats.chisquare(np.bincount((extra / 30).astype(int))[1:]).pvalue > 0.001


def test_lifts_gates_and_ways_have_their_means() -> None:
    error = 6 / SIZE**0.5
    lifted = table(dormitory={"lifts": 1, "lift_s": 80}).extra_s[DORM]
    assert stats.kstest(lifted, stats.gamma(2, scale=40).cdf).pvalue > 0.001
    gated = table(dormitory={"gates": 0.25, "gate_s": 40}).extra_s[DORM]
    assert (gated > 0).mean() == pytest.approx(0.25, abs=error)
    assert gated.mean() == pytest.approx(10, rel=0.05)
    walked = table(dormitory={"walks": 1, "walk_m": 130, "walk_m_per_s": 1.3}).extra_s[DORM]
    assert walked.mean() == pytest.approx(200, rel=0.02)
    assert walked.max() <= 400


def test_what_is_added_leaves_the_rest() -> None:
    stairs = table(dormitory={"stairs": 0.5}).extra_s
    both = table(dormitory={"stairs": 0.5, "gates": 1, "gate_s": 45}, housing={"lifts": 1}).extra_s
    assert (both[DORM] >= stairs[DORM]).all()
    assert ((both - stairs)[DORM]).mean() == pytest.approx(45, rel=0.05)


def test_a_platform_that_knows_only_the_mean() -> None:
    doors = table(dormitory={"stairs": 0.5}, platform_knows=False)
    assert len(set(doors.reckoned_s[DORM].tolist())) == 1
    assert doors.reckoned_s.sum() == pytest.approx(doors.extra_s.sum())
    assert (table(dormitory={"stairs": 0.5}).reckoned_s == doors.extra_s).all()


def test_lockers_stand_where_the_scenario_says() -> None:
    doors = hung({"slots": 3, "use": "dormitory"})
    assert doors is not None
    assert (doors.locker == DORM).all()
    assert not doors.extra_s.any()


def customers(**blocks: Any) -> Any:
    """Ten days of Intents, as Any because a column that is off is None."""
    city = build_city(Scenario.model_validate({**BLOCKS, "seed": 1, **blocks}))
    return Intents.joined([city.day(day, Streams(1)).intents for day in range(10)])


def test_customers_have_their_shares_and_times() -> None:
    on = customers(
        care={"share": 0.2}, ratings={"share": 0.4}, lockers={"slots": 1, "accept": 0.6, "pickup_after_min": 15}
    )
    error = 4 * 0.5 / len(on) ** 0.5
    assert on.care.mean() == pytest.approx(0.2, abs=error)
    assert (on.opinion >= 0).mean() == pytest.approx(0.4, abs=error)
    assert (on.collect_s >= 0).mean() == pytest.approx(0.6, abs=error)
    assert stats.kstest(on.collect_s[on.collect_s >= 0], stats.expon(scale=900).cdf).pvalue > 0.001
    assert stats.kstest(on.opinion[on.opinion >= 0], stats.uniform.cdf).pvalue > 0.001


def test_more_care_only_adds_and_nothing_else_moves() -> None:
    few, many, none = (customers(care={"share": share}) for share in (0.1, 0.3, 0.0))
    assert (few.care <= many.care).all()
    assert few.care.sum() < many.care.sum()
    assert none.care is None
    for column in ("t", "merchant", "prep_s", "basket", "place"):
        np.testing.assert_array_equal(getattr(many, column), getattr(none, column))
    assert none.collect_s is None
    assert none.opinion is None
