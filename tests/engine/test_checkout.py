"""The checkout by hand: what is lost before it is an order, payments tried again, and doors where nobody is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.log import Log
from sim.engine.referee import PolicyError
from sim.engine.simulate import simulate
from sim.events import PARTIES, Kind, Purpose, Reason, Trouble
from sim.kpi.others import balances, payments_table
from sim.policies.nearest import Nearest
from tests.engine.columns import FINE, with_columns
from tests.engine.toy import play, play_on, rows, scripted, story, toy_city, toy_scenario, want

WRONG, EMPTY, DECLINED, FALSE = (1, 0, 0, 0, 0.0), (0, 1, 0, 0, 0.0), (0, 0, 1, 0, 0.0), (0, 0, 0, 1, 3.0)


def shop(*draws: Sequence[float], policy: Any = None, **checkout: Any) -> np.ndarray:
    """The log of wishes at 100, 200, ... with these draws."""
    city = with_columns(toy_city([want(100.0 + 100 * n) for n in range(len(draws))]), checkout=draws)
    return play(city, policy or scripted(), checkout={"on": True, **checkout})


def lost(events: np.ndarray) -> list[tuple[int, float, Reason]]:
    return [(row["order"], row["t"], Reason(row["detail"])) for row in rows(events, Kind.LOST)]


def paid(events: np.ndarray, order: int) -> list[tuple[float, Purpose, int]]:
    mine = rows(events, Kind.PAID)
    return [(row["t"], Purpose(row["detail"]), row["amount"]) for row in mine[mine["order"] == order]]


def test_a_fine_wish_is_an_order_at_once() -> None:
    events = shop(FINE)
    assert story(events, Kind.ASKED, Kind.PLACED) == [(100, "ASKED"), (100, "PLACED")]


def test_wrong_addresses_and_empty_stocks_lose_the_wish_and_nobody_pays() -> None:
    events = shop(WRONG, EMPTY, FINE)
    assert lost(events) == [(0, 100, Reason.ADDRESS), (1, 200, Reason.STOCK)]
    assert set(rows(events, Kind.PAID)["order"]) == {2}


def test_a_failed_payment_is_tried_again_and_the_order_placed_then() -> None:
    events = shop((0, 0, 2, 0, 0.0), payment={"tries": 3, "again_s": 40})
    assert story(events, Kind.DECLINED, Kind.PLACED) == [(100, "DECLINED"), (140, "DECLINED"), (180, "PLACED")]
    assert rows(events, Kind.DECLINED)["detail"].tolist() == [1, 2]
    assert story(events, Kind.COOKING) == [(180, "COOKING")]


def test_after_the_last_try_the_wish_is_lost() -> None:
    events = shop((0, 0, 2, 0, 0.0), payment={"tries": 2, "again_s": 40})
    assert lost(events) == [(0, 140, Reason.PAYMENT)]


def test_screening_refuses_fraud_and_raises_false_alarms() -> None:
    screening = {"policy": "threshold", "params": {"score": 2.0}}
    events = shop(FALSE, (0, 0, 0, 0, 2.5), (0, 0, 0, 1, 1.0), screening=screening)
    assert lost(events) == [(0, 100, Reason.FRAUD), (1, 200, Reason.SCREENED)]
    assert rows(events, Kind.PLACED)["order"].tolist() == [2], "a fraud that scores low is not found"


@pytest.mark.parametrize(("draws", "trouble"), [(FALSE, Trouble.FRAUD), (WRONG, Trouble.WRONG_ADDRESS)])
def test_nobody_is_at_a_false_address_and_the_goods_are_lost(draws: Sequence[float], trouble: Trouble) -> None:
    """The rider is at the door at 660, waits two minutes and walks back until 840."""
    events = shop(draws, policy=Nearest(), validates_address=False, fraud={"wait_min": 2})
    assert story(events, Kind.NOBODY, Kind.WRITTEN_OFF, Kind.DELIVERED) == [(660, "NOBODY"), (660, "WRITTEN_OFF")]
    assert rows(events, Kind.NOBODY)["detail"].tolist() == [trouble]
    assert rows(events, Kind.IDLE)["t"].tolist() == [0, 840]
    claimed = [(660, Purpose.CHARGEBACK, 2400)] if trouble is Trouble.FRAUD else []
    assert paid(events, 0)[2:] == [(180, Purpose.MERCHANT_SHARE, 1640), (660, Purpose.RIDER_PAY, 518), *claimed]


def test_goods_are_brought_back_and_half_their_price_too() -> None:
    """At 660 at the door, until 840 there, 360 s back, and a minute to the counter."""
    events = shop(FALSE, policy=Nearest(), fraud={"wait_min": 2, "goods": "returned", "credit": 0.5})
    assert story(events, Kind.NOBODY, Kind.RETURNED) == [(660, "NOBODY"), (1260, "RETURNED")]
    assert (1260, Purpose.GOODS_BACK, 820) in paid(events, 0)
    assert rows(events, Kind.DEPARTED)["place"].tolist() == [0, 0, 3], "from the door he rides back"
    assert rows(events, Kind.IDLE)["t"].tolist() == [0, 1320]


def test_a_rider_who_brings_goods_back_can_work_on() -> None:
    events = shop(FALSE, FINE, policy=Nearest(), fraud={"goods": "returned"})
    assert story(events, Kind.RETURNED, Kind.DELIVERED, order=1)[0][1] == "DELIVERED"
    assert len(rows(events, Kind.RETURNED)) == 1


@pytest.mark.parametrize("goods", ["lost", "returned"])
def test_afterwards_his_box_is_empty(goods: str) -> None:
    city = with_columns(toy_city([want(100)]), checkout=[FALSE])
    _, outcome = play_on(city, Nearest(), checkout={"on": True, "fraud": {"goods": goods}})
    fleet = outcome.world.fleet
    assert (fleet.on_board[0], fleet.load[0], outcome.world.live) == (frozenset(), 0, {})


def test_an_order_that_is_placed_later_is_still_of_its_kind() -> None:
    """Order 1 is medicine; when its payment succeeds, a takeaway has been wished for since."""
    city = with_columns(toy_city([want(100), want(105), want(110)]), checkout=[FINE, DECLINED, FINE], kind=[0, 1, 0])
    kinds = {"takeaway": {"share": 0.5}, "medicine": {"share": 0.5, "promise_min": 20}}
    events = play(city, scripted(), checkout={"on": True}, kinds=kinds)
    placed = rows(events, Kind.PLACED)
    assert dict(zip(placed["order"].tolist(), placed["detail"].tolist(), strict=True)) == {
        0: 2400,
        2: 2400,
        1: 1200,
    }


@pytest.mark.parametrize("goods", ["lost", "returned"])
def test_payments_name_their_parties_and_sum_to_zero(goods: str) -> None:
    events = shop(FALSE, FINE, DECLINED, policy=Nearest(), fraud={"goods": goods})
    assert balances(payments_table(events)).sum() == 0
    for row in rows(events, Kind.PAID):
        parties = PARTIES[Purpose(row["detail"])]
        assert [(row[party] >= 0) == (party in parties) for party in ("rider", "merchant", "user")] == [True] * 3


def test_while_it_is_off_nothing_is_drawn_and_nothing_happens() -> None:
    plain = toy_city([want(100), want(200)])
    on = play(with_columns(plain, checkout=[FINE, FINE]), Nearest(), checkout={"on": True})
    off = play(with_columns(plain, checkout=[FALSE, EMPTY]), Nearest())
    assert off.tolist() == play(plain, Nearest()).tolist()
    assert on[on["kind"] != Kind.ASKED].tolist() == off.tolist(), "a checkout where nothing is wrong changes nothing"


@pytest.mark.parametrize("t", [90, 120, 141, 400, 661, 700, 900, 1250, 1300])
@pytest.mark.parametrize("goods", ["lost", "returned"])
def test_a_run_can_be_cut_anywhere(t: float, goods: str) -> None:
    city = with_columns(toy_city([want(100), want(101)]), checkout=[FALSE, DECLINED])
    scenario = toy_scenario(checkout={"on": True, "fraud": {"goods": goods}})
    whole, first, second = Log(), Log(), Log()
    simulate(scenario, city, Nearest(), whole)
    world = simulate(scenario, city, Nearest(), first, until=t).world
    simulate(scenario, city, Nearest(), second, world=world)
    assert [*first.events().tolist(), *second.events().tolist()] == whole.events().tolist()


def test_a_screening_policy_must_say_yes_or_no(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def vague(suspect):\n    return 'perhaps'\n")
    with pytest.raises(PolicyError, match="answered 'perhaps'"):
        shop(FINE, screening={"policy": f"{tmp_path}/mine.py:vague"})
