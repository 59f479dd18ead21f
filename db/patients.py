"""A patient as somebody at the desk may see them: the only road on which a name and a home leave the database for a screen."""

from __future__ import annotations

from datetime import datetime

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from db.audit import AuditLine, note
from db.queries import load
from domain.actor import Actor
from domain.day import Contact, Gender
from domain.errors import NotFound

SQL = load("patients")


class PatientCard(msgspec.Struct, frozen=True, kw_only=True):
    """A patient by reference and by name; nurses by name. What is None or empty is not known, never "no"."""

    patient: str
    name: str
    address: str | None
    carer_gender: Gender | None
    contact: Contact | None
    risks: list[str]
    preferred: list[str]
    known: list[str]
    excluded: list[str]


async def view(conn: AsyncConnection, visit_id: str, now: datetime, actor: Actor) -> PatientCard:
    """Whose visit it is; that it was looked at, and by whom, is noted in the same transaction. Raises NotFound."""
    async with conn.transaction():
        async with conn.cursor(row_factory=dict_row) as cursor:
            row = await (await cursor.execute(SQL.of_visit, {"visit_id": visit_id})).fetchone()
        if row is None:
            raise NotFound("There is no such visit.")
        patient_id, team_id = row.pop("patient_id"), row.pop("team_id")
        line = AuditLine(
            at=now,
            noted_at=now,
            actor=actor,
            action="patient_viewed",
            subject=f"patient:{patient_id}",
            team_id=team_id,
            source=f"visit:{visit_id}",
        )
        await note(conn, [line])
        return PatientCard(patient=patient_id.removeprefix(f"{team_id}:"), **row)
