"""Common random numbers: two policies on one seed meet the same city, the same wishes, meals and moods."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from sim import streams
from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.experiment.run import run
from sim.streams import Streams
from tests.engine.towns import POLICIES, city_of, log_of, town

PAIRS = [("district", "nearest", "matching"), ("scarce", "matching", "bundler"), ("two days", "nearest", "reshuffler")]
BETWEEN = pytest.mark.parametrize(("name", "one", "two"), PAIRS)


def rows(events: np.ndarray, kind: Kind) -> np.ndarray:
    return events[events["kind"] == kind]


def by_order(events: np.ndarray, kind: Kind, column: str = "t") -> dict[int, float]:
    chosen = rows(events, kind)
    return dict(zip(chosen["order"].tolist(), chosen[column].tolist(), strict=True))


@BETWEEN
def test_policies_meet_the_same_wishes(name: str, one: str, two: str) -> None:
    for kind in (Kind.PLACED, Kind.LOST):
        a, b = rows(log_of(name, one), kind), rows(log_of(name, two), kind)
        assert a.tobytes() == b.tobytes()
        assert len(a) > 0


@BETWEEN
def test_the_same_order_takes_as_long_to_cook(name: str, one: str, two: str) -> None:
    durations = []
    for policy in (one, two):
        begun, ready = (by_order(log_of(name, policy), kind) for kind in (Kind.COOKING, Kind.READY))
        durations.append({order: t - begun[order] for order, t in ready.items()})
    both = durations[0].keys() & durations[1].keys()
    assert len(both) > 0.5 * len(rows(log_of(name, one), Kind.PLACED))
    for order in both:
        assert durations[0][order] == pytest.approx(durations[1][order], abs=1e-6)
    assert len(set(durations[0].values())) > 0.9 * len(durations[0])


@BETWEEN
def test_the_same_user_has_as_much_patience(name: str, one: str, two: str) -> None:
    """Who is never fetched cancels at the same moment under every policy."""
    waits = []
    for policy in (one, two):
        events = log_of(name, policy)
        assigned = set(rows(events, Kind.ASSIGNED)["order"].tolist())
        waits.append({o: t for o, t in by_order(events, Kind.CANCELLED).items() if o not in assigned})
    both = waits[0].keys() & waits[1].keys()
    assert len(both) > 0
    for order in both:
        assert waits[0][order] == pytest.approx(waits[1][order], abs=1e-6)


@pytest.mark.parametrize("policy", ["nearest", "matching"])
@pytest.mark.parametrize("name", ["district", "two days"])
def test_latent_draws_are_those_of_the_intents(name: str, policy: str) -> None:
    """What the log shows of preparation and patience is what was drawn before the clock started."""
    events, city = log_of(name, policy), city_of(name)
    intents = [city.day(day, Streams(1)).intents for day in range(town(name).calendar.days)]
    prep, patience = (np.concatenate([getattr(i, column) for i in intents]) for column in ("prep_s", "patience_s"))
    begun, placed = by_order(events, Kind.COOKING), by_order(events, Kind.PLACED)
    for order, t in by_order(events, Kind.READY).items():
        assert t - begun[order] == pytest.approx(prep[order], abs=1e-6)
    for order, t in by_order(events, Kind.CANCELLED).items():
        assert t - placed[order] == pytest.approx(patience[order], abs=1e-6)


@BETWEEN
def test_the_same_riders_come_on_shift(name: str, one: str, two: str) -> None:
    a, b = (rows(log_of(name, policy), Kind.ON_SHIFT) for policy in (one, two))
    np.testing.assert_array_equal(np.sort(a, order=["rider", "t"]), np.sort(b, order=["rider", "t"]))


def test_policies_do_differ() -> None:
    for name, one, two in PAIRS:
        a, b = (by_order(log_of(name, policy), Kind.DELIVERED) for policy in (one, two))
        assert a != b


@pytest.mark.parametrize("name", ["district", "events"])
def test_a_new_stream_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = log_of(name, "matching").tobytes()
    monkeypatch.setattr(streams, "NAMES", {"aaa.first": "a stream", **streams.NAMES, "demand.zzz": "another"})
    log, scenario = Log(), town(name)
    simulate(scenario, build_city(scenario), POLICIES["matching"], log)
    assert log.events().tobytes() == before


def written(folder: Path, policy: str = "matching", seed: int = 1, replication: int = 0) -> bytes:
    scenario = town("district", seed=seed, dispatch={"policy": policy})
    run(scenario, folder, replication=replication)
    return (folder / "events.parquet").read_bytes()


def test_two_runs_of_one_seed_write_the_same_bytes(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one"), written(tmp_path / "two")
    assert one == two
    for name in ("kpis.json", "orders.parquet", "riders.parquet", "waves.parquet", "payments.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_other_seeds_policies_and_replications_write_others(tmp_path: Path) -> None:
    runs = [
        written(tmp_path / "base"),
        written(tmp_path / "seed", seed=2),
        written(tmp_path / "replication", replication=1),
        written(tmp_path / "policy", policy="nearest"),
    ]
    assert all(a != b for a, b in combinations(runs, 2))


def test_a_replication_changes_the_days_and_not_the_map() -> None:
    one, two = (rows(log_of("district", "matching", replication=r), Kind.PLACED) for r in (0, 1))
    assert one["t"].tolist() != two["t"].tolist()
    assert len({len(rows(log_of("district", "matching", replication=r), Kind.ON_SHIFT)) for r in range(4)}) > 1
    city = city_of("district")
    for r in (0, 1):
        events = log_of("district", "matching", replication=r)
        placed = rows(events, Kind.PLACED)
        at_home = (placed["place"] == city.users.home[placed["user"]]) | (
            placed["place"] == city.users.work[placed["user"]]
        )
        assert at_home.all(), "the same people live in the same houses"


def test_another_seed_is_another_city() -> None:
    one, two = city_of("district", 1), city_of("district", 2)
    assert len(one.places.x) != len(two.places.x) or not np.array_equal(one.places.x, two.places.x)
    assert not np.array_equal(one.users.taste, two.users.taste)


@pytest.mark.parametrize(
    "block", [{"pay": {"per_order_yuan": 9}}, {"platform": {"promise_min": 25}}, {"name": "renamed"}]
)
def test_what_riders_and_users_do_not_react_to_changes_no_event(block: dict) -> None:
    """Pay, promise and the name of the scenario move money and promises only."""
    log, scenario = Log(), town("district", **block)
    simulate(scenario, city_of("district"), POLICIES["matching"], log)
    base, other = log_of("district", "matching"), log.events()
    for column in ("t", "kind", "order", "rider", "merchant", "place"):
        np.testing.assert_array_equal(base[column], other[column])


def test_more_riders_meet_the_same_wishes() -> None:
    log, scenario = Log(), town("district", riders={"count": 40})
    simulate(scenario, build_city(scenario), POLICIES["matching"], log)
    assert rows(log.events(), Kind.PLACED).tobytes() == rows(log_of("district", "matching"), Kind.PLACED).tobytes()
