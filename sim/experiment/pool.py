"""Replications in parallel: over processes here, or over a Dask cluster by its address."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from sim.city.build import build_city
from sim.city.model import City
from sim.experiment.replicate import Row, Task
from sim.experiment.run import Progress
from sim.experiment.store import Store
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Dispatch, Platform, Scenario

TRIES = 3
"""A worker that dies takes its jobs with it; they are given out again, so often at most."""


@dataclass(slots=True)
class Pool:
    """Where replications run.

    Parameters
    ----------
    workers
        Processes on this machine; 0 for one per core. Results do not depend on it.
    cluster
        Address of a Dask scheduler, such as ``tcp://127.0.0.1:8786``, in place of processes here.
    """

    workers: int = 0
    cluster: str | None = None
    _cities: dict[str, City] = field(default_factory=dict)

    def run(self, jobs: Sequence[Task], store: Store, progress: Progress | None = None) -> None:
        """Run the jobs that the store does not hold; each is kept as soon as it is finished.

        Raises
        ------
        PolicyError, ValueError
            When a replication fails; those finished before are kept.
        RuntimeError
            When workers died :data:`TRIES` times over.
        """
        todo = [job for job in jobs if store.find(job) is None]
        done = len(jobs) - len(todo)
        for attempt in range(TRIES):
            try:
                for row in self._stream(todo):
                    store.keep(row)
                    done += 1
                    if progress:
                        progress(done / len(jobs))
            except _worker_deaths() as error:
                if attempt == TRIES - 1:
                    raise RuntimeError(f"workers died {TRIES} times: {error}") from error
            todo = [job for job in todo if store.find(job) is None]
            if not todo:
                return

    def _stream(self, jobs: Sequence[Task]) -> Iterator[Row]:
        """Rows as they finish, in any order."""
        pairs = [(job, self._city(job.scenario)) for job in jobs]
        if self.cluster is None and (len(jobs) < 2 or self._size() == 1):
            yield from (job.run(city) for job, city in pairs)
            return
        from joblib import Parallel, delayed

        with self._backend():
            yield from Parallel(n_jobs=self._size(), return_as="generator_unordered", batch_size=1)(
                delayed(_run)(job, city) for job, city in pairs
            )

    def _size(self) -> int:
        return self.workers or os.cpu_count() or 1

    def _backend(self) -> AbstractContextManager[Any]:
        if self.cluster is None:
            return nullcontext()
        try:
            from distributed import Client
            from joblib import parallel_config
        except ImportError:
            raise ValueError("--cluster needs the extra: pip install 'paotui[cluster]'") from None
        try:
            client = Client(self.cluster, timeout="10s", set_as_default=True)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise ValueError(f"--cluster {self.cluster}: no scheduler answers ({error})") from None
        return parallel_config("dask", client=client, wait_for_workers_timeout=30)

    def _city(self, scenario: Scenario) -> City:
        """The city of a scenario; variants that differ in decisions only share one."""
        key = city_key(scenario)
        if key not in self._cities:
            self._cities[key] = build_city(scenario)
        return self._cities[key]


def _run(job: Task, city: City) -> Row:
    return job.run(city)


def city_key(scenario: Scenario) -> str:
    """A key equal for scenarios that differ only in what the platform decides, so share one city."""
    decided = {"dispatch": Dispatch(), "platform": Platform(), "name": "scenario", "description": ""}
    return scenario_hash(scenario.model_copy(update=decided))


def _worker_deaths() -> tuple[type[BaseException], ...]:
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        from distributed import KilledWorker
    except ImportError:
        return (TerminatedWorkerError,)
    return (TerminatedWorkerError, KilledWorker)
