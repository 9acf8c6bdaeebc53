"""How much a merchant makes ahead for a day, and what he learns of it: the newsvendor with a forecast of his own.

Where he wants to have enough on a given share of days and his errors are about normal, he makes what he expects
and that quantile of his errors on top (Arrow, Harris and Marschak 1951).
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from sim.entities import Floats, Ints


def portions(told: Floats | Ints, rest: Floats, variance: Floats, ratio: float) -> Ints:
    """Whole portions to make.

    Parameters
    ----------
    told
        Pre-orders that he expects to be placed.
    rest
        What he expects of the demand beside them.
    variance
        Mean square of his errors so far.
    ratio
        Share of days on which he wants to have enough, above 0 and below 1.
    """
    margin = NormalDist().inv_cdf(ratio) * np.sqrt(variance)
    return np.maximum(np.rint(told + rest + margin), 0).astype(np.int64)


def learnt(learns: float, rest: Floats, variance: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """What he expects and the mean square of his errors, after a day on which `seen` came beside what was told.

    Parameters
    ----------
    learns
        How much that day counts, as a share.
    """
    error = seen - rest
    return rest + learns * error, variance + learns * (error**2 - variance)


def share_that_comes(learns: float, comes: Floats, told: Ints, came: Ints) -> Floats:
    """The share of pre-orders that he expects to be placed, after a day; one without any teaches nothing."""
    return np.where(told > 0, comes + learns * (came / np.maximum(told, 1) - comes), comes)
