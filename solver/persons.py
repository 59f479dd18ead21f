"""Who may make a part, and what it costs that it is they: continuity, and the change of nurse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from domain.day import Need
from solver.kernel.layout import Table
from solver.params import Params, hundredths
from solver.problem import Problem

if TYPE_CHECKING:
    from solver.model import OpenPart


def prices_of_persons(
    problem: Problem, parts: Sequence[OpenPart], published: Mapping[tuple[str, int], str], params: Params
) -> Table:
    """The price of each nurse (column) making each part (row), in hundredths; -1: may not."""
    nurses = problem.nurses
    row_of = {nurse.nurse_id: column for column, nurse in enumerate(nurses)}
    ids = list(row_of)
    genders = np.array([nurse.gender or "" for nurse in nurses])
    present = np.array([not nurse.off for nurse in nurses])

    @cache
    def able(need: Need) -> np.ndarray:
        return np.array(
            [need.service in it.skills and (need.band is None or (it.band or 0) >= need.band) for it in nurses], bool
        )

    changed, stranger = hundredths(params.nurse_changed), hundredths(params.not_preferred)
    person = np.zeros((len(parts), len(nurses)), np.int32)
    for row, it in enumerate(parts):
        visit, price = it.visit, person[row]
        may = able(visit.needs[it.carer_no - 1]) & present
        if visit.gender:
            may = may & (genders == visit.gender)
        if it.part in published:
            price += changed
            if (of := row_of.get(published[it.part])) is not None:
                price[of] -= changed
        if visit.preferred:
            price += stranger
            for nurse_id in visit.preferred:
                if nurse_id in row_of:
                    price[row_of[nurse_id]] -= stranger
        if visit.known:
            price += [hundredths(params.not_known * (1 - visit.known.get(nurse_id, 0.0))) for nurse_id in ids]
        price[~may] = -1
        barred = [row_of[nurse_id] for nurse_id in visit.excluded if nurse_id in row_of]
        if it.other_begun and not visit.same_nurse:
            barred.append(row_of[it.other_begun.nurse_id])
        price[barred] = -1
        pinned = visit.pinned_nurses[it.carer_no - 1] if visit.pinned_nurses else None
        if pinned is not None:
            others = np.arange(len(nurses)) != row_of.get(pinned, -1)
            price[others] = -1
    return person
