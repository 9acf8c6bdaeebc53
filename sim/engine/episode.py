"""A run that stands still at each decision, so that whoever drives it decides there: for learning."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator
from simpy.core import StopSimulation
from simpy.events import URGENT

from sim.city.model import City
from sim.engine.clock import Moment
from sim.engine.dispatch import decide, look
from sim.engine.log import Log
from sim.engine.run import Run
from sim.engine.sight import Sight
from sim.engine.simulate import begin
from sim.engine.tick import worth_asking
from sim.entities import Assignment, Wave
from sim.policies.dispatch import DispatchPolicy
from sim.scenario.schema import Scenario


class Episode:
    """One replication, from wave to wave; equal decisions give the log of :func:`~sim.engine.simulate.simulate`.

    Parameters
    ----------
    scenario, city
        The assumptions and the city built from them.
    log
        Receives every event.
    replication
        Which days are drawn.
    """

    def __init__(self, scenario: Scenario, city: City, log: Log, replication: int = 0) -> None:
        self._run = begin(scenario, city, self._answer, log, replication)
        self._run.on_tick = self._stand
        self._sight: Sight | None = None
        self._policy: DispatchPolicy | None = None
        self._over = False
        end = self._run.terms.horizon_s + self._run.terms.drain_s
        Moment(self._run.env, end - self._run.env.now, None, URGENT).callbacks.append(StopSimulation.callback)

    def wave(self) -> Wave | None:
        """What the platform sees at the next decision; None when the drain is over.

        The wave stays the same until it is decided, and can be looked at until then.
        """
        if self._sight is None and not self._over:
            self._over = not self._run.env.run()
            self._sight = None if self._over else look(self._run)
        return self._sight

    def decide(self, policy: DispatchPolicy) -> None:
        """Let a policy decide the present wave.

        Raises
        ------
        ValueError
            When there is none: look at :meth:`wave` first.
        PolicyError
            When the answer cannot be carried out.
        """
        if self._sight is None:
            raise ValueError("there is no wave to decide: look at it first")
        self._sight.over()
        self._sight, self._policy = None, policy
        decide(self._run)

    def _stand(self, run: Run) -> None:
        """Stop the clock at a wave at which something can be decided."""
        if worth_asking(run):
            raise StopSimulation(True)
        decide(run)

    def _answer(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        assert self._policy is not None
        return self._policy(wave, rng)
