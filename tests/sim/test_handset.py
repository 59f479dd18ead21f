"""A phone as a thing: what its clock, its battery, its signal and its fixes are like when they are good, and when not."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from statistics import mean

import pytest

from domain.errors import BadSetting
from domain.events import Heartbeat, NoAccess, Position
from domain.geo import distance_m
from domain.ids import instant_of
from sim.faults import HARSH, ORDINARY, Faults
from sim.handset import Handset
from sim.nurse import Kind, Moment
from sim.town import TEAM
from tests.sim.far_end import EIGHT


def moment(kind: Kind = "fix", minutes: float = 0, visit_id: str | None = None, **said: float) -> Moment:
    return Moment(kind=kind, at=EIGHT + timedelta(minutes=minutes), place=TEAM.base, visit_id=visit_id, **said)


def phone(seed: int = 1, **faults: float) -> Handset:
    return Handset(EIGHT, Faults(**faults), Random(seed))


def test_a_good_phone_tells_the_time_and_its_id_holds_it() -> None:
    event = phone().note(moment(minutes=3, speed_mps=9.0, heading_deg=12.34), queued=0)
    assert isinstance(event, Position)
    assert event.at == instant_of(event.id) == EIGHT + timedelta(minutes=3)
    assert (event.speed_mps, event.heading_deg, event.moving) == (9.0, 12.3, True)


def test_a_wrong_clock_is_always_wrong_by_as_much() -> None:
    handset = phone(wrong_clocks=1, wrong_by_min=25)
    off = handset.clock_off
    assert timedelta(minutes=1) <= abs(off) <= timedelta(minutes=25)
    for minutes in (0, 60, 400):
        event = handset.note(moment(minutes=minutes), queued=0)
        assert event
        assert event.at - off == EIGHT + timedelta(minutes=minutes)


def test_fixes_are_some_metres_off_and_outliers_kilometres() -> None:
    def off_m(handset: Handset) -> list[float]:
        fixes = [handset.note(moment(minutes=number / 10), 0) for number in range(300)]
        return [distance_m(it.lat, it.lon, TEAM.base.lat, TEAM.base.lon) for it in fixes if isinstance(it, Position)]

    assert 3 < mean(off_m(phone())) < 12
    assert max(off_m(phone())) < 40
    wild = [metres for metres in off_m(phone(outliers=0.1)) if metres > 1500]
    assert 15 < len(wild) < 50


def test_a_battery_falls_through_the_day_and_lasts() -> None:
    shown = [phone().battery_pct(EIGHT + timedelta(hours=hours)) for hours in range(10)]
    assert None not in shown
    assert shown == sorted(shown, key=lambda pct: -(pct or 0))
    assert (shown[0] or 0) - (shown[8] or 0) > 20


def test_a_weak_battery_is_flat_by_midday_and_nothing_is_noted_until_it_is_charged() -> None:
    handset = phone(weak_batteries=1)
    flat = [minutes for minutes in range(540) if handset.note(moment(minutes=minutes), 0) is None]
    assert 170 < flat[0] < 330
    assert flat == list(range(flat[0], flat[0] + len(flat)))
    assert 65 <= len(flat) <= 75
    in_the_dark = EIGHT + timedelta(minutes=flat[10])
    assert handset.silent_for(in_the_dark) > timedelta(minutes=50)
    assert not handset.silent_for(in_the_dark + handset.silent_for(in_the_dark))


def test_nobody_leaves_a_visit_whose_beginning_the_phone_missed() -> None:
    handset = phone(weak_batteries=1)
    flat = next(minutes for minutes in range(540) if handset.battery_pct(EIGHT + timedelta(minutes=minutes)) is None)
    assert handset.note(moment("arrived", 1, "v1"), 0)
    assert handset.note(moment("arrived", flat + 5, "v2"), 0) is None
    assert handset.note(moment("finished", flat + 100, "v2"), 0) is None
    assert handset.note(moment("finished", flat + 100, "v1"), 0)


def test_the_signal_goes_for_minutes_and_comes_back() -> None:
    handset = phone(signal_gaps_per_h=2, gap_min=10)
    silent = [bool(handset.silent_for(EIGHT + timedelta(minutes=minutes))) for minutes in range(480)]
    assert 60 < sum(silent) < 300
    assert not any(phone().silent_for(EIGHT + timedelta(minutes=minutes)) for minutes in range(480))


def test_each_moment_becomes_its_own_kind_of_event() -> None:
    handset = phone()
    heartbeat = handset.note(moment("heartbeat"), queued=12)
    assert isinstance(heartbeat, Heartbeat)
    assert heartbeat.queued == 12
    shut = handset.note(moment("no_access", visit_id="v1"), 0)
    assert isinstance(shut, NoAccess)
    assert shut.visit_id == "v1"
    assert shut.place


def test_faults_out_of_their_bounds_are_named() -> None:
    with pytest.raises(BadSetting, match="lost_answers"):
        Faults(lost_answers=1.5)
    with pytest.raises(BadSetting, match="gap_min"):
        Faults(gap_min=-1)
    assert Faults() != ORDINARY != HARSH
