"""The shipped weather chain: hours counted at New York JFK in 2013.

Source: nycflights13 (github.com/tidyverse/nycflights13, CC0), 8,691 transitions between consecutive hours,
counted by ``paotui fit weather``: rain from 0.1 mm/h, heavy rain from 4 mm/h, heat from 30 deg C, cold up to
0 deg C. Snow counts as rain, by its water. Akaike's criterion chose seasons and halves of the day over a
whole year, months and whole days.
"""

from __future__ import annotations

Counts = tuple[tuple[int, ...], ...]

NEW_YORK_2013: dict[tuple[str, str], tuple[tuple[int, ...], Counts]] = {
    ("dec_feb", "warming"): (
        (12, 1, 2),
        ((444, 15, 0, 0, 8), (15, 58, 1, 0, 3), (0, 0, 2, 0, 0), (0, 0, 0, 0, 0), (22, 5, 0, 0, 226)),
    ),
    ("dec_feb", "cooling"): (
        (12, 1, 2),
        ((657, 22, 0, 0, 33), (23, 86, 3, 0, 12), (0, 4, 4, 0, 0), (0, 0, 0, 0, 0), (17, 11, 0, 0, 454)),
    ),
    ("mar_may", "warming"): (
        (3, 4, 5),
        ((731, 16, 1, 0, 0), (18, 35, 2, 0, 1), (1, 2, 0, 0, 0), (0, 0, 0, 0, 0), (8, 1, 0, 0, 12)),
    ),
    ("mar_may", "cooling"): (
        (3, 4, 5),
        ((1190, 26, 1, 0, 12), (24, 63, 2, 0, 0), (1, 2, 1, 0, 0), (0, 0, 0, 0, 0), (5, 0, 0, 0, 48)),
    ),
    ("jun_aug", "warming"): (
        (6, 7, 8),
        ((682, 13, 1, 19, 0), (10, 19, 4, 0, 0), (1, 4, 5, 0, 0), (7, 0, 0, 63, 0), (0, 0, 0, 0, 0)),
    ),
    ("jun_aug", "cooling"): (
        (6, 7, 8),
        ((1190, 30, 2, 3, 0), (35, 48, 5, 0, 0), (1, 6, 7, 0, 0), (14, 1, 0, 27, 0), (0, 0, 0, 0, 0)),
    ),
    ("sep_nov", "warming"): (
        (9, 10, 11),
        ((752, 11, 1, 1, 0), (11, 15, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 0, 1, 0), (5, 0, 0, 0, 19)),
    ),
    ("sep_nov", "cooling"): (
        (9, 10, 11),
        ((1240, 11, 1, 0, 8), (13, 18, 2, 0, 0), (0, 3, 5, 0, 0), (1, 0, 0, 0, 0), (3, 0, 0, 0, 44)),
    ),
}
"""For three months and a half of the day (warming: hours 6 to 14): months, and transitions from row to column."""
