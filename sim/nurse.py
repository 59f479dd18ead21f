"""What a nurse does on a round, moment by moment: waits, drives, stays, is not let in. No phone, no network, no clock.

A nurse sets off so as to arrive in time, starts no visit before its window opens, and stays about as long as is booked, often
longer: lateness comes about by itself and grows over the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Literal

import msgspec

from domain.geo import Place
from sim.roads import Roads, way_between
from sim.wire import Stop

Kind = Literal["fix", "heartbeat", "shift_started", "shift_ended", "en_route", "arrived", "finished", "no_access"]
MOVING_FIX_S, STILL_FIX_S = 12, 60
HEARTBEAT_S = 300
NO_ACCESS = 0.02
KNOCKS_S = 300
"""How long a nurse waits at a door that nobody opens."""
TRAFFIC = 0.15
"""How much journeys vary: the spread of the logarithm of their length."""
USUAL_STAY, OVERRUN = 0.9, 0.2
"""The median stay as a share of what is booked, which leaves a little room, and how much stays vary."""
LONG_STAY, LONG_STAY_TIMES = 0.025, (1.6, 2.6)
"""How many stays go far beyond what is booked, and by how much: somebody has fallen, a dressing has to be done anew, a doctor is
rung. That days of home care overrun as they are planned is seen everywhere (in 14 and 22 of 100 day schedules of two towns by
Holm and Angelsen, 2014, https://doi.org/10.1186/1472-6963-14-439); that a few visits do most of it is our own assumption."""
IN_GOOD_TIME_S = (0, 300)
"""How much before a visit is due the nurse means to arrive, at least and at most."""
PACKS_UP_S = (30, 150)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something at an instant, where the nurse was then."""

    kind: Kind
    at: datetime
    place: Place
    visit_id: str | None = None
    speed_mps: float = 0.0
    heading_deg: float | None = None


class Nurse:
    """Somebody on the road: where they are, and until when what they do has been told."""

    def __init__(self, place: Place, at: datetime, roads: Roads | None, rng: Random) -> None:
        self.place, self.at = place, at
        self._roads, self._rng = roads, rng
        self._heard_at = at

    def starts_shift(self) -> Iterator[Moment]:
        yield self._moment("shift_started")

    def ends_shift(self) -> Iterator[Moment]:
        yield self._moment("shift_ended")

    def waits(self, until: datetime) -> Iterator[Moment]:
        """Stays where they are, seen now and then."""
        while (left_s := (until - self.at).total_seconds()) > 0:
            self.at += timedelta(seconds=min(STILL_FIX_S, left_s))
            yield self._moment("fix")
            yield from self._heartbeat()

    def visits(self, stop: Stop) -> Iterator[Moment]:
        """Goes to a visit and makes it; one that has begun is gone on with."""
        if stop.state in ("planned", "no_access"):
            yield from self._waits_to_leave(stop)
            yield self._moment("en_route", stop)
        if stop.state == "in_progress":
            self.place = stop.door
        else:
            yield from self.drives(stop.door)
            yield from self.waits(stop.window_start)
            if self._rng.random() < NO_ACCESS:
                yield from self.waits(self.at + timedelta(seconds=KNOCKS_S))
                yield self._moment("no_access", stop)
                return
            yield self._moment("arrived", stop)
        yield from self.waits(self.at + self._stays(stop.duration_s))
        yield self._moment("finished", stop)
        yield from self.waits(self.at + timedelta(seconds=self._rng.uniform(*PACKS_UP_S)))

    def drives(self, door: Place) -> Iterator[Moment]:
        """Drives there, seen every few seconds."""
        way = way_between(self.place, door, self._roads, self._rng)
        set_off, slower = self.at, self._rng.lognormvariate(0, TRAFFIC)
        arrives = set_off + timedelta(seconds=way.takes_s * slower)
        while self.at + timedelta(seconds=MOVING_FIX_S) < arrives:
            self.at += timedelta(seconds=MOVING_FIX_S)
            seen = way.at((self.at - set_off).total_seconds() / slower)
            self.place = seen.place
            speed_mps = seen.speed_mps / slower
            yield self._moment("fix", speed_mps=speed_mps, heading_deg=seen.heading_deg)
            yield from self._heartbeat()
        self.place, self.at = door, arrives

    def _waits_to_leave(self, stop: Stop) -> Iterator[Moment]:
        way = way_between(self.place, stop.door, self._roads, self._rng)
        early_s = self._rng.uniform(*IN_GOOD_TIME_S)
        yield from self.waits(stop.due_at - timedelta(seconds=way.takes_s + early_s))

    def _stays(self, booked_s: float) -> timedelta:
        """How long a visit takes: about as booked, or now and then far longer."""
        usual = self._takes(USUAL_STAY * booked_s, OVERRUN)
        if self._rng.random() < LONG_STAY:
            return timedelta(seconds=booked_s * self._rng.uniform(*LONG_STAY_TIMES))
        return usual

    def _takes(self, booked_s: float, spread: float) -> timedelta:
        return timedelta(seconds=max(120.0, booked_s * self._rng.lognormvariate(0, spread)))

    def _heartbeat(self) -> Iterator[Moment]:
        if (self.at - self._heard_at).total_seconds() >= HEARTBEAT_S:
            self._heard_at = self.at
            yield self._moment("heartbeat")

    def _moment(
        self, kind: Kind, stop: Stop | None = None, speed_mps: float = 0.0, heading_deg: float | None = None
    ) -> Moment:
        visit_id = stop.visit_id if stop else None
        return Moment(
            kind=kind, at=self.at, place=self.place, visit_id=visit_id, speed_mps=speed_mps, heading_deg=heading_deg
        )
