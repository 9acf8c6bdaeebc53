"""Bursts: right place, time, size and people; the planned size apart from the surprise; pairing of sizes."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.city.bursts import Burst
from sim.city.model import Intents
from sim.scenario.errors import ScenarioError
from sim.streams import Streams
from sim.units import HOUR, MINUTE
from tests.city.towns import built, city, demand_of

CONCERT: dict[str, Any] = {
    "name": "concert",
    "place": {"x_m": 2000, "y_m": 2000, "radius_m": 900},
    "at": "21:20",
    "minutes": 70,
    "orders": 80,
    "size_cv": 0.5,
    "segments": {"student": 3, "office": 1},
}


def burst(**change: Any) -> Burst:
    return demand_of(built(bursts=[CONCERT | change])).bursts[0]


def extra(day: int = 0, replication: int = 0, **change: Any) -> Intents:
    """The burst's Intents: what the city without it does not have."""
    streams = Streams(1, replication)
    habit, both = city().day(day, streams).intents, built(bursts=[CONCERT | change]).day(day, streams).intents
    assert np.isin(habit.prep_s, both.prep_s).all()
    return both.take(np.flatnonzero(~np.isin(both.prep_s, habit.prep_s)))


@pytest.mark.parametrize("shape", [{"peak": p} for p in (0.0, 0.25, 1.0)] + [{"shape": "even"}], ids=str)
def test_times_follow_the_profile(shape: dict[str, Any]) -> None:
    made = burst(**shape)
    t, *_ = made.arrivals(20000, np.random.default_rng(1), np.random.default_rng(2))
    counts = np.histogram(t, np.arange(97) * 15 * MINUTE)[0]
    profile = made.profile()
    assert profile.sum() == pytest.approx(1)
    assert not counts[profile == 0].any()
    assert stats.chisquare(counts[profile > 0], profile[profile > 0] * len(t)).pvalue > 0.001
    assert t.min() >= 21 * HOUR + 20 * MINUTE
    assert t.max() < 22 * HOUR + 30 * MINUTE


def test_a_triangle_is_highest_at_its_peak() -> None:
    t, *_ = burst(at="12:00", minutes=120, peak=0.25).arrivals(
        40000, np.random.default_rng(1), np.random.default_rng(2)
    )
    counts = np.histogram(t, np.arange(12 * 60, 14 * 60 + 1, 10) * MINUTE)[0]
    assert counts.argmax() in (2, 3)
    assert stats.kstest((t / HOUR - 12) / 2, stats.triang(0.25).cdf).pvalue > 0.001


def test_a_burst_at_the_end_of_the_day_stays_in_it() -> None:
    t, *_ = burst(at="23:00", minutes=60, peak=1).arrivals(50000, np.random.default_rng(1), np.random.default_rng(2))
    assert t.max() < 24 * HOUR


def test_orders_go_to_the_places_in_reach_evenly() -> None:
    made, places = burst(), city().places
    near = np.flatnonzero(np.hypot(places.x - 2000, places.y - 2000) <= 900)
    np.testing.assert_array_equal(made.places, near)
    _, _, place, _ = made.arrivals(20000, np.random.default_rng(1), np.random.default_rng(2))
    assert stats.chisquare(np.bincount(place, minlength=120)[near]).pvalue > 0.001
    np.testing.assert_allclose(made.zones, np.bincount(places.zone[near], minlength=len(city().zones)) / len(near))
    assert made.spread().sum() == pytest.approx(1)


def test_a_zone_and_a_circle_must_both_fit() -> None:
    zone = city().zones.index("C2")
    made = burst(place={"zone": "C2", "x_m": 2000, "y_m": 2000, "radius_m": 900})
    assert set(made.places) < set(burst().places)
    assert (city().places.zone[made.places] == zone).all()
    np.testing.assert_array_equal(burst(place={"zone": "C2"}).places, np.flatnonzero(city().places.zone == zone))


def test_people_are_of_the_segments_asked_for_and_order_by_taste() -> None:
    users = city().users
    user = np.concatenate([extra(replication=r).user for r in range(60)])
    counts = np.bincount(users.segment[user], minlength=3)
    assert counts[2] == 0
    assert stats.binomtest(int(counts[0]), len(user), 0.75).pvalue > 0.001
    student = users.segment == 0
    often = users.taste > np.median(users.taste[student])
    share = users.taste[student & often].sum() / users.taste[student].sum()
    assert stats.binomtest(int(often[user[student[user]]].sum()), int(counts[0]), share).pvalue > 0.001


def test_without_weights_segments_come_by_their_users() -> None:
    sizes = np.bincount(city().users.segment, minlength=3)
    np.testing.assert_allclose(burst(segments={}).mix, sizes / sizes.sum())


def test_the_size_has_the_announced_mean_and_the_surprise_asked_for() -> None:
    sizes = np.array([burst_size(r) for r in range(3000)])
    assert abs(sizes.mean() - 80) < 4 * sizes.std() / np.sqrt(len(sizes))
    assert stats.kstest(sizes, stats.gamma(4, scale=20).cdf).pvalue > 0.001


MADE = burst()


def burst_size(replication: int, made: Burst = MADE) -> float:
    return made.size(Streams(1, replication).generator("burst.size", 0, made.code))


def test_no_surprise_is_the_announced_size() -> None:
    assert {burst_size(r, burst(size_cv=0)) for r in range(5)} == {80}


def test_a_burst_that_is_not_sure_happens_as_often_as_its_chance() -> None:
    made = burst(chance=0.3, size_cv=0)
    sizes = np.array([burst_size(r, made) for r in range(2000)])
    assert set(sizes) == {0, 80}
    assert stats.binomtest(int((sizes > 0).sum()), 2000, 0.3).pvalue > 0.001
    assert made.planned == pytest.approx(24)


def test_the_count_is_poisson_about_the_size() -> None:
    counts = [len(MADE.arrivals(30, np.random.default_rng(r), np.random.default_rng(r))[0]) for r in range(2000)]
    observed = np.bincount(np.clip(counts, 18, 42) - 18, minlength=25)
    p = stats.poisson(30).pmf(np.arange(18, 43))
    p[0], p[-1] = stats.poisson(30).cdf(18), stats.poisson(30).sf(41)
    assert stats.chisquare(observed, p / p.sum() * 2000).pvalue > 0.001


def test_a_larger_burst_keeps_the_intents_of_a_smaller_one() -> None:
    small, large = extra(orders=40), extra(orders=120)
    assert 0 < len(small) < len(large)
    kept = np.isin(large.prep_s, small.prep_s)
    assert kept.sum() == len(small)
    for name in Intents.__slots__:
        np.testing.assert_array_equal(getattr(large.take(np.flatnonzero(kept)), name), getattr(small, name))


def test_another_burst_before_it_changes_nothing() -> None:
    """Streams go by the burst's name, not by its row."""
    other = {"name": "match", "place": {"zone": "A1"}, "at": "15:00", "orders": 30}
    alone = built(bursts=[CONCERT]).day(0, Streams(1)).intents
    both = built(bursts=[other, CONCERT]).day(0, Streams(1)).intents
    assert len(both) > len(alone)
    assert np.isin(alone.prep_s, both.prep_s).all()


def test_a_burst_keeps_to_its_days() -> None:
    assert len(extra(day=5, days=["saturday"])) > 20
    assert len(extra(day=4, days=["saturday"])) == 0
    assert len(extra(day=1, days="2026-03-03")) > 20


def test_extra_intents_carry_all_their_draws() -> None:
    intents = extra()
    assert (intents.merchant >= 0).any()
    assert (city().merchants.kind[intents.merchant[intents.merchant >= 0]] == 1).all(), "only late kitchens are open"
    assert (intents.patience_s > 0).all()
    assert (intents.basket >= 100).all()
    assert len(np.unique(intents.prep_s)) == len(intents)


def test_a_burst_of_nobody_is_empty() -> None:
    nobody = demand_of(built(bursts=[CONCERT])).bursts[0]
    empty = Burst(nobody.spec, nobody.places, nobody.zones, 0 * nobody.mix)
    assert (empty.planned, burst_size(0, empty)) == (0, 0)
    assert len(extra(orders=0)) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"place": {"zone": "B22"}}, r"demand.bursts.0.place.zone: unknown zone 'B22' \(did you mean"),
        ({"place": {"use": "office"}}, r"demand.bursts.0.place: no place of the city fits; it has housing from x_m"),
        ({"place": {"x_m": 9000, "y_m": 100}}, r"no place of the city fits; .* y_m \d+ to \d+"),
        ({"segments": {"pupil": 1}}, r"demand.bursts.0.segments: unknown segment 'pupil'; there are student, office"),
    ],
)
def test_what_the_city_does_not_have_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        burst(**change)
