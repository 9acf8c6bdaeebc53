"""The supply block: off by default, its numbers declared, and none that makes no sense."""

import pytest
from pydantic import ValidationError

from sim.scenario.schema import Scenario
from sim.scenario.supply import Incentive, Rival, Supply


def test_it_is_off_by_default() -> None:
    assert not Scenario().supply.on
    assert Scenario().incentive.policy == "none"
    assert not Scenario().crew
    assert not Scenario().pay.rules


@pytest.mark.parametrize("model", [Supply, Rival, Incentive])
def test_every_number_has_a_unit_a_range_and_a_source(model: type[Supply]) -> None:
    for name, about in model.model_fields.items():
        if about.annotation in (float, int):
            extra = about.json_schema_extra
            assert isinstance(extra, dict), name
            assert extra["unit"]
            assert extra["source"]
            assert len(about.metadata) == 2, f"{name} has a lowest and a highest value"


@pytest.mark.parametrize(
    ("key", "value"),
    [("reservation_yuan", 0), ("reservation_cv", 0), ("usual_yuan_per_hour", 0), ("pool", -1), ("elasticity", 6)],
)
def test_nonsense_is_refused(key: str, value: float) -> None:
    with pytest.raises(ValidationError, match=key):
        Supply.model_validate({key: value})
