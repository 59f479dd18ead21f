"""Events that were kept although they fit nothing: somebody should look at each of them."""

from __future__ import annotations

from console.board_page import no_team
from console.elements import box, words
from console.frame import Shown
from console.parts import ConsoleParts, QuestionedDay
from console.tables import badge, empty, table
from console.times import clock_time, lasting
from db.events import QuestionedEvent

KINDS = {
    "shift_started": "Shift started",
    "shift_ended": "Shift ended",
    "en_route": "Set off",
    "arrived": "Checked in",
    "finished": "Checked out",
    "no_access": "No access",
    "sos": "SOS",
    "heartbeat": "Heartbeat",
}
VERDICTS = {
    "illegal": "Fits no step: the visit or shift was not at a point where this could happen",
    "unallocated": "The nurse was not on this visit",
}
COLUMNS = ("When", "Nurse", "What the phone said", "Visit", "Why it is questioned", "Received")


async def questioned_page(parts: ConsoleParts, shown: Shown) -> None:
    if shown.team is None:
        no_team(shown)
        return
    asked = await parts.questioned(shown.team.team_id)
    with box("section", "db-card db-page", aria_label="Questioned events"):
        with box("div", "db-card-head"):
            words("h2", f"{asked.team.name}, {asked.day:%A %d %B %Y}")
            words("span", f"{len(asked.events)}", "db-count")
        words("p", "Nothing here was thrown away: each event is stored and waits for a person's judgement.", "db-note")
        if asked.events:
            _events(asked)
        else:
            empty("Every event of this day fits, and none came late.")


def _events(asked: QuestionedDay) -> None:
    with table(COLUMNS, f"Questioned events, times in {asked.team.timezone}"):
        for event in asked.events:
            _event(asked, event)


def _event(asked: QuestionedDay, event: QuestionedEvent) -> None:
    timezone = asked.team.timezone
    with box("tr"):
        words("td", clock_time(event.at, timezone), "db-time")
        words("td", asked.names.get(event.nurse_id, _short(event.nurse_id)))
        words("td", KINDS.get(event.kind, event.kind))
        words("td", _short(event.visit_id) if event.visit_id else "–")
        with box("td"):
            _reasons(event)
        words("td", clock_time(event.received_at, timezone), "db-time")


def _reasons(event: QuestionedEvent) -> None:
    if event.verdict in VERDICTS:
        badge(event.verdict.capitalize(), "amber")
        words("span", VERDICTS[event.verdict])
    if event.late:
        badge("Late", "grey")
        words("span", f"Came {lasting(event.received_at - event.at)} after it happened")


def _short(scoped_id: str) -> str:
    """The sender's own reference, without the team's part of our id."""
    return scoped_id.rpartition(":")[2]
