"""``paotui policies``, ``paotui check-policy`` and what a policy's author reads."""

from pathlib import Path

import pytest

from sim.policies.dispatch import DISPATCH
from tests.cli.command import Paotui

BROKEN = '''
def hasty(wave, rng):
    """Drops off before it picks up."""
    from sim import Assignment, errand
    return [Assignment(int(wave.riders.id[0]), errand(order)[::-1]) for order in wave.orders]


def brackets(wave, rng):
    raise ValueError("expected [/b] or [red]")


class Picky:
    def __init__(self):
        raise KeyError("config")

    def __call__(self, wave, rng):
        return []


def leaving(wave, rng):
    import sys
    sys.exit(0)
'''


@pytest.fixture
def broken(here: Path) -> str:
    (here / "broken.py").write_text(BROKEN)
    return "broken.py"


def test_the_shipped_policies_are_listed_with_their_parameters(paotui: Paotui) -> None:
    answer = paotui("policies")
    assert (answer.code, answer.err) == (0, "")
    assert all(name in answer.out for name in DISPATCH)
    assert "Nearest rider" in answer.words or "Give each order" in answer.words
    assert "lead_min=10.0" in answer.words
    assert "urgency=1.0" in answer.words
    assert "paotui new policy NAME" in answer.words


def test_a_shipped_policy_keeps_the_contract(paotui: Paotui) -> None:
    answer = paotui("check-policy", "nearest")
    assert (answer.code, answer.err) == (0, "")
    assert "broken" not in answer.out
    assert answer.out.count("kept") > 5


def test_a_broken_clause_is_named_and_the_exit_code_is_1(broken: str, paotui: Paotui) -> None:
    answer = paotui("check-policy", f"{broken}:hasty")
    assert (answer.code, answer.err) == (1, "")
    assert "broken district: every answer is feasible" in answer.words
    assert "wave 0" in answer.words
    assert "drop-off " in answer.words
    assert "kept it can be pickled" in answer.words


def test_a_fault_is_printed_as_it_is(broken: str, paotui: Paotui) -> None:
    answer = paotui("check-policy", f"{broken}:brackets")
    assert answer.code == 1
    assert "raised ValueError: expected [/b] or [red]" in answer.words


def test_a_policy_that_fails_to_be_made_is_one_line(broken: str, paotui: Paotui) -> None:
    answer = paotui("check-policy", f"{broken}:Picky")
    assert answer.code == 2
    assert answer.err.startswith("paotui: ")
    assert "KeyError" in answer.err


def test_a_policy_that_calls_exit_is_broken(broken: str, paotui: Paotui) -> None:
    assert paotui("check-policy", f"{broken}:leaving").code == 1


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("matchin", "unknown policy 'matchin' (did you mean 'matching'?)"),
        ("xyz", "there are: nearest, matching"),
        ("missing.py:x", "no file missing.py"),
        ("broken.py:hastyy", "did you mean 'hasty'?"),
        ("broken.py:nothing_like_it", "broken.py has no policy 'nothing_like_it'"),
        ("no_such_module:x", "ModuleNotFoundError"),
        (":x", "cannot be loaded"),
    ],
)
def test_a_policy_that_is_not_there(spec: str, reason: str, broken: str, paotui: Paotui) -> None:
    answer = paotui("check-policy", spec)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("paotui: ")
    assert len(answer.err.splitlines()) == 1
    assert reason in answer.err
