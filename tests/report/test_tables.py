"""The page's tables and sentences, against a run told by hand."""

from collections.abc import Callable
from dataclasses import replace
from math import nan

import pytest

from sim.experiment.run import RunResult
from sim.kpi.kpis import KPIS
from sim.report.assumptions import Assumption, Block, blocks, changed
from sim.report.kpi_rows import KpiRow, kpi_rows
from sim.report.story import Card, cards, sentence
from sim.report.wording import count, day, figure, number, round_down, share, title
from sim.report.zones import FEWEST_PEOPLE, MOST, zone_rows
from sim.scenario.schema import Scenario


def rows_by_name(result: RunResult) -> dict[str, KpiRow]:
    return {row.name: row for row in kpi_rows(result)}


def cards_by_title(result: RunResult) -> dict[str, Card]:
    return {card.title: card for card in cards(result, kpi_rows(result))}


def field(scenario: Scenario, path: str) -> Assumption:
    block, _, name = path.rpartition(".")
    return next(row for b in blocks(scenario) if b.path == block for row in b.rows if row.name == name)


def test_the_sentence_is_made_from_the_numbers(by_hand: RunResult) -> None:
    assert sentence(by_hand) == (
        "On Mon 2 Mar 2026, 4 orders were placed and 1 rider came on shift: 2 were delivered, on average 40.0 minutes "
        "after the click, and 25.0% of all orders arrived within the promised 40 minutes; 1 was cancelled and 1 still "
        "open at the end."
    )


def test_the_sentence_without_orders_or_riders(nobody: RunResult, no_riders: RunResult) -> None:
    assert sentence(nobody) == "On Mon 2 Mar 2026, nobody ordered, and no rider came on shift."
    lost = len(no_riders.tables.orders)
    assert f"; no order was delivered, {lost} were cancelled and none still open" in sentence(no_riders)


def test_kpis_are_shown_with_unit_direction_and_base(by_hand: RunResult) -> None:
    rows = rows_by_name(by_hand)
    assert list(rows) == list(KPIS)
    late = rows["on_time_share"]
    assert (late.value, late.unit, late.better, late.over) == ("25.0%", "", "higher is better", "4 orders placed")
    door = rows["click_to_door_p90"]
    assert (door.title, door.value, door.unit, door.over) == ("Click to door, p90", "48.0", "min", "2 delivered")
    assert rows["income_per_hour_mean"].over == "1 rider"


def test_a_missing_value_has_a_reason(by_hand: RunResult, nobody: RunResult, no_riders: RunResult) -> None:
    empty, stranded = rows_by_name(nobody), rows_by_name(no_riders)
    assert (empty["on_time_share"].value, empty["on_time_share"].reason) == ("–", "no order was placed")
    assert empty["utilisation"].reason == "no rider came on shift"
    assert stranded["click_to_door_mean"].reason == "no order was delivered"
    assert all(bool(row.reason) == (row.value == "–") for row in (*empty.values(), *stranded.values()))
    partial = rows_by_name(replace(by_hand, kpis={"orders": 4.0, "my_kpi": nan, "other": 2.5}))
    assert partial["utilisation"].reason == "not computed"
    assert partial["my_kpi"].reason == "has no value in this run"
    assert partial["other"].value == "2.5"


def test_cards_put_together_what_must_not_be_read_apart(by_hand: RunResult) -> None:
    shown = cards_by_title(by_hand)
    outcome = shown["What became of the orders"]
    assert [(p.label, p.value) for p in outcome.parts] == [
        ("delivered", "50.0%"),
        ("cancelled", "25.0%"),
        ("open", "25.0%"),
    ]
    assert sum(width for _, width in outcome.bar) == pytest.approx(100)
    assert shown["On time"].note == "1 of 4 orders placed"
    assert [p.label for p in shown["Click to door"].parts] == ["mean, min", "p90, min"]


def test_cards_of_an_empty_run_have_no_bar_and_no_units(nobody: RunResult) -> None:
    for card in cards_by_title(nobody).values():
        assert card.bar == ()
        assert {(part.value, part.unit) for part in card.parts} == {("–", "")}
        assert card.note.startswith("no ")


def test_zones_add_up(town: RunResult, week: RunResult) -> None:
    for result in (town, week):
        rows = zone_rows(result)
        assert sum(int(row.orders.replace(",", "")) for row in rows) == len(result.tables.orders)
        shown = [int(row.orders.replace(",", "")) for row in rows if "zone" not in row.name]
        assert shown == sorted(shown, reverse=True)
        assert len(shown) <= MOST


def test_zones_of_few_people_are_put_together(by_hand: RunResult) -> None:
    (row,) = zone_rows(by_hand)
    assert row.name == f"all {len(by_hand.city.zones)} zones"
    assert (row.orders, row.on_time, row.median, row.idle) == ("4", "25.0%", "40.0", "1.5")
    assert FEWEST_PEOPLE > 4


def test_zones_of_a_run_without_orders(nobody: RunResult) -> None:
    (row,) = zone_rows(nobody)
    assert (row.orders, row.on_time, row.median, row.idle) == ("0", "–", "–", "0.0")


def test_every_assumption_is_listed_once() -> None:
    def leaves(value: object) -> int:
        if isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values()):
            return sum(map(leaves, value.values()))
        return sum(map(leaves, value.values())) if isinstance(value, dict) and value else 1

    scenario = Scenario()
    listed = [(block.path, row.name) for block in blocks(scenario) for row in block.rows]
    assert len(listed) == len(set(listed)) == leaves(scenario.model_dump()) - len(("name", "description"))
    assert changed(blocks(scenario)) == 0


def test_an_assumption_carries_unit_range_meaning_and_source() -> None:
    speed = field(Scenario(), "travel.metres_per_minute")
    assert (speed.value, speed.unit, speed.allowed) == ("250", "m/min", "10 to 2,000")
    assert speed.meaning == "Speed along the way."
    assert "e-bike" in speed.source
    curve = field(Scenario(), "population.segments.office.weekday")
    assert len(curve.curve) == 24
    assert max(curve.curve) == 100
    assert field(Scenario(), "platform.exact_ready").value == "no"
    assert field(Scenario(), "dispatch.params").value == "–"


def test_changes_are_marked_with_the_default() -> None:
    scenario = Scenario.model_validate(
        {"seed": 2, "platform": {"promise_min": 30}, "merchants": {"classes": {"mall": {"count": 3, "stations": 9}}}}
    )
    promise, malls = field(scenario, "platform.promise_min"), field(scenario, "merchants.classes.mall.count")
    assert (promise.changed, promise.default) == (True, "40")
    assert (malls.changed, malls.default) == (True, "")
    assert field(scenario, "merchants.classes.mall.stations").default == "3"
    assert not field(scenario, "merchants.classes.mall.prep_min").changed
    assert changed(blocks(scenario)) == 4


def test_another_kind_of_city_is_marked(made: Callable[..., RunResult]) -> None:
    scenario = made(population={"users": 0}).scenario
    assert field(scenario, "city.kind").default == "district"
    assert field(scenario, "city.metric").allowed == "euclidean or manhattan"
    assert isinstance(blocks(scenario)[0], Block)


def test_numbers_are_written_for_people() -> None:
    assert number(1234.56, 1) == "1,234.6"
    assert number(-3) == "\u22123"
    assert (number(nan), share(nan)) == ("–", "–")
    assert (share(0.12345), count(1, "order"), count(2000, "order")) == ("12.3%", "1 order", "2,000 orders")
    assert figure(KPIS["income_gini"], 0.126) == ("0.13", "")
    assert figure(KPIS["orders"], 3868.0) == ("3,868", "orders")
    assert figure(KPIS["click_to_door_mean"], 30.0) == ("30.0", "min")
    assert day(Scenario().calendar.start, weekday=True) == "Mon 2 Mar"
    assert title("empty_km_share") == "Empty distance share"


@pytest.mark.parametrize(
    ("value", "expected"), [(1, 1), (0.3, 0.2), (4.99, 2), (5, 5), (99, 50), (1000, 1000), (0.01, 0.01)]
)
def test_round_down(value: float, expected: float) -> None:
    assert round_down(value) == pytest.approx(expected)
