"""When a slipping round is told, in what words, and how it is over: stories of one nurse's alert."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.alert import LASTING, AlertNow, AlertPriority, AlertState
from domain.day import Priority
from domain.outlook import Cause, OutlookNow, Spread, VisitState
from domain.slip_words import called
from domain.slips import Clear, Open, Reached, Slip, Update, clears_at, decide, room_s, slip_of

MARTA, YUSUF = "team:N1", "team:N2"
NAMES = {MARTA: "Marta", YUSUF: "Yusuf"}
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
OVERRUN = Cause(kind="overrun", nurse_id=MARTA, visit_id="V0", by_s=18 * 60)


def after(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def part(patient: str, priority: Priority = "routine", due: datetime = TEN) -> Reached:
    return Reached(patient=patient, service="wound care", priority=priority, due=due, late_s=900)


PARTS: dict[tuple[str, int], Reached] = {
    ("V0", 1): part("P4471"),
    ("V1", 1): part("P2209"),
    ("V2", 1): part("P3310", due=after(60)),
    ("V3", 1): part("P0007", "time_critical", due=after(90)),
    ("V4", 1): part("P0911", "urgent", due=after(120)),
}


def outlook(
    visit_id: str, state: VisitState, late_min: float = 0, late_p90_min: float = 0, **otherwise: Any
) -> OutlookNow:
    due = PARTS[visit_id, 1].due
    wanted: dict[str, Any] = {
        "starts": Spread(due + timedelta(minutes=late_min), due + timedelta(minutes=late_p90_min)),
        "late_s": round(late_min * 60),
        "late_p90_s": round(late_p90_min * 60),
        "cause": OVERRUN,
    }
    return OutlookNow(visit_id=visit_id, carer_no=1, nurse_id=MARTA, state=state, version=1, **(wanted | otherwise))


def slip(*outlooks: OutlookNow) -> Slip:
    found = slip_of(MARTA, outlooks, PARTS, NAMES)
    assert found is not None
    return found


def told(of: Slip, state: AlertState = "open", changed_at: datetime = TEN) -> AlertNow:
    """An alert as somebody keeps it after having been told to open or update it."""
    return AlertNow(
        alert_id=UUID(int=1),
        team_id="team",
        day=TEN.date(),
        kind="round_slips",
        subject=f"nurse:{MARTA}",
        nurse_id=of.nurse_id,
        priority=of.priority,
        state=state,
        says=of.says,
        cause=of.cause,
        knock_on=list(of.knock_on),
        opened_at=TEN,
        changed_at=changed_at,
        version=1,
    )


LATE = slip(outlook("V1", "late", 20, 30))
AT_RISK = slip(outlook("V1", "at_risk", 0, 20))


# ------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("outlooks", "says"),
    [
        (
            [outlook("V1", "late", 12, 20), outlook("V2", "late", 30, 40)],
            "Wound care at P4471 is 18 min over: 2 visits will be late, the first P2209 by 12 min.",
        ),
        ([outlook("V1", "late", 20, 30)], "Wound care at P4471 is 18 min over: 1 visit will be late, P2209 by 20 min."),
        (
            [outlook("V1", "at_risk", 0, 20)],
            "Wound care at P4471 is 18 min over: 1 visit is at risk, P2209 by up to 20 min.",
        ),
        (
            [outlook("V1", "at_risk", 0, 20), outlook("V2", "late", 25, 40), outlook("V3", "at_risk", 0, 16)],
            "Wound care at P4471 is 18 min over: 1 visit will be late and 2 visits are at risk, the first P3310 by 25 min.",
        ),
        (
            [outlook("V1", "late", 20, 30, cause=None)],
            "The round of Marta is tight: 1 visit will be late, P2209 by 20 min.",
        ),
        (
            [outlook("V1", "at_risk", starts=None, cause=None)],
            "Marta is not on duty: 1 visit is at risk, P2209.",
        ),
    ],
)
def test_one_sentence_says_what_it_comes_from_and_whom_it_reaches(outlooks: list[OutlookNow], says: str) -> None:
    assert slip(*outlooks).says == says


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (Cause(kind="took_longer", nurse_id=MARTA, visit_id="V0", by_s=1200), "Wound care at P4471 took 20 min longer"),
        (Cause(kind="started_late", nurse_id=MARTA, visit_id="V0", by_s=1200), "Wound care at P4471 began 20 min late"),
        (
            Cause(kind="not_set_off", nurse_id=MARTA, visit_id="V1", by_s=600),
            "Marta is 10 min late in setting off to P2209",
        ),
        (
            Cause(kind="slow_journey", nurse_id=MARTA, visit_id="V1", by_s=600),
            "The way to P2209 takes Marta 10 min longer",
        ),
        (Cause(kind="shift_late", nurse_id=MARTA, by_s=1500), "Marta is 25 min late for the shift"),
        (Cause(kind="partner_late", nurse_id=YUSUF, visit_id="V1", by_s=720), "Yusuf is 12 min late for P2209"),
    ],
)
def test_each_cause_has_its_words(cause: Cause, says: str) -> None:
    assert slip(outlook("V1", "late", 20, 30, cause=cause)).says.startswith(f"{says}: ")


def test_a_round_without_risk_has_nothing_to_tell() -> None:
    states: list[VisitState] = ["planned", "en_route", "in_progress", "overrunning", "done", "no_access", "missed"]
    assert slip_of(MARTA, [outlook("V1", state) for state in states], PARTS, NAMES) is None


def test_what_is_at_risk_although_all_goes_as_planned_is_no_slip() -> None:
    tight = outlook("V3", "at_risk", 0, 20, cause=None)
    assert slip_of(MARTA, [tight], PARTS, NAMES) is None
    assert [one.visit_id for one in slip(tight, outlook("V1", "at_risk", 0, 20)).knock_on] == ["V1"]


@pytest.mark.parametrize(
    ("visit_id", "state", "priority"),
    [
        ("V3", "late", "critical"),
        ("V3", "at_risk", "high"),
        ("V4", "late", "high"),
        ("V4", "at_risk", "medium"),
        ("V1", "late", "medium"),
        ("V1", "at_risk", "low"),
    ],
)
def test_the_alert_is_as_urgent_as_the_worst_of_its_visits(
    visit_id: str, state: VisitState, priority: AlertPriority
) -> None:
    assert slip(outlook("V2", "at_risk", 0, 16), outlook(visit_id, state, 20, 30)).priority == priority


def test_the_cause_is_that_of_what_will_be_late_before_that_of_what_may_be() -> None:
    journey = Cause(kind="slow_journey", nurse_id=MARTA, visit_id="V1", by_s=300)
    found = slip(outlook("V1", "at_risk", 0, 16, cause=journey), outlook("V2", "late", 20, 30))
    assert found.cause == OVERRUN


# ----------------------------------------------------------------------------------------------------- opening


def test_a_visit_that_will_be_late_is_told_at_once() -> None:
    assert decide(None, LATE, TEN) == Open(LATE)


@pytest.mark.parametrize("visit_id", ["V3", "V4"])
def test_a_time_critical_or_urgent_one_is_told_when_it_is_merely_at_risk(visit_id: str) -> None:
    may_be = slip(outlook(visit_id, "at_risk", 0, 20))
    assert decide(None, may_be, TEN) == Open(may_be)


def test_another_one_is_told_only_when_it_stays_at_risk() -> None:
    assert decide(None, AT_RISK, TEN) is None
    assert decide(None, AT_RISK, TEN, stayed=True) == Open(AT_RISK)


def test_a_few_minutes_call_nobody_for_what_is_merely_at_risk() -> None:
    a_little = replace(OVERRUN, by_s=299)
    assert decide(None, slip(outlook("V3", "at_risk", 0, 20, cause=a_little)), TEN, stayed=True) is None
    more = slip(outlook("V3", "at_risk", 0, 20, cause=replace(OVERRUN, by_s=300)))
    assert decide(None, more, TEN) == Open(more)
    will_be_late = slip(outlook("V3", "late", 6, 20, cause=a_little))
    assert decide(None, will_be_late, TEN) == Open(will_be_late)


def test_a_visit_whose_nurse_is_not_on_duty_is_told_when_it_stays_so() -> None:
    left_behind = slip(outlook("V1", "at_risk", starts=None, cause=None))
    assert decide(None, left_behind, TEN, stayed=True) == Open(left_behind)


def test_what_comes_again_after_it_has_cleared_is_told_again() -> None:
    assert decide(told(LATE, "cleared"), LATE, after(30)) == Open(LATE)


# ---------------------------------------------------------------------------------------------------- changing


def test_the_same_list_with_nearly_the_same_times_is_not_told_again() -> None:
    nearly = slip(outlook("V1", "late", 21.9, 31.9))
    assert decide(told(LATE), nearly, after(1)) is None


@pytest.mark.parametrize(
    "otherwise",
    [
        slip(outlook("V1", "late", 22, 30)),
        slip(outlook("V1", "late", 20, 32)),
        slip(outlook("V1", "at_risk", 20, 30)),
        slip(outlook("V1", "late", 20, 30), outlook("V2", "at_risk", 0, 16)),
        slip(outlook("V2", "late", 20, 30)),
        slip(outlook("V1", "late", 20, 30, cause=replace(OVERRUN, visit_id="V9"))),
        slip(outlook("V1", "late", 20, 30, starts=None)),
    ],
)
def test_another_visit_state_time_or_cause_is_told_in_place(otherwise: Slip) -> None:
    assert decide(told(LATE), otherwise, after(1)) == Update(otherwise, reopens=False)


def test_a_moved_window_is_told_in_place() -> None:
    moved = slip_of(MARTA, [outlook("V1", "late", 20, 30)], PARTS | {("V1", 1): part("P2209", due=after(1))}, NAMES)
    assert moved is not None
    assert decide(told(LATE), moved, after(1)) == Update(moved, reopens=False)


def test_what_costs_more_of_the_same_cause_is_the_same_cause() -> None:
    assert decide(told(LATE), slip(outlook("V1", "late", 20, 30, cause=replace(OVERRUN, by_s=1200))), after(1)) is None


# ------------------------------------------------------------------------------------------------------- over


def test_it_clears_only_after_the_risk_has_been_gone_for_a_while() -> None:
    gone = decide(told(LATE), None, after(10))
    assert isinstance(gone, Update)
    assert not gone.slip.knock_on
    calming = told(gone.slip, changed_at=after(10))
    assert clears_at(calming, after(12)) == after(13)
    assert decide(calming, None, after(12.9)) is None
    assert isinstance(decide(calming, None, after(13)), Clear)


def test_what_should_have_cleared_but_is_barely_inside_is_not_asked_about_at_every_moment() -> None:
    calming = told(replace(LATE, knock_on=()), changed_at=after(10))
    assert decide(calming, None, after(13), room_s=119) is None
    assert clears_at(calming, after(13)) is None
    assert isinstance(decide(calming, None, after(20), room_s=120), Clear)


def test_what_is_barely_inside_has_not_gone() -> None:
    assert decide(told(LATE), None, after(10), room_s=119) is None
    assert isinstance(decide(told(LATE), None, after(10), room_s=120), Update)


def test_room_is_what_the_tightest_delayed_visit_to_come_has_left() -> None:
    delayed = [outlook("V1", "planned", -10, 5), outlook("V2", "en_route", -10, 14)]
    over, tight = outlook("V0", "in_progress", 99, 99), outlook("V3", "at_risk", 0, 20, cause=None)
    assert room_s([*delayed, over, tight], PARTS) == 60
    assert room_s([over, tight], PARTS) == float("inf")


def test_a_risk_that_returns_before_it_has_cleared_is_told_in_the_same_alert() -> None:
    gone = decide(told(LATE), None, after(10))
    assert isinstance(gone, Update)
    for state in LASTING:
        calming = told(gone.slip, state, changed_at=after(10))
        assert decide(calming, LATE, after(12)) == Update(LATE, reopens=False)


def test_what_is_over_is_not_cleared_again() -> None:
    assert decide(told(LATE, "cleared"), None, after(30)) is None
    assert decide(None, None, after(30)) is None
    assert clears_at(told(LATE), TEN) is None
    assert clears_at(told(replace(LATE, knock_on=()), "cleared"), TEN) is None


# -------------------------------------------------------------------------------------- what a person has decided


def test_closed_by_a_person_stays_closed_for_the_same_cause_and_list() -> None:
    closed = told(LATE, "closed")
    assert decide(closed, LATE, after(5)) is None
    assert decide(closed, slip(outlook("V1", "late", 29, 39)), after(5)) is None


WORSE = [
    slip(outlook("V1", "late", 20, 30), outlook("V2", "late", 16, 20)),
    slip(outlook("V1", "late", 30, 40)),
    slip(outlook("V1", "late", 20, 40)),
]


@pytest.mark.parametrize("worse", WORSE)
def test_closed_is_told_again_when_it_gets_worse(worse: Slip) -> None:
    assert decide(told(LATE, "closed"), worse, after(5)) == Open(worse)


def test_closed_while_at_risk_is_told_again_when_it_will_be_late() -> None:
    at_risk, late = slip(outlook("V1", "at_risk", 0, 12)), slip(outlook("V1", "late", 6, 14))
    assert decide(told(at_risk, "closed"), late, after(5)) == Open(late)


def test_closed_says_nothing_of_another_cause() -> None:
    elsewhere = slip(outlook("V1", "late", 20, 30, cause=Cause(kind="shift_late", nurse_id=MARTA, by_s=900)))
    assert decide(told(LATE, "closed"), elsewhere, after(5)) == Open(elsewhere)


@pytest.mark.parametrize("state", ["acknowledged", "snoozed"])
def test_what_somebody_knows_of_is_opened_again_only_when_it_gets_worse(state: AlertState) -> None:
    a_little = slip(outlook("V1", "late", 25, 35))
    assert decide(told(LATE, state), a_little, after(5)) == Update(a_little, reopens=False)
    for worse in WORSE:
        assert decide(told(LATE, state), worse, after(5)) == Update(worse, reopens=True)
    assert decide(told(LATE), WORSE[0], after(5)) == Update(WORSE[0], reopens=False)


# --------------------------------------------------------------------------------------------------- late batches


def test_a_late_batch_calls_nobody_for_windows_that_are_over() -> None:
    assert decide(None, LATE, after(20), heard="live") == Open(LATE)
    assert decide(None, LATE, after(20), heard="late") is None
    assert decide(told(LATE, "cleared"), LATE, after(20), heard="late") is None
    worse = slip(outlook("V1", "late", 40, 50))
    assert decide(told(LATE, "acknowledged"), worse, after(45), heard="late") == Update(worse, reopens=False)


def test_a_late_batch_calls_for_what_still_lies_ahead() -> None:
    ahead = slip(outlook("V1", "late", 20, 30), outlook("V2", "late", 30, 40))
    assert decide(None, ahead, after(20), heard="late") == Open(ahead)


def test_a_late_batch_clears_like_any_news() -> None:
    heard: Literal["late"] = "late"
    assert isinstance(decide(told(LATE), None, after(10), heard=heard), Update)


def test_services_that_come_as_codes_are_said_in_words() -> None:
    assert called("wound_care", "P4471") == "wound care at P4471"
