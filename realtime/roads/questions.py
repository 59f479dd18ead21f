"""Which questions to ask so that every missing pair is told, and few that are known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]


def questions(missing: NDArray[np.bool_], most_points: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Rows and columns to ask about together, at most `most_points` each, until every missing pair has been asked.

    `missing` is square, row = from. Places of which most is missing are kept apart from the others: a new home among a
    hundred known ones is a row and a column, not the whole square.
    """
    lacking = missing.sum(axis=0) + missing.sum(axis=1)
    new = lacking > len(missing)
    groups = [*_groups(np.flatnonzero(new), most_points), *_groups(np.flatnonzero(~new), most_points)]
    for rows in groups:
        for columns in groups:
            asked = missing[np.ix_(rows, columns)]
            if asked.any():
                yield rows[asked.any(axis=1)], columns[asked.any(axis=0)]


def _groups(numbers: Numbers, most_points: int) -> list[Numbers]:
    return [numbers[first : first + most_points] for first in range(0, len(numbers), most_points)]
