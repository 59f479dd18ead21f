"""Every route of the desk, and the shapes that come and go by them."""

from __future__ import annotations

from typing import Any

import msgspec

from db.patients import PatientCard
from domain.alert import AlertNow
from domain.replanning import Policy, ProposalNow, RequestNow
from realtime.api.desk_alerts import ALERT_ROUTES, AlertEnded, AlertPutOff, AlertSeen
from realtime.api.desk_patients import PATIENT_ROUTES, PatientAsked
from realtime.api.desk_plans import (
    PLAN_ROUTES,
    MoveWanted,
    PlanBack,
    PlanTaken,
    ProposalLeft,
    ProposalTaken,
    UndoWanted,
)
from realtime.api.desk_policy import POLICY_ROUTES, PolicyWanted
from realtime.api.desk_questions import QUESTION_ROUTES, WhoCould
from realtime.api.desk_replans import REPLAN_ROUTES, ReplanWanted, WhatIf
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
from realtime.deciding.verdict import MoveVerdict
from realtime.desk.candidates import Candidates
from realtime.desk.what_if import Supposed

DESK_ROUTES: list[Any] = [
    *ALERT_ROUTES,
    *WANTS_ROUTES,
    *PLAN_ROUTES,
    *REPLAN_ROUTES,
    *QUESTION_ROUTES,
    *PATIENT_ROUTES,
    *POLICY_ROUTES,
]
DESK_SHAPES: list[type[msgspec.Struct]] = [
    PatientAsked,
    PatientCard,
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
    MoveWanted,
    MoveVerdict,
    ReplanWanted,
    RequestNow,
    WhatIf,
    Supposed,
    WhoCould,
    Candidates,
    PolicyWanted,
    Policy,
]
