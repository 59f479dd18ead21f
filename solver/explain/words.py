"""How times, visits and numbers are said. Patients are never named: a visit is called by the last part of its id."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from solver.problem import instant


def called(visit_id: str) -> str:
    """A visit's short name: that of the sender."""
    return visit_id.rsplit(":", 1)[-1]


def part_called(visit_id: str, carer_no: int, parts: int) -> str:
    """A part of a visit, numbered only where there are several."""
    return f"visit {called(visit_id)}" + (f" (nurse {carer_no})" if parts > 1 else "")


def clock(second: int, zone: ZoneInfo) -> str:
    return f"{instant(second).astimezone(zone):%H:%M}"


def minutes(seconds: int) -> str:
    """Whole minutes, rounded up: nobody misses anything by 0 minutes."""
    return f"{-(-seconds // 60)} min"


def listed(words: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    return f" {last} ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def sentence(clause: str) -> str:
    """A clause as a sentence of its own."""
    return f"{clause[:1].upper()}{clause[1:]}."
