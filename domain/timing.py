"""Three times on each event: the phone's, ours when it came, and the corrected one.

A phone that tells its time when sending (`sent_at`) shows how far its clock is off; what it stamped is moved by as much.
"""

from __future__ import annotations

from datetime import datetime, timedelta

TOLERATED_OFFSET = timedelta(seconds=30)
"""A smaller difference is the network, not the clock."""
IMPLAUSIBLE_OFFSET = timedelta(days=36_525)
"""A century off is no clock: times moved by as much would leave the calendar."""
LATE_AFTER = timedelta(minutes=10)
"""An event that comes later than this after it happened is marked late: it tells of the past and opens no alarm."""


def clock_offset(sent_at: datetime | None, received_at: datetime) -> timedelta:
    """What to add to the phone's times; nothing where the phone did not say, is near enough, or tells no time at all."""
    if sent_at is None:
        return timedelta(0)
    offset = received_at - sent_at
    return offset if TOLERATED_OFFSET < abs(offset) < IMPLAUSIBLE_OFFSET else timedelta(0)


def is_late(at: datetime, received_at: datetime) -> bool:
    return received_at - at > LATE_AFTER
