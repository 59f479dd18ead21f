"""One batch of letters becomes one transaction: positions, events of state, audit and facts together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg import AsyncConnection

from db import outbox
from domain.facts import Fact, PositionsNoted
from domain.ids import uuid7
from realtime import happenings
from realtime.letters import Letter
from realtime.sightings import Seen, Sightings
from realtime.told import tell


async def write(conn: AsyncConnection, letters: Sequence[Letter], sightings: Sightings, now: datetime) -> None:
    """Give every event of these letters its effect, once, or none of them any."""
    async with conn.transaction():
        seen = await sightings.take(conn, [letter.inbound for letter in letters], now)
        told = [one for letter in letters for one in tell(letter.inbound, letter.accepted_ms)]
        facts = await happenings.take(conn, told, now)
        oldest_ms = min(letter.accepted_ms for letter in letters)
        await outbox.append(conn, facts + _noted(seen, oldest_ms, now))
    seen.tally()


def _noted(seen: Seen, accepted_ms: int, now: datetime) -> list[Fact]:
    """One fact a team for all that moved and was heard."""
    return [
        PositionsNoted(
            fact_id=uuid7(now),
            team_id=team_id,
            at=now,
            noted_at=now,
            accepted_ms=accepted_ms,
            positions=seen.positions.get(team_id, []),
            phones=phones,
        )
        for team_id, phones in seen.phones.items()
    ]
