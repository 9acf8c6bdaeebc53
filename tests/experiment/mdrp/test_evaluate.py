"""The evaluator refuses every kind of infeasible solution, and reads files strictly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.experiment.mdrp.evaluate import evaluate
from sim.experiment.mdrp.feasibility import OFFICIAL
from sim.experiment.mdrp.solution import read_problem, read_solution

Change = Callable[[Path, str, str], None]
A, O, C = (f"solution_info_{name}.txt" for name in ("assignments", "orders", "couriers"))  # noqa: E741

BROKEN = {
    "assigned twice": ([(A, "5 17 c2 o3\n", "5 17 c2 o3\n5 17 c2 o3\n")], "order o3 is assigned 2 times"),
    "assigned before placement": ([(A, "30 35 c2 o4", "19 35 c2 o4")], "order o4: assigned at 19, before it is placed"),
    "picked up after off-time": (
        [(A, "40 54 c1 o5", "40 101 c1 o5"), (O, "41 54 63", "41 101 63")],
        "courier c1: pickup at 101, after his off-time",
    ),
    "picked up before ready": (
        [(A, "30 35 c2", "30 34 c2"), (O, "35 35 44", "35 34 44")],
        "order o4: picked up at 34, before it is ready",
    ),
    "picked up before one of the bundle is ready": (
        [(A, "3 12 c1", "3 11 c1"), (O, "12 12 19", "12 11 19"), (O, "10 12 29", "10 11 29")],
        "order o2: picked up at 11, before it is ready",
    ),
    "delivered out of sequence": (
        [(A, "c1 o2 o1", "c1 o1 o2")],
        "order o2: dropped off at 19, too early in its bundle",
    ),
    "dropped off before the pickup": ([(O, "54 63 c1", "54 50 c1")], "order o5: dropped off at 50, too early"),
    "jumps": ([(C, "c1 40 o1 r3", "c1 40 o2 r3")], "courier c1: departs from o2, but is at o1"),
    "starts elsewhere": ([(C, "c2 5 0 r2", "c2 5 r1 r2")], "courier c2: departs from r1, but is at 0"),
    "departs before he arrives": ([(C, "c1 21 o2 o1", "c1 16 o2 o1")], "courier c1: departs at 16, but is free at 17"),
    "departs before he is on duty": ([(C, "c2 5 0 r2", "c2 3 0 r2")], "courier c2: departs at 3, but is free at 4"),
    "not there at the pickup": ([(C, "c1 3 0 r1", "c1 11 0 r1")], "courier c1: is at under way at the pickup of o2"),
    "not there at the drop-off": ([(C, "c2 37 r2 o4", "c2 40 r2 o4")], "courier c2: is at under way at the drop-off"),
    "never went there": ([(C, "c2 37 r2 o4\n", "")], "courier c2: is at r2 at the drop-off of o4"),
    "diverted under way": ([(A, "40 54 c1 o5", "30 54 c1 o5")], "order o5: assigned at 30, before"),
    "told before he is free": (
        [(A, "30 35 c2 o4", "25 35 c2 o4")],
        "courier c2: told at 25, but is not free before 26",
    ),
    "departs before he is told": ([(C, "c2 30 o3 r2", "c2 29 o3 r2")], "courier c2: departs at 29, before he is told"),
    "does not leave after the service": (
        [(C, "c1 56 r3 o5", "c1 57 r3 o5")],
        "courier c1: departs for o5 at 57, not at 56",
    ),
    "waits at the counter for nothing": (
        [(A, "30 35 c2", "30 36 c2"), (O, "35 35 44", "35 36 44")],
        "courier c2: pickup at 36 is neither his arrival nor the ready time",
    ),
    "drops off too late": ([(O, "35 35 44", "35 35 45")], "order o4: dropped off at 45, not half a service after"),
    "rides for nobody": ([(C, "c2 37 r2 o4\n", "c2 37 r2 o4\nc2 50 o4 r1\n")], "courier c2: 1 moves belong to no"),
    "leaves out a leg": ([(C, "c1 21 o2 o1\nc1 40 o1 r3", "c1 40 o2 r3")], "courier c1: his moves are not those of o2"),
    "half a minute": ([(C, "c2 37 r2 o4", "c2 37.5 r2 o4")], "courier c2: a time that is not a whole minute"),
    "a negative time": ([(A, "3 12 c1", "-3 12 c1")], "courier c1: a time that is not a whole minute"),
    "two restaurants in a bundle": (
        [(A, "c2 o3\n30 35 c2 o4\n", "c2 o3\n30 35 c2 o4 o6\n")],
        "courier c2: orders o4 o6 come from several restaurants",
    ),
    "not listed": ([(O, "o3 5 5 17 24 c2\n", "")], "order o3 is assigned and not listed, or the reverse"),
    "listed twice": ([(O, "o3 5 5 17 24 c2\n", "o3 5 5 17 24 c2\n" * 2)], "order o3 is listed 2 times"),
    "another's pickup": ([(O, "o3 5 5 17 24 c2", "o3 5 5 18 24 c2")], "order o3: pickup time or courier differs"),
    "another's courier": ([(O, "17 24 c2", "17 24 c1")], "order o3: pickup time or courier differs"),
    "another placement time": ([(O, "o3 5 5", "o3 4 5")], "order o3: placement or ready time is not the instance's"),
    "scattered moves": (
        [(C, "c2 37 r2 o4\n", ""), (C, "c1 40 o1", "c2 37 r2 o4\nc1 40 o1")],
        "courier c1: his moves are not in one block",
    ),
    "an unknown order": ([(A, "c2 o3", "c2 o9")], "order o9 is not in the instance"),
    "an unknown courier": ([(A, "5 17 c2 o3", "5 17 c9 o3")], "courier c9 is not in the instance"),
    "a leg to nowhere": ([(C, "c1 3 0 r1", "c1 3 0 r9")], "courier c1: no leg from 0 to r9"),
    "a leg back to the start": ([(C, "c2 37 r2 o4\n", "c2 37 r2 o4\nc2 50 o4 0\n")], "courier c2: no leg from o4 to 0"),
}


@pytest.mark.parametrize(("edits", "complaint"), BROKEN.values(), ids=BROKEN)
def test_infeasible(
    edits: list[tuple[str, str, str]], complaint: str, tiny: Path, by_hand: Path, change: Change
) -> None:
    for file, old, new in edits:
        change(by_hand / file, old, new)
    verdict = evaluate(tiny, by_hand)
    assert [line for line in verdict.problems if complaint in line], verdict.problems
    assert str(verdict) == f"INFEASIBLE: {verdict.problems[0]}"


def test_each_official_rule_bites(tiny: Path, by_hand: Path, change: Change) -> None:
    """Every official rule objects to at least one of the broken solutions."""
    problem, texts = read_problem(tiny), {name: (by_hand / name).read_text() for name in (A, O, C)}
    silent = set(OFFICIAL)
    for edits, complaint in BROKEN.values():
        if "not in the instance" in complaint or "no leg" in complaint:
            continue
        for file, old, new in edits:
            change(by_hand / file, old, new)
        silent -= {rule for rule in silent if list(rule(problem, read_solution(by_hand)))}
        for name, text in texts.items():
            (by_hand / name).write_text(text)
    assert not silent


def test_a_later_departure_after_waiting_is_allowed(tiny: Path, by_hand: Path, change: Change) -> None:
    """A courier may be told early and sent later, as long as everything follows."""
    change(by_hand / A, "5 17 c2", "4 17 c2")
    change(by_hand / A, "30 35 c2", "28 35 c2")
    problems = evaluate(tiny, by_hand).problems
    assert problems == ("order o3: assigned at 4, before it is placed",)


@pytest.mark.parametrize("name", [A, O, C])
def test_a_missing_file_is_named(name: str, tiny: Path, by_hand: Path) -> None:
    (by_hand / name).unlink()
    with pytest.raises(ValueError, match=rf"{name}: cannot be read \(No such file"):
        evaluate(tiny, by_hand)


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [(A, "30 35 c2 o4", "30 35 c2", 4), (O, "17 24 c2", "17 24", 4), (C, "c1 21 o2 o1", "c1 21 o2 o1 9", 4)],
)
def test_a_broken_line_is_named(
    name: str, old: str, new: str, line: int, tiny: Path, by_hand: Path, change: Change
) -> None:
    change(by_hand / name, old, new)
    with pytest.raises(ValueError, match=rf"{name}:{line}: expected \d cells, found \d"):
        evaluate(tiny, by_hand)


@pytest.mark.parametrize("name", [A, O, C])
def test_a_word_for_a_number_is_named(name: str, tiny: Path, by_hand: Path) -> None:
    path = by_hand / name
    path.write_text(path.read_text().replace("3", "soon", 1))
    with pytest.raises(ValueError, match=rf"{name}:\d+: expected a number"):
        evaluate(tiny, by_hand)
