"""A morning with three visits in Amy's round, and a proposal that gives two of them to Ben."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from day_sheets import DAY, at, nurse, patient, sheet, visit
from psycopg import AsyncConnection

from db import proposals, revisions
from domain.ids import uuid7
from domain.replanning import DayCost, Option, Part, ProposalNow, ProposedPlan
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from solver.in_order import in_order
from solver.problem import problem_of
from solver.travel import travel_of

SEVEN = at("07:00")
LONG = ("08:00", "15:00")
THE_DAY = sheet(
    [nurse("amy", "wound"), nurse("ben", "wound"), nurse("cho", "insulin")],
    [patient(ref, kilometres) for ref, kilometres in (("p1", 1), ("p2", 2), ("p3", 3))],
    [visit(f"v{number}", f"p{number}", LONG, ("wound", 20)) for number in (1, 2, 3)],
)
PROBLEM, TRAVEL = problem_of(THE_DAY), travel_of(THE_DAY)
COST = DayCost(
    visits_late=0, late_min=0, promises_moved=0, nurses_affected=0, continuity_lost=0, travel_min=0, left_out=0, price=0
)


def part(ref: str) -> Part:
    return f"vale:20261123:{ref}", 1


def planned(made_by: str, unplaced: tuple[str, ...] = (), **rounds: list[str]) -> Plan:
    """Rounds in these orders, as early as they can be."""
    stops = {
        name: tuple(
            PlannedAttendance(
                visit_id=part(ref)[0], carer_no=1, starts_at=at("09:00"), ends_at=at("09:00") + timedelta(minutes=20)
            )
            for ref in refs
        )
        for name, refs in rounds.items()
    }
    rough = Plan(
        team_id="vale",
        day=DAY,
        made_by=made_by,
        rounds=tuple(Round(nurse_id=f"vale:{name}", attendances=its) for name, its in stops.items()),
        unplaced=tuple(Unplaced(visit_id=part(ref)[0], carer_no=1, reason="No time.") for ref in unplaced),
    )
    return in_order(PROBLEM, rough, int(SEVEN.timestamp()), TRAVEL)


PUBLISHED = planned("search", amy=["v1", "v2", "v3"], ben=[], cho=[])
PROPOSED = planned("planner", amy=["v1"], ben=["v3", "v2"], cho=[])


async def propose(conn: AsyncConnection, plan: Plan = PROPOSED, options: Sequence[Option] = ()) -> ProposalNow:
    """An open proposal that leads to this plan."""
    made = ProposalNow(
        proposal_id=uuid7(SEVEN),
        request_id=None,
        team_id="vale",
        day=DAY,
        state="open",
        triggers=[],
        stood_on=1,
        made_at=SEVEN,
        before=COST,
        options=list(options),
        version=1,
    )
    await proposals.add(conn, made, [ProposedPlan(variant="best_day", plan=plan)])
    return made


async def in_force(conn: AsyncConnection) -> Plan:
    found = await revisions.in_force(conn, "vale", DAY)
    assert found
    return found.plan


def rounds(plan: Plan) -> dict[str, list[str]]:
    return {
        it.nurse_id.removeprefix("vale:"): [stop.visit_id.removeprefix("vale:20261123:") for stop in it.attendances]
        for it in plan.rounds
    }
