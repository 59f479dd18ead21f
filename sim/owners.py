"""Whose phones they are. In a file: a JSON object from each nurse's id to the token, or to the token with the duty.

`{"north:amy": "TOKEN", "north:ben": {"token": "TOKEN", "duty": {"starts_at": …, "ends_at": …, "home": {"lat": …, "lon": …}}}}`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from domain.day import DaySheet, scoped
from domain.errors import BadFile, Mistake
from domain.geo import Place


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """A planned shift, and where it starts and ends."""

    starts_at: datetime
    ends_at: datetime
    home: Place


class PhoneOwner(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse and the token in the phone. Without a duty the shift starts shortly before the first visit, somewhere near it."""

    nurse_id: str
    token: str
    duty: Duty | None = None


class _Carried(msgspec.Struct, frozen=True, omit_defaults=True):
    token: str
    duty: Duty | None = None


def owners_of(sheet: DaySheet, tokens: Mapping[str, str]) -> list[PhoneOwner]:
    """The nurses of a day who have a token (by `team:ref`), with their duties."""
    duties = {
        scoped(sheet.team.team_id, staff.ref): Duty(
            starts_at=staff.shift.starts_at, ends_at=staff.shift.ends_at, home=staff.shift.start or sheet.team.base
        )
        for staff in sheet.staff
    }
    return [
        PhoneOwner(nurse_id=nurse_id, token=tokens[nurse_id], duty=duty)
        for nurse_id, duty in duties.items()
        if nurse_id in tokens
    ]


def owners_as_json(owners: Iterable[PhoneOwner]) -> bytes:
    """Owners as `read_owners` reads them."""
    return msgspec.json.encode({owner.nurse_id: _Carried(owner.token, owner.duty) for owner in owners})


def read_owners(content: bytes, file: str) -> list[PhoneOwner]:
    """The owners in a file. Raises BadFile where there are none."""
    try:
        carried = msgspec.json.decode(content, type=dict[str, str | _Carried])
    except msgspec.MsgspecError as error:
        raise BadFile([Mistake(file, 0, "", f'not phones, as {{"north:amy": "TOKEN"}}: {error}')]) from None
    if not carried:
        raise BadFile([Mistake(file, 0, "", "there is no phone in it")])
    phones = {nurse: _Carried(it) if isinstance(it, str) else it for nurse, it in carried.items()}
    return [PhoneOwner(nurse_id=nurse, token=it.token, duty=it.duty) for nurse, it in phones.items()]
