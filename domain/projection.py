"""How the rest of a nurse's day is expected to go, from what has happened so far.

The day is walked from where the nurse is, visit by visit, in some dozens of fixed scenarios at once (`spreads` has the model
and its sources). What has begun is a fact and only its end is open: that is drawn from what is still possible after having
lasted so long. What has not begun is set off for when the nurse is free, and no earlier than the plan needs; nothing starts
before its window opens or its other nurse is there; the break is had where the round has it, whole, and no earlier than planned.

Nothing here is random and no clock is read. While nothing happens, every time in it stays or grows as `now` does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from domain.causes import FELT_S
from domain.geo import Place
from domain.journeys import ROADS_SPREAD, WayS, arrivals, instant
from domain.nurses_day import NursesDay, StopAhead
from domain.outlook import Cause, CauseKind, Expected, Projection, Spread
from domain.spreads import SCENARIOS, Z90, beyond, deviations, factors, felt_after, lasting, median, middle_and_far
from domain.standing import standing

AGAIN_AFTER = timedelta(seconds=60)
"""How soon a projection is made again while something is overdue; also by how much it must move to be worth making again."""


def project(day: NursesDay, now: datetime, way_s: WayS) -> Projection:
    """What is expected of each stop ahead, with the reason of its delay. After the shift's end only what is under way is."""
    walk = _Walk(day, now, way_s)
    left, present, to_come = _in_turn(day)
    stops = [walk.has_left(stop) for stop in left]
    stops += [walk.goes_on(stop) for stop in present]
    stops += [walk.makes(stop) for stop in to_come]
    return Projection(
        nurse_id=day.nurse_id,
        as_of=now,
        stops=tuple(stops),
        home=walk.home() if stops else None,
        matters_at=walk.matters_at,
    )


def _in_turn(day: NursesDay) -> tuple[list[StopAhead], list[StopAhead], list[StopAhead]]:
    """What was left without a word, what is being made or gone to (one at most), and what is to come, in the order of the round.

    The last sign says where the nurse is. A visit in progress before that was left, and only its end is open; one that was set
    off for was turned away from, and comes next."""
    begun = sorted((stop for stop in day.stops if stop.begun_at), key=lambda stop: (stop.begun_at, stop.number))
    over_at = max((stop.ended_at for stop in day.gone), default=None)
    present = [stop for stop in begun[-1:] if over_at is None or (stop.begun_at and stop.begun_at >= over_at)]
    before = [stop for stop in begun if stop not in present]
    left = [stop for stop in before if stop.state == "in_progress"]
    if day.shift == "ended":
        return left, present, []
    turned_away = [stop for stop in before if stop.state == "en_route"]
    others = sorted((stop for stop in day.stops if not stop.begun_at), key=lambda stop: stop.number)
    return left, present, [*turned_away, *others]


class _Walk:
    """Where the nurse is (`here`), when free to go on (`free`, by scenario), and how far behind the plan (`carried`)."""

    def __init__(self, day: NursesDay, now: datetime, way_s: WayS) -> None:
        self.day, self.now, self.now_s, self._way_s = day, now, now.timestamp(), way_s
        stands = standing(day, now)
        self.here, self.carried = stands.here, stands.carried
        self.free = [stands.since.timestamp()] * SCENARIOS
        self.matters_at: datetime | None = None
        self._rest = None if stands.rested else day.rest
        self._seen_after = None if day.shift == "expected" else stands.since
        self._number = -1
        self._is_free = True
        self._since = stands.since

    def has_left(self, stop: StopAhead) -> Expected:
        """A stop that was arrived at and not checked out of, though the nurse is elsewhere by now: it holds nothing up."""
        aside = _Walk(self.day, self.now, self._way_s)
        expected = aside.goes_on(stop)
        self._matters(aside.matters_at or self.now)
        if stop.arrived_at and stop.arrived_at > self._since:
            self.here, self._since = stop.place, stop.arrived_at
        return expected

    def goes_on(self, stop: StopAhead) -> Expected:
        """A stop that is under way: it was arrived at, or set off for."""
        if stop.state == "in_progress" and stop.arrived_at:
            arrives = [stop.arrived_at.timestamp()] * SCENARIOS
            self._behind(median(arrives), stop.planned_start, "started_late", stop)
            return self._attends(stop, arrives)
        return self._attends(stop, self._arrives(stop, stop.en_route_at or self.now))

    def makes(self, stop: StopAhead) -> Expected:
        """A stop that is to come."""
        here, _ = self._last_seen(self._seen_after)
        way_s = self._way_s(here, stop.place, stop.planned_start)
        planned = stop.planned_start - timedelta(seconds=way_s)
        self._rests_before(stop.number)
        ready = [max(at, planned.timestamp()) for at in self.free]
        if self._is_free:
            self._matters(instant(ready[0]))
        departs = [max(at, self.now_s) for at in ready]
        self._behind(median(departs), planned, "not_set_off" if self.now > planned else None, stop)
        arrives = arrivals(here, stop.place, departs, self._way_s, 3 * stop.number)
        slow = self._way_s(here, stop.place, instant(median(departs))) - way_s >= FELT_S
        self._behind(median(arrives), stop.planned_start, "slow_journey" if slow else None, stop)
        return self._attends(stop, arrives)

    def home(self) -> Spread | None:
        """Back at the end of the round; unknown of a nurse who has ended the shift."""
        if self.day.shift == "ended":
            return None
        self._rests_before(None)
        departs = [max(at, self.now_s) for at in self.free]
        return self._spread(arrivals(self.here, self.day.end, departs, self._way_s, 3 * self._number + 3))

    def _arrives(self, stop: StopAhead, set_off_at: datetime) -> list[float]:
        """The end of a journey: by where the nurse was last seen on it, else by when it was begun."""
        way_s = self._way_s(self.here, stop.place, stop.planned_start)
        self._behind(set_off_at.timestamp(), stop.planned_start - timedelta(seconds=way_s), "not_set_off", stop)
        here, seen_at = self._last_seen(set_off_at)
        left_s, seen_s = max(self._way_s(here, stop.place, seen_at), 1.0), seen_at.timestamp()
        elapsed_s = self.now_s - seen_s
        arrives = [seen_s + lasting(left_s, ROADS_SPREAD, elapsed_s, share) for share in beyond(3 * stop.number)]
        self._matters(instant(seen_s + felt_after(left_s, ROADS_SPREAD, elapsed_s, FELT_S)))
        self._behind(median(arrives), stop.planned_start, "slow_journey", stop)
        return arrives

    def _attends(self, stop: StopAhead, arrives: list[float]) -> Expected:
        """From the door on: waits, stays, and is free again."""
        starts = self._starts(stop, arrives)
        cause = self.carried.largest
        ends = self._ends(stop, starts)
        self.here, self.free, self._number = stop.place, ends, stop.number
        self._is_free, self._seen_after = False, None
        came = stop.arrived_at if stop.state == "in_progress" else None
        return Expected(
            visit_id=stop.visit_id,
            carer_no=stop.carer_no,
            arrives=Spread(came, came) if came else self._spread(arrives),
            starts=_started(stop, came) if came and not stop.waits_for_other else self._spread(starts),
            ends=self._spread(ends),
            cause=cause,
        )

    def _starts(self, stop: StopAhead, arrives: list[float]) -> list[float]:
        """Not before the window opens (who is inside already has begun), nor before the other nurse is there."""
        opens_s = stop.window_start.timestamp()
        alone = arrives if stop.state == "in_progress" else [max(at, opens_s) for at in arrives]
        if stop.partner is None or (stop.state == "in_progress" and stop.gap_s):
            self._behind(median(alone), stop.planned_start, None, stop)
            return alone
        first_s, spread_s = (
            stop.partner.p50.timestamp() + stop.gap_s,
            (stop.partner.p90 - stop.partner.p50).total_seconds(),
        )
        other = [first_s + spread_s * deviation / Z90 for deviation in deviations(3 * stop.number + 2)]
        starts = [max(both) for both in zip(alone, other, strict=True)]
        self._behind(median(starts), stop.planned_start, "partner_late", stop)
        return starts

    def _ends(self, stop: StopAhead, starts: list[float]) -> list[float]:
        booked_s, column = max(float(stop.duration_s), 1.0), 3 * stop.number + 1
        if min(starts) >= self.now_s:
            ends = [at + booked_s * factor for at, factor in zip(starts, factors(stop.spread, column), strict=True)]
        else:
            stays = zip(starts, beyond(column), strict=True)
            ends = [at + lasting(booked_s, stop.spread, self.now_s - at, share) for at, share in stays]
        if stop.state == "in_progress":
            self._matters_while_with(stop, min(starts) if stop.waits_for_other else median(starts), booked_s)
        self._behind(median(ends), stop.planned_end, "overrun" if stop.state == "in_progress" else None, stop)
        return ends

    def _matters_while_with(self, stop: StopAhead, start_s: float, booked_s: float) -> None:
        elapsed_s = self.now_s - start_s
        if stop.waits_for_other:
            self._matters(instant(start_s))
            return
        if elapsed_s < booked_s:
            self._matters(instant(start_s + booked_s))
        else:
            self._matters(self.now + AGAIN_AFTER)
        self._matters(instant(start_s + felt_after(booked_s, stop.spread, elapsed_s, FELT_S)))

    def _matters(self, at: datetime) -> None:
        """By then at the latest the projection is worth making again; what is overdue already is, after a while."""
        at = self._whole(at.timestamp()) if at > self.now else self.now + AGAIN_AFTER
        self.matters_at = min(at, self.matters_at or at)

    def _rests_before(self, number: int | None) -> None:
        """Has the break, if the round has it before this stop (None: the way home)."""
        if self._rest is None or (number is not None and number < self._rest.before):
            return
        lasts_s, from_s = (self._rest.ends_at - self._rest.starts_at).total_seconds(), self._rest.starts_at.timestamp()
        self.free = [max(at, from_s) + lasts_s for at in self.free]
        self._rest = None

    def _last_seen(self, after: datetime | None) -> tuple[Place, datetime]:
        """The last trusted position if it is newer than `after`; else where the nurse was then."""
        position, at = self.day.position, self.day.position_at
        if after is not None and position is not None and at is not None and at > after:
            return position, at
        return self.here, after or self.now

    def _behind(self, at_s: float, planned: datetime, kind: CauseKind | None, stop: StopAhead) -> None:
        """Notes how far behind the plan this is, and that whatever was lost since the last time was lost to `kind`."""
        late_s = at_s - planned.timestamp()
        lost_s = round(self.carried.growth_s(late_s))
        of = stop.partner_nurse if kind == "partner_late" and stop.partner_nurse else self.day.nurse_id
        cause = Cause(kind=kind, nurse_id=of, visit_id=stop.visit_id, by_s=lost_s) if kind else None
        self.carried = self.carried.to(late_s, cause)

    def _spread(self, at: list[float]) -> Spread:
        """Whole seconds, rounded up, so that nothing is expected before it can be; never before now."""
        middle, far = middle_and_far(at)
        return Spread(max(self._whole(middle), self.now), max(self._whole(far), self.now))

    @staticmethod
    def _whole(seconds: float) -> datetime:
        # The thousandth keeps what floats add to a whole second from becoming another one.
        return instant(ceil(seconds - 0.001))


def _started(stop: StopAhead, came: datetime) -> Spread:
    """When a stop in progress began: a pair, when the second came."""
    at = max(came, stop.partner.p50) if stop.partner and not stop.gap_s else came
    return Spread(at, at)
