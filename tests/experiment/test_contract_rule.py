"""The contract of rules finds what it promises to find."""

from pathlib import Path

import pytest

from sim.experiment.contract_rule import check_rule
from sim.policies.membership.registry import RULES
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
    file.write_text(f"import numpy as np\nfrom sim import Grants\n{text}\n")
    return f"{file}:rule"


@pytest.mark.parametrize("name", RULES)
def test_shipped_rules_keep_the_contract(name: str) -> None:
    assert [check.fault for check in check_rule(name)] == [None] * 4


def test_a_strangers_sound_rule_passes(tmp_path: Path) -> None:
    assert all(check.fault is None for check in check_rule(stranger(tmp_path, SOUND)))


@pytest.mark.parametrize(("text", "found"), FAULTY.values(), ids=FAULTY)
def test_faults_are_found(tmp_path: Path, text: str, found: str) -> None:
    faults = [check.fault or "" for check in check_rule(stranger(tmp_path, text))]
    assert any(found in fault for fault in faults), faults


def test_an_unknown_rule_is_answered_with_a_hint() -> None:
    with pytest.raises(PolicyNotFound, match="did you mean 'tiers'"):
        check_rule("teirs")
