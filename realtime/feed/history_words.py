"""What happened to a visit, line by line, in the words of people: from the audit, which never forgets. Pure.

Who was told what, when, and by whom it was changed; nothing of the patient but what the visit's own lines say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from db.audit import AuditRecord

Line = Mapping[str, Any]
"""What an audit line keeps of a state, before or after."""


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened: when, when we took note of it, who did it, and what it was. `carer_no` is the part that it is
    about, None where it is about all of the visit."""

    at: datetime
    noted_at: datetime
    who: str
    says: str
    carer_no: int | None = None


class Telling(NamedTuple):
    """What is needed to say a line: names by nurse id, and the team's own time."""

    names: Mapping[str, str]
    zone: ZoneInfo

    def name(self, nurse_id: object) -> str:
        return self.names.get(str(nurse_id), "a nurse of another day") if nurse_id else "nobody"

    def time(self, said: object) -> str:
        return f"{datetime.fromisoformat(str(said)).astimezone(self.zone):%H:%M}" if said else "no time"


def history_of(records: list[AuditRecord], telling: Telling) -> list[HistoryLine]:
    """The lines, in the order of the records."""
    return [
        HistoryLine(
            at=record.at,
            noted_at=record.noted_at,
            who=_who(record.actor, telling),
            says=_says(record, telling),
            carer_no=_carer_no(record.subject),
        )
        for record in records
    ]


def _who(actor: str, telling: Telling) -> str:
    kind, _, id = actor.partition(":")
    match kind:
        case "nurse":
            return telling.name(id)
        case "system":
            return "Dutyboard"
        case _:
            return id


def _says(record: AuditRecord, telling: Telling) -> str:
    said = SENTENCES.get(record.action)
    before, after = _line(record.before), _line(record.after)
    sentence = said(before, after, telling) if said else f"{record.action.replace('_', ' ').capitalize()}."
    verdict = after.get("verdict")
    return (
        f"{sentence} It fits no step that was open then: {verdict}."
        if verdict in ("illegal", "unallocated")
        else sentence
    )


def _line(state: object) -> Line:
    return state if isinstance(state, dict) else {}


def _allotted(before: Line, after: Line, telling: Telling) -> str:
    if not after.get("nurse_id"):
        because = after.get("unplaced_because") or "No reason was given."
        taken = f"Taken from {telling.name(before['nurse_id'])}. " if before.get("nurse_id") else ""
        return f"{taken}In no round: {because}"
    to = f"{telling.name(after['nurse_id'])} at {telling.time(after.get('planned_start'))}"
    if not before.get("nurse_id"):
        return f"Planned for {to}."
    if before["nurse_id"] == after["nurse_id"]:
        return f"Moved from {telling.time(before.get('planned_start'))} to {telling.time(after.get('planned_start'))}."
    return f"Moved from {telling.name(before['nurse_id'])} at {telling.time(before.get('planned_start'))} to {to}."


def _plainly(words: str) -> Callable[[Line, Line, Telling], str]:
    return lambda before, after, telling: words


def _because(words: str) -> Callable[[Line, Line, Telling], str]:
    def said(before: Line, after: Line, telling: Telling) -> str:
        because = after.get("because") or after.get("not_made_because")
        return f"{words}: {because}" if because else f"{words}."

    return said


def _window(before: Line, after: Line, telling: Telling) -> str:
    opens, closes = (telling.time(after.get(name)) for name in ("window_start", "window_end"))
    return f"To start between {opens} and {closes}."


SENTENCES: Mapping[str, Callable[[Line, Line, Telling], str]] = {
    "attendance_allotted": _allotted,
    "en_route": _plainly("Set off."),
    "arrived": _plainly("Checked in."),
    "finished": _plainly("Checked out."),
    "no_access": _plainly("Could not make the visit."),
    "visit_added": _plainly("Asked for while the day was under way."),
    "visit_cancelled": _because("Cancelled"),
    "visit_deferred": _because("Put off to another day"),
    "visit_restored": _plainly("Wanted after all."),
    "visit_moved": _window,
}
"""Action → what is said of it. One that is not here is said by its own name."""


def _carer_no(subject: str) -> int | None:
    _, _, part = subject.rpartition("/")
    return int(part) if "/" in subject and part.isdigit() else None
