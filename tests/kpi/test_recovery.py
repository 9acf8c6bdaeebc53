"""Recovery is found where it is planted: in logs in which it is known to the minute when orders are on time again."""

from collections.abc import Callable
from math import inf, isnan

import pytest

from sim.events import Disrupted, Kind
from sim.kpi.events import Events
from sim.kpi.kpis import KPIS
from sim.kpi.recovery import disruptions_table, recovery_table
from sim.kpi.tables import Tables
from sim.units import DAY, HOUR, MINUTE
from tests.kpi.hand_made import NOTHING, STORY, Row, delivered, log, placed

NOON, ONE, CLOSE = 12 * HOUR, 13 * HOUR, 16 * HOUR


def wrong(begin: float, end: float, kind: Disrupted = Disrupted.STORM) -> list[Row]:
    """A disruption; without an end where that is infinite."""
    rows = [Row(begin, Kind.DISRUPTION, amount=kind, detail=1)]
    return rows if end == inf else [*rows, Row(end, Kind.DISRUPTION, amount=kind, detail=0)]


def day(
    is_late: Callable[[float, int], bool], *disruptions: list[Row], begin: float = 8 * HOUR, end: float = CLOSE
) -> Tables:
    """Two orders a minute, each an hour too late or half an hour early."""
    rows = [row for each in disruptions for row in each]
    for number in range(int((end - begin) / 30)):
        t = begin + 30 * number
        arrives = t + (100 if is_late(t, number) else 10) * MINUTE
        rows += [*placed(t, number, 1, number % 7, 3000), delivered(arrives, number, 3)]
    return Tables(log(*rows))


def found(tables: Tables) -> tuple[float, float]:
    return KPIS["recovery_min"].value(tables), KPIS["recovered_share"].value(tables)


@pytest.mark.parametrize("minutes", [0, 7, 25, 90])
def test_recovery_is_found_where_it_is_planted(minutes: int) -> None:
    """A window forgives one late order in sixty, so that service may seem back one minute early."""
    tables = day(lambda t, _: NOON <= t < ONE + minutes * MINUTE, wrong(NOON, ONE))
    recovery, recovered = found(tables)
    assert recovered == 1
    assert minutes - 1 <= recovery <= minutes


def test_orders_late_now_and_then_are_no_disturbance() -> None:
    """One in ten is late all day; in the hour after the storm it is every second."""
    tables = day(lambda t, n: n % 2 == 0 if NOON <= t < ONE + HOUR else n % 10 == 0, wrong(NOON, ONE))
    recovery, recovered = found(tables)
    assert recovered == 1
    assert 40 <= recovery <= 60, "windows that are late by less than a third pass as chance"
    assert recovery_table(tables.events, tables.orders)["level"].item() == pytest.approx(0.9, abs=0.02)


def test_a_dip_of_a_few_minutes_does_not_begin_it_again_once_service_was_back() -> None:
    tables = day(lambda t, _: NOON <= t < ONE or ONE + 2 * HOUR <= t < ONE + 2.2 * HOUR, wrong(NOON, ONE))
    assert found(tables) == (0, 1)


def test_a_lull_shorter_than_half_an_hour_is_no_recovery() -> None:
    """Late until 13:20, on time until 14:00, late again until 14:20: no half hour of good windows before that."""
    tables = day(lambda t, _: NOON <= t < ONE + 20 * MINUTE or 60 <= (t - ONE) / MINUTE < 80, wrong(NOON, ONE))
    assert found(tables)[0] == pytest.approx(80, abs=1)


def test_a_run_that_ends_before_gives_a_lower_bound_and_says_so() -> None:
    tables = day(lambda t, _: t >= NOON, wrong(NOON, ONE))
    recovery, recovered = found(tables)
    assert recovered == 0
    assert recovery == pytest.approx((CLOSE - ONE) / MINUTE, abs=1)


def test_a_disruption_that_is_never_over_has_no_recovery() -> None:
    recovery, recovered = found(day(lambda t, _: t >= NOON, wrong(NOON, inf)))
    assert isnan(recovery)
    assert recovered == 0


def test_without_a_disruption_there_is_nothing_to_recover_from() -> None:
    for tables in (Tables(STORY), Tables(NOTHING), day(lambda t, _: t >= NOON)):
        assert all(map(isnan, found(tables)))
        assert not len(disruptions_table(tables.events))


def test_without_an_order_before_there_is_no_level() -> None:
    assert all(map(isnan, found(day(lambda t, _: False, wrong(7 * HOUR, ONE)))))


def test_orders_promised_into_the_disruption_do_not_lower_the_level() -> None:
    """All orders of the last half hour before the storm are caught by it."""
    tables = day(lambda t, _: NOON - 30 * MINUTE <= t < ONE + HOUR, wrong(NOON, ONE))
    assert recovery_table(tables.events, tables.orders)["level"].item() > 0.99


def test_the_level_is_that_of_the_same_hours_of_earlier_days() -> None:
    """Every lunch a third of the orders is late; only all the day's orders would call that a disturbance."""

    def is_late(t: float, n: int) -> bool:
        return n % 3 == 0 if NOON <= t % DAY < 15 * HOUR else False

    tables = day(is_late, wrong(DAY + NOON, DAY + ONE), end=DAY + 22 * HOUR)
    row = recovery_table(tables.events, tables.orders).iloc[0]
    assert row["level"] == pytest.approx(2 / 3, abs=0.02)
    assert (row["recovery_min"], row["recovered"]) == (0, 1)


def test_what_overlaps_is_one_bout_and_what_does_not_is_two() -> None:
    storm, outage = wrong(NOON, ONE), wrong(NOON + 600, NOON + 1200, Disrupted.OUTAGE)
    later = wrong(15 * HOUR, 15.25 * HOUR)
    tables = day(lambda t, _: NOON <= t < ONE + 20 * MINUTE or t >= 15 * HOUR, storm, outage, later)
    table = recovery_table(tables.events, tables.orders)
    assert table[["begin", "end"]].to_numpy().tolist() == [[NOON, ONE], [15 * HOUR, 15.25 * HOUR]]
    assert table["recovered"].tolist() == [1, 0]
    assert KPIS["recovered_share"].value(tables) == 0.5
    first, second = table["recovery_min"].tolist()
    assert first == pytest.approx(20, abs=1)
    assert second == pytest.approx(45, abs=1), "a lower bound: the orders end at 16:00"
    assert KPIS["recovery_min"].value(tables) == (first + second) / 2


def test_hours_without_orders_count_as_good() -> None:
    tables = day(lambda t, _: False, wrong(9 * HOUR, 20 * HOUR), end=DAY + CLOSE)
    without_night = Tables(_without(tables.events, 20 * HOUR, DAY + 8 * HOUR))
    assert found(without_night) == (0, 1)


def test_each_disruption_is_told_with_its_kind_and_times() -> None:
    rows = wrong(NOON, ONE), wrong(NOON + 60, inf, Disrupted.ROAD_CLOSED), wrong(0, 60, Disrupted.STORM)
    table = disruptions_table(log(*(row for each in rows for row in each)))
    assert [tuple(row) for row in table.to_numpy().tolist()] == [
        ("storm", 0, 60),
        ("storm", NOON, ONE),
        ("road_closed", NOON + 60, inf),
    ]


def _without(events: Events, begin: float, end: float) -> Events:
    """The log without the orders placed in some hours."""
    births = events[events["kind"] == Kind.PLACED]
    gone = births["order"][(births["t"] >= begin) & (births["t"] < end)]
    return events[(events["kind"] == Kind.DISRUPTION) | ~(events["order"][:, None] == gone).any(axis=1)]
