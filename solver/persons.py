"""Who may make a part, and what it costs that it is they: continuity, and the change of nurse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from domain.day import Need
from solver.kernel.layout import Table
from solver.params import Params, hundredths
from solver.problem import Problem

if TYPE_CHECKING:
    from solver.model import OpenPart

Flags = NDArray[np.bool_]


def prices_of_persons(
    problem: Problem, parts: Sequence[OpenPart], published: Mapping[tuple[str, int], str], params: Params
) -> Table:
    """The price of each nurse (column) making each part (row), in hundredths; -1: may not."""
    nurses = problem.nurses
    columns = {nurse.nurse_id: column for column, nurse in enumerate(nurses)}
    genders = np.array([nurse.gender or "" for nurse in nurses])
    present = np.array([not nurse.off for nurse in nurses])

    @cache
    def able(need: Need) -> Flags:
        return np.array(
            [need.service in it.skills and (need.band is None or (it.band or 0) >= need.band) for it in nurses], bool
        )

    person = np.zeros((len(parts), len(nurses)), np.int32)
    for price, it in zip(person, parts, strict=True):
        _price(price, it, published.get(it.part), columns, params)
        may = able(it.visit.needs[it.carer_no - 1]) & present
        if it.visit.gender:
            may = may & (genders == it.visit.gender)
        price[~may] = -1
        price[_barred(it, columns)] = -1
    return person


def _price(
    price: NDArray[np.int32], it: OpenPart, published: str | None, columns: Mapping[str, int], params: Params
) -> None:
    """What each nurse costs, by their columns: being another than published, not preferred, not known."""
    if published is not None:
        price += hundredths(params.nurse_changed)
        if published in columns:
            price[columns[published]] -= hundredths(params.nurse_changed)
    if it.visit.preferred:
        price += hundredths(params.not_preferred)
        price[[columns[nurse_id] for nurse_id in it.visit.preferred if nurse_id in columns]] -= hundredths(
            params.not_preferred
        )
    if it.visit.known:
        price += [hundredths(params.not_known * (1 - it.visit.known.get(nurse_id, 0.0))) for nurse_id in columns]


def _barred(it: OpenPart, columns: Mapping[str, int]) -> list[int]:
    """The nurses who may not make a part whatever they can: excluded, at its other part already, or not whom it is kept for."""
    visit = it.visit
    barred = set(visit.excluded)
    if it.other_begun and not visit.same_nurse:
        barred.add(it.other_begun.nurse_id)
    pinned = visit.pinned_nurses[it.carer_no - 1] if visit.pinned_nurses else None
    if pinned is not None:
        barred |= columns.keys() - {pinned}
    return [columns[nurse_id] for nurse_id in barred if nurse_id in columns]
