"""What a coordinator may see of a patient: name, home, and what who comes must know. Who looks is written down."""

from __future__ import annotations

import msgspec

from db import patients
from db.patients import PatientCard
from domain.actor import may
from domain.errors import NotAllowed
from realtime.api.desk_bodies import Id
from realtime.api.desk_calls import Call, desk_post


class PatientAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The visit whose patient is asked for."""

    visit_id: Id


@desk_post("/api/v1/patients/view", PatientAsked, "viewPatient", "See whose visit it is", 404)
async def view_patient(call: Call, asked: PatientAsked) -> PatientCard:
    """The patient of a visit. Only for a coordinator who has said who they are (403 otherwise); each viewing is in the audit."""
    if not may(call.actor, "view a patient"):
        raise NotAllowed("Say who you are first: who sees a patient's name and home is written down.")
    async with call.pool.connection() as conn:
        return await patients.view(conn, asked.visit_id, call.now, call.actor)


PATIENT_ROUTES = [view_patient]
