"""Default demand curves: weight of each hour of the day, midnight first.

``HOME_MEALS`` is the hourly share of 312,068 Rappi orders in 24 city-days (hours 7 to 23, parameters.md
3.2); the night is an assumption, and so are the campus and office curves, which move its two peaks.
"""

from __future__ import annotations

HOME_MEALS = (
    *(0.2, 0.1, 0.05, 0.05, 0.05, 0.1, 0.3),
    *(0.65, 1.4, 1.7, 1.8, 6.9, 13.5, 11.3, 8.5, 6.7, 5.9, 6.4, 10.5, 12.3, 7.2, 3.0, 1.1, 0.5),
)
CAMPUS_MEALS = (
    *(0.3, 0.1, 0.05, 0.0, 0.0, 0.1, 1.0),
    *(3.5, 2.5, 1.5, 4.0, 17.0, 15.0, 5.0, 2.5, 2.5, 4.5, 13.0, 10.0, 5.0, 4.5, 4.5, 2.5, 1.0),
)
OFFICE_MEALS = (
    *(0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3),
    *(2.0, 4.0, 3.0, 6.0, 22.0, 20.0, 6.0, 4.0, 4.0, 3.0, 5.0, 9.0, 6.0, 3.0, 1.5, 0.7, 0.3),
)
