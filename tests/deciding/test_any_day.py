"""Whatever the day: what is accepted breaks no hard rule, loses no visit, moves nothing that has begun, and can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from ashbourne import DINAH
from day_sheets import SKILLS, nurse, patient, visit
from day_sheets import sheet as day_of
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from db import days, plans, proposals, revisions
from domain.day import DaySheet, VisitSheet, scoped
from domain.errors import Conflict
from domain.ids import uuid7
from domain.replanning import Option, Part, ProposalNow
from domain.round import Plan, Unplaced
from realtime.deciding.accepting import accept
from realtime.deciding.undoing import undo
from realtime.replanning import live_day
from realtime.replanning.live_day import LiveDay
from realtime.replanning.proposing import Proposed, propose
from realtime.replanning.standing import standing
from realtime.wants import note_absence
from solver.check import check
from solver.in_order import in_order
from solver.params import Params
from solver.plan import plan
from solver.problem import problem_of
from solver.stop import Iterations
from solver.travel import travel_of

_teams = count()
_any_story = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
HELD = (
    "SELECT a.visit_id, a.carer_no, nurse_id, place_in_round, planned_start, planned_end, unplaced_because"
    " FROM attendance a JOIN visit USING (visit_id) WHERE team_id = %s ORDER BY a.visit_id, a.carer_no"
)


@dataclass
class Story:
    """A day, how long before or after its first shift it is, who falls sick, and which parts wait for a round."""

    sheet: DaySheet
    after: timedelta
    sick: str | None
    waiting: frozenset[int]
    variant: int
    chosen: frozenset[int] | None

    @property
    def now(self) -> datetime:
        return min(staff.shift.starts_at for staff in self.sheet.staff) + self.after


@st.composite
def stories(draw: st.DrawFn, under_way: bool) -> Story:
    sheet = draw(busy_days())
    few = st.frozensets(st.integers(0, 12), max_size=8)
    return Story(
        sheet=sheet,
        after=timedelta(minutes=draw(st.integers(60, 240)) if under_way else -60),
        sick=draw(st.none() | st.sampled_from([staff.ref for staff in sheet.staff])),
        waiting=draw(few),
        variant=draw(st.integers(0, 1)),
        chosen=draw(st.none() | st.frozensets(st.integers(0, 12), min_size=1, max_size=3)),
    )


@st.composite
def busy_days(draw: st.DrawFn) -> DaySheet:
    """A day of two to four nurses that mostly can be done: long windows, some double-ups, some rules in the way."""
    skills = st.frozensets(st.sampled_from(SKILLS), min_size=1)
    most = st.none() | st.integers(3, 6)
    staff = [nurse(f"n{number}", *draw(skills), max_visits=draw(most)) for number in range(draw(st.integers(2, 4)))]
    names = st.frozensets(st.sampled_from([it.ref for it in staff]), max_size=1)
    patients = [
        patient(f"p{number}", draw(st.integers(1, 12)), preferred=draw(names), excluded=draw(names))
        for number in range(4)
    ]
    visits = [draw(_visit(f"v{number}")) for number in range(draw(st.integers(3, 9)))]
    made = day_of(staff, patients, visits)
    return msgspec.structs.replace(made, team=msgspec.structs.replace(made.team, team_id=f"vale{next(_teams)}"))


@st.composite
def _visit(draw: st.DrawFn, ref: str) -> VisitSheet:
    opens = draw(st.integers(8, 13))
    needs = [
        (draw(st.sampled_from(SKILLS)), draw(st.integers(2, 9)) * 5) for _ in range(draw(st.sampled_from([1, 1, 2])))
    ]
    kinds = ["simultaneous", "independent"] if len(needs) == 2 else ["independent"]
    window = (f"{opens:02}:00", f"{opens + draw(st.integers(1, 4)):02}:00")
    return visit(ref, f"p{draw(st.integers(0, 3))}", window, *needs, synchronisation=draw(st.sampled_from(kinds)))


@given(story=stories(under_way=False))
@_any_story
async def test_what_is_accepted_breaks_no_rule_and_is_taken_back_exactly(conn: AsyncConnection, story: Story) -> None:
    published = await _published(conn, story)
    offered = await _offered(conn, story)
    if offered is None:
        event("nothing better")
        return
    made, live, chosen = offered
    before = await _held(conn, story)
    if not (revision := await _accepted(conn, story, made, chosen)):
        assert (await _in_force(conn, story), await _held(conn, story)) == (published, before)
        event("refused")
        return
    event("accepted in part" if chosen else "accepted")
    accepted = await _in_force(conn, story)
    assert Counter(_parts(accepted)) == Counter(_parts(published))
    if chosen is None:
        assert check(standing(live).problem, accepted, live.travel, published=published).broken == ()
    else:
        assert _broken(live, accepted, published) <= _broken(live, _left_alone(live, published), published)
    await undo(conn, story.sheet.team.team_id, story.sheet.day, revision, story.now, DINAH)
    assert (await _in_force(conn, story), await _held(conn, story)) == (published, before)


@given(story=stories(under_way=True), begins=st.integers(0, 12))
@_any_story
async def test_what_has_begun_stays_where_it_is_and_the_rest_is_taken_back_exactly(
    conn: AsyncConnection, story: Story, begins: int
) -> None:
    published = await _published(conn, story)
    first = [stops.attendances[0] for stops in published.rounds if stops.attendances]
    if not first:
        event("no rounds")
        return
    begun = first[begins % len(first)]
    key = (begun.visit_id, begun.carer_no)
    await conn.execute(
        "UPDATE attendance SET state = 'in_progress', arrived_at = %s WHERE (visit_id, carer_no) = (%s, %s)",
        (story.now - timedelta(minutes=2), *key),
    )
    offered = await _offered(conn, story)
    if offered is None:
        event("nothing better")
        return
    made, _, chosen = offered
    held = await _held(conn, story)
    if not (revision := await _accepted(conn, story, made, chosen)):
        event("refused")
        return
    event("accepted")
    accepted = await _in_force(conn, story)
    assert _nurse_of(accepted, key) == _nurse_of(published, key)
    assert Counter(_parts(accepted)) == Counter(_parts(published))
    await undo(conn, story.sheet.team.team_id, story.sheet.day, revision, story.now, DINAH)
    assert (await _in_force(conn, story), await _held(conn, story)) == (published, held)


async def _published(conn: AsyncConnection, story: Story) -> Plan:
    """The day taken in, and its plan in force, in which the parts that wait are in no round."""
    sheet = story.sheet
    found = plan(problem_of(sheet), travel_of(sheet), Params(), seed=1, stop=Iterations(40))
    every = sorted(_parts(found))
    out = {every[number] for number in story.waiting if number < len(every)}
    out |= {part for part in every if part[0] in {visit_id for visit_id, _ in out}}
    rounds = tuple(
        msgspec.structs.replace(
            round_,
            attendances=tuple(it for it in round_.attendances if (it.visit_id, it.carer_no) not in out),
            rest=None if any((it.visit_id, it.carer_no) in out for it in round_.attendances) else round_.rest,
        )
        for round_ in found.rounds
    )
    kept = tuple(it for it in found.unplaced if (it.visit_id, it.carer_no) not in out)
    waits = tuple(Unplaced(visit_id=it, carer_no=part, reason="Waits for a round.") for it, part in sorted(out))
    published = msgspec.structs.replace(found, rounds=rounds, unplaced=(*kept, *waits))
    early = story.now - timedelta(hours=2)
    await days.save(conn, sheet, early, DINAH)
    await plans.accept(conn, published, early, DINAH)
    return await _in_force(conn, story)


async def _offered(conn: AsyncConnection, story: Story) -> tuple[ProposalNow, LiveDay, list[Part] | None] | None:
    """A proposal for the day as it stands, and which of its moves are chosen; None where nothing gets better."""
    team_id, day, now = story.sheet.team.team_id, story.sheet.day, story.now
    if story.sick:
        await note_absence(conn, scoped(team_id, story.sick), day, "sick", now, None, None, now, DINAH)
    live = await live_day.read(conn, team_id, day, now, travel_of)
    proposed = propose(live, stop=Iterations(60))
    if not proposed.options:
        return None
    made = await _kept(conn, story, proposed, live.revision)
    moves = sorted({(move.visit_id, move.carer_no) for move in _option(story, proposed.options).moves})
    chosen = None if story.chosen is None else sorted({moves[number % len(moves)] for number in story.chosen})
    return made, live, chosen


async def _kept(conn: AsyncConnection, story: Story, proposed: Proposed, stood_on: int) -> ProposalNow:
    made = ProposalNow(
        proposal_id=uuid7(story.now),
        request_id=None,
        team_id=story.sheet.team.team_id,
        day=story.sheet.day,
        state="open",
        triggers=[],
        stood_on=stood_on,
        made_at=story.now,
        before=proposed.before,
        options=list(proposed.options),
        version=1,
    )
    await proposals.add(conn, made, proposed.plans)
    return made


async def _accepted(conn: AsyncConnection, story: Story, made: ProposalNow, chosen: Sequence[Part] | None) -> int:
    """The revision that it has become; 0 where the rest of the plan does not hold without the other moves."""
    variant = _option(story, made.options).variant
    try:
        done = await accept(conn, made.proposal_id, variant, chosen, story.now, DINAH, travel_of)
    except Conflict:
        if chosen is None:
            raise  # On the day that it was made for a proposal can be accepted as a whole.
        return 0
    return done.revision


def _option(story: Story, options: Sequence[Option]) -> Option:
    return options[story.variant % len(options)]


def _broken(live: LiveDay, plan_: Plan, published: Plan) -> set[tuple[str, str | None, str | None]]:
    found = check(standing(live).problem, plan_, live.travel, published=published).broken
    return {(it.rule, it.nurse_id, it.visit_id) for it in found}


def _left_alone(live: LiveDay, published: Plan) -> Plan:
    """What becomes of the day if nobody does anything: who is sick makes no visit."""
    return in_order(live.problem, published, live.now_s, live.travel, published=published)


def _parts(plan_: Plan) -> list[Part]:
    stops = [(it.visit_id, it.carer_no) for round_ in plan_.rounds for it in round_.attendances]
    return stops + [(it.visit_id, it.carer_no) for it in plan_.unplaced]


def _nurse_of(plan_: Plan, part: Part) -> str:
    (found,) = [
        round_.nurse_id for round_ in plan_.rounds for it in round_.attendances if (it.visit_id, it.carer_no) == part
    ]
    return found


async def _in_force(conn: AsyncConnection, story: Story) -> Plan:
    found = await revisions.in_force(conn, story.sheet.team.team_id, story.sheet.day)
    assert found
    return found.plan


async def _held(conn: AsyncConnection, story: Story) -> list[Any]:
    return await (await conn.execute(HELD, [story.sheet.team.team_id])).fetchall()
