"""How a rider answers an offer: a logit in what it pays and what it costs him."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, pi, sqrt
from typing import TypeVar

import numpy as np

from sim.entities import Floats

Number = TypeVar("Number", float, Floats)
_C = 16 * sqrt(3) / (15 * pi)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What riders weigh when an order is offered.

    Parameters
    ----------
    accept
        Share of offers that are accepted when each is the reference offer, over riders of all tastes.
    reference_pay, reference_km
        Pay in yuan a minute and way to the pickup in kilometres of the reference offer.
    pay, km, load, weather
        Logit units per yuan a minute more, kilometre more, order already carried, and for harsh weather.
    taste_sd
        Standard deviation of a rider's own willingness in logit units.
    """

    accept: float
    reference_pay: float
    reference_km: float
    pay: float
    km: float
    load: float
    weather: float
    taste_sd: float

    @property
    def intercept(self) -> float:
        """Logit of a rider of average taste for the reference offer.

        Tastes pull a mean acceptance towards one half; the intercept is pushed out by as much, by the usual
        approximation of the logit-normal mean (Zeger, Liang, Albert 1988).
        """
        return log(self.accept / (1 - self.accept)) * sqrt(1 + (_C * self.taste_sd) ** 2)

    def utility(self, pay_per_min: Number, km: Number, load: Number, harsh: bool, taste: Number) -> Number:
        """Logit of accepting.

        Parameters
        ----------
        pay_per_min
            Pay in yuan for each minute that the offer adds to the rider's work.
        km
            Way to the first new pickup in kilometres.
        load
            Orders that he has already.
        harsh
            Whether the weather is.
        taste
            The rider's own, a standard normal number.
        """
        gain = self.pay * (pay_per_min - self.reference_pay) - self.km * (km - self.reference_km)
        return self.intercept + gain - self.load * load - self.weather * harsh + self.taste_sd * taste


def chance(utility: float) -> float:
    """Probability of accepting at a utility in logit units; the rider does when his uniform is below it."""
    return 1 / (1 + exp(-utility)) if utility > -700 else 0.0


def chances(utility: Floats) -> Floats:
    """As :func:`chance`, for an array."""
    return np.asarray(1 / (1 + np.exp(-np.clip(utility, -700, 700))))
