"""Parameters of dispatch, admission, screening, promise and reposition that make no sense are refused at once."""

from collections.abc import Callable
from typing import Any

import pytest

from sim.policies.admission import ADMISSION
from sim.policies.dispatch import DISPATCH
from sim.policies.promise import PROMISE
from sim.policies.registry import PolicyNotFound, load_policy
from sim.policies.reposition import REPOSITION
from sim.policies.screening import SCREENING

Registry = dict[str, Callable[..., Any]]
REFUSED: list[tuple[Registry, str, str, list[object]]] = [
    (DISPATCH, "nearest", "lead_min", [-1, float("nan")]),
    (DISPATCH, "matching", "urgency", [-0.1, float("inf")]),
    (DISPATCH, "fair", "most_hours", [0, -2]),
    (DISPATCH, "fair", "seconds_per_yuan", [-1]),
    (DISPATCH, "insertion", "patience_min", [0]),
    (DISPATCH, "insertion", "tries", [-1, 1.5]),
    (DISPATCH, "rolling_horizon", "trip_size", [0, 9]),
    (DISPATCH, "rolling_horizon", "thrift", [-0.1, 1.1]),
    (DISPATCH, "rolling_horizon", "tries", [0]),
    (DISPATCH, "rolling_horizon", "early_min", [-1]),
    (DISPATCH, "batch_match", "batch_size", [0, 6]),
    (DISPATCH, "batch_match", "lost_min", [0]),
    (DISPATCH, "batch_match", "loss_s", [-1]),
    (DISPATCH, "postpone", "recent_min", [0]),
    (DISPATCH, "postpone", "partners", [-1, float("nan")]),
    (DISPATCH, "priority", "reserve", [-0.5, 1.5]),
    (DISPATCH, "priority", "top_baskets", [-0.1, 1.1]),
    (DISPATCH, "priority", "care", [-1, 0.5]),
    (ADMISSION, "queue", "room_s", [-1]),
    (ADMISSION, "circuit_breaker", "threshold", [-0.1, 2]),
    (ADMISSION, "circuit_breaker", "probes", [0]),
    (ADMISSION, "degrade", "work", [-1, 1.1]),
    (SCREENING, "threshold", "score", [float("nan")]),
    (SCREENING, "expected_loss", "share", [-0.1, 1]),
    (SCREENING, "expected_loss", "auc", [0.5, 1]),
    (PROMISE, "distance", "base_min", [0, -5]),
    (PROMISE, "load_aware", "quantile", [-0.1, 1.1]),
    (PROMISE, "load_aware", "longest_min", [10]),
    (PROMISE, "load_aware", "least", [0]),
    (REPOSITION, "home", "beyond_min", [-1]),
    (REPOSITION, "proportional", "quarters", [0, 5]),
    (REPOSITION, "flow", "orders_per_rider", [0]),
]


@pytest.mark.parametrize(
    ("registry", "policy", "name", "value"),
    [(registry, policy, name, value) for registry, policy, name, values in REFUSED for value in values],
)
def test_a_parameter_beyond_its_bounds_is_refused_by_name(
    registry: Registry, policy: str, name: str, value: object
) -> None:
    with pytest.raises(PolicyNotFound, match=rf"policy '{policy}' refuses its parameters: .*\b{name}\b") as refusal:
        load_policy(registry, policy, {name: value})
    assert "\n" not in str(refusal.value)


def test_a_command_gets_some_time() -> None:
    with pytest.raises(PolicyNotFound, match=r"limit_s must be 0\.01 to 86400, got 0"):
        load_policy(DISPATCH, "exec:cat", {"limit_s": 0})


@pytest.mark.parametrize(
    ("policy", "params"),
    [
        ("postpone", {"partners": float("inf")}),
        ("priority", {"reserve": 1}),
        ("insertion", {"tries": 0}),
        ("rolling_horizon", {"trip_size": 1, "thrift": 0}),
    ],
)
def test_the_bounds_themselves_are_allowed(policy: str, params: dict[str, object]) -> None:
    made = load_policy(DISPATCH, policy, params)
    assert {name: getattr(made, name) for name in params} == params
