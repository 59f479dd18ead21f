"""`dutyboard bench slip`: a visit slips, and how long it takes until it is projected, told and another plan is proposed.

A nurse checks in at a later, long stop of the round instead of the one that is due and whose window closes a quarter of an hour
after its planned start. The event is put into the stream as the door would put it; a step is done, by Valkey's clock, when its
fact is in the stream of facts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from time import monotonic, sleep
from typing import Any

import msgspec
import psycopg
from redis import Redis

from domain.clock import ScaledClock
from domain.events import Arrived, Event, Inbound
from domain.facts import AlertChanged, AlertOpened, Fact, PlanProposed, ReplanAsked, RoundProjected, VisitStarted
from domain.ids import uuid7
from domain.round import Plan
from dutyboard.bench.bed import Bed, bare_bed, part
from dutyboard.bench.figures import Figure
from dutyboard.bench.slipping_day import NINE, Slip, furnish, morning
from dutyboard.bench.solver.spread import quantile
from realtime.streams import EVENT_FIELD, FACT_FIELD, FACTS, accepted_ms, events_stream, partition_of

SIZES = ((1, 10), (1, 100), (10, 100))
"""Teams, and nurses in each; ten visits a nurse."""
TRIALS = 40
ANSWER_WITHIN_S = 15.0
QUIET_WITHIN_S = 180.0
STEPS = ("event committed, its fact out", "projected", "alert out", "proposal stored, its fact out")
WAITING = """
SELECT (SELECT count(*) FROM outbox WHERE relayed_at IS NULL) + (SELECT count(*) FROM lookout WHERE due_at <= %s)
     + (SELECT count(DISTINCT nurse_id) FROM attendance) - (SELECT count(*) FROM lookout)
     + (SELECT count(*) FROM replan_request WHERE state IN ('waiting', 'running'))
"""
CALM = "SELECT nurse_id FROM lookout EXCEPT SELECT body->>'nurse_id' FROM alert WHERE kind = 'round_slips'"


def measure(trials: int = TRIALS) -> list[Figure]:
    """Every size in turn, on stores of its own."""
    return [figure for teams, nurses in SIZES for figure in _of_size(teams, nurses, trials)]


def _of_size(teams: int, nurses: int, trials: int) -> list[Figure]:
    clock = ScaledClock(NINE, 1.0)
    with (
        bare_bed(clock=clock.spec) as furnished,
        Redis.from_url(furnished.stores.redis_url) as valkey,
        ExitStack() as run,
    ):
        published, slips = asyncio.run(_furnished(furnished, teams, nurses))
        for role in ("relay", "worker", "lookout", "planner"):
            run.enter_context(part(furnished, role))
        _tell_of_the_morning(furnished, valkey, published)
        _wait_until_quiet(furnished, valkey, clock)
        asked, timed = 0, list[Timed]()
        for slip in Random(1).sample(slips, len(slips)):
            if asked < trials and slip.nurse_id in _calm(furnished):
                asked += 1
                timed += _timed(furnished, valkey, clock, slip)
    return list(_figures(f"{teams * nurses} nurses × {teams * nurses * 10:,} visits", timed, asked))


async def _furnished(furnished: Bed, teams: int, nurses: int) -> tuple[list[Plan], list[Slip]]:
    async with await psycopg.AsyncConnection.connect(furnished.stores.database_url, autocommit=True) as conn:
        return await furnish(conn, teams, nurses)


def _calm(furnished: Bed) -> set[str]:
    """Nurses of whom nothing has been told yet: a round that slips further asks for no other plan while one is on offer."""
    with psycopg.connect(furnished.stores.database_url, autocommit=True) as conn:
        return {nurse_id for (nurse_id,) in conn.execute(CALM).fetchall()}


def _tell_of_the_morning(furnished: Bed, valkey: Redis, published: Sequence[Plan]) -> None:
    """Every round as planned until nine o'clock, each event in an entry of its own, heard when it happened."""
    for found in published:
        for round_ in found.rounds:
            for event in morning(round_):
                _put(furnished, valkey, found.team_id, round_.nurse_id, event)


def _put(furnished: Bed, valkey: Redis, team_id: str, nurse_id: str, event: Event) -> int:
    """Make an event durable; when it was, by Valkey's clock."""
    entry = Inbound(
        device_id="bench", nurse_id=nurse_id, team_id=team_id, protocol="native", received_at=event.at, events=[event]
    )
    stream = events_stream(partition_of(nurse_id, furnished.settings.realtime.partitions))
    entry_id: Any = valkey.xadd(stream, {EVENT_FIELD: msgspec.json.encode(entry)})
    return accepted_ms(entry_id.decode())


@dataclass(frozen=True, slots=True)
class Timed:
    """When each step was done, in milliseconds after the event was durable; None where it did not come of this slip."""

    told_ms: int
    projected_ms: int | None
    alerted_ms: int | None
    proposed_ms: int | None

    @property
    def steps_ms(self) -> tuple[int, ...] | None:
        """How long each of `STEPS` took, where all were taken."""
        done = [self.told_ms, self.projected_ms, self.alerted_ms, self.proposed_ms]
        if None in done:
            return None
        at = [0, *(it for it in done if it is not None)]
        return tuple(later - earlier for earlier, later in pairwise(at))


def _timed(furnished: Bed, valkey: Redis, clock: ScaledClock, slip: Slip) -> list[Timed]:
    """Have it happen and follow it along the stream of facts; nothing where not even the event was told of."""
    newest: Any = valkey.xrevrange(FACTS, count=1)
    last, now = newest[0][0], clock.now()
    arrives = Arrived(id=uuid7(now), at=now, visit_id=slip.taken.visit_id)
    began = _put(furnished, valkey, slip.team_id, slip.nurse_id, arrives)
    seen: dict[str, int] = {}
    ends = monotonic() + ANSWER_WITHIN_S
    while monotonic() < ends and "answered" not in seen:
        found: Any = valkey.xread({FACTS: last}, block=200)
        for entry_id, fields in _entries(found):
            last = entry_id
            if step := _step(_decode(fields[FACT_FIELD.encode()]), slip):
                seen.setdefault(step, accepted_ms(entry_id.decode()) - began)
    if "told" not in seen:
        return []
    return [Timed(seen["told"], seen.get("projected"), seen.get("alerted"), seen.get("proposed"))]


_decode = msgspec.json.Decoder(Fact).decode


def _entries(found: Any) -> list[Any]:
    streams = list(found.values()) if isinstance(found, dict) else [entries for _, entries in found or ()]
    return [entry for entries in streams for entry in entries]


def _step(fact: Fact, slip: Slip) -> str | None:
    """Which step of this slip's a fact shows to be done."""
    if fact.team_id != slip.team_id:
        return None
    match fact:
        case VisitStarted(nurse=nurse) if nurse.nurse_id == slip.nurse_id:
            return "told"
        case RoundProjected(nurse_id=nurse_id) if nurse_id == slip.nurse_id:
            return "projected"
        case AlertOpened(alert=alert) | AlertChanged(alert=alert) if alert.nurse_id == slip.nurse_id:
            return "alerted"
        case PlanProposed():
            return "proposed"
        case ReplanAsked(request=request) if request.state in ("answered", "failed"):
            return "answered"
    return None


def _wait_until_quiet(furnished: Bed, valkey: Redis, clock: ScaledClock) -> None:
    """Wait until every event is handled, every fact reacted to, and nobody's projection due."""
    ends = monotonic() + QUIET_WITHIN_S
    streams = [events_stream(number) for number in range(furnished.settings.realtime.partitions)]
    with psycopg.connect(furnished.stores.database_url, autocommit=True) as conn:
        while monotonic() < ends:
            waiting = conn.execute(WAITING, [clock.now()]).fetchone()
            groups: Iterator[Mapping[str, Any]] = (
                group for stream in (*streams, FACTS) if valkey.exists(stream) for group in _groups(valkey, stream)
            )
            if waiting == (0,) and not any(group["pending"] or group["lag"] for group in groups):
                return
            sleep(0.2)
    raise TimeoutError("the morning is not done with")


def _groups(valkey: Redis, stream: str) -> list[Mapping[str, Any]]:
    groups: Any = valkey.xinfo_groups(stream)
    return groups or [{"pending": 0, "lag": 1}]


def _figures(load: str, timed: Sequence[Timed], asked: int) -> Iterator[Figure]:
    whole = [steps for it in timed if (steps := it.steps_ms)]
    yield Figure(f"{load}: slips that were told and answered with a proposal, of {asked}", float(len(whole)), "slips")
    for until, name in enumerate(("projected", "alert told", "proposal stored"), start=2):
        taken = sorted(float(sum(steps[:until])) for steps in whole)
        yield Figure(
            f"{load}: event accepted → {name}",
            quantile(taken, 0.95),
            "ms (p95)",
            p50=quantile(taken, 0.5),
            p99=quantile(taken, 0.99),
        )
    total = sum(sum(steps) for steps in whole)
    for number, step in enumerate(STEPS):
        share = sum(steps[number] for steps in whole) / total if total else None
        yield Figure(f"… of which {step}", None if share is None else 100 * share, "%")
