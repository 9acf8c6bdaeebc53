"""The night of the merchants: prices that follow the commission, deals that end with the run, margins by the books."""

import numpy as np
import pytest

from sim.events import Kind, Purpose
from sim.units import DAY
from tests.engine.markets import log_of
from tests.engine.test_market import of, paid


@pytest.mark.parametrize(("share", "dearer"), [(0.3, True), (0.05, False)])
def test_prices_follow_the_platforms_own_commission_as_they_do_a_deals(share: float, dearer: bool) -> None:
    still = {"conduct": {"leaves": 0.0, "joins": 0.0, "tries": 0.0, "scale_share": 0.0001}}
    own = of(log_of(still, platform={"commission": share}), Kind.PRICED)
    deal = of(log_of(still | {"deals": {"flat": {"policy": "flat", "params": {"share": share}}}}), Kind.PRICED)
    assert len(own) >= 12
    assert ((own["amount"] > 1000) == dearer).all()
    for column in ("t", "merchant", "amount"):
        np.testing.assert_array_equal(own[column], deal[column])


def test_at_the_usual_commission_prices_stay() -> None:
    usual = {"conduct": {"usual_commission": 0.3}}
    assert len(of(log_of({}), Kind.PRICED)) == 0
    assert len(of(log_of(usual, platform={"commission": 0.3}), Kind.PRICED)) == 0
    assert (of(log_of(usual), Kind.PRICED)["amount"] < 1000).all()


def test_no_deal_is_agreed_for_a_day_that_is_not_lived() -> None:
    deals = {
        "places": {"policy": "ranking", "params": {"yuan": 0.5}},
        "training": {"policy": "training", "params": {"every_days": 1, "share": 1.0}},
    }
    events = log_of({"deals": deals})
    for purpose in (Purpose.ADVERTISING, Purpose.TRAINING):
        nights = paid(events, purpose)["t"] // DAY
        assert nights.max() == 9
    assert (of(events, Kind.TRADED)["t"] // DAY).max() == 10, "though the books of the last day are closed"


def test_who_leaves_tonight_buys_nothing_for_tomorrow() -> None:
    restless = {"conduct": {"leaves": 0.3, "joins": 0.0}}
    deals = {"places": {"policy": "ranking", "params": {"places": 12, "yuan": 0.1}}}
    events = log_of(restless | {"deals": deals}, calendar={"days": 20, "drain_min": 60})
    gone, bought = of(events, Kind.WITHDRAWN), paid(events, Purpose.ADVERTISING)
    assert len(gone) > 3
    assert len(bought) > 20
    for t, merchant in gone[["t", "merchant"]].tolist():
        assert not ((bought["merchant"] == merchant) & (bought["t"] >= t)).any()


def test_goods_that_come_back_lower_the_margin_as_the_books_say() -> None:
    def days(credit: float) -> tuple[np.ndarray, np.ndarray]:
        fraud = {"share": 0.2, "goods": "returned", "credit": credit}
        log = log_of({}, checkout={"on": True, "fraud": fraud}, calendar={"days": 5, "drain_min": 60})
        back = paid(log, Purpose.GOODS_BACK)
        back = back[back["t"] < 5 * DAY]
        return np.bincount(of(log, Kind.TRADED)["merchant"], of(log, Kind.TRADED)["amount"], 12), np.bincount(
            back["merchant"], back["amount"], 12
        )

    (kept, nothing), (less, given) = days(0.0), days(1.0)
    assert not nothing.any()
    assert (given > 0).sum() > 5
    assert kept - less == pytest.approx(given, abs=5), "to a fen a day, for margins are rounded"


def test_nobody_leaves_within_a_week_or_comes_back_within_four() -> None:
    restless = {"conduct": {"leaves": 0.3, "joins": 1.0, "fixed_yuan": 0.0}}
    events = log_of(restless, population={"users": 100}, calendar={"days": 90, "drain_min": 60})
    stays, pauses = list[float](), list[float]()
    for merchant in range(12):
        moves = of(events[events["merchant"] == merchant], Kind.ENLISTED, Kind.WITHDRAWN)
        gaps = np.diff(moves["t"]) / DAY
        stays += gaps[moves["kind"][:-1] == Kind.ENLISTED].tolist()
        pauses += gaps[moves["kind"][:-1] == Kind.WITHDRAWN].tolist()
    assert (min(stays), min(pauses)) == (7, 28)
    assert len(stays) > 3


def test_a_class_that_is_gone_comes_back_as_the_others_earn() -> None:
    restless = {"conduct": {"leaves": 0.5, "joins": 1.0, "fixed_yuan": 0.0}}
    classes = {"restaurant": {"count": 11, "stations": 2}, "shop": {"count": 1, "stations": 1, "prep_min": 5}}
    months = {"days": 90, "drain_min": 60}
    events = log_of(restless, population={"users": 100}, merchants={"classes": classes}, calendar=months)
    moves = of(events[events["merchant"] == 11], Kind.WITHDRAWN, Kind.ENLISTED)
    assert moves["kind"].tolist()[:2] == [Kind.WITHDRAWN, Kind.ENLISTED]


def test_a_day_on_the_platform_costs_what_it_costs_without_an_order_too() -> None:
    still = {"leaves": 0.0, "joins": 0.0, "tries": 0.0}
    free, dear = (of(log_of({"conduct": still | {"fixed_yuan": yuan}}), Kind.TRADED) for yuan in (0.0, 20.0))
    assert (free["amount"] - dear["amount"]).tolist() == pytest.approx([2000] * len(free), abs=1)
    assert (free["detail"] == 0).any()
