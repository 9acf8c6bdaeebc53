"""The environment is one that Gymnasium accepts, and its episodes are runs of the twin."""

from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.engine.simulate import simulate
from sim.experiment.learn.price import Bill, Price
from sim.policies.learned import LEVERS, SEEN, Learned, read_model
from sim.policies.matching import Matching
from tests.experiment.learn.town import TOWN

gymnasium = pytest.importorskip("gymnasium")
HERE = {"seed": TOWN.seed, "replication": 2}
NEUTRAL = np.zeros(len(LEVERS), np.float32)


@pytest.fixture(scope="module")
def env() -> Any:
    from sim.experiment.learn.env import DispatchEnv

    return DispatchEnv(TOWN, seeds=(TOWN.seed, 5), replications=3)


def lived(env: Any, act: Any) -> tuple[float, dict[str, Any]]:
    """Return of an episode and what orders cost before its first decision, and its last info."""
    seen, info = env.reset(options=HERE)
    total, over = -info["cost_min"], False
    while not over:
        seen, reward, over, truncated, info = env.step(act(seen))
        assert reward <= 0
        assert not truncated
        total += reward
    return total, info


def billed(policy: Any) -> Bill:
    bill = Bill(Price())
    simulate(TOWN, build_city(TOWN), policy, bill, HERE["replication"])
    bill.close_account()
    return bill


def test_gymnasium_accepts_it(env: Any) -> None:
    from gymnasium.utils.env_checker import check_env

    check_env(env, skip_render_check=True)


def test_neutral_actions_live_the_day_of_matching(env: Any) -> None:
    total, info = lived(env, lambda seen: NEUTRAL)
    bill = billed(Matching())
    assert info["orders"] == bill.orders > 20
    assert total == pytest.approx(-bill.cost_min)
    assert info["cost_min"] == pytest.approx(bill.cost_min)


def test_the_model_acting_in_it_lives_the_day_of_the_policy(env: Any) -> None:
    model = read_model()
    total, _ = lived(env, lambda seen: model.action(seen.astype(float)).astype(np.float32))
    assert total == pytest.approx(-billed(Learned()).cost_min)


def test_an_action_changes_the_day(env: Any) -> None:
    hurried = NEUTRAL.copy()
    hurried[0] = -1.0
    assert lived(env, lambda seen: hurried)[0] < lived(env, lambda seen: NEUTRAL)[0]


def test_observations_and_spaces_fit(env: Any) -> None:
    assert env.action_space.shape == (len(LEVERS),)
    seen, info = env.reset(seed=3)
    assert seen.shape == (len(SEEN),)
    assert info["seed"] in (TOWN.seed, 5)
    assert info["replication"] in range(3)
    drawn = [env.reset()[1] for _ in range(12)]
    assert len({(each["seed"], each["replication"]) for each in drawn}) > 2


def test_equal_seeds_draw_equal_episodes(env: Any) -> None:
    (one, told), (two, again) = env.reset(seed=11), env.reset(seed=11)
    np.testing.assert_array_equal(one, two)
    assert told == again


def test_a_step_needs_an_episode(env: Any) -> None:
    from sim.experiment.learn.env import DispatchEnv

    with pytest.raises(ValueError, match="reset"):
        DispatchEnv(TOWN).step(NEUTRAL)
    lived(env, lambda seen: NEUTRAL)
    with pytest.raises(ValueError, match="is over"):
        env.step(NEUTRAL)
