"""Instants as people read them, in a team's own time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def clock_time(at: datetime, timezone: str) -> str:
    """`Mon 23 Nov 10:42:15`, in the time of `timezone`."""
    return f"{at.astimezone(ZoneInfo(timezone)):%a %d %b %H:%M:%S}"


def lasting(span: timedelta) -> str:
    """`45 s`, `12 min`, `3 h 20 min`, `2 d 5 h`; below zero counts as nothing."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60} min"
    return f"{days} d {hours % 24} h"
