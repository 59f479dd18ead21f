"""Nurses answer that they have read a changed round, or that it cannot be done: folded into the notice, in any order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace
from psycopg import AsyncConnection

from db import notices
from db.happenings import LiveRow, Verdict
from domain.events import RoundAcknowledged, RoundContested
from domain.notice import NoticeNow
from realtime.told import Folded, Outcome, Told

ANSWERED = frozenset({"acknowledged", "contested"})


async def fold(conn: AsyncConnection, fresh: Sequence[Told], live: Mapping[str, LiveRow]) -> Folded:
    """Each answer finds the notice of its nurse and day; what it comes to does not depend on which came first."""
    of_day: dict[date, list[Told]] = defaultdict(list)
    for told in fresh:
        if isinstance(told.event, RoundAcknowledged | RoundContested):
            of_day[told.event.day].append(told)
    folded = Folded()
    for day, its in sorted(of_day.items()):
        held = await notices.hold(conn, sorted({told.entry.nurse_id for told in its}), day)
        for told in its:
            before = held.get(told.entry.nurse_id)
            after, verdict = answered(before, told)
            if after is not None and after != before:
                held[after.nurse_id] = after
                await notices.save(conn, after)
            folded += _folded(told, before, after, verdict)
    return folded


def answered(notice: NoticeNow | None, told: Told) -> tuple[NoticeNow | None, str]:
    """The notice after an answer, and what became of the answer.

    The latest answer counts, and of two at once the one that contests. One to an older revision is kept as it was said: it
    answers nothing that was told later.
    """
    event = told.event
    assert isinstance(event, RoundAcknowledged | RoundContested), "nothing else is an answer"
    if notice is None:
        return None, "unallocated"
    contests = isinstance(event, RoundContested)
    is_older = notice.answered_at is not None and (told.at, contests) <= (
        notice.answered_at,
        notice.state == "contested",
    )
    if event.revision < notice.revision or (notice.state in ANSWERED and is_older):
        return notice, "noted"
    after = replace(
        notice,
        state="contested" if contests else "acknowledged",
        answered_at=told.at,
        because=event.because if isinstance(event, RoundContested) else None,
        version=notice.version + 1,
    )
    return after, "applied"


def _folded(told: Told, before: NoticeNow | None, after: NoticeNow | None, verdict: str) -> Folded:
    outcome = Outcome(
        told=told,
        verdict=verdict,
        subject=f"nurse:{told.entry.nurse_id}",
        before=_standing(before),
        after=_standing(after),
        notice=after if verdict == "applied" else None,
    )
    return Folded([outcome], [Verdict(told.event.id, told.event.id_at, verdict)])


def _standing(notice: NoticeNow | None) -> dict[str, object] | None:
    return {"revision": notice.revision, "state": notice.state} if notice else None
