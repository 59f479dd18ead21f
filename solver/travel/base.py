"""What all travel times share: the pace of the hour, and tables that are kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from solver.travel.port import Pace, Point, Table, Transport, free_flow
from solver.travel.tables import Tables


class Travel(ABC):
    """`TravelTimes` of whoever can say how long a journey takes on quiet roads, one by one and many at once."""

    def __init__(self, pace: Pace = free_flow) -> None:
        self._pace = pace
        self._tables = Tables(self._block)

    def seconds(self, origin: Point, destination: Point, transport: Transport, leaves: int | None = None) -> int:
        quiet_s = self._quiet_s(origin, destination, transport)
        return quiet_s if leaves is None else quiet_s * self._pace(leaves // 60) // 1000

    def pace(self, minute: int) -> int:
        return self._pace(minute)

    def table(self, points: Sequence[Point], transport: Transport) -> Table:
        return self._tables.between(points, transport)

    @abstractmethod
    def metres(self, origin: Point, destination: Point, transport: Transport) -> int: ...

    @abstractmethod
    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool: ...

    @abstractmethod
    def _quiet_s(self, origin: Point, destination: Point, transport: Transport) -> int: ...

    @abstractmethod
    def _block(self, origins: Sequence[Point], destinations: Sequence[Point], transport: Transport) -> Table:
        """`seconds` on quiet roads, `metres` and `estimated` of each pair, all at once."""
