"""A route of the desk in three lines: its body is read, who asks is known, and what comes of it is the answer.

@desk_post("/api/v1/alerts/close", AlertEnded, "closeAlert", 404, 409)
async def close_alert(call: Call, asked: AlertEnded) -> AlertNow:
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency as Given
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from db.pool import Pool
from domain.actor import Actor
from realtime.api.desk_bodies import TAG, asks, read, refusals
from realtime.api.reception import Reception
from realtime.desk.planning import DeskPlanning

Asked = TypeVar("Asked", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks and when, and what is at hand to answer."""

    actor: Actor
    now: datetime
    pool: Pool
    planning: DeskPlanning


Handler = Callable[[Call, Asked], Awaitable[Any]]


def desk_post(
    path: str, shape: type[Asked], operation_id: str, summary: str, *problems: int
) -> Callable[[Handler[Asked]], HTTPRouteHandler]:
    """Serve a handler under a path, for bodies of this shape, with further problems that it may answer. Its docstring says
    what is answered."""

    def served(handler: Handler[Asked]) -> HTTPRouteHandler:
        async def answered(
            request: Request[Any, Any, Any],
            body: RawBody,
            pool: Given[Pool],
            reception: Given[Reception],
            planning: Given[DeskPlanning],
        ) -> Any:
            asked, actor = read(shape, request, body)
            return await handler(Call(actor, reception.clock.now(), pool, planning), asked)

        answered.__name__, answered.__doc__ = handler.__name__, handler.__doc__
        answered.__annotations__["return"] = get_type_hints(handler)["return"]
        serve = post(
            path,
            status_code=200,
            operation_id=operation_id,
            summary=summary,
            responses=refusals(*problems),
            operation_class=asks(shape),
            tags=TAG,
        )
        return serve(answered)

    return served
