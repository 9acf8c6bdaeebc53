"""The market block: off by default, its numbers declared, and no deal where nobody responds."""

import pytest
from pydantic import ValidationError

from sim.scenario.market import Choice, Conduct, Fresh, Market
from sim.scenario.schema import Scenario


def test_it_is_off_by_default_and_says_what_it_would_do() -> None:
    market = Scenario().market
    assert not market.on
    assert market.deals == {}
    assert market.supplier.policy == "user"
    assert market.fresh.classes == ()


@pytest.mark.parametrize("model", [Market, Choice, Conduct, Fresh])
def test_every_number_has_a_unit_a_range_and_a_source(model: type[Market]) -> None:
    for name, about in model.model_fields.items():
        if about.annotation in (float, int):
            extra = about.json_schema_extra
            assert isinstance(extra, dict), name
            assert extra["unit"]
            assert extra["source"]
            assert len(about.metadata) == 2, f"{name} has a lowest and a highest value"


@pytest.mark.parametrize(
    "market",
    [
        {"deals": {"mine": {"policy": "flat"}}},
        {"supplier": {"policy": "best"}},
        {"fresh": {"classes": ["restaurant"]}},
    ],
)
def test_a_deal_and_fresh_goods_need_somebody_who_responds(market: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="on: true"):
        Scenario.model_validate({"market": market})
    assert Scenario.model_validate({"market": market | {"on": True}}).market.on


@pytest.mark.parametrize(
    ("key", "value"), [("stock_out", 1.0), ("pool", -0.1), ("rating", 6), ("learns", 2), ("unknown", 1)]
)
def test_nonsense_is_refused(key: str, value: float) -> None:
    with pytest.raises(ValidationError):
        Market.model_validate({key: value})


@pytest.mark.parametrize(("key", "value"), [("ratio", 0.0), ("ratio", 1.0), ("learns", 1.1), ("classes", "restaurant")])
def test_nobody_can_want_to_have_enough_always_or_never(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Fresh.model_validate({key: value})


def test_kinds_of_errands_are_names() -> None:
    assert Market.model_validate({"supplier": {"kinds": ["a", "b"]}}).supplier.kinds == ("a", "b")
