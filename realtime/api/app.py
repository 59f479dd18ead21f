"""The API put together: the route that carries the load in front, the framework with all others behind it.

Who opens closes: the streams, the pool and the feed's hub come in open; the door to the streams is opened here, when the
server starts, and closed when it ends, with what still lies at it carried off.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send
from redis.asyncio import Redis

from db.pool import Pool
from db.positions import Seen
from domain.board import Board, BoardTeam
from domain.clock import Clock
from realtime.api import events_route
from realtime.api.batch import SentEvents
from realtime.api.desk_routes import DESK_ROUTES, DESK_SHAPES
from realtime.api.events_route import EventsRoute, post_events
from realtime.api.health_routes import HEALTH_ROUTES, Health
from realtime.api.openapi import openapi_config
from realtime.api.owntracks import OwnTracksMessage
from realtime.api.phone_socket import phone_socket
from realtime.api.problems import MEDIA_TYPE, Problem, problem_of
from realtime.api.readiness import Readiness
from realtime.api.reception import MAX_BODY_BYTES, Receipt, Reception
from realtime.api.round_route import NursesRound, get_round
from realtime.api.tokens import Tokens
from realtime.api.traccar import TraccarMessage, TraccarQuery
from realtime.api.tracker_routes import TRACKER_ROUTES
from realtime.desk.planning import DeskPlanning
from realtime.door import Door
from realtime.feed.history_words import HistoryLine
from realtime.feed.hub import FeedHub
from realtime.feed.routes import FEED_ROUTES
from realtime.notices.lines import PhoneLines
from realtime.replanning.live_day import TravelFor
from realtime.settings import RealtimeSettings
from solver.travel import travel_of

ROUTES = [post_events, phone_socket, get_round, *TRACKER_ROUTES, *HEALTH_ROUTES, *DESK_ROUTES]
SHAPES: list[type[msgspec.Struct]] = [
    SentEvents,
    Receipt,
    Problem,
    TraccarMessage,
    TraccarQuery,
    OwnTracksMessage,
    NursesRound,
    Health,
    Readiness,
    Board,
    BoardTeam,
    Seen,
    HistoryLine,
    *DESK_SHAPES,
]
"""What the document describes by our own types; the framework describes the rest."""


@dataclass(frozen=True, slots=True)
class ApiParts:
    """What the API works with, open already. Without a hub there is no feed for screens. `travel_for` says how long the ways of
    a day are, for the desk's questions."""

    clock: Clock
    valkey: Redis
    pool: Pool
    settings: RealtimeSettings
    hub: FeedHub | None = None
    travel_for: TravelFor = travel_of


class Api:
    """The ASGI application."""

    def __init__(self, litestar: Litestar, events: EventsRoute) -> None:
        self.litestar, self._events = litestar, events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"] == events_route.PATH and scope["method"] == "POST":
            await self._events(scope, receive, send)
        else:
            await self.litestar(scope, receive, send)


def build_api(parts: ApiParts) -> Api:
    """The API over these parts."""
    door = Door(parts.valkey, parts.settings)
    reception = Reception(parts.clock, Tokens(parts.pool), door)

    planning = DeskPlanning(parts.travel_for)

    @asynccontextmanager
    async def door_open(_: Litestar) -> AsyncIterator[None]:
        async with door:
            yield
        planning.close()

    given = {
        "reception": reception,
        "pool": parts.pool,
        "valkey": parts.valkey,
        "settings": parts.settings,
        "hub": parts.hub,
        "lines": parts.hub.phones if parts.hub else PhoneLines(),
        "planning": planning,
    }
    litestar = Litestar(
        ROUTES + (FEED_ROUTES if parts.hub else []),
        state=State({"hub": parts.hub}),
        dependencies={name: _provided(part) for name, part in given.items()},
        lifespan=[door_open],
        exception_handlers={Exception: answer_problem},
        openapi_config=openapi_config(SHAPES),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    return Api(litestar, EventsRoute(reception))


def answer_problem(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Any error of a route, as problem details."""
    problem = problem_of(error)
    headers = {name: value for name, value in problem.headers.items() if name != "content-type"}
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _provided(part: object) -> Provide:
    return Provide(lambda: part, sync_to_thread=False)
