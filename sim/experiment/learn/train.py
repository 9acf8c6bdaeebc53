"""Training of the ``learned`` policy by random search."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.entities import Floats
from sim.experiment.folder import write_text
from sim.experiment.learn.price import Price
from sim.experiment.run import Progress
from sim.policies.learned import LEVERS, SEEN, Model
from sim.scenario.schema import Scenario
from sim.streams import Streams

if TYPE_CHECKING:
    from sim.experiment.learn.env import DispatchEnv

SHAPE = len(LEVERS), len(SEEN) + 1
"""Of what is trained: the gain, and the bias as its last column."""


@dataclass(frozen=True, slots=True)
class Training:
    """How to train.

    Parameters
    ----------
    seeds
        Seeds of the scenario (maps with their people) to learn on, in turn; keep those apart that you test on.
    iterations
        Steps of the search; each meets one replication of one map.
    directions
        Directions tried in each step, both ways: episodes are twice as many, and one for ``matching``.
    noise
        How far a try goes, in units of the action.
    step
        How far a step goes, in units of the action, for a difference as large as the spread of the tries.
    seed
        Of the directions.
    price
        What an order costs.
    """

    seeds: tuple[int, ...] = (1001, 1002, 1003, 1004)
    iterations: int = 20
    directions: int = 6
    noise: float = 0.2
    step: float = 0.04
    seed: int = 1
    price: Price = field(default_factory=Price)


class Trained(NamedTuple):
    """A model, and for each step the mean cost of an order (min) over the tries, and under ``matching``."""

    model: Model
    tried_min: list[float]
    matching_min: list[float]


def train(scenario: Scenario, training: Training, progress: Progress | None = None) -> Trained:
    """Search for the linear model with the least cost of an order.

    Basic random search of Mania, Guy and Recht (2018): from where it stands, each step tries a few random
    directions both ways on one replication, equal for all of them, and goes along the differences. It begins at
    ``matching``; the model is the mean over the second half of the steps.

    Raises
    ------
    ValueError
        When Gymnasium is not installed.
    PolicyError
        When a decision cannot be carried out.
    """
    env = _environment(scenario, training)
    rng = Streams(training.seed).generator("learning.directions")
    place, path, result = np.zeros(SHAPE), [], Trained(_model(np.zeros(SHAPE)), [], [])
    for index in range(training.iterations):
        which = {"seed": training.seeds[index % len(training.seeds)], "replication": index}
        directions = rng.standard_normal((training.directions, *SHAPE))
        costs = [
            cost_min(env, _model(place + sign * training.noise * direction), which)
            for direction in directions
            for sign in (1, -1)
        ]
        place = place + training.step * _uphill(directions, -np.array(costs).reshape(-1, 2))
        path.append(place)
        result.tried_min.append(float(np.mean(costs)))
        result.matching_min.append(cost_min(env, _model(np.zeros(SHAPE)), which))
        if progress:
            progress((index + 1) / training.iterations)
    return result._replace(model=_model(np.mean(path[len(path) // 2 :], axis=0)))


def cost_min(env: DispatchEnv, model: Model, which: dict[str, int]) -> float:
    """Minutes that an order costs under a model in one episode; `which` is the option of :meth:`DispatchEnv.reset`."""
    seen, info = env.reset(options=which)
    over = False
    while not over:
        seen, _, over, _, info = env.step(model.action(seen.astype(np.float64)).astype(np.float32))
    return float(info["cost_min"] / info["orders"])


def write_model(trained: Trained, scenario: Scenario, training: Training, path: Path) -> None:
    """Write a model with what it was trained on; equal training gives equal bytes."""
    document: dict[str, Any] = {
        "seen": SEEN,
        "levers": [lever.name for lever in LEVERS],
        "gain": trained.model.gain.round(6).tolist(),
        "bias": trained.model.bias.round(6).tolist(),
        "scenario": scenario.name,
        "training": asdict(training),
        "tried_min": np.round(trained.tried_min, 3).tolist(),
        "matching_min": np.round(trained.matching_min, 3).tolist(),
    }
    write_text(path, json.dumps(document, indent=1) + "\n")


def _uphill(directions: Floats, gains: Floats) -> Floats:
    """Mean of the directions, weighted by how much better than its opposite each was, in spreads of the tries."""
    differences, spread = gains[:, 0] - gains[:, 1], float(gains.std())
    return np.asarray(np.tensordot(differences, directions, 1) / (len(directions) * (spread or 1.0)))


def _model(place: Floats) -> Model:
    return Model(place[:, :-1], place[:, -1])


def _environment(scenario: Scenario, training: Training) -> DispatchEnv:
    try:
        from sim.experiment.learn.env import DispatchEnv
    except ImportError as error:
        if error.name != "gymnasium":
            raise
        raise ValueError("training needs Gymnasium: pip install 'paotui[learn]'") from None
    return DispatchEnv(scenario, seeds=training.seeds, price=training.price)
