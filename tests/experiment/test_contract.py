"""The contract suite passes good policies and finds every fault of bad ones."""

import textwrap
from pathlib import Path

import pytest

from sim.experiment.contract import CITIES, Check, check_policy
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import PolicyNotFound

GOOD = """
    import sys
    from dataclasses import dataclass
    from sim import Assignment, Stop, StopKind, errand, idle
    from sim.policies.nearest import Nearest

    def first(wave, rng):
        pairs = zip(idle(wave).tolist(), range(len(wave.orders)))
        return [Assignment(int(wave.riders.id[r]), errand(wave.orders[o])) for r, o in pairs if fits(wave, r, o)]

    def fits(wave, r, o):
        meet = wave.travel.time(int(wave.riders.at[r]), int(wave.orders.pickup[o])) + wave.now + wave.rules.pickup_s
        return max(meet, wave.orders.ready_at[o]) < wave.riders.off_at[r]

    def lucky(wave, rng):
        return [a for a in first(wave, rng) if rng.random() < 0.5]

    def lazy(wave, rng):
        return ()

    @dataclass(frozen=True)
    class Careful:
        share: float = 0.5

        def __call__(self, wave, rng):
            return lucky(wave, rng)
    """
BAD = """
    import random
    from sim import Assignment, Stop, StopKind, errand, idle
    from sim.policies.nearest import Nearest

    good = Nearest()
    calls = []
    unpicklable = lambda wave, rng: good(wave, rng)

    def closure():
        def inside(wave, rng):
            return good(wave, rng)
        return inside

    inside = closure()

    def mutating(wave, rng):
        answer = good(wave, rng)
        wave.riders.free_at[:] += 1
        return answer

    def expecting(wave, rng):
        answer = good(wave, rng)
        wave.coming.on_at[:] = 0
        return answer

    def endless(wave, rng):
        while True:
            pass

    def draining(wave, rng):
        answer = good(wave, rng)
        wave.orders.rows.clear()
        return answer

    def moody(wave, rng):
        return good(wave, rng) if random.random() < 0.5 else []

    def counting(wave, rng):
        calls.append(wave.index)
        return good(wave, rng) if len(calls) % 2 else []

    def hasty(wave, rng):
        rider = int(wave.riders.id[0])
        return [Assignment(rider, errand(order)[::-1]) for order in wave.orders]

    def inventing(wave, rng):
        rider = int(idle(wave)[0]) if len(idle(wave)) else None
        if rider is None or len(wave.orders):
            return []
        return [Assignment(int(wave.riders.id[rider]), (Stop(StopKind.PICKUP, 10**9, 0),))]

    def raising(wave, rng):
        raise LookupError("no [bold] idea")

    def nothing(wave, rng):
        return None

    def diverting(wave, rng):
        busy = zip(wave.riders.id.tolist(), wave.riders.route)
        return [*good(wave, rng), *(Assignment(rider, route) for rider, route in busy if route)]

    def cheating(wave, rng):
        for name in ("x", "y", "metres"):
            if hasattr(wave.travel, name):
                getattr(wave.travel, name)[:] = 0
        return good(wave, rng)
    """


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies")
    (folder / "good.py").write_text(textwrap.dedent(GOOD))
    (folder / "bad.py").write_text(textwrap.dedent(BAD))
    return folder


def broken(checks: list[Check]) -> dict[str, str]:
    return {check.clause: check.fault for check in checks if check.fault is not None}


@pytest.mark.parametrize("name", sorted(set(DISPATCH) - {"exec"}))
def test_shipped_policies_keep_the_contract(name: str) -> None:
    checks = check_policy(name)
    assert broken(checks) == {}
    clauses = " ".join(check.clause for check in checks)
    assert all(f"{city}: every answer is feasible" in clauses for city in CITIES)
    assert len(checks) == len({check.clause for check in checks}) == 2 + 3 * len(CITIES)
    waves = [int(check.clause.partition("(")[2].split()[0]) for check in checks if "feasible" in check.clause]
    assert min(waves) > 50  # it was really tried


def test_parameters_are_passed_on() -> None:
    assert broken(check_policy("matching", {"lead_min": 0})) == {}
    with pytest.raises(PolicyNotFound, match="has no parameter 'lead'"):
        check_policy("matching", {"lead": 0})


@pytest.mark.parametrize("name", ["first", "lucky", "lazy", "Careful"])
def test_good_policies_of_others_keep_it(name: str, files: Path) -> None:
    assert broken(check_policy(f"{files}/good.py:{name}")) == {}


@pytest.mark.parametrize(
    ("name", "clause", "fault"),
    [
        ("unpicklable", "it can be pickled", "lambda"),
        ("inside", "it can be pickled", "closure"),
        ("mutating", "district: the wave is left as it was", "wave 0: it changed the wave"),
        ("expecting", "district: the wave is left as it was", "it changed the wave"),
        ("draining", "district: the wave is left as it was", "it changed the wave"),
        ("moody", "district: equal wave and rng give an equal answer", "a second call answered differently"),
        ("counting", "district: equal wave and rng give an equal answer", "a second call answered differently"),
        ("hasty", "district: every answer is feasible", "drop-off "),
        ("inventing", "no open orders in, no new orders out", "it assigned orders that nobody placed"),
        ("raising", "district: every answer is feasible", r"raised LookupError: no [bold] idea"),
        ("nothing", "district: every answer is feasible", "NoneType"),
        ("diverting", "benchmark rules: every answer is feasible", "the rules allow no diversion"),
    ],
)
def test_a_fault_is_found_and_named(name: str, clause: str, fault: str, files: Path) -> None:
    found = broken(check_policy(f"{files}/bad.py:{name}"))
    match = [text for key, text in found.items() if key.startswith(clause)]
    assert match, f"only found {found}"
    assert fault in match[0]


def test_a_policy_that_never_returns_is_found(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.contract.LIMIT_S", 0.05)
    found = broken(check_policy(f"{files}/bad.py:endless"))
    assert "took longer than the time limit of 0.05 s" in found["district: every answer is feasible (0 waves)"]
    assert found["district: the wave is left as it was"] == "no wave was answered"
    assert not any(clause.startswith("event by event") for clause in found), "one city is enough"


def test_a_policy_that_moves_the_city_is_found(files: Path) -> None:
    assert broken(check_policy(f"{files}/bad.py:cheating"))


@pytest.mark.parametrize("name", ["unpicklable", "inside"])
def test_one_fault_does_not_hide_the_rest(name: str, files: Path) -> None:
    """A policy that only cannot be pickled keeps every other clause."""
    checks = check_policy(f"{files}/bad.py:{name}")
    assert len(broken(checks)) == 1
    assert len(checks) == 2 + 3 * len(CITIES)


@pytest.mark.parametrize("spec", ["matchin", "nowhere.py:x", "sim.policies.nearest:Nearst", "no.such.module:x"])
def test_a_policy_that_is_not_there_is_refused(spec: str) -> None:
    with pytest.raises(PolicyNotFound):
        check_policy(spec)
