"""The nouns: what a city is made of and what a policy sees, as frozen data.

Tables are *structures of arrays*: row ``i`` of every column belongs to entity ``i``. Times are in
seconds, lengths in metres, money in integer fen. See the README's glossary for the words.
"""

from sim.entities.arrays import Bools, Floats, Index, Ints
from sim.entities.grants import Approach, Grants, Offer, Touch
from sim.entities.member import Coupons, Ended, Members, Night
from sim.entities.order import Need, Order, Orders
from sim.entities.stop import Assignment, Route, Stop, StopKind
from sim.entities.wave import Riders, Rules, Travel, Wave, Weather

__all__ = [
    "Approach",
    "Assignment",
    "Bools",
    "Coupons",
    "Ended",
    "Floats",
    "Grants",
    "Index",
    "Ints",
    "Members",
    "Need",
    "Night",
    "Offer",
    "Order",
    "Orders",
    "Riders",
    "Route",
    "Rules",
    "Stop",
    "StopKind",
    "Touch",
    "Travel",
    "Wave",
    "Weather",
]
