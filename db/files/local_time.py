"""Clock times of a team's day, exact on the days when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import BadInput


def zone_named(name: str) -> ZoneInfo:
    """The time zone of this IANA name. Raises BadInput where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"There is no time zone {name!r}; an example of one is Europe/London.") from None


def moments(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants (UTC) at which clocks in the zone show this naive time: one; none or two where the clocks change."""
    both = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return sorted({at for at in both if at.astimezone(zone).replace(tzinfo=None) == local})


def start_of(day: date, starts: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) from which a day's minutes are counted. Raises BadInput where clocks never show that time."""
    found = moments(datetime.combine(day, starts), zone)
    if not found:
        raise BadInput(f"{starts:%H:%M} does not come on {day:%d %B %Y} in {zone.key}: the clocks go forward.")
    return found[0]


def after(start: datetime, minutes: float) -> datetime:
    """The instant this many minutes of life, not of the clock's face, after `start`, to the second."""
    return start + timedelta(seconds=round(minutes * 60))
