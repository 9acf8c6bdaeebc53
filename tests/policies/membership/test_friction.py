"""The checkout: steps fewer, or more, than people are used to."""

from typing import Any

import numpy as np
import pytest

from sim.policies.membership.friction import Checkout
from tests.policies.membership.nights import members, night, recent

OF = members(2, recent_orders=recent([1, 0]))


def fewer(**params: Any) -> list[float]:
    return np.asarray(Checkout(**params)(night(OF), np.random.default_rng(1)).steps).tolist()


@pytest.mark.parametrize(("steps", "fields", "expected"), [(4, 2, 0), (3, 0, 3), (6, 4, -4)])
def test_steps_and_forced_fields_count_alike(steps: int, fields: int, expected: int) -> None:
    assert fewer(usual=6, steps=steps, fields=fields) == [expected] * 2


def test_one_tap_is_for_those_who_ordered_lately() -> None:
    assert fewer(usual=6, steps=4, fields=1, one_tap=True) == [5, 1]
    assert fewer(usual=6, steps=0, fields=0, one_tap=True) == [6, 6], "it never adds a step"


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="must be"):
        Checkout(steps=-1)
