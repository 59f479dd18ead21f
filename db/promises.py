"""Promises: the times told to patients, made from the first plan of a day where the team's rules say so."""

from __future__ import annotations

from datetime import date

from psycopg import AsyncConnection

from db import wants
from db.policies import policy_of
from db.queries import load

SQL = load("promises")


async def make(conn: AsyncConnection, team_id: str, day: date) -> int:
    """Promise each patient without a promise the planned start, so much either side; how many were promised.

    A visit of two nurses is promised by the first who comes. Nothing is promised by a team without a margin.
    """
    margin_s = (await policy_of(conn, team_id)).promise_margin_s
    if margin_s is None:
        return 0
    of_day = {"team_id": team_id, "day": day}
    promised = (await conn.execute(SQL.promise, {**of_day, "margin_s": margin_s})).rowcount
    if promised:
        await wants.count_change(conn, team_id, day)
    return promised
