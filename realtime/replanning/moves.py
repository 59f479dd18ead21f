"""What one plan changes against the one in force, part by part, each with its reason in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from domain.replanning import LeftOut, Move, MoveKind
from domain.round import Plan
from realtime.replanning.standing import Standing
from solver.explain import Refusal, explain, reasons_for, what_would_help, why_not
from solver.explain.moves import Kind
from solver.explain.moves import Move as Explained
from solver.problem import instant

KINDS: Mapping[Kind, MoveKind] = {
    "nurse_changed": "nurse",
    "placed": "placed",
    "left_out": "left_out",
    "reordered": "order",
    "brought_forward": "time",
    "put_off": "time",
}
MOST_HELP = 3
"""Ways to make a visit fit that are told; the smallest come first."""


def moves_between(standing: Standing, after: Plan) -> list[Move]:
    """The moves that lead from the plan in force to another, in the order of time."""
    told = explain(standing.problem, standing.published, after, standing.travel)
    return [_move(standing, it) for it in told.moves]


def left_out(standing: Standing, after: Plan) -> list[LeftOut]:
    """What a plan leaves out, why nobody could take it, and the smallest changes that would make it fit."""
    return [_left_out(standing, after, it.visit_id, it.carer_no, it.reason) for it in after.unplaced]


def with_reasons(standing: Standing, plan: Plan) -> Plan:
    """The plan with the reason for each part that is in no round; those that may wait say so themselves."""
    parts = [(it.visit_id, it.carer_no) for it in plan.unplaced]
    reasons = reasons_for(standing.problem, plan, parts, standing.travel)
    unplaced = tuple(replace(it, reason=reasons[it.visit_id, it.carer_no]) for it in plan.unplaced)
    return replace(plan, unplaced=unplaced)


def _move(standing: Standing, it: Explained) -> Move:
    visit = standing.visits[it.visit_id]
    return Move(
        visit_id=it.visit_id,
        carer_no=it.carer_no,
        patient=visit.point.ref,
        service=visit.needs[it.carer_no - 1].service,
        kind=KINDS[it.kind],
        from_nurse=it.nurse_before,
        to_nurse=it.nurse_after,
        from_start=None if it.starts_before is None else instant(it.starts_before),
        to_start=None if it.starts_after is None else instant(it.starts_after),
        says=it.says,
    )


def _left_out(standing: Standing, after: Plan, visit_id: str, carer_no: int, because: str) -> LeftOut:
    problem, travel, part = standing.problem, standing.travel, (visit_id, carer_no)
    helps = what_would_help(problem, after, part, travel)
    return LeftOut(
        visit_id=visit_id,
        carer_no=carer_no,
        patient=standing.visits[visit_id].point.ref,
        because=because,
        refusals=_by_nurse(why_not(problem, after, part, travel)),
        would_fit=[one.says for one in helps[:MOST_HELP]],
    )


def _by_nurse(refusals: Sequence[Refusal]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in refusals:
        found.setdefault(one.nurse_id, []).append(one.says)
    return found
