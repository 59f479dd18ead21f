"""How long it takes from one point to another: looked up, asked of the roads, or estimated from the straight line.

Promises: the same question has the same answer, one by one and in a table; what is an estimate is marked.
Start reading: `port.py`, what the solver asks; then `sheet.py`, which answers a day takes.
"""

from solver.travel.geodesic import DETOUR, SPEED_KMH, GeodesicTravel
from solver.travel.ground import Ground
from solver.travel.known_roads import KnownRoads
from solver.travel.matrix import MatrixTravel
from solver.travel.port import Pace, Point, Table, Transport, TravelTimes, free_flow
from solver.travel.roads import RoadTravel
from solver.travel.rush_hour import RushHour
from solver.travel.sheet import pace_of, points_of, travel_of

__all__ = [
    "DETOUR",
    "SPEED_KMH",
    "GeodesicTravel",
    "Ground",
    "KnownRoads",
    "MatrixTravel",
    "Pace",
    "Point",
    "RoadTravel",
    "RushHour",
    "Table",
    "Transport",
    "TravelTimes",
    "free_flow",
    "pace_of",
    "points_of",
    "travel_of",
]
