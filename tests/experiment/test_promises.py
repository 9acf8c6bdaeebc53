"""What dispatch makes of a lane is told as it is: who is said to heed priority decides otherwise for its sake."""

import numpy as np
import pytest

from sim.entities import Wave
from sim.experiment.promises import HEEDED
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from tests.policies.waves import NOW, order, wave


def crowded(seed: int, priority: int) -> Wave:
    """Four orders, one idle rider and a busy one; the last order has a priority."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 3000, (2, 8)).astype(float).tolist()
    orders = [order(n, n, n + 4, NOW + float(rng.integers(-300, 900))) for n in range(4)]
    orders[-1] = orders[-1]._replace(priority=priority)
    free = [NOW, NOW + 300]
    return wave(orders, [1, 6], x, y, load=[0, 1], free_at=free, worked_s=[0.0, 0.0], earned=[0, 0])


@pytest.mark.parametrize("name", sorted(set(DISPATCH) - {"exec"}))
def test_who_heeds_priority_decides_otherwise_for_it(name: str) -> None:
    policy = load_policy(DISPATCH, name)
    plain, urgent = (
        [list(policy(crowded(seed, priority), np.random.default_rng(seed))) for seed in range(8)] for priority in (0, 5)
    )
    assert (plain != urgent) == (name in HEEDED)
