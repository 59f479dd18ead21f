"""How times, visits and numbers are said. Patients are never named: a visit is called what the problem calls it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from solver.problem import Visit, instant


def called(visit: Visit) -> str:
    """What the problem calls a visit, else the last part of its id: the sender's name for it."""
    return visit.called or f"visit {visit.visit_id.rsplit(':', 1)[-1]}"


def part_called(visit: Visit, carer_no: int) -> str:
    """A part of a visit, numbered only where there are several."""
    return called(visit) + (f" (nurse {carer_no})" if len(visit.needs) > 1 else "")


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
