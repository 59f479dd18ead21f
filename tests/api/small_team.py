"""A team of four with a day in force, each test its own, for what the desk does to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from db import days, plans
from db.pool import Pool
from domain.actor import system
from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet, scoped, visit_scoped
from domain.geo import Place
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from tests.api.callers import DAY, EIGHT

_teams = count()


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


class SmallTeam:
    """Ann has `v1` at nine and `v2` at ten, Bob `v3` at nine; nobody has `v4`; Cat gives no insulin; Dee is free all day."""

    def __init__(self, team_id: str) -> None:
        self.team_id = team_id

    def nurse(self, ref: str) -> str:
        return scoped(self.team_id, ref)

    def visit(self, ref: str) -> str:
        return visit_scoped(self.team_id, DAY, ref)

    def sheet(self) -> DaySheet:
        shift, refs = ShiftSheet(starts_at=EIGHT, ends_at=at(480)), ("ann", "bob", "cat", "dee")
        gives = {ref: frozenset({"insulin"}) for ref in refs} | {"cat": frozenset({"bloods"})}
        staff = [StaffSheet(ref=ref, name=ref.title(), skills=gives[ref], shift=shift) for ref in refs]
        homes = {f"p{no}": Place(lat=52.95 + no / 100, lon=-1.15) for no in range(1, 5)}
        patients = [PatientSheet(ref=ref, name=f"Somebody {ref}", home=home) for ref, home in homes.items()]
        opens = {"v1": 60, "v2": 120, "v3": 60, "v4": 120}
        visits = [
            VisitSheet(
                ref=ref,
                patient=f"p{ref[1:]}",
                windows=((at(minute), at(minute + 60)),),
                needs=(Need(service="insulin", duration_s=1800),),
            )
            for ref, minute in opens.items()
        ]
        team = Team(team_id=self.team_id, name=self.team_id, base=Place(lat=52.95, lon=-1.15))
        return DaySheet(team=team, day=DAY, staff=tuple(staff), patients=tuple(patients), visits=tuple(visits))

    def plan(self) -> Plan:
        def stop(ref: str, minute: int) -> PlannedAttendance:
            return PlannedAttendance(
                visit_id=self.visit(ref), carer_no=1, starts_at=at(minute), ends_at=at(minute + 30)
            )

        rounds = (
            Round(nurse_id=self.nurse("ann"), attendances=(stop("v1", 60), stop("v2", 120))),
            Round(nurse_id=self.nurse("bob"), attendances=(stop("v3", 60),)),
        )
        left_out = Unplaced(visit_id=self.visit("v4"), carer_no=1, reason="It has just been asked for.")
        return Plan(team_id=self.team_id, day=DAY, made_by="test", rounds=rounds, unplaced=(left_out,))


async def small_team(pool: Pool, *, planned: bool = True) -> SmallTeam:
    """A team of its own with its day, and its plan in force."""
    team = SmallTeam(f"desk{next(_teams)}")
    async with pool.connection() as conn:
        await days.save(conn, team.sheet(), EIGHT, system("test"))
        if planned:
            await plans.accept(conn, team.plan(), EIGHT, system("test"))
    return team
