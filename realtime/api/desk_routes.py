"""Every route of the desk, and the shapes that come and go by them."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.alert import AlertNow
from domain.replanning import Policy, ProposalNow
from realtime.api.desk_alerts import ALERT_ROUTES, AlertEnded, AlertPutOff, AlertSeen
from realtime.api.desk_plans import PLAN_ROUTES, PlanBack, PlanTaken, ProposalLeft, ProposalTaken, UndoWanted
from realtime.api.desk_policy import POLICY_ROUTES, PolicyWanted
from realtime.api.desk_questions import QUESTION_ROUTES, WhoCould
from realtime.api.desk_wants import (
    WANTS_ROUTES,
    AbsenceNoted,
    Done,
    NurseAway,
    NurseBack,
    VisitAdded,
    VisitKept,
    VisitMoved,
    VisitNotMade,
    VisitRestored,
)
from realtime.desk.candidates import Candidates

DESK_ROUTES: list[Any] = [*ALERT_ROUTES, *WANTS_ROUTES, *PLAN_ROUTES, *QUESTION_ROUTES, *POLICY_ROUTES]
DESK_SHAPES: list[type[msgspec.Struct]] = [
    AlertSeen,
    AlertPutOff,
    AlertEnded,
    AlertNow,
    NurseAway,
    NurseBack,
    AbsenceNoted,
    VisitAdded,
    VisitKept,
    VisitNotMade,
    VisitRestored,
    VisitMoved,
    Done,
    ProposalTaken,
    PlanTaken,
    ProposalLeft,
    ProposalNow,
    UndoWanted,
    PlanBack,
    WhoCould,
    Candidates,
    PolicyWanted,
    Policy,
]
