"""Rounds for the phones under test: stops in the town, an hour apart."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from sim.owners import Duty, PhoneOwner
from sim.town import TEAM
from sim.wire import Stop
from tests.sim.far_end import EIGHT

FOUR = EIGHT + timedelta(hours=8)


def stop(number: int, **said: object) -> Stop:
    """The visit planned for `number` hours after eight, within a kilometre or two of the base."""
    due_at = EIGHT + timedelta(hours=number)
    planned = Stop(
        visit_id=f"north:20261123:v{number}",
        carer_no=1,
        duration_s=1500,
        lat=TEAM.base.lat + 0.004 * (number % 3),
        lon=TEAM.base.lon - 0.005 * (number % 4),
        window_start=due_at - timedelta(minutes=30),
        planned_start=due_at,
    )
    return msgspec.structs.replace(planned, **said)


def amy(starts_at: datetime = EIGHT) -> PhoneOwner:
    return PhoneOwner(nurse_id="north:amy", token="amy", duty=Duty(starts_at=starts_at, ends_at=FOUR, home=TEAM.base))
