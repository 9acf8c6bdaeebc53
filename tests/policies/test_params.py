"""Parameters against annotations: every shipped plug-in refuses another kind of value, strangers' need none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

import pytest

from sim.policies.admission import ADMISSION
from sim.policies.crew.incentive import INCENTIVES
from sim.policies.crew.pay import PAY
from sim.policies.crew.registry import CREW
from sim.policies.dispatch import DISPATCH
from sim.policies.membership.friction import Checkout
from sim.policies.membership.groups import ThemedDay
from sim.policies.membership.points import Burn, Earn
from sim.policies.membership.registry import RULES
from sim.policies.merchants.registry import MERCHANT_POLICIES
from sim.policies.merchants.suppliers import SUPPLIERS
from sim.policies.params import fault_of
from sim.policies.promise import PROMISE
from sim.policies.reposition import REPOSITION
from sim.policies.screening import SCREENING

ALL: dict[str, Any] = {
    f"{kind}.{name}": made
    for kind, registry in (
        ("dispatch", DISPATCH), ("rule", RULES), ("pay", PAY), ("crew", CREW), ("incentive", INCENTIVES),
        ("deal", MERCHANT_POLICIES), ("supplier", SUPPLIERS), ("reposition", REPOSITION), ("admission", ADMISSION),
        ("screening", SCREENING), ("promise", PROMISE),
    )
    for name, made in registry.items()
}  # fmt: skip
PARAMS = [
    (kind, field.name) for kind, made in ALL.items() if is_dataclass(made) for field in fields(made) if field.init
]


@dataclass
class Mine:
    share: float = 0.5
    pairs: Sequence[tuple[int, float]] = ()
    yuan: Mapping[int, float] | None = None
    by: Literal["day", "week"] = "day"
    what: Any = None


@pytest.mark.parametrize(("kind", "name"), PARAMS)
def test_every_parameter_that_is_shipped_is_checked(kind: str, name: str) -> None:
    assert fault_of(ALL[kind], {name: object()}).startswith(f"{name}: expected ")


@pytest.mark.parametrize(("made", "given", "says"), [
    (Checkout, {"one_tap": "no"}, "one_tap: expected true or false, got 'no'"),
    (Checkout, {"one_tap": 1}, "one_tap: expected true or false, got 1"),
    (Checkout, {"steps": True}, "steps: expected a whole number, got True"),
    (Earn, {"per_order": None}, "per_order: expected a number, got null"),
    (Earn, {"per_order": "10"}, "per_order: expected a number, got '10'"),
    (ThemedDay, {"zones": "C4"}, "zones: expected a list, got 'C4'"),
    (Burn, {"ladder": 100}, "ladder: expected a list, got 100"),
    (Burn, {"ladder": [[100, 5], [200, "ten"]]}, "ladder.1.1: expected a number, got 'ten'"),
    (Burn, {"ladder": [[100, 5, 6]]}, "ladder.0: expected a list of 2, got [100, 5, 6]"),
    (Mine, {"yuan": {"noon": 2}}, "yuan.noon: expected a whole number, got 'noon'"),
    (Mine, {"yuan": {11: "two"}}, "yuan.11: expected a number, got 'two'"),
    (Mine, {"yuan": [1]}, "yuan: expected a mapping, got [1]"),
    (Mine, {"pairs": "ab"}, "pairs: expected a list, got 'ab'"),
    (Mine, {"by": "night"}, "by: expected 'day' or 'week', got 'night'"),
    (Mine, {"share": "x" * 100}, f"share: expected a number, got '{'x' * 56}..."),
])  # fmt: skip
def test_the_answer_names_the_key_what_was_expected_and_what_came(
    made: type, given: dict[str, object], says: str
) -> None:
    assert fault_of(made, given) == says


@pytest.mark.parametrize(
    "given", [{"share": 1}, {"pairs": [[1, 2]]}, {"pairs": ((1, 2.5),)}, {"yuan": {1: 2}}, {"yuan": None}, {"what": []}]
)
def test_whole_numbers_are_numbers_and_lists_are_tuples(given: dict[str, object]) -> None:
    assert fault_of(Mine, given) == ""


class Unwritten:
    def __init__(self, share, many=()):
        self.share = share


class Odd:
    def __init__(self, share: "NoSuchType", many: 3 = 3) -> None:  # type: ignore[name-defined,valid-type] # noqa: F821
        self.share = share


class Written:
    def __init__(self, share: float) -> None:
        self.share = share


def test_strangers_need_no_annotations_and_theirs_are_held_to() -> None:
    assert fault_of(Unwritten, {"share": "no", "many": 3}) == ""
    assert fault_of(Odd, {"share": "no", "many": "x"}) == ""
    assert fault_of(Written, {"share": "no"}) == "share: expected a number, got 'no'"
    assert fault_of(Written, {"unknown": "no"}) == ""
