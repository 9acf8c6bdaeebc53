"""The exact back-test: what counts as a change, what is only worth a note, and the file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiment.gate import blessed
from sim.experiment.gate.blessed import back_test, write_blessed
from sim.experiment.gate.plan import Plan, plan_gate
from sim.experiment.replicate import Row
from tests.experiment.gate.made import tiny

BLESSED = "blessed: rows.json\n"
KPIS = {"on_time_share": 0.1 + 0.2, "click_to_door_mean": float("nan"), "orders": 70.0}
ROW = Row("lunch/baseline", 0, "key", KPIS, ())


def with_kpis(**kpis: float) -> Row:
    return replace(ROW, kpis=KPIS | kpis)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    made = plan_gate(tiny(tmp_path, more=BLESSED))
    write_blessed(made, [ROW], "first")
    return made


def test_the_rows_come_back_equal(plan: Plan) -> None:
    test = back_test(plan, [ROW])
    assert (test.same, test.changes, test.notes) == (True, [], [])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (with_kpis(on_time_share=0.3), "on_time_share was 0.30000000000000004, is 0.3"),
        (with_kpis(on_time_share=float("nan")), "on_time_share was 0.30000000000000004, is no value"),
        (with_kpis(click_to_door_mean=25.0), "click_to_door_mean was no value, is 25.0"),
        (replace(ROW, kpis={"on_time_share": 0.1 + 0.2, "orders": 70.0}), "click_to_door_mean was no value"),
    ],
)
def test_the_last_bit_counts(plan: Plan, row: Row, told: str) -> None:
    test = back_test(plan, [row])
    assert not test.same
    assert str(test.changes[0]).startswith(f"lunch, replication 0: {told}")


def test_a_new_kpi_has_nothing_to_be_compared_with(plan: Plan) -> None:
    assert back_test(plan, [with_kpis(brand_new=1.0)]).same


def test_other_libraries_are_a_note_while_the_numbers_agree(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blessed, "versions", lambda: {"python": "9.9", "numpy": "9.0"})
    test = back_test(plan, [ROW])
    assert test.same
    assert [note.partition(" was ")[0] for note in test.notes] == ["python", "numpy"]
    assert all(note.endswith(("is 9.9", "is 9.0")) for note in test.notes)


def test_other_assumptions_are_told(plan: Plan, tmp_path: Path) -> None:
    other = plan_gate(tiny(tmp_path, ("riders.count: 8", "riders.count: 9"), more=BLESSED))
    assert "says something else" in " ".join(back_test(other, [ROW]).notes)


def test_rows_that_were_never_blessed_are_no_pass(plan: Plan) -> None:
    test = back_test(plan, [ROW, replace(ROW, replication=1)])
    assert (test.same, test.notes) == (False, ["lunch, replication 1: not blessed yet"])
    (plan.path.parent / "rows.json").unlink()
    assert not back_test(plan, [ROW]).same


def test_reasons_are_kept_in_their_order_and_dates_are_not(plan: Plan) -> None:
    path = write_blessed(plan, [with_kpis(orders=71.0)], "a better road map")
    document = json.loads(path.read_text())
    assert document["reasons"] == ["first", "a better road map"]
    assert set(document) == {"gate", "reasons", "versions", "rows"}
    assert document["rows"][0]["kpis"]["orders"] == 71.0
    before = path.read_bytes()
    path.unlink()
    write_blessed(plan, [with_kpis(orders=71.0)], "first")
    write_blessed(plan, [with_kpis(orders=71.0)], "a better road map")
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"rows": [], "reasons": [], "versions": {}}', '{"rows": [{}]}'])
def test_a_file_of_something_else_is_refused(plan: Plan, text: str) -> None:
    (plan.path.parent / "rows.json").write_text(text)
    with pytest.raises(ValueError, match="not a file of blessed rows"):
        back_test(plan, [ROW])
    with pytest.raises(ValueError, match="not a file of blessed rows"):
        write_blessed(plan, [ROW], "why")
