"""How wrong a forecast is, and how wrong the true Poisson mean must be."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats

TINY = 1e-9


def pinball(actual: Floats, quantile: Floats, level: Floats) -> Floats:
    """Pinball loss of quantiles, in orders; twice that at level 0.5 is the absolute error."""
    missed = actual - quantile
    return np.maximum(level * missed, (level - 1) * missed)


def shortfall(mean: Floats, guess: Floats) -> Floats:
    """Mean of how much a Poisson count falls short of a guess, ``E max(guess - X, 0)``."""
    from scipy.special import pdtr

    whole = np.floor(guess)
    below = np.where(whole >= 1, pdtr(np.maximum(whole - 1, 0), mean), 0.0)
    return np.asarray(guess * pdtr(np.maximum(whole, 0), mean) - mean * below)


def expected_error(mean: Floats, guess: Floats) -> Floats:
    """Mean absolute error of a guess at a Poisson count, ``E|X - guess|``."""
    return np.asarray(mean - guess + 2 * shortfall(mean, guess))


def expected_pinball(mean: Floats, quantile: Floats, level: Floats) -> Floats:
    """Mean pinball loss of a guess at a quantile of a Poisson count."""
    return np.asarray(level * (mean - quantile) + shortfall(mean, quantile))


def noise_error(mean: Floats) -> Floats:
    """Mean absolute error of the true mean, ``E|X - m|``: what is left when everything is known but the dice."""
    return expected_error(mean, mean)


def least_error(mean: Floats) -> Floats:
    """Mean absolute error of the true median: below the noise floor, as counts are skewed; nothing is lower."""
    from scipy.stats import poisson

    return expected_error(mean, np.asarray(poisson.ppf(0.5, mean)))


def attainable_from(share: float) -> float:
    """Least mean count of a cell at which the true mean errs by no more than a share, ``E|X - m| / m``.

    Parameters
    ----------
    share
        Such as 0.08 for 8%; above 0 and below 2.

    Returns
    -------
    float
        About ``2 / (pi * share**2)``: the error falls with the square root of the count only.
    """
    from scipy.optimize import brentq

    if not 0 < share < 2:
        raise ValueError(f"expected a share above 0 and below 2, got {share:g}")
    return float(np.exp(brentq(_above, np.log(TINY), np.log(4 / share**2 + 4), args=(share,))))


def relative_noise(mean: Floats) -> Floats:
    """The noise floor as a share of the mean count, ``E|X - m| / m``."""
    return noise_error(mean) / mean


def _above(log_mean: float, share: float) -> float:
    return float(relative_noise(np.exp(np.array(log_mean)))) - share
