"""The scenario's blocks about how riders decide within the day."""

from __future__ import annotations

from sim.scenario.fields import Section, quantity

MEITUAN = "Meituan, Oct 2022: 86.89% of offers accepted (parameters.md 3.1)"
E_BIKE_CO2 = "assumption: 0.96 kWh for 40 km at 0.5366 kg/kWh (grid of China 2022, Ministry of Ecology and Environment)"
LOGIT = "assumption: sign as in the literature, size unknown"


class Choice(Section):
    """Riders may refuse an offer: a logit around a reference offer."""

    accept: float = quantity(0.87, "share of offers", 0.01, 0.99, MEITUAN)
    """Share of reference offers that are accepted, over riders of all tastes."""
    reference_yuan_per_min: float = quantity(0.3, "yuan/min", 0, 10, "assumption: about 5.5 yuan in 18 minutes")
    """Pay of the reference offer for each minute it adds to the rider's work."""
    reference_km: float = quantity(1.0, "km", 0, 20, "assumption")
    """Way to the pickup of the reference offer."""
    per_yuan_per_min: float = quantity(4.0, "logit/(yuan/min)", 0, 100, LOGIT)
    """How much better pay helps."""
    per_km: float = quantity(0.5, "logit/km", 0, 20, LOGIT)
    """How much a longer way to the pickup hurts."""
    per_order: float = quantity(0.2, "logit/order", 0, 10, LOGIT)
    """How much each order that the rider has already hurts."""
    harsh_weather: float = quantity(0.5, "logit", 0, 10, LOGIT)
    """How much rain, heat or cold hurts."""
    taste_sd: float = quantity(0.7, "logit", 0, 5, "assumption: mdrp-sim draws acceptance from U(0.4, 1)")
    """How much riders differ."""


class Vehicle(Section):
    """What part of the fleet rides."""

    share: float = quantity(1, "share of riders", 0, 1)
    """Riders who have it."""
    grams_co2_per_km: float = quantity(13, "g/km", 0, 1000, E_BIKE_CO2)
    """Carbon dioxide of a kilometre ridden with it; of an e-bike, that of the current it is charged with."""


class Hall(Section):
    """The grab hall: orders are posted, and riders pick."""

    post_s: float = quantity(0, "s", 0, 86400)
    """How long an order is posted before the dispatch policy gets it; 0: no hall, 86400: nothing but the hall."""
    radius_km: float = quantity(3.0, "km", 0.1, 50, "assumption")
    """How far from a rider the pickups are that he is shown, along the way."""
