"""Demand: Poisson with the scenario's rates, to the right places, from merchants that are open and near."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.build import build_city
from sim.city.choice import appeal
from sim.city.model import Intents
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE, seconds
from tests.city.towns import BLOCKS, PEAKED, city

MONDAY, SATURDAY = 0, 5


@cache
def days(day: int, replications: int = 60) -> Intents:
    """One day of many replications, in one table."""
    return Intents.joined([city().day(day, Streams(1, replication)).intents for replication in range(replications)])


def hour(intents: Intents, day: int = MONDAY) -> np.ndarray:
    return (intents.t - day * DAY) // HOUR


def segment(intents: Intents) -> np.ndarray:
    return city().users.segment[intents.user]


def demand():
    return city().day.demand  # type: ignore[attr-defined]


@pytest.mark.parametrize("day", [MONDAY, SATURDAY])
def test_counts_are_poisson_with_the_rates_of_the_curves(day: int) -> None:
    """The total within its 99% bounds, and the cells of segment and hour by a chi-square test."""
    intents, n = days(day), 60
    expected = n * demand().pattern.rates(day)
    low, high = stats.poisson.interval(0.99, expected.sum())
    assert low <= len(intents) <= high
    counts = np.zeros_like(expected)
    np.add.at(counts, (segment(intents), hour(intents, day).astype(int)), 1)
    assert not counts[expected == 0].any()
    busy = expected > 5
    statistic = ((counts - expected)[busy] ** 2 / expected[busy]).sum()
    assert statistic < stats.chi2.ppf(0.99, busy.sum())


def test_counts_of_replications_vary_as_poisson_counts_do() -> None:
    counts = np.array([len(city().day(0, Streams(1, r)).intents) for r in range(300)])
    dispersion = counts.var(ddof=1) / counts.mean() * (len(counts) - 1)
    low, high = stats.chi2.interval(0.99, len(counts) - 1)
    assert low < dispersion < high


def test_rates_are_size_times_frequency_in_the_shape_of_the_curve() -> None:
    sizes = np.bincount(city().users.segment, minlength=3)
    rates = demand().pattern.rates(MONDAY)
    assert rates.shape == (3, 24)
    np.testing.assert_allclose(rates.sum(axis=1), sizes * [0.8, 0.5, 0.2])
    np.testing.assert_allclose(rates[0] / rates[0].sum(), np.array(PEAKED) / sum(PEAKED))
    weekend = demand().pattern.rates(SATURDAY)
    np.testing.assert_allclose(weekend.sum(axis=1) / rates.sum(axis=1), [0.5, 2, 1.1])


def test_the_first_day_of_the_calendar_decides_the_weekend() -> None:
    weekly = [demand().pattern.rates(day)[1].sum() > 1.5 * demand().pattern.rates(MONDAY)[1].sum() for day in range(14)]
    assert weekly == ([False] * 5 + [True] * 2) * 2
    sunday = build_city(Scenario.model_validate({**BLOCKS, "calendar": {"start": "2026-03-08"}}))
    assert sunday.day.demand.pattern.rates(0)[1].sum() == pytest.approx(demand().pattern.rates(SATURDAY)[1].sum())  # type: ignore[attr-defined]


def test_times_are_sorted_and_of_their_day() -> None:
    for day in (0, 3):
        t = city().day(day, Streams(1)).intents.t
        assert (np.diff(t) >= 0).all()
        assert day * DAY <= t.min() < t.max() < (day + 1) * DAY


def test_times_are_even_within_an_hour() -> None:
    assert stats.kstest(days(MONDAY).t % HOUR / HOUR, "uniform").pvalue > 0.01


def test_users_order_as_often_as_their_taste_says() -> None:
    intents, users = days(MONDAY), city().users
    member = users.segment == 0
    counts = np.bincount(intents.user, minlength=len(users.taste))[member]
    expected = users.taste[member] / users.taste[member].sum() * counts.sum()
    busy = expected > 5
    assert ((counts - expected)[busy] ** 2 / expected[busy]).sum() < stats.chi2.ppf(0.995, busy.sum())


def test_office_workers_eat_at_work_on_weekdays_only() -> None:
    for day, share in ((MONDAY, 0.9), (SATURDAY, 0.0)):
        intents = days(day)
        users = city().users
        elsewhere = users.home[intents.user] != users.work[intents.user]
        office = (segment(intents) == 1) & elsewhere
        daytime = (hour(intents, day) >= 9) & (hour(intents, day) < 18)
        at_work = intents.place == users.work[intents.user]
        assert at_work[office & daytime].mean() == pytest.approx(share, abs=0.02)
        assert not at_work[office & ~daytime].any()
        assert not at_work[elsewhere & (segment(intents) != 1)].any()
        assert (at_work | (intents.place == users.home[intents.user])).all()


def test_merchants_are_open_and_in_reach_or_there_is_none() -> None:
    intents, merchants, places = days(MONDAY), city().merchants, city().places
    now, chosen = intents.t % DAY, intents.merchant
    at = merchants.place
    km = np.hypot(places.x[intents.place, None] - places.x[at], places.y[intents.place, None] - places.y[at]) / 1000
    opened = (now[:, None] >= merchants.opens) & (now[:, None] < merchants.closes)
    opened |= now[:, None] + DAY < merchants.closes
    possible = opened & (km <= 1.5) & (merchants.popularity > 0)
    some = chosen >= 0
    assert possible[some, chosen[some]].all()
    np.testing.assert_array_equal(some, possible.any(axis=1))
    assert some.any()
    assert not some.all()


def test_between_lunch_and_dinner_and_in_the_early_morning_all_are_closed() -> None:
    intents = days(MONDAY)
    assert (intents.merchant[np.isin(hour(intents), (2, 3, 4, 8, 9, 15, 16))] == -1).all()
    assert (intents.merchant[np.isin(hour(intents), (11, 12, 18))] >= 0).any()
    late = city().merchants.kind[intents.merchant] == 1
    night = hour(intents) < 2
    assert (late | (intents.merchant < 0))[night].all()
    assert (intents.merchant[night] >= 0).any()


def test_the_share_of_a_merchant_is_its_share_of_the_appeal() -> None:
    spec = Scenario.model_validate(BLOCKS).merchants
    weights = appeal(spec, city().merchants, city().places)
    intents = days(MONDAY)
    lunch = np.isin(hour(intents), (11, 12, 13))
    w = weights[intents.place[lunch]] * (city().merchants.kind == 0)
    reached = w.sum(axis=1) > 0
    expected = (w[reached] / w[reached].sum(axis=1, keepdims=True)).sum(axis=0)
    counts = np.bincount(intents.merchant[lunch][reached], minlength=20)
    busy = expected > 5
    assert ((counts - expected)[busy] ** 2 / expected[busy]).sum() < stats.chi2.ppf(0.995, busy.sum() - 1)


def mean_within(values: np.ndarray, mean: float, z: float = 3.5) -> bool:
    return bool(abs(values.mean() - mean) < z * values.std() / np.sqrt(len(values)))


def test_preparation_times_have_the_mean_and_shape_of_their_class() -> None:
    intents = days(MONDAY)
    kind = np.where(intents.merchant >= 0, city().merchants.kind[intents.merchant], -1)
    for index, minutes, shape in ((0, 12, 2), (1, 6, 5)):
        prep = intents.prep_s[kind == index]
        assert mean_within(prep, minutes * MINUTE)
        assert stats.kstest(prep, stats.gamma(shape, scale=minutes * MINUTE / shape).cdf).pvalue > 0.01
    assert (intents.prep_s > 0).all()


def test_patience_has_its_mean_and_shape() -> None:
    patience = days(MONDAY).patience_s
    assert mean_within(patience, 20 * MINUTE)
    assert stats.kstest(patience, stats.gamma(3, scale=20 * MINUTE / 3).cdf).pvalue > 0.01


def test_baskets_have_the_mean_of_their_segment_in_whole_fen() -> None:
    intents = days(MONDAY)
    assert intents.basket.dtype == np.int64
    assert intents.basket.min() >= 100
    for index, yuan in enumerate((20, 40, 60)):
        assert mean_within(intents.basket[segment(intents) == index], 100 * yuan)
    spread = intents.basket[segment(intents) == 0].astype(float)
    assert spread.std() / spread.mean() == pytest.approx(0.5, rel=0.05)


def test_the_draws_of_an_intent_do_not_depend_on_each_other() -> None:
    intents = days(MONDAY)
    student = (segment(intents) == 0) & (intents.merchant >= 0) & (city().merchants.kind[intents.merchant] == 0)
    columns = [c[student].astype(float) for c in (intents.prep_s, intents.patience_s, intents.basket, intents.t)]
    correlation = np.corrcoef(columns) - np.eye(4)
    assert np.abs(correlation).max() < 4 / np.sqrt(student.sum())


def test_days_differ_and_repeat() -> None:
    one, two, again = (city().day(day, Streams(1)).intents for day in (0, 1, 0))
    assert len(one) != len(two) or not np.array_equal(one.prep_s, two.prep_s)
    for name in ("t", "user", "merchant", "place", "prep_s", "patience_s", "basket"):
        np.testing.assert_array_equal(getattr(one, name), getattr(again, name))


def one_change(block: str, **values: Any) -> Intents:
    scenario = Scenario.model_validate({**BLOCKS, block: {**BLOCKS[block], **values}})
    return build_city(scenario).day(0, Streams(1)).intents


def test_longer_preparation_scales_it_and_changes_nothing_else() -> None:
    """The benchmark of common random numbers: a what-if moves only what it is about."""
    classes = {n: {**c, "prep_min": 2 * c["prep_min"]} for n, c in BLOCKS["merchants"]["classes"].items()}
    base, slow = city().day(0, Streams(1)).intents, one_change("merchants", classes=classes)
    np.testing.assert_allclose(slow.prep_s, 2 * base.prep_s)
    np.testing.assert_array_equal(slow.t, base.t)
    np.testing.assert_array_equal(slow.merchant, base.merchant)


def test_more_patience_changes_nothing_else() -> None:
    base, calm = city().day(0, Streams(1)).intents, one_change("population", patience_min=40)
    np.testing.assert_allclose(calm.patience_s, 2 * base.patience_s)
    np.testing.assert_array_equal(calm.basket, base.basket)
    np.testing.assert_array_equal(calm.prep_s, base.prep_s)


@pytest.mark.parametrize("users", [0, 1])
def test_a_city_may_be_empty(users: int) -> None:
    intents = one_change("population", users=users)
    assert len(intents) <= 5
    assert (intents.user == 0).all()


def test_without_merchants_every_wish_is_lost() -> None:
    intents = one_change("merchants", classes={"none": {"count": 0}})
    assert len(intents) > 100
    assert (intents.merchant == -1).all()


def test_a_night_kitchen_opens_at_one() -> None:
    intents = one_change("merchants", classes={"night": {"count": 5, "opens": "25:00", "closes": "29:00"}})
    served = intents.t[intents.merchant >= 0]
    assert len(served)
    assert served.min() >= seconds("01:00")


def test_rows_go_on_from_any_row() -> None:
    intents = city().day(0, Streams(1)).intents
    rows = list(intents.rows())
    assert len(rows) == len(intents)
    assert list(intents.rows(100)) == rows[100:]
    assert {type(value) for value in rows[0]} == {int, float}
    t, user, merchant, place, prep_s, patience_s, basket = rows[5]
    assert (t, user, merchant, place) == (intents.t[5], intents.user[5], intents.merchant[5], intents.place[5])
    assert (prep_s, patience_s, basket) == (intents.prep_s[5], intents.patience_s[5], intents.basket[5])
