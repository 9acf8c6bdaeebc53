"""Dawn: errands for which the platform chooses the merchant."""

import pytest

from sim.events import Kind
from sim.scenario.errors import ScenarioError
from sim.units import DAY
from tests.engine.markets import KINDS, lived, scenario
from tests.engine.test_market import of


def test_a_day_without_errands_asks_no_supplier() -> None:
    market = {"supplier": {"policy": "nearest"}}
    events, _ = lived(scenario(market, kinds=KINDS, population={"users": 12}, calendar={"days": 3, "drain_min": 60}))
    errands, wished = (set(of(events, *kinds)["t"] // DAY) for kinds in ((Kind.SUPPLIED,), (Kind.PLACED, Kind.LOST)))
    assert errands < wished, "on some day something is wished, but no errand"


def test_an_unknown_kind_of_errand_is_told() -> None:
    for kinds, hint in ((["nonsense"], "there are takeaway, buy, send"), (["buyy"], "did you mean 'buy'")):
        with pytest.raises(ScenarioError, match=rf"market\.supplier\.kinds: unknown kind '{kinds[0]}'.*{hint}"):
            lived(scenario({"supplier": {"kinds": kinds}}, kinds=KINDS))
