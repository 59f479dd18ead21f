"""A visit overruns in a day of sixty nurses: it is told, re-planned, accepted in part, pushed to the phones and acknowledged."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from domain import events
from domain.ids import uuid7
from tests.stories.people import Coordinator, Refused
from tests.stories.service import Service
from tests.stories.vale import ashbourne, at, planned

MINUTE = timedelta(minutes=1)


async def accept_one(ruth: Coordinator, proposal: dict[str, Any], option: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Accept of a proposal the first visit given to somebody else that may go there by itself; a move that only others make
    room for is refused with the rule that it would break."""
    for move in option["moves"]:
        if not move["from_nurse"] or not move["to_nurse"] or move["from_nurse"] == move["to_nurse"]:
            continue
        parts = [[it["visit_id"], it["carer_no"]] for it in option["moves"] if it["visit_id"] == move["visit_id"]]
        asked = {"proposal_id": proposal["proposal_id"], "variant": option["variant"], "parts": parts}
        with suppress(Refused):
            return await ruth.does("proposals/accept", **asked), move
    raise AssertionError("no move can be made by itself")


async def test_an_overrun_is_told_replanned_pushed_acknowledged_and_passes(service: Service) -> None:
    story = await service.story(ashbourne, planned)
    ruth, twenty_to_ten = story.coordinator(), at(story.sheet.day, 9 + 40 / 60)
    slow, stop = story.busy_at(twenty_to_ten)
    await story.goes_as_planned(twenty_to_ten + 25 * MINUTE, but=[stop.visit_id])
    [alert] = await ruth.slips(slow)
    assert alert["cause"]["kind"] == "overrun"
    assert alert["cause"]["visit_id"] == stop.visit_id
    assert alert["knock_on"]
    assert all(one["late_p90_s"] > 0 for one in alert["knock_on"])

    proposal = await ruth.awaits(ruth.proposal)
    best = proposal["options"][0]
    assert best["after"]["price"] < proposal["before"]["price"]
    assert all(move["says"] for move in best["moves"])
    done, chosen = await accept_one(ruth, proposal, best)

    async with story.phone(chosen["from_nurse"]) as gives, story.phone(chosen["to_nurse"]) as takes:
        assert done["proposal"]["state"] == "partly_accepted"
        assert done["revision"] == 2
        told = await gives.hears("round_changed")
        await takes.hears("round_changed")
        now = story.now
        await gives.says(
            events.RoundAcknowledged(id=uuid7(now), at=now, day=story.sheet.day, revision=told["revision"])
        )
        await story.forward(step_min=3, minutes=12)
    unread = await ruth.alerts("change_not_acknowledged")
    assert chosen["to_nurse"] in {one["nurse_id"] for one in unread}
    assert chosen["from_nurse"] not in {one["nurse_id"] for one in unread}

    await story.phone(slow).leaves(stop.visit_id, story.now)
    await story.forward(step_min=5, minutes=10)
    opened = await story.rows("SELECT count(*) FROM alert WHERE kind = 'round_slips' AND body->>'nurse_id' = %s", slow)
    assert opened == [(1,)]
