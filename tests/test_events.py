"""The vocabulary of the log: complete, closed, and able to hold what is written."""

from enum import IntEnum

import numpy as np
import pytest

from sim.events import FIELDS, LIFE, NONE, PARTIES, ROW, Disrupted, Kind, Purpose, Reason

ENDS = {Kind.BROWSED, Kind.DELIVERED, Kind.CANCELLED, Kind.LOST, Kind.RETURNED, Kind.WRITTEN_OFF}

PEOPLE = {"user", "platform", "merchant", "rider", "partner", "supplier"}


def test_every_kind_says_what_it_fills() -> None:
    assert set(FIELDS) == set(Kind)
    columns = set(ROW.names or ()) - {"t", "kind"}
    for kind, filled in FIELDS.items():
        assert len(set(filled)) == len(filled)
        assert set(filled) <= columns, kind


def test_every_purpose_has_two_different_parties() -> None:
    assert set(PARTIES) == set(Purpose)
    assert all(payer != payee for payer, payee in PARTIES.values())
    assert {party for pair in PARTIES.values() for party in pair} == PEOPLE


@pytest.mark.parametrize("codes", [Kind, Purpose, Reason, Disrupted])
def test_codes_are_whole_from_zero_because_files_keep_them(codes: type[IntEnum]) -> None:
    assert [int(code) for code in codes] == list(range(len(codes)))


def reachable(start: Kind | None) -> set[Kind | None]:
    seen: set[Kind | None] = set()
    ahead = [start]
    while ahead:
        state = ahead.pop()
        if state not in seen:
            seen.add(state)
            ahead += list(LIFE[state])
    return seen


def test_a_life_is_closed_and_ends() -> None:
    assert reachable(None) == set(LIFE)
    assert {state for state, following in LIFE.items() if not following} == ENDS
    for state in LIFE:
        assert reachable(state) & ENDS, f"{state} never ends"


def test_no_order_is_picked_up_or_cancelled_after_its_end_or_on_board() -> None:
    assert LIFE[Kind.PICKED_UP] == {Kind.DELIVERED, Kind.NOBODY}
    assert LIFE[Kind.NOBODY] == {Kind.RETURNED, Kind.WRITTEN_OFF}
    assert Kind.CANCELLED not in LIFE[Kind.ASSIGNED]
    assert None not in {following for ahead in LIFE.values() for following in ahead}


def test_a_row_is_packed_and_can_hold_the_largest_values() -> None:
    assert ROW.itemsize == sum(ROW[name].itemsize for name in ROW.names or ())
    row = np.zeros(1, ROW)
    row["order"], row["amount"], row["rider"], row["t"] = 2**62, -(2**62), 2**31 - 1, 3660 * 86400.0
    assert row["order"][0] == 2**62
    assert row["t"][0] == 3660 * 86400.0
    assert NONE == -1
