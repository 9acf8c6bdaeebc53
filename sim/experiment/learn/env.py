"""The twin as a Gymnasium environment: one step is one dispatch wave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.episode import Episode
from sim.entities import Floats
from sim.experiment.learn.price import Bill, Price
from sim.policies.learned import LEVERS, SEEN, match, observe, weighted
from sim.scenario.schema import Scenario

Reals = NDArray[np.float32]
KEPT_CITIES = 8


class DispatchEnv(gymnasium.Env[Reals, Reals]):
    """Dispatch of one replication, to be learned wave by wave.

    *Observation*: what :func:`~sim.policies.learned.observe` tells of the wave, one entry from -1 to 1 for each of
    :data:`~sim.policies.learned.SEEN`. *Action*: one entry from -1 to 1 for each of
    :data:`~sim.policies.learned.LEVERS`, the weights of the matching of this wave; all zero is ``matching``.
    *Reward*: minus the minutes that the orders cost which ended until the next wave (:class:`Price`), in all. The
    return of an episode is minus ``info["cost_min"]``, but for orders that ended before the first decision, which are
    in the info of :meth:`reset`; ``info["orders"]`` is how many were placed so far. An episode *terminates*
    when the drain of the scenario is over, and is never truncated. Equal seeds and actions give equal episodes.

    Parameters
    ----------
    scenario
        The city to learn in.
    seeds
        Seeds of the scenario, so maps with their people, of which :meth:`reset` draws one.
    replications
        Replications of which :meth:`reset` draws one, from 0.
    price
        What an order costs.
    """

    metadata = {"render_modes": []}  # noqa: RUF012 (Gymnasium's own way)

    def __init__(
        self, scenario: Scenario, seeds: Sequence[int] = (0,), replications: int = 1000, price: Price | None = None
    ) -> None:
        self.scenario, self.seeds, self.replications, self.price = scenario, seeds, replications, price or Price()
        self.observation_space = Box(-1.0, 1.0, (len(SEEN),), np.float32)
        self.action_space = Box(-1.0, 1.0, (len(LEVERS),), np.float32)
        self._cities: dict[int, City] = {}
        self._bill = Bill(self.price)
        self._episode: Episode | None = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Reals, dict[str, Any]]:
        """Begin a replication.

        Parameters
        ----------
        seed
            Of the environment's own choice of map and replication.
        options
            ``seed`` and ``replication`` of the scenario, to say which; None draws them.
        """
        super().reset(seed=seed)
        drawn = {
            "seed": int(self.np_random.choice(self.seeds)),
            "replication": int(self.np_random.integers(self.replications)),
        }
        which = drawn | (options or {})
        scenario = self.scenario.model_copy(update={"seed": which["seed"]})
        self._bill = Bill(self.price)
        self._episode = Episode(scenario, self._city(scenario), self._bill, which["replication"])
        return self._seen(), self._info() | which

    def step(self, action: Reals) -> tuple[Reals, float, bool, bool, dict[str, Any]]:
        """Decide one wave and live until the next.

        Raises
        ------
        ValueError
            Before :meth:`reset`, and after the end.
        """
        if self._episode is None:
            raise ValueError("the episode has not begun, or is over: reset() begins one")
        weights, before = weighted(np.asarray(action, np.float64)), self._bill.cost_min
        self._episode.decide(lambda wave, _: match(wave, weights))
        seen = self._seen()
        if over := self._episode.wave() is None:
            self._bill.close_account()
            self._episode = None
        return seen, before - self._bill.cost_min, over, False, self._info()

    def _seen(self) -> Reals:
        wave = self._episode.wave() if self._episode else None
        seen: Floats = np.zeros(len(SEEN)) if wave is None else observe(wave)
        return seen.astype(np.float32)

    def _info(self) -> dict[str, Any]:
        return {"orders": self._bill.orders, "cost_min": self._bill.cost_min}

    def _city(self, scenario: Scenario) -> City:
        """The city of a seed; a few are kept."""
        if scenario.seed not in self._cities:
            if len(self._cities) == KEPT_CITIES:
                self._cities.pop(next(iter(self._cities)))
            self._cities[scenario.seed] = build_city(scenario)
        return self._cities[scenario.seed]
