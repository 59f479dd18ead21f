"""What a cell of a table may hold, and what it means. Each reader takes the stripped text and raises ValueError, in a sentence,
where it cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from db.files.local_time import moments

NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,20})?")
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?")
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


def text(cell: str) -> str:
    """Any text that a spreadsheet has not rounded."""
    if ROUNDED.fullmatch(cell):
        raise ValueError(f"{cell} was rounded by a spreadsheet: format the column as text and enter it again")
    return cell


def number(cell: str) -> float:
    """A decimal number, with a point or a comma."""
    if not NUMBER.fullmatch(cell):
        raise ValueError(f"{cell!r} is no number")
    return float(cell.replace(",", "."))


def whole(cell: str) -> int:
    """A whole number of at most four digits."""
    if not re.fullmatch(r"\d{1,4}", cell):
        raise ValueError(f"{cell!r} is no whole number")
    return int(cell)


def minutes_s(cell: str) -> int:
    """Minutes, with decimals if need be; seconds, to the nearest."""
    return round(number(cell) * 60)


def yes_or_no(cell: str) -> bool:
    """Yes or no."""
    if cell.lower() not in YES | NO:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return cell.lower() in YES


def several(cell: str) -> frozenset[str]:
    """Texts with semicolons between them."""
    return frozenset(text(item.strip()) for item in cell.split(";") if item.strip())


def shares(cell: str) -> dict[str, float]:
    """Texts, each with a number behind a colon, with semicolons between them."""
    found = dict[str, float]()
    for item in cell.split(";"):
        if not item.strip():
            continue
        named, colon, share = item.rpartition(":")
        if not colon:
            raise ValueError(f"{item.strip()!r} is no share: write who, a colon and a number from 0 to 1, as in N1:0.6")
        if (ref := text(named.strip())) in found:
            raise ValueError(f"{ref!r} is there twice")
        found[ref] = number(share.strip())
    return found


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words."""

    def read(cell: str) -> str:
        if cell.lower() not in words:
            raise ValueError(f"{cell!r} is not one of {', '.join(words)}")
        return cell.lower()

    return read


def local_time(day: date, zone: ZoneInfo) -> Callable[[str], datetime]:
    """A time of this day in this zone: HH:MM, HH:MM:SS; hours from 24 are of the night after it. Where clocks go back a time
    comes twice: then it says which, as in 01:30+01:00."""

    def read(cell: str) -> datetime:
        hours, minutes, seconds, offset = _parts(cell)
        days, hour = divmod(hours, 24)
        local = datetime(day.year, day.month, day.day, hour, minutes, seconds) + timedelta(days=days)  # noqa: DTZ001
        found = [at for at in moments(local, zone) if offset is None or at.astimezone(zone).utcoffset() == offset]
        if not found:
            raise ValueError(f"{cell} does not come on {local:%d %B %Y} in {zone.key}")
        if len(found) > 1:
            raise ValueError(
                f"{cell} comes twice on {local:%d %B %Y}: say which, as in {cell}{_offset_of(found[0], zone)}"
            )
        return found[0]

    return read


def clock_text(at: datetime, day: date, zone: ZoneInfo) -> str:
    """An instant as `local_time` reads it. Raises ValueError where it is not of the day, the night after it, or a second."""
    local = at.astimezone(zone).replace(tzinfo=None)
    days = (local.date() - day).days
    if not 0 <= days <= 1 or local.microsecond:
        raise ValueError(f"{at.isoformat()} cannot be written as a time of {day:%d %B %Y}")
    seconds = f":{local:%S}" if local.second else ""
    twice = len(moments(local, zone)) > 1
    return f"{local.hour + 24 * days:02}:{local:%M}{seconds}{_offset_of(at, zone) if twice else ''}"


def _parts(cell: str) -> tuple[int, int, int, timedelta | None]:
    found = TIME.fullmatch(cell)
    if found is None:
        rounded = ": the spreadsheet shows it as a number; format the column as text" if NUMBER.fullmatch(cell) else ""
        raise ValueError(f"{cell!r} is no time like 08:30{rounded}")
    hours, minutes, seconds = (int(part or 0) for part in found.group(1, 2, 3))
    if hours > 47 or minutes > 59 or seconds > 59:
        raise ValueError(f"{cell!r} is no time like 08:30")
    return hours, minutes, seconds, _offset(found.group(4)) if found.group(4) else None


def _offset(written: str) -> timedelta:
    if written == "Z":
        return timedelta(0)
    size = timedelta(hours=int(written[1:3]), minutes=int(written[4:6]))
    return -size if written[0] == "-" else size


def _offset_of(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%z}"[:3] + ":" + f"{at.astimezone(zone):%z}"[3:5]
