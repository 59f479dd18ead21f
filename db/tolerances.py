"""How far from its window a service may be before somebody must know, as a team has set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from db.queries import load
from domain.day import Priority
from domain.tolerance import USUAL, Tolerance, tightest

SQL = load("tolerances")
ANY = ""
"""Stands for any service of which nothing else is said."""


class Tolerances:
    """A team's tolerances, by service in small letters."""

    def __init__(self, by_service: Mapping[str, Tolerance]) -> None:
        self._by_service = by_service

    def of(self, services: Sequence[str], priority: Priority) -> Tolerance:
        """What is tolerated of a visit: the tightest of its services; nothing late where its priority is time-critical."""
        usual = self._by_service.get(ANY, USUAL)
        found = tightest(self._by_service.get(service.lower(), usual) for service in services)
        return found if priority != "time_critical" else replace(found, late_s=0, time_critical=True)


async def of_team(conn: AsyncConnection, team_id: str) -> Tolerances:
    """What a team tolerates."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(SQL.of_team, {"team_id": team_id})
        return Tolerances({row.pop("service"): Tolerance(**row) for row in await cursor.fetchall()})
