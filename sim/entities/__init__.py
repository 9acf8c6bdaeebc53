"""The nouns: what a city is made of and what a policy sees, as frozen data.

Tables are *structures of arrays*: row ``i`` of every column belongs to entity ``i``. Times are in
seconds, lengths in metres, money in integer fen. See the README's glossary for the words.
"""

from sim.entities.arrays import Bools, Floats, Index, Ints
from sim.entities.crew import Crew, CrewGrants, CrewNight, Job
from sim.entities.grants import Approach, Grants, Offer, Rally, Touch
from sim.entities.market import Customers, Deals, Errands, Ledger, TradeNight
from sim.entities.member import Coupons, Ended, Members, Night
from sim.entities.order import Need, Order, Orders
from sim.entities.stop import Assignment, Route, Stop, StopKind
from sim.entities.wave import Riders, Roster, Rules, Travel, Wave, Weather

__all__ = [
    "Approach",
    "Assignment",
    "Bools",
    "Coupons",
    "Crew",
    "CrewGrants",
    "CrewNight",
    "Customers",
    "Deals",
    "Ended",
    "Errands",
    "Floats",
    "Grants",
    "Index",
    "Ints",
    "Job",
    "Ledger",
    "Members",
    "Need",
    "Night",
    "Offer",
    "Order",
    "Orders",
    "Rally",
    "Riders",
    "Roster",
    "Route",
    "Rules",
    "Stop",
    "StopKind",
    "Touch",
    "TradeNight",
    "Travel",
    "Wave",
    "Weather",
]
