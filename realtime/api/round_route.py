"""`GET /api/v1/round`: what a nurse's phone shows, the visits of a day in their order, without a patient's name."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency as Given
from litestar.params import FromQuery

from db import board, notices
from db.board import RoundRest, RoundShift, RoundStop
from db.pool import Pool
from domain.notice import NoticeNow
from realtime.api.openapi import DEVICE_TOKEN, problems
from realtime.api.reception import Reception
from realtime.notices.telling import reached


class NursesRound(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's round of `day`, a date where the team works; no stops where nothing is planned for the nurse. `shift` is null
    where the nurse has none, `rest`, the break, where none is planned, `revision` where no plan is in force. `notice` is what
    the nurse was last told of a changed round, answered or not."""

    nurse_id: str
    day: date
    shift: RoundShift | None
    stops: list[RoundStop]
    rest: RoundRest | None
    revision: int | None
    notice: NoticeNow | None


@get(
    "/api/v1/round",
    operation_id="getRound",
    summary="The nurse's round of a day",
    description="That of the shift which the nurse is on, about to begin or has just ended, a night shift's being of the day on "
    "which it began; without one today's, where the team works; or that of the day that is asked for.",
    response_description="The stops in their order.",
    responses=problems(400, 401, 503),
    security=DEVICE_TOKEN,
    tags=["phones"],
)
async def get_round(
    request: Request[Any, Any, Any],
    reception: Given[Reception],
    pool: Given[Pool],
    day: FromQuery[date | None] = None,
) -> NursesRound:
    phone = await reception.phone_of(request.headers.get("authorization", "").encode())
    async with pool.connection() as conn:
        team = await board.team(conn, phone.team_id)
        zone, now = ZoneInfo(team.timezone), reception.clock.now()
        wanted = day or await board.day_of(conn, phone.nurse_id, zone, now)
        # Before the stops, so that nobody is said to have been told of a change that is not among them yet.
        notice = await notices.of_nurse(conn, phone.nurse_id, wanted)
        revision = await notices.revision(conn, phone.team_id, wanted)
        shift = await board.shift_of(conn, phone.nurse_id, wanted)
        stops = await board.round_of(conn, phone.nurse_id, wanted)
        rest = await board.rest_of(conn, phone.nurse_id, wanted)
        if notice and notice.state == "sent":
            notice = await reached(conn, phone.team_id, notice, now) or notice
    return NursesRound(
        nurse_id=phone.nurse_id, day=wanted, shift=shift, stops=stops, rest=rest, revision=revision, notice=notice
    )
