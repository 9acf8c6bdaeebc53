"""What changes demand: counts agree with what planners and oracles expect, and cities keep all the Intents they can."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.build import build_city
from sim.city.model import City, Intents
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR
from tests.city.towns import built, city, demand_of

RULES: list[dict[str, Any]] = [
    {"zones": ["B2", "C3"], "hours": "10:30-13:00", "factor": 2.6},
    {"segments": ["office"], "days": "weekday", "factor": 0.4},
    {"hours": "18:00-20:00", "segments": ["resident"], "factor": 1.7},
]
BURST: dict[str, Any] = {"name": "show", "place": {"zone": "C2"}, "at": "19:50", "minutes": 80, "orders": 60}
HOLIDAY = {"name": "day off", "dates": "2026-03-03", "factors": {"student": 0.5, "resident": 1.8}}
STORM = np.r_[np.full(12, 0.5), np.full(12, 1.9)]
MONDAY, TUESDAY = 0, 1


def counts(town: City, day: int, replications: int, boost: np.ndarray | None = None) -> np.ndarray:
    """Intents per zone and quarter of an hour in each replication."""
    cells = np.zeros((replications, len(town.zones), 96))
    for replication, table in enumerate(cells):
        intents = demand_of(town).draw(day, Streams(1, replication), boost)
        np.add.at(table, (town.places.zone[intents.place], ((intents.t - day * DAY) // 900).astype(int)), 1)
    return cells


def agrees(observed: np.ndarray, mean: np.ndarray) -> bool:
    """Counts over zones and quarters against Poisson means: in total, by zone, by quarter, and where many are due."""
    views = (observed.ravel(), observed.sum(1), observed.sum(0), observed.sum(keepdims=True).ravel())
    wanted = (mean.ravel(), mean.sum(1), mean.sum(0), mean.sum(keepdims=True).ravel())
    for seen, due in zip(views, wanted, strict=True):
        if seen[due < 1e-12].any():
            return False
        busy = due > 5
        if ((seen - due)[busy] ** 2 / due[busy]).sum() > stats.chi2.ppf(0.999, busy.sum()):
            return False
    return True


PLAN: dict[str, Any] = {"rules": RULES, "holidays": [HOLIDAY], "bursts": [BURST | {"size_cv": 0}]}


@pytest.mark.parametrize("day", [MONDAY, TUESDAY])
def test_counts_agree_with_what_a_planner_expects(day: int) -> None:
    """Without surprises the counts of many replications are Poisson about expected()."""
    town = built(**PLAN)
    seen = counts(town, day, 150).sum(axis=0)
    assert town.expected is not None
    assert agrees(seen, 150 * town.expected(day))
    assert not agrees(seen, 150 * city().expected(day))  # type: ignore[misc]


def test_the_habit_alone_agrees_too() -> None:
    seen = counts(city(), MONDAY, 150).sum(axis=0)
    assert agrees(seen, 150 * demand_of(city()).expected(MONDAY))


def test_counts_are_poisson_about_what_an_oracle_expects() -> None:
    """With surprises and weather: about mean(), while expected() knows of neither."""
    surprise = BURST | {"name": "encore", "announced": False, "chance": 0.5, "size_cv": 0.6, "orders": 90}
    town = built(rules=RULES, bursts=[BURST | {"size_cv": 0.8}, surprise])
    demand = demand_of(town)
    means = np.array([demand.mean(MONDAY, Streams(1, r), STORM) for r in range(150)])
    seen = counts(town, MONDAY, 150, STORM)
    assert agrees(seen.sum(axis=0), means.sum(axis=0))
    residual = ((seen - means).sum(axis=(1, 2)) ** 2 / means.sum(axis=(1, 2))).sum()
    low, high = stats.chi2.interval(0.999, 150)
    assert low < residual < high
    planned = ((seen.sum(axis=(1, 2)) - demand.expected(MONDAY).sum()) ** 2 / demand.expected(MONDAY).sum()).sum()
    assert planned > 2 * high


def test_a_surprise_is_no_part_of_the_plan() -> None:
    plain = demand_of(city()).expected(MONDAY)
    hidden, known = (demand_of(built(bursts=[BURST | {"announced": a}])) for a in (False, True))
    np.testing.assert_array_equal(hidden.expected(MONDAY), plain)
    extra = known.expected(MONDAY) - plain
    assert extra.sum() == pytest.approx(60)
    assert set(np.flatnonzero(extra.sum(axis=1) > 1e-9)) == {city().zones.index("C2")}
    np.testing.assert_array_equal(hidden.mean(MONDAY, Streams(1)), known.mean(MONDAY, Streams(1)))


def test_a_plan_with_a_doubtful_burst_counts_its_chance() -> None:
    doubtful = demand_of(built(bursts=[BURST | {"chance": 0.25}])).expected(MONDAY)
    assert (doubtful - demand_of(city()).expected(MONDAY)).sum() == pytest.approx(15)


def same(one: Intents, two: Intents) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in Intents.__slots__)


def within(some: Intents, all_: Intents) -> bool:
    """Whether all rows of one table stand in another, draw by draw."""
    rows = set(all_.rows())
    return all(row in rows for row in some.rows())


@pytest.mark.parametrize("day", [0, 5])
def test_what_multiplies_by_one_changes_no_byte(day: int) -> None:
    base = city().day(day, Streams(1)).intents
    for town in (city(), built(rules=[{"factor": 1}]), built(bursts=[BURST | {"orders": 0}])):
        for boost in (None, np.ones(24)):
            assert same(demand_of(town).draw(day, Streams(1), boost), base)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.3), (0.3, 1.0), (0.7, 1.4), (1.0, 1.4), (1.4, 1.9), (1.9, 3.2)])
def test_a_city_with_less_demand_has_no_intent_of_its_own(low: float, high: float) -> None:
    """Cities of two factors share every Intent they can, each with all its draws."""
    demand = demand_of(built(bursts=[BURST]))
    less, more = (demand.draw(MONDAY, Streams(1), np.full(24, boost)) for boost in (low, high))
    assert len(less) < len(more)
    assert within(less, more)


def test_a_rule_leaves_other_zones_and_hours_as_they_were() -> None:
    base = city().day(0, Streams(1)).intents
    ruled = built(rules=[{"zones": ["B2"], "hours": "11:00-13:00", "factor": 3}]).day(0, Streams(1)).intents
    assert within(base, ruled)
    extra = ruled.take(np.flatnonzero(~np.isin(ruled.prep_s, base.prep_s)))
    assert len(extra)
    assert set(city().places.zone[extra.place]) == {city().zones.index("B2")}
    assert ((extra.t >= 11 * HOUR) & (extra.t < 13 * HOUR)).all()


def test_a_burst_leaves_the_habit_as_it_was_and_weather_acts_on_it() -> None:
    base, shown = city().day(0, Streams(1)).intents, built(bursts=[BURST]).day(0, Streams(1)).intents
    assert within(base, shown)
    assert 20 < len(shown) - len(base) < 150
    stormy = demand_of(built(bursts=[BURST])).draw(0, Streams(1), np.full(24, 2.0))
    assert len(stormy) - len(demand_of(city()).draw(0, Streams(1), np.full(24, 2.0))) > 1.3 * (len(shown) - len(base))


def test_a_boost_acts_in_its_hour() -> None:
    boost = np.ones(24)
    boost[12] = 3
    base, wet = (demand_of(city()).draw(MONDAY, Streams(1), b) for b in (None, boost))
    dry = [i.take(np.flatnonzero(i.t // HOUR != 12)) for i in (base, wet)]
    assert same(*dry)
    assert len(wet) > len(base) + 20


def test_extra_intents_are_like_the_others() -> None:
    """Further layers draw from the same laws: merchants, cooking, patience and baskets do not tell them apart."""
    streams = [Streams(1, r) for r in range(40)]
    demand, twice = demand_of(city()), np.full(24, 2.0)
    base = Intents.joined([demand.draw(0, s) for s in streams])
    both = Intents.joined([demand.draw(0, s, twice) for s in streams])
    extra = both.take(np.flatnonzero(~np.isin(both.prep_s, base.prep_s)))
    for name in ("t", "prep_s", "patience_s", "basket", "user", "place"):
        assert stats.ks_2samp(getattr(base, name), getattr(extra, name)).pvalue > 0.001, name
    assert (base.merchant < 0).mean() == pytest.approx((extra.merchant < 0).mean(), abs=0.02)


def test_no_demand_at_all_is_an_empty_day() -> None:
    assert len(demand_of(city()).draw(0, Streams(1), np.zeros(24))) == 0


def test_a_benchmark_city_takes_no_demand_block() -> None:
    with pytest.raises(ScenarioError, match="brings its own orders"):
        build_city(
            Scenario.model_validate({"city": {"kind": "mdrp", "dir": "x"}, "demand": {"rules": [{"factor": 2}]}})
        )


def test_tables_of_intents_are_joined_and_taken_by_rows() -> None:
    one, two = (city().day(day, Streams(1)).intents for day in (0, 1))
    joined = Intents.joined([one, two])
    assert list(joined.rows()) == [*one.rows(), *two.rows()]
    assert list(joined.take(np.array([5, 2])).rows()) == [list(one.rows())[5], list(one.rows())[2]]
