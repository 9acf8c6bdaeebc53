"""How riders respond over weeks: bounded, and never the wrong way round."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.careers import Labour, hire_chance, learnt, moved_chance, quit_chance, work_chance
from sim.scenario.supply import Supply

yuan = st.floats(0, 60)
share = st.floats(0, 1)
NO, YES = np.array([False]), np.array([True])


def labour(**changes: float) -> Labour:
    usual = {name: getattr(Supply(), name) for name in Labour.__dataclass_fields__ if not name.startswith("rival")}
    return replace(Labour(**usual, rival_yuan=12, rival_scale=2), **changes)


def works(expected: float, attendance: float = 0.5, both: np.ndarray = NO, **changes: float) -> float:
    return float(work_chance(labour(**changes), attendance, np.array([expected]), both)[0])


def quits(
    expected: float = 12, reservation: float = 10, late: float = 0, hours: float = 40, honour: float = 0
) -> float:
    columns = (np.array([value]) for value in (expected, reservation, late, hours, honour))
    return float(quit_chance(labour(), *columns)[0])


@given(yuan, yuan, share)
def test_who_expects_more_works_no_less(less: float, more: float, attendance: float) -> None:
    low, high = sorted((less, more))
    assert 0 <= works(low, attendance) <= works(high, attendance) <= 1
    assert works(low, attendance, YES) <= works(low, attendance)


@pytest.mark.parametrize("elasticity", [0.0, 0.5, 1.2, 2.0])
def test_the_elasticity_is_what_it_says(elasticity: float) -> None:
    before, after = (works(12 * factor, elasticity=elasticity) for factor in (1.0, 1.01))
    assert before == 0.5
    assert np.log(after / before) / np.log(1.01) == pytest.approx(elasticity)


@given(yuan, yuan)
def test_half_of_those_who_could_work_for_a_rival_do_where_both_pay_the_same(expected: float, more: float) -> None:
    same = works(expected, both=YES, rival_yuan=expected)
    assert same == pytest.approx(works(expected) / 2)
    assert works(expected, both=YES, rival_yuan=expected + more) <= same + 1e-12


@given(yuan, yuan, share, share, st.floats(0, 100))
def test_quitting_rises_with_what_wears_riders_out(
    expected: float, more: float, late: float, honour: float, hours: float
) -> None:
    usual = quits(expected, late=late, hours=hours, honour=honour)
    assert 0 <= usual <= 1
    assert quits(expected + more, late=late, hours=hours, honour=honour) <= usual
    assert quits(expected, late=late, hours=hours) >= usual
    assert quits(expected, hours=hours, honour=honour) <= usual
    assert quits(expected, late=late, hours=hours + 10, honour=honour) >= usual


def test_at_his_reservation_income_a_rider_quits_at_the_usual_rate() -> None:
    weekly = 1 - (1 - quits(10, 10)) ** 7
    assert weekly == pytest.approx(1 - np.exp(-0.013), rel=1e-9)
    year = (1 - quits(10, 10)) ** 365
    assert 0.45 < year < 0.55  # Hall and Krueger: about half are active after a year


@given(yuan, yuan)
def test_better_pay_brings_no_fewer_people(less: float, more: float) -> None:
    low, high = (hire_chance(labour(), np.array([pay]), np.array([10.0]))[0] for pay in sorted((less, more)))
    assert 0 <= low <= high <= 1


def test_a_rider_learns_from_his_own_days_and_a_little_from_others() -> None:
    before, own = np.array([10.0, 10.0]), np.array([20.0, np.nan])
    assert learnt(labour(own_weight=0.1, heard_weight=0.02), before, own, 15.0).tolist() == pytest.approx([11.09, 10.1])
    assert learnt(labour(), before, np.full(2, np.nan), np.nan).tolist() == [10.0, 10.0]


@given(st.floats(0, 5), st.floats(0, 20), st.floats(0, 20))
def test_more_extra_pay_moves_no_fewer_riders(per_yuan: float, less: float, more: float) -> None:
    none, low, high = moved_chance(per_yuan, np.array([0.0, *sorted((less, more))])).tolist()
    assert none == 0 <= low <= high <= 1
