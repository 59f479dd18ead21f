"""Each way in which a day goes wrong: it is told once, another plan is offered, decided on by one, and can be taken back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from multiprocessing import active_children
from typing import Any

import pytest

from domain import events
from domain.ids import uuid7
from domain.round import PlannedAttendance
from tests.stories.people import Coordinator, Refused
from tests.stories.service import Service, Story
from tests.stories.vale import at, planned, vale, visit_id

MINUTE = timedelta(minutes=1)


async def test_the_risk_clears_by_itself_when_time_is_made_up(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "clears"), planned)
    ruth, sheet = story.coordinator(), story.sheet
    nurse_id, stop = story.busy_at(at(sheet.day, 9.6))
    await story.goes_as_planned(at(sheet.day, 9.6), but=[stop.visit_id])
    await story.forward(step_min=5, minutes=70)
    assert await ruth.slips(nurse_id)
    following = story.round_of(nurse_id).attendances[1]
    await ruth.does("visits/cancel", visit_id=following.visit_id, because="The daughter has done it.")
    await story.phone(nurse_id).leaves(stop.visit_id, story.now)
    await story.forward(step_min=2, minutes=15)
    assert not await ruth.slips(nurse_id, "open", "acknowledged", "snoozed")
    assert await ruth.slips(nurse_id, "cleared")


async def test_a_nurse_off_sick_has_her_visits_given_to_others(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "sick"), planned)
    ruth, amy = story.coordinator(), story.plan.rounds[0].nurse_id
    await story.goes_as_planned(at(story.sheet.day, 8.5))
    await ruth.does("absences", nurse_id=amy, kind="sick")
    await story.forward(minutes=3)
    proposal = await ruth.awaits(ruth.proposal)
    assert proposal["triggers"][0] == {"situation": "nurse_off", "nurse_id": amy, "visit_id": None}
    moved = {move["visit_id"] for move in proposal["options"][0]["moves"] if move["from_nurse"] == amy}
    left_out = {one["visit_id"] for one in proposal["options"][0]["left_out"]}
    assert moved | left_out == {stop.visit_id for stop in story.round_of(amy).attendances}


async def test_an_urgent_visit_finds_a_nurse_within_two_hours(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "urgent"), planned)
    ruth = story.coordinator()
    await story.goes_as_planned(at(story.sheet.day, 9.2))
    asked = await ruth.does(
        "visits/add",
        team_id=story.sheet.team.team_id,
        patient="p1.3",
        services=[{"service": "palliative", "duration_min": 30}],
    )
    await story.forward(minutes=3)
    proposal = await ruth.awaits(ruth.proposal)
    [move] = [one for one in proposal["options"][0]["moves"] if one["visit_id"] == asked["visit_id"]]
    assert move["kind"] == "placed"
    assert datetime.fromisoformat(move["to_start"]) <= at(story.sheet.day, 11.2)
    await ruth.does("proposals/accept", proposal_id=proposal["proposal_id"], variant=proposal["options"][0]["variant"])
    await story.forward(minutes=2)
    assert (await ruth.outlook(asked["visit_id"]))["state"] == "planned"


async def test_time_given_back_by_no_access_is_offered_on_request(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "noaccess"), planned)
    ruth, nurse_id = story.coordinator(), story.plan.rounds[0].nurse_id
    stop = story.round_of(nurse_id).attendances[0]
    await story.goes_as_planned(stop.starts_at, but=[stop.visit_id])
    await story.forward(minutes=1)
    now = story.now
    await story.phone(nurse_id).says(events.NoAccess(id=uuid7(now), at=now, visit_id=stop.visit_id, reason="Nobody in"))
    await story.forward(minutes=3)
    assert (await ruth.outlook(stop.visit_id))["state"] == "no_access"
    assert await ruth.proposal() is None
    await ruth.does(
        "replans",
        team_id=story.sheet.team.team_id,
        situation="time_given_back",
        nurse_id=nurse_id,
        visit_id=stop.visit_id,
    )
    await story.forward(minutes=2)
    [request] = (await ruth.sees())["requests"]
    assert request["state"] == "answered"


async def test_a_visit_moved_by_the_patient_is_planned_into_its_new_window(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "moved"), planned)
    ruth, moved = story.coordinator(), visit_id(story.sheet, 2, 1)
    await story.goes_as_planned(at(story.sheet.day, 8.5))
    await ruth.does(
        "visits/move",
        visit_id=moved,
        window_from=at(story.sheet.day, 13),
        window_until=at(story.sheet.day, 14),
        because="At the dentist's.",
    )
    await story.forward(minutes=3)
    proposal = await ruth.awaits(ruth.proposal)
    [move] = [one for one in proposal["options"][0]["moves"] if one["visit_id"] == moved]
    assert at(story.sheet.day, 13) <= datetime.fromisoformat(move["to_start"]) <= at(story.sheet.day, 14)


async def test_who_waits_at_a_double_up_for_a_late_colleague_is_helped_too(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "double", double_up=(1, 1)), planned)
    ruth, double = story.coordinator(), visit_id(story.sheet, 1, 1)
    late, waits, before = _at_double_up(story, double)
    starts = next(it.starts_at for it in story.round_of(waits).attendances if it.visit_id == double)
    await story.goes_as_planned(starts + 70 * MINUTE, but=[before.visit_id, double])
    [alert] = await ruth.slips(waits)
    assert (alert["cause"]["kind"], alert["cause"]["nurse_id"]) == ("partner_late", late)
    assert alert["cause"]["visit_id"] == double
    asked = [trigger for request in (await ruth.sees())["requests"] for trigger in request["triggers"]]
    assert {"situation": "second_nurse_late", "nurse_id": waits, "visit_id": double} in asked
    await story.forward(minutes=4)
    assert (await ruth.awaits(ruth.proposal))["options"][0]["moves"]


def _at_double_up(story: Story, double: str) -> tuple[str, str, PlannedAttendance]:
    """Who will be late for a double-up, who will wait there, and the visit that the former has just before it."""
    pair = []
    for round_ in story.plan.rounds:
        for place, stop in enumerate(round_.attendances):
            if stop.visit_id == double:
                pair.append((place, round_))
    (place, late), (_, waits) = max(pair, key=lambda it: it[0]), min(pair, key=lambda it: it[0])
    return late.nurse_id, waits.nurse_id, late.attendances[place - 1]


async def test_two_coordinators_accept_at_once_and_one_is_told_who_was_first(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "race"), planned)
    ruth, omar = story.coordinator("Ruth"), story.coordinator("Omar")
    await story.goes_as_planned(at(story.sheet.day, 8.5))
    await ruth.does("absences", nurse_id=story.plan.rounds[0].nurse_id, kind="sick")
    await story.forward(minutes=3)
    proposal = await ruth.awaits(ruth.proposal)
    asked = {"proposal_id": proposal["proposal_id"], "variant": proposal["options"][0]["variant"]}
    answers = await asyncio.gather(
        *(who.does("proposals/accept", **asked) for who in (ruth, omar)), return_exceptions=True
    )
    [refused] = [one for one in answers if isinstance(one, Refused)]
    [accepted] = [one for one in answers if not isinstance(one, BaseException)]
    assert refused.status == 409
    assert accepted["proposal"]["decided_by"].rpartition(":")[2] in refused.detail


async def test_a_solver_killed_in_the_middle_holds_up_nobody_and_the_board_says_why(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "killed"), planned)
    ruth, team_id, round_ = story.coordinator(), story.sheet.team.team_id, story.plan.rounds[1]
    stop = round_.attendances[0]
    await story.goes_as_planned(at(story.sheet.day, 8.5))
    await ruth.does("absences", nurse_id=story.plan.rounds[0].nurse_id, kind="sick")
    await ruth.does("replans", team_id=team_id, situation="by_hand")
    await ruth.awaits(lambda: _request(ruth, "running"))
    for solver in active_children():
        solver.kill()
    await story.phone(round_.nurse_id).arrives(stop.visit_id, story.now)
    failed = await ruth.awaits(lambda: _request(ruth, "failed"))
    assert failed["because"] == "The solver died while it was searching."
    await story.forward(minutes=1)
    assert (await ruth.outlook(stop.visit_id))["state"] == "in_progress"
    assert await ruth.proposal() is None
    await ruth.does("replans", team_id=team_id, situation="by_hand")
    assert (await ruth.awaits(ruth.proposal))["options"][0]["moves"]


async def _request(ruth: Coordinator, state: str) -> dict[str, Any] | None:
    return next((one for one in (await ruth.sees())["requests"] if one["state"] == state), None)


async def test_an_acceptance_undone_restores_the_plan_and_tells_the_phones(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "undone"), planned)
    ruth = story.coordinator()
    await story.goes_as_planned(at(story.sheet.day, 8.5))
    before = await story.rows(
        "SELECT visit_id, nurse_id, planned_start FROM attendance WHERE visit_id LIKE 'undone:%%' ORDER BY 1"
    )
    await ruth.does("absences", nurse_id=story.plan.rounds[0].nurse_id, kind="sick")
    await story.forward(minutes=3)
    proposal = await ruth.awaits(ruth.proposal)
    done = await ruth.does(
        "proposals/accept", proposal_id=proposal["proposal_id"], variant=proposal["options"][0]["variant"]
    )
    await ruth.does("undo", team_id=story.sheet.team.team_id, revision=done["revision"])
    after = await story.rows(
        "SELECT visit_id, nurse_id, planned_start FROM attendance WHERE visit_id LIKE 'undone:%%' ORDER BY 1"
    )
    assert after == before


async def test_a_late_offline_batch_opens_no_alert_for_what_is_past(service: Service) -> None:
    story = await service.story(lambda day: vale(day, "offline"), planned)
    ruth, nurse_id = story.coordinator(), story.plan.rounds[0].nurse_id
    first, second = story.round_of(nurse_id).attendances[:2]
    await story.goes_as_planned(at(story.sheet.day, 8.5))
    silent = [round_ for round_ in story.plan.rounds if round_.nurse_id == nurse_id]
    assert silent
    # Ninety minutes without a signal; then the phone tells that all went well, but for a visit that took half an hour longer.
    await story.service.clock.forward(minutes=(second.ends_at - story.now) / MINUTE + 5)
    late = first.ends_at + 20 * MINUTE
    told = [
        *(event for stop, ends in ((first, late), (second, second.ends_at)) for event in _visit(stop, ends)),
    ]
    await story.phone(nurse_id).says(*told, sent_at=story.now)
    await story.service.quiet()
    await story.forward(minutes=2)
    for alert in await ruth.slips(nurse_id, "open", "cleared"):
        assert not {one["visit_id"] for one in alert["knock_on"]} & {first.visit_id, second.visit_id}


def _visit(stop: PlannedAttendance, ends: datetime) -> list[Any]:
    return [
        events.Arrived(id=uuid7(stop.starts_at), at=stop.starts_at, visit_id=stop.visit_id),
        events.Finished(id=uuid7(ends), at=ends, visit_id=stop.visit_id),
    ]


@pytest.mark.parametrize("asks", [{"kind": "home"}, {"kind": "stuck"}])
async def test_what_if_touches_nothing(service: Service, asks: dict[str, str]) -> None:
    story = await service.story(lambda day: vale(day, f"whatif{asks['kind']}"), planned)
    ruth, nurse_id = story.coordinator(), story.plan.rounds[0].nurse_id
    await story.goes_as_planned(at(story.sheet.day, 9.2))
    counted = "SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM proposal), (SELECT count(*) FROM absence)"
    before = await story.rows(counted)
    told = await ruth.does(
        "what-if",
        team_id=story.sheet.team.team_id,
        triggers=[{"situation": "nurse_off", "nurse_id": nurse_id}],
        absences=[{"nurse_id": nurse_id}],
    )
    assert told["options"][0]["moves"]
    assert await story.rows(counted) == before
