"""Kinds of order in a scenario: what makes no sense is refused with the key that is wrong."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.report.assumptions import blocks
from sim.scenario.doors import Door, Lockers, Ratings
from sim.scenario.errors import ScenarioError
from sim.scenario.kinds import OrderKind
from sim.scenario.load import load, resolved
from sim.scenario.schema import Scenario


def scenario(**kinds: dict[str, Any]) -> Scenario:
    return Scenario.model_validate({"kinds": kinds})


def test_silence_means_takeaways_only() -> None:
    assert Scenario().kinds == {}
    assert OrderKind(share=1).starts == "placement"


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        ({"pickup": "address", "classes": ["shop"]}, "classes: an order collected at an address has no merchant"),
        ({"pickup": "address", "advance": True}, "advance: an order collected at an address"),
        ({"pickup": "address", "basket_factor": 2}, "basket_factor: an order collected at an address has no basket"),
        ({"pickup": "address", "starts": "arrival"}, "prep_min: expected a time"),
        ({"bill_yuan_per_min": 1}, "bill_yuan_per_min: only waiting"),
        ({"needs": ["wings"]}, "needs"),
        ({"members": 0.5}, "members"),
        ({"prep_min": 0}, "prep_min"),
        ({"starts": "noon"}, "starts"),
        ({"fee": 3}, "fee"),
        ({"share": 0.9}, "the kinds' shares sum to 0.9, expected 1"),
    ],
)
def test_what_makes_no_sense_is_refused(kind: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        scenario(strange={"share": 1} | kind)


def test_a_hostile_file_answers_with_line_and_advice(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("kinds:\n  takeaway:\n    share: 1\n    advence: true\nlockers: {slots: -3}\n")
    with pytest.raises(ScenarioError) as error:
        load(path, Scenario)
    text = str(error.value)
    assert "bad.yaml:4" in text
    assert "did you mean 'advance'" in text
    assert "lockers.slots" in text


@pytest.mark.parametrize("name", ["errands", "campus_lockers"])
def test_what_is_written_reads_back_and_is_in_the_table_of_assumptions(name: str, tmp_path: Path) -> None:
    one = load(name, Scenario)
    (tmp_path / "again.yaml").write_text(resolved(one), encoding="utf-8")
    assert load(tmp_path / "again.yaml", Scenario) == one
    rows = {f"{block.path}.{row.name}": row for block in blocks(one) for row in block.rows}
    path = "kinds.queue_for_me.prep_min" if one.kinds else "doors.dormitory.stairs"
    assert rows[path].changed


def test_every_number_has_a_unit_a_source_and_a_sentence() -> None:
    for section in (OrderKind, Door, Lockers, Ratings):
        for name, field in section.model_json_schema()["properties"].items():
            assert field["description"].endswith("."), name
            kinds = {field.get("type")} | {each.get("type") for each in field.get("anyOf", [])}
            if kinds & {"number", "integer"}:
                assert field["unit"], name
                assert field["source"], name


def test_shares_of_stairs_lifts_and_stars_add_up() -> None:
    with pytest.raises(ValidationError, match=r"sum to 1\.2"):
        Door(stairs=0.7, lifts=0.5)
    with pytest.raises(ValidationError, match="five shares that sum to 1"):
        Ratings(stars=(0.5, 0.5, 0.5, 0, 0))
    with pytest.raises(ValidationError):
        Ratings(stars=(0.5, 0.5))


@pytest.mark.parametrize("block", ["kinds", "doors", "lockers", "care", "ratings"])
def test_a_benchmark_has_none_of_it(block: str) -> None:
    from sim.city.build import build_city

    on = {
        "kinds": {"a": {"share": 1}},
        "doors": {"housing": {"stairs": 1}},
        "lockers": {"slots": 3},
        "care": {"share": 0.1},
        "ratings": {"share": 0.1},
    }
    spec = Scenario.model_validate({"city": {"kind": "mdrp", "dir": "nowhere"}, block: on[block]})
    with pytest.raises(ScenarioError, match=f"{block}: a benchmark city has none"):
        build_city(spec)
