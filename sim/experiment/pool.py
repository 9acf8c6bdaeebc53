"""Replications in parallel: over processes here, or over a Dask cluster by its address."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from time import perf_counter, thread_time
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

DIED = f"worker processes died {TRIES} times (short of memory, or killed by what they ran)"

WAIT_S = 10
"""How long a cluster may take to answer, and to show its first worker, in seconds."""


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
    _busy_s: float = 0.0
    _held_s: float = 0.0

    @property
    def efficiency(self) -> float:
        """Scaling efficiency so far: CPU time of replications over the time that the workers were held for them.

        NaN before the first replication. 1 would be a machine of our own without starting up, waiting or idling.
        """
        return self._busy_s / self._held_s if self._held_s else float("nan")

    def run(self, jobs: Sequence[Task], store: Store, progress: Progress | None = None) -> None:
        """Run the jobs that the store does not hold; each is kept as soon as it is finished.

        Raises
        ------
        PolicyError, ValueError
            When a replication fails; those finished before are kept.
        ChildProcessError
            When workers died :data:`TRIES` times over.
        """
        todo = [job for job in jobs if store.find(job) is None]
        if not todo:
            return
        done = len(jobs) - len(todo)
        alone = self.cluster is None and (len(todo) < 2 or self._size() == 1)
        for attempt in range(TRIES):
            try:
                for row in self._stream(todo, alone):
                    store.keep(row)
                    done += 1
                    if progress:
                        progress(done / len(jobs))
            except _worker_deaths() as error:
                if attempt == TRIES - 1:
                    raise ChildProcessError(DIED) from error
                todo = [job for job in todo if store.find(job) is None]
            else:
                break
        if any(store.find(job) is None for job in todo):
            raise ValueError("the code of the workers is not ours: it was changed meanwhile, or is another version")

    def _stream(self, jobs: Sequence[Task], alone: bool) -> Iterator[Row]:
        """Rows as they finish, in any order."""
        pairs = [(job, self._city(job.scenario)) for job in jobs]
        with self._client() if self.cluster is not None else nullcontext() as client:
            workers = sum(client.ncores().values()) if client else 1 if alone else self._size()
            begun = perf_counter()
            try:
                rows = _on_cluster(client, pairs, workers) if client else _here(pairs, workers)
                for row, cpu_s in rows:
                    self._busy_s += cpu_s
                    yield row
            finally:
                self._held_s += (perf_counter() - begun) * workers

    def _size(self) -> int:
        return self.workers or os.cpu_count() or 1

    @contextmanager
    def _client(self) -> Iterator[Any]:
        try:
            from distributed import Client
        except ImportError:
            raise ValueError("--cluster needs the extra: pip install 'paotui[cluster]'") from None
        try:
            client = Client(self.cluster, timeout=WAIT_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise ValueError(f"--cluster {self.cluster}: no scheduler answers ({error})") from None
        with client:
            try:
                client.wait_for_workers(1, timeout=WAIT_S)
            except TimeoutError:
                raise ValueError(f"--cluster {self.cluster}: the scheduler has no workers") from None
            yield client

    def _city(self, scenario: Scenario) -> City:
        """The city of a scenario; variants that differ in decisions only share one."""
        key = city_key(scenario)
        if key not in self._cities:
            self._cities[key] = build_city(scenario)
        return self._cities[key]


def _here(pairs: Sequence[tuple[Task, City]], workers: int) -> Iterator[tuple[Row, float]]:
    """In this process, or in several."""
    if workers == 1:
        yield from (_run(*pair) for pair in pairs)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1)
    yield from parallel(delayed(_run)(*pair) for pair in pairs)


def _on_cluster(client: Any, pairs: Sequence[tuple[Task, City]], workers: int) -> Iterator[tuple[Row, float]]:
    """Not by joblib: its Dask backend waits for ever when a worker's death fails a job."""
    from distributed import KilledWorker, as_completed

    cities = {id(city): city for _, city in pairs}  # each is sent once, and shared among the workers
    there = {key: client.scatter(city, broadcast=True, hash=False) for key, city in cities.items()}
    futures = (client.submit(_run, job, there[id(city)], pure=False) for job, city in pairs)
    running = as_completed(islice(futures, 2 * workers), loop=client.loop)  # type: ignore[no-untyped-call]
    for future in running:
        try:
            yield future.result()
        except KilledWorker as error:
            raise ChildProcessError(DIED) from error
        running.update(islice(futures, 1))  # type: ignore[no-untyped-call]


def _run(job: Task, city: City) -> tuple[Row, float]:
    """The row, and the CPU seconds that it took."""
    begun = thread_time()
    return job.run(city), thread_time() - begun


def city_key(scenario: Scenario) -> str:
    """A key equal for scenarios that differ only in what the platform decides, so share one city."""
    decided = {"dispatch": Dispatch(), "platform": Platform(), "name": "scenario", "description": ""}
    return scenario_hash(scenario.model_copy(update=decided))


def _worker_deaths() -> tuple[type[BaseException], ...]:
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        from distributed.client import FutureCancelledError
    except ImportError:
        return (TerminatedWorkerError,)
    return (TerminatedWorkerError, FutureCancelledError)
