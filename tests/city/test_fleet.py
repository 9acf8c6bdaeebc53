"""What riders can do, and what becomes of a roster: shares and means, shared draws, nothing when off."""

from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.fleet import draw_grams, draw_skills, refuse_riders
from sim.city.model import City, Shifts
from sim.entities import Need
from sim.scenario.city import Riders
from sim.scenario.errors import ScenarioError
from sim.scenario.riders import Vehicle
from sim.scenario.schema import Scenario
from sim.scenario.shifts import Skills
from sim.streams import Streams

MANY = 2000


def city(**riders: Any) -> City:
    blocks = {"city": {"kind": "plane", "places": 60}, "population": {"users": 50}, "riders": {"count": MANY, **riders}}
    return build_city(Scenario.model_validate(blocks))


def shifts(day: int = 0, replication: int = 0, **riders: Any) -> Shifts:
    return city(**riders).day(day, Streams(1, replication)).shifts


def assert_equal(one: Shifts, two: Shifts) -> None:
    for column in ("rider", "place", "on", "off"):
        np.testing.assert_array_equal(getattr(one, column), getattr(two, column))


VEHICLES = {
    "bicycle": Vehicle(share=0.1, grams_co2_per_km=0),
    "e-bike": Vehicle(share=0.7),
    "motorcycle": Vehicle(share=0.2, grams_co2_per_km=60),
}


def test_vehicles_have_the_shares_that_were_asked_for_and_more_riders_change_nobodys() -> None:
    many = draw_grams(VEHICLES, MANY, Streams(3).fixed("rider.vehicle"))
    few = draw_grams(VEHICLES, 50, Streams(3).fixed("rider.vehicle"))
    np.testing.assert_array_equal(few, many[:50])
    for grams, share in ((0, 0.1), (13, 0.7), (60, 0.2)):
        assert (many == grams).mean() == pytest.approx(share, abs=0.03)
    assert set(draw_grams(Riders().vehicles, 50, Streams(3).fixed("rider.vehicle"))) == {13.0}


def test_shares_of_vehicles_that_leave_riders_on_foot_are_refused() -> None:
    with pytest.raises(ValueError, match=r"the vehicles' shares sum to 0\.9, expected 1"):
        Riders(vehicles={"e-bike": Vehicle(share=0.9)})


def test_without_a_word_the_roster_is_lived_as_it_is() -> None:
    plain = shifts()
    assert plain.due is plain.break_after_s is plain.break_s is None
    assert city().riders.skills is None
    assert_equal(plain, shifts(hours_cap=24.0))
    assert_equal(plain, shifts(breaks=True, skills=True, fatigue=True))


def test_lateness_is_exponential_and_the_end_stays() -> None:
    plain, late = shifts(), shifts(late_start_min=12.0)
    delay = late.on - plain.on
    assert delay.min() >= 0
    assert delay.mean() / 60 == pytest.approx(12, rel=0.1)
    assert delay.std() / 60 == pytest.approx(12, rel=0.15)
    np.testing.assert_array_equal(late.off, plain.off)
    np.testing.assert_array_equal(late.due, plain.on)


def test_twice_the_lateness_is_the_same_people_twice_as_late() -> None:
    plain, one, two = shifts(), shifts(late_start_min=5.0), shifts(late_start_min=10.0)
    np.testing.assert_allclose(two.on - plain.on, 2 * (one.on - plain.on), atol=1e-6)


def test_who_would_come_after_his_shift_does_not_come() -> None:
    late = shifts(late_start_min=240.0)
    assert np.isinf(late.on).any()
    assert (late.on[np.isfinite(late.on)] < late.off[np.isfinite(late.on)]).all()


def test_more_no_shows_are_the_same_and_others() -> None:
    some, more, all_ = (set(np.flatnonzero(np.isinf(shifts(no_show=p).on)).tolist()) for p in (0.1, 0.3, 1.0))
    assert some < more < all_
    assert len(some) / len(all_) == pytest.approx(0.1, abs=0.03)
    assert len(all_) == len(shifts().rider)


def test_the_cap_cuts_long_shifts_only() -> None:
    plain, cut = shifts(), shifts(hours_cap=5.0)
    np.testing.assert_allclose(cut.off - cut.on, np.minimum(plain.off - plain.on, 5 * 3600))


def test_the_cap_counts_from_his_coming() -> None:
    late = shifts(hours_cap=5.0, late_start_min=30.0, no_show=0.1)
    came = np.isfinite(late.on)
    assert ((late.off - late.on)[came] <= 5 * 3600 + 1e-6).all()
    assert ((late.off - late.on)[came] > 4.9 * 3600).any()
    assert np.isfinite(late.off).all()


def test_breaks_are_drawn_about_their_means() -> None:
    drawn = shifts(breaks={"after_h": 3.0, "minutes": 30.0, "spread": 0.2})
    assert drawn.break_after_s is not None
    assert drawn.break_s is not None
    for values, mean in ((drawn.break_after_s, 3 * 3600), (drawn.break_s, 1800)):
        assert values.min() == pytest.approx(0.8 * mean, rel=0.01)
        assert values.max() == pytest.approx(1.2 * mean, rel=0.01)
        assert values.mean() == pytest.approx(mean, rel=0.01)
        np.testing.assert_array_equal(values, np.rint(values))
    flat = shifts(breaks={"spread": 0.0})
    assert set(flat.break_s.tolist()) == {1200}  # type: ignore[union-attr]


def test_days_and_replications_differ_and_repeat() -> None:
    kinds: dict[str, Any] = {"late_start_min": 5.0, "no_show": 0.2, "breaks": True}
    draws = [shifts(day, replication, **kinds) for day, replication in ((0, 0), (0, 1), (1, 0))]
    assert len({tuple(d.break_after_s.tolist()) for d in draws if d.break_after_s is not None}) == 3
    assert len({tuple(np.flatnonzero(np.isinf(d.on)).tolist()) for d in draws}) == 3
    assert_equal(draws[0], shifts(**kinds))


def test_skills_are_drawn_by_their_shares_once() -> None:
    has = city(skills={"box": 0.8, "stairs": 0.5, "range": 0.1}).riders.skills
    assert has is not None
    shares = [np.mean((has & need) > 0) for need in Need]
    assert shares == pytest.approx([0.8, 0.5, 0.1], abs=0.04)
    both = np.mean((has & Need.BOX > 0) & (has & Need.STAIRS > 0))
    assert both == pytest.approx(0.4, abs=0.04)


def test_a_larger_share_only_adds_riders() -> None:
    few, many = (draw_skills(Skills(box=p), MANY, Streams(1).fixed("rider.skills")) for p in (0.3, 0.6))
    assert ((few & ~many) == 0).all()
    assert (few & Need.STAIRS).tolist() == (many & Need.STAIRS).tolist()


def test_shares_of_none_and_all() -> None:
    nobody, all_ = (draw_skills(Skills(box=p, stairs=p, range=p), 50, Streams(1).fixed("rider.skills")) for p in (0, 1))
    assert (set(nobody.tolist()), set(all_.tolist())) == ({0}, {7})


def test_a_benchmark_has_riders_of_its_own() -> None:
    refuse_riders(Riders())
    with pytest.raises(ScenarioError, match=r"riders\.no_show: a benchmark's riders have none"):
        refuse_riders(Riders(no_show=0.1))
    with pytest.raises(ScenarioError) as caught:
        refuse_riders(Riders.model_validate({"breaks": True, "skills": True, "hours_cap": 3.0}))
    assert len(str(caught.value).splitlines()) == 3
