"""What a reaction to a fact is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from realtime.lookout.ways import TravelFor, Ways


@dataclass(frozen=True, slots=True)
class Reacting:
    """A connection in the transaction of the fact, the time, the travel times to plan with, and the ways at hand."""

    conn: AsyncConnection
    now: datetime
    travel_for: TravelFor
    ways: Ways


Reaction = Callable[[Reacting, Any], Awaitable[None]]
"""Takes the fact in; harmless when it is called with the same fact twice, or with an older one after a newer one."""
