"""What payments are for, who pays and who receives."""

from __future__ import annotations

from enum import IntEnum


class Purpose(IntEnum):
    """What a payment is for; :data:`PARTIES` says who pays and who receives."""

    BASKET = 0
    DELIVERY_FEE = 1
    MERCHANT_SHARE = 2
    RIDER_PAY = 3
    GUARANTEE = 4
    REFUND = 5
    SURCHARGE = 6
    COMPENSATION = 7
    CHARGEBACK = 8
    GOODS_BACK = 9
    ADVANCE = 10
    REIMBURSEMENT = 11
    WAITING = 12
    DISCOUNT = 13
    COUPON = 14
    POINTS = 15
    REWARD = 16
    CONTACT = 17
    ACQUISITION = 18
    GIFT = 19
    PLAN_FEE = 20
    APOLOGY = 21
    SERVICE = 22
    SUBSIDY = 23
    DEDUCTION = 24
    BONUS = 25
    CREW_COST = 26
    ADVERTISING = 27
    PROMOTION = 28
    PROMOTION_SHARE = 29
    TRAINING = 30


PARTIES: dict[Purpose, tuple[str, str]] = {
    Purpose.BASKET: ("user", "platform"),
    Purpose.DELIVERY_FEE: ("user", "platform"),
    Purpose.MERCHANT_SHARE: ("platform", "merchant"),
    Purpose.RIDER_PAY: ("platform", "rider"),
    Purpose.GUARANTEE: ("platform", "rider"),
    Purpose.REFUND: ("platform", "user"),
    Purpose.SURCHARGE: ("user", "platform"),
    Purpose.COMPENSATION: ("platform", "user"),
    Purpose.CHARGEBACK: ("platform", "user"),
    Purpose.GOODS_BACK: ("merchant", "platform"),
    Purpose.ADVANCE: ("rider", "merchant"),
    Purpose.REIMBURSEMENT: ("platform", "rider"),
    Purpose.WAITING: ("user", "platform"),
    Purpose.DISCOUNT: ("platform", "user"),
    Purpose.COUPON: ("platform", "user"),
    Purpose.POINTS: ("platform", "user"),
    Purpose.REWARD: ("platform", "partner"),
    Purpose.CONTACT: ("platform", "supplier"),
    Purpose.ACQUISITION: ("platform", "supplier"),
    Purpose.GIFT: ("platform", "user"),
    Purpose.PLAN_FEE: ("user", "platform"),
    Purpose.APOLOGY: ("platform", "user"),
    Purpose.SERVICE: ("platform", "supplier"),
    Purpose.SUBSIDY: ("platform", "rider"),
    Purpose.DEDUCTION: ("rider", "platform"),
    Purpose.BONUS: ("platform", "rider"),
    Purpose.CREW_COST: ("platform", "supplier"),
    Purpose.ADVERTISING: ("merchant", "platform"),
    Purpose.PROMOTION: ("platform", "user"),
    Purpose.PROMOTION_SHARE: ("merchant", "platform"),
    Purpose.TRAINING: ("platform", "supplier"),
}
"""Payer and payee of each purpose: a payment is one transfer, so balances always sum to zero."""
