"""The contract of rules finds what it promises to find."""

from pathlib import Path

import pytest

from sim.experiment.contract_rule import PLUGS, check_rule
from sim.policies.registry import PolicyNotFound

SOUND = """
from sim import Grants
def rule(night, rng):
    return Grants(points=night.members.registered * rng.integers(0, 5, len(night.members)))
"""
FAULTY = {
    "writes": ("def rule(night, rng):\n    night.members.tier[0] = 3\n    return Grants()", "read-only"),
    "short": ("def rule(night, rng):\n    return Grants(points=np.ones(3, np.int64))", "cannot be carried out"),
    "negative": ("def rule(night, rng):\n    return Grants(points=-np.ones(len(night.members)))", "cannot be"),
    "nothing": ("def rule(night, rng):\n    return None", "cannot be carried out"),
    "raises": ("def rule(night, rng):\n    return 1 / 0", "ZeroDivisionError"),
    "own dice": (
        "def rule(night, rng):\n    return Grants(ease=np.random.random(len(night.members)))",
        "second call",
    ),
}


def stranger(folder: Path, text: str) -> str:
    file = folder / "stranger.py"
    file.write_text(f"import numpy as np\nfrom sim import CrewGrants, Deals, Grants\n{text}\n")
    return f"{file}:rule"


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, plug in PLUGS.items() for name in plug.shipped])
def test_shipped_rules_keep_the_contract(kind: str, name: str) -> None:
    assert [check.fault for check in check_rule(name, kind=kind)] == [None] * 4


def test_a_strangers_sound_rule_passes(tmp_path: Path) -> None:
    assert all(check.fault is None for check in check_rule(stranger(tmp_path, SOUND)))


@pytest.mark.parametrize(("text", "found"), FAULTY.values(), ids=FAULTY)
def test_faults_are_found(tmp_path: Path, text: str, found: str) -> None:
    faults = [check.fault or "" for check in check_rule(stranger(tmp_path, text))]
    assert any(found in fault for fault in faults), faults


OTHERS = {
    "pay": ("def rule(job):\n    return float('nan')", "cannot be carried out"),
    "crew": ("def rule(night, rng):\n    night.crew.level[0] = 3\n    return CrewGrants()", "read-only"),
    "incentive": ("def rule(seen, rng):\n    return np.full(len(seen.open), -1)", "cannot be carried out"),
    "deal": ("def rule(night, rng):\n    return Deals(commission=np.ones(2))", "cannot be carried out"),
}
DICE = {
    "pay": "def rule(job):\n    return np.random.random()",
    "crew": "def rule(night, rng):\n    return CrewGrants(care=np.random.random(len(night.crew)))",
    "incentive": "def rule(seen, rng):\n    return np.random.randint(0, 9999, len(seen.open))",
    "deal": "def rule(night, rng):\n    return Deals(matched=np.random.random(len(night.merchants)))",
}


@pytest.mark.parametrize(("kind", "text", "found"), [(kind, *said) for kind, said in OTHERS.items()], ids=OTHERS)
def test_faults_of_other_kinds_are_found(tmp_path: Path, kind: str, text: str, found: str) -> None:
    faults = [check.fault or "" for check in check_rule(stranger(tmp_path, text), kind=kind)]
    assert any(found in fault for fault in faults), faults


@pytest.mark.parametrize("kind", DICE)
def test_who_throws_dice_of_his_own_is_found(tmp_path: Path, kind: str) -> None:
    faults = [check.fault or "" for check in check_rule(stranger(tmp_path, DICE[kind]), kind=kind)]
    assert any("second call" in fault for fault in faults), faults


def test_an_unknown_rule_is_answered_with_a_hint() -> None:
    with pytest.raises(PolicyNotFound, match="did you mean 'tiers'"):
        check_rule("teirs")
