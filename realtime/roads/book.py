"""The roads as far as they are known: taken at once for a plan, learnt in the background for the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import structlog

from domain.errors import RoadsUnavailable
from realtime.roads.kept import KeptRoads
from realtime.roads.questions import Numbers, questions
from realtime.roads.source import RoadSource
from solver.travel.geodesic import GeodesicTravel
from solver.travel.known_roads import UNKNOWN, KnownRoads, place_code, place_of
from solver.travel.port import Pace, Point, Transport, free_flow
from solver.travel.roads import RoadTravel

LEFT_ALONE_S = 30.0
"""A source that could not be asked is not asked again for so long."""
MOST_DRAWN = 8
"""Travel times kept ready for teams whose day is re-planned again and again."""

log = structlog.get_logger(__name__)
Wish = tuple[Transport, tuple[int, ...]]
"""All journeys between these places."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Travel times as they were drawn when `learnt` tables had been learnt, with what was unknown then."""

    travel: RoadTravel
    learnt: int
    unknown: dict[Transport, int]


class RoadBook:
    """Open it with `async with`, in the loop in which it is used; closing it ends what it is still asking."""

    def __init__(self, source: RoadSource, kept: KeptRoads | None = None) -> None:
        self._source, self._kept = source, kept
        self._known: dict[Transport, KnownRoads] = {}
        self._learnt, self._left_alone_until = 0, 0.0
        self._drawn: dict[object, _Drawn] = {}
        self._asking: dict[Wish, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def roads_for(
        self, points: Sequence[Point], transports: Collection[Transport], *, pace: Pace = free_flow
    ) -> RoadTravel:
        """The travel times between these points as far as they are known now; what is unknown is estimated and marked.

        Never waits: what is unknown is asked in the background, for the next time. What is handed out never changes.
        """
        drawn = self._drawing(points, transports, pace)
        self._wish(points, drawn)
        return drawn.travel

    async def ahead(self, points: Sequence[Point], transports: Collection[Transport], within_s: float) -> int:
        """Learn the roads between these points before they are needed; how many journeys are still unknown after that time,
        or when the source could not be asked."""
        if wishes := self._wish(points, self._drawing(points, transports, free_flow)):
            await asyncio.wait(wishes, timeout=within_s)
        return sum(self._drawing(points, transports, free_flow).unknown.values())

    def _drawing(self, points: Sequence[Point], transports: Collection[Transport], pace: Pace) -> _Drawn:
        """Travel times from what is known now; the same as last time, tables and all, where nothing was learnt since."""
        key = (tuple(points), frozenset(transports), pace)
        drawn = self._drawn.pop(key, None)
        if drawn is None or drawn.learnt != self._learnt:
            codes = _codes(points)
            known = {transport: self._on(transport).only(codes) for transport in transports}
            unknown = {it: roads.unknown(codes) for it, roads in known.items() if it in self._source.transports}
            drawn = _Drawn(RoadTravel(known, GeodesicTravel(), pace=pace), self._learnt, unknown)
        self._drawn[key] = drawn
        while len(self._drawn) > MOST_DRAWN:
            del self._drawn[next(iter(self._drawn))]
        return drawn

    def _wish(self, points: Sequence[Point], drawn: _Drawn) -> list[asyncio.Task[None]]:
        """See to it that what is unknown is being asked, unless the source is to be left alone."""
        if asyncio.get_running_loop().time() < self._left_alone_until:
            return []
        codes = _codes(points)
        return [self._being_asked((transport, codes)) for transport, number in drawn.unknown.items() if number]

    def _being_asked(self, wish: Wish) -> asyncio.Task[None]:
        if wish not in self._asking:
            task = asyncio.create_task(self._learn(*wish))
            self._asking[wish] = task
            task.add_done_callback(lambda _: self._asking.pop(wish, None))
        return self._asking[wish]

    async def _learn(self, transport: Transport, codes: tuple[int, ...]) -> None:
        """Fill a wish: from what is remembered first, then question by question."""
        async with self._one_at_a_time:
            known = self._on(transport)
            known.make_room(codes)
            if self._kept:
                await self._kept.recall(transport, codes, known)
            self._learnt += 1
            missing = known.block(codes, codes)[0] == UNKNOWN
            try:
                for rows, columns in questions(missing, self._source.most_points):
                    await self._ask(transport, _picked(codes, rows), _picked(codes, columns))
                if self._kept:
                    await self._kept.forget_old()
            except RoadsUnavailable as error:
                self._left_alone_until = asyncio.get_running_loop().time() + LEFT_ALONE_S
                log.warning("roads are estimated", source=self._source.name, why=error.detail)

    async def _ask(self, transport: Transport, origins: list[int], destinations: list[int]) -> None:
        table = await self._source.table([*map(place_of, origins)], [*map(place_of, destinations)], transport)
        self._on(transport).learn(origins, destinations, *table)
        self._learnt += 1
        if self._kept:
            await self._kept.keep(transport, origins, destinations, table)

    def _on(self, transport: Transport) -> KnownRoads:
        return self._known.setdefault(transport, KnownRoads())


def _codes(points: Sequence[Point]) -> tuple[int, ...]:
    """The places of these points, each once, in an order of their own."""
    return tuple(sorted({place_code(point.place) for point in points}))


def _picked(codes: Sequence[int], numbers: Numbers) -> list[int]:
    return [codes[int(number)] for number in np.sort(numbers)]
