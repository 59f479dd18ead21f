"""A team of its own in the house, in which one nurse is behind: told, planned and decided by the house's own parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from playwright.async_api import Locator, Page, expect

from db import days, devices, plans
from domain.actor import system
from domain.day import (
    DaySheet,
    Need,
    PatientSheet,
    Priority,
    ShiftSheet,
    StaffSheet,
    Team,
    VisitSheet,
    scoped,
    visit_scoped,
)
from domain.geo import Place
from domain.round import Plan, PlannedAttendance, Round
from dutyboard.embedded import attach_or_start
from tests.browser.conftest import Visitor
from tests.browser.house import BASE, DAY, House

MINUTE = timedelta(minutes=1)
NAMES = {"amy": "Amy Okafor", "ben": "Ben Sharma", "cat": "Cat Lewis"}
BEHIND = {"a0": -75, "a1": 0, "a2": 12, "a3": 15}
"""Amy's visits by when they are planned, minutes from now; she has not left the first, which was to last half an hour."""
AMYS, BENS, CATS = ("a0", "a1", "a2", "a3"), ("b0",), ("c0",)


@dataclass
class Slip:
    """The team and its day."""

    house: House
    team_id: str

    def visit_id(self, ref: str) -> str:
        return visit_scoped(self.team_id, DAY, ref)

    def bar(self, page: Page, ref: str, nurse: str) -> Locator:
        """A visit in the round of a nurse."""
        return page.locator(
            f".db-round[data-nurse='{self.team_id}:{nurse}'] .db-bar[data-stop='{self.visit_id(ref)}#1']"
        )

    async def board(self, visitor: Visitor, coordinator: str, **how: object) -> Page:
        """The board of this team, at a desk with a name; waits until the alert is there."""
        page = await visitor.page(**how)
        await page.add_init_script(f"localStorage.setItem('db-coordinator', '{coordinator}')")
        await page.goto(f"{self.house.address}/?team={self.team_id}")
        await expect(alert(page)).to_be_visible(timeout=30_000)
        return page


def alert(page: Page) -> Locator:
    """The alert of Amy's round in the rail."""
    return page.locator(".db-alert").filter(has_text="Amy Okafor: round slips")


async def slipping(house: House, team_id: str) -> Slip:
    """Take the team's day in, put it into force, and let the phones tell of a visit that does not end."""
    now = house.now().replace(second=0, microsecond=0)
    sheet = _sheet(team_id, now)
    with attach_or_start(house.running.home) as urls:
        async with await psycopg.AsyncConnection.connect(urls.database_url) as conn:
            await days.save(conn, sheet, now, system("import"))
            await plans.accept(conn, _plan(team_id, now), now, system("import"))
            for nurse in NAMES:
                issued = await devices.issue(conn, scoped(team_id, nurse), "phone", now, system("test"))
                house.tokens[scoped(team_id, nurse)] = issued.token
    for nurse in NAMES:
        await house.say(scoped(team_id, nurse), "shift_started", ago_s=5700)
    slip = Slip(house, team_id)
    await house.say(scoped(team_id, "amy"), "arrived", ago_s=4500, visit_id=slip.visit_id("a0"))
    return slip


def _times(now: datetime) -> dict[str, datetime]:
    return {ref: now + minutes * MINUTE for ref, minutes in (BEHIND | {"b0": 150, "c0": 180}).items()}


def _sheet(team_id: str, now: datetime) -> DaySheet:
    shift = ShiftSheet(starts_at=now - 100 * MINUTE, ends_at=now + 330 * MINUTE)
    times = _times(now)
    return DaySheet(
        team=Team(team_id=team_id, name=team_id.title(), base=BASE),
        day=DAY,
        staff=tuple(
            StaffSheet(ref=ref, name=name, band=6, skills=frozenset({"wound_care"}), shift=shift)
            for ref, name in NAMES.items()
        ),
        patients=tuple(
            PatientSheet(ref=f"p-{ref}", name="Somebody", home=Place(lat=BASE.lat + n / 300, lon=BASE.lon))
            for n, ref in enumerate(times)
        ),
        visits=tuple(_visit(ref, at) for ref, at in times.items()),
    )


def _visit(ref: str, at: datetime) -> VisitSheet:
    """What Amy has still to make is urgent and may start ten minutes before and five after it is planned."""
    urgent: Priority = "urgent" if ref in ("a1", "a2", "a3") else "routine"
    return VisitSheet(
        ref=ref,
        patient=f"p-{ref}",
        windows=((at - 10 * MINUTE, at + 5 * MINUTE),),
        needs=(Need(service="wound_care", duration_s=1800),),
        priority=urgent,
    )


def _plan(team_id: str, now: datetime) -> Plan:
    times = _times(now)

    def round_of(nurse: str, refs: tuple[str, ...]) -> Round:
        stops = tuple(
            PlannedAttendance(
                visit_id=visit_scoped(team_id, DAY, ref),
                carer_no=1,
                starts_at=times[ref],
                ends_at=times[ref] + 30 * MINUTE,
            )
            for ref in refs
        )
        return Round(nurse_id=scoped(team_id, nurse), attendances=stops)

    rounds = (round_of("amy", AMYS), round_of("ben", BENS), round_of("cat", CATS))
    return Plan(team_id=team_id, day=DAY, made_by="search", rounds=rounds, unplaced=())
