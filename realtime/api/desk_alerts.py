"""What a coordinator does about an alert: has seen it, puts it off, or closes it with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from alerts import book
from domain.alert import AlertNow
from realtime.api.desk_bodies import Reason
from realtime.api.desk_calls import Call, desk_post

LONGEST_SNOOZE_MIN = 12 * 60


class AlertSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Which alert a coordinator has seen."""

    alert_id: UUID


class AlertPutOff(msgspec.Struct, frozen=True, kw_only=True):
    """Which alert is put off, and for how long."""

    alert_id: UUID
    minutes: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SNOOZE_MIN)]


class AlertEnded(msgspec.Struct, frozen=True, kw_only=True):
    """Which alert is closed, and why."""

    alert_id: UUID
    because: Reason


@desk_post("/api/v1/alerts/acknowledge", AlertSeen, "acknowledgeAlert", "Say that an alert was seen", 404, 409)
async def acknowledge_alert(call: Call, asked: AlertSeen) -> AlertNow:
    """The alert, acknowledged by this coordinator; it stays until it is over."""
    async with call.pool.connection() as conn:
        return await book.acknowledge(conn, asked.alert_id, call.now, call.actor)


@desk_post("/api/v1/alerts/snooze", AlertPutOff, "snoozeAlert", "Put an alert off", 404, 409)
async def snooze_alert(call: Call, asked: AlertPutOff) -> AlertNow:
    """The alert, quiet for so many minutes; then it opens again, where it is not over."""
    until = call.now + timedelta(minutes=asked.minutes)
    async with call.pool.connection() as conn:
        return await book.snooze(conn, asked.alert_id, until, call.now, call.actor)


@desk_post("/api/v1/alerts/close", AlertEnded, "closeAlert", "Close an alert with a reason", 404, 409)
async def close_alert(call: Call, asked: AlertEnded) -> AlertNow:
    """The alert, closed for good."""
    async with call.pool.connection() as conn:
        return await book.close(conn, asked.alert_id, asked.because, call.now, call.actor)


ALERT_ROUTES = [acknowledge_alert, snooze_alert, close_alert]
