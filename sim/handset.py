"""A phone as a thing: a clock that may be wrong, a battery, a signal that comes and goes, fixes that are never quite right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import cos, hypot, pi, radians, sin
from random import Random

from domain.events import Event, Site
from domain.geo import Place
from sim.faults import Faults
from sim.nurse import Moment
from sim.telling import event_of

FULL_PCT = (82, 100)
DRAIN_PCT_PER_H, WEAK_DRAIN_PCT_PER_H = (4.0, 7.0), (20.0, 28.0)
CHARGED_AFTER, CHARGED_PCT = timedelta(minutes=70), 60.0
LOWEST_PCT = 4
"""What a good battery shows at the end of a very long day."""
OUTLIER_M = (2_000.0, 9_000.0)
ON_THE_ROAD = timedelta(hours=9.5)
"""How long after it is switched on a phone is where signals come and go."""
_DEGREE_M = 111_195.0


class Handset:
    """One phone, switched on at `on_at`; what will go wrong with it is settled by `rng` when it is made."""

    def __init__(self, on_at: datetime, faults: Faults, rng: Random) -> None:
        self._faults, self._rng, self._on_at = faults, rng, on_at
        wrong, weak = rng.random() < faults.wrong_clocks, rng.random() < faults.weak_batteries
        off_s = rng.choice((-1, 1)) * rng.uniform(60, max(60.0, 60 * faults.wrong_by_min))
        self.clock_off = timedelta(seconds=off_s if wrong else 0)
        """What its clock shows, less what it ought to show."""
        self._full = rng.uniform(*FULL_PCT)
        self._drain = rng.uniform(*(WEAK_DRAIN_PCT_PER_H if weak else DRAIN_PCT_PER_H))
        flat_after = timedelta(hours=self._full / self._drain)
        self._flat = (on_at + flat_after, on_at + flat_after + CHARGED_AFTER) if weak else None
        self._gaps = list(_gaps(on_at, faults, rng))
        self._begun: set[str | None] = set()

    def note(self, moment: Moment, queued: int) -> Event | None:
        """The event that the phone makes of a moment; None where it is flat, or where its app offers no such step."""
        battery_pct = self.battery_pct(moment.at)
        if battery_pct is None or not self._offers(moment):
            return None
        return event_of(moment, moment.at + self.clock_off, self._fix(moment.place), battery_pct, queued)

    def goes_on_with(self, visit_id: str) -> None:
        """Let the app offer the end of a visit that began before the phone was switched on."""
        self._begun.add(visit_id)

    def silent_for(self, at: datetime) -> timedelta:
        """How long it cannot send from now on, for want of signal or battery; nothing when it can."""
        until = max((end for start, end in self._gaps if start <= at < end), default=at)
        if self._flat and self._flat[0] <= until < self._flat[1]:
            until = self._flat[1]
        return until - at

    def battery_pct(self, at: datetime) -> int | None:
        """What the battery shows; None while it is flat. Charged for a while it lasts as a good one does."""
        since, full, drain = self._on_at, self._full, self._drain
        if self._flat and at >= self._flat[0]:
            since, full, drain = self._flat[1], CHARGED_PCT, DRAIN_PCT_PER_H[0]
        hours = (at - since) / timedelta(hours=1)
        return None if since > self._on_at and hours < 0 else max(LOWEST_PCT, round(full - drain * max(0.0, hours)))

    def _offers(self, moment: Moment) -> bool:
        """The app shows the next step alone: nobody can leave where they have not arrived, or end what was not started."""
        if moment.kind in ("arrived", "shift_started"):
            self._begun.add(moment.visit_id)
        return moment.kind not in ("finished", "shift_ended") or moment.visit_id in self._begun

    def _fix(self, place: Place) -> Site:
        """Where the phone believes it is, and how well it believes it knows."""
        off_m = hypot(self._rng.gauss(0, 1), self._rng.gauss(0, 1)) * self._faults.noise_m
        if self._rng.random() < self._faults.outliers:
            off_m = self._rng.uniform(*OUTLIER_M)
        seen = moved(place, off_m, self._rng.uniform(0, 2 * pi))
        accuracy_m = round(self._faults.noise_m * self._rng.uniform(1.5, 4.0) + 1, 1)
        return Site(lat=seen.lat, lon=seen.lon, accuracy_m=accuracy_m)


def moved(place: Place, by_m: float, angle: float) -> Place:
    """A place so many metres away."""
    north, east = by_m * cos(angle) / _DEGREE_M, by_m * sin(angle) / (_DEGREE_M * cos(radians(place.lat)))
    return Place(lat=round(place.lat + north, 6), lon=round(place.lon + east, 6))


def _gaps(on_at: datetime, faults: Faults, rng: Random) -> Iterator[tuple[datetime, datetime]]:
    """When the phone has no signal."""
    at = on_at
    while faults.signal_gaps_per_h > 0 and faults.gap_min > 0:
        at += timedelta(hours=rng.expovariate(faults.signal_gaps_per_h))
        if at > on_at + ON_THE_ROAD:
            return
        lasts = timedelta(minutes=rng.expovariate(1 / faults.gap_min))
        yield at, at + lasts
        at += lasts
