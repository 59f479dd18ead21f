"""Which parts are near each other: by the road between them, and by whether one nurse can make both in peace.

The measure is that of Vidal et al. (2013, doi:10.1016/j.cor.2012.07.018): travel, plus the waiting and the lateness that cannot
be avoided between the two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.kernel.layout import CLOSES, DURATION, FAR, FAR_OFF, OPENS, OTHER, SITE, Ints, Ranks, Table

NEIGHBOURS = 100
A_SECOND_WAITED, A_SECOND_LATE = 0.2, 1.0


def near_parts(part: Ints, seconds: Table) -> tuple[Table, Ints]:
    """Each part's nearest others, nearest first, and how remote each part is: the mean way to the ten nearest."""
    count = len(part)
    if count < 2:
        return np.zeros((count, 0), np.int32), np.zeros(count, np.int64)
    way, measure = _measure(part, seconds)
    kept = min(NEIGHBOURS, count - 1)
    nearest = np.argpartition(measure, kept - 1, axis=1)[:, :kept]
    ranks = np.argsort(np.take_along_axis(measure, nearest, axis=1), axis=1, kind="stable")
    near = np.take_along_axis(nearest, ranks, axis=1).astype(np.int32)
    remote = np.take_along_axis(way, near[:, :10].astype(np.intp), axis=1).mean(axis=1)
    return np.ascontiguousarray(near), remote.astype(np.int64)


def ranks_of(near: Table) -> Ranks:
    """At which rank of each part's nearest each other part stands."""
    ranks = np.full((len(near), len(near)), FAR_OFF, np.int16)
    np.put_along_axis(ranks, near.astype(np.intp), np.arange(near.shape[1], dtype=np.int16)[None, :], axis=1)
    return ranks


def _measure(part: Ints, seconds: Table) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The way from each part to each, and how near they are; a part is not near itself, nor the other of its visit."""
    place, duration, closings = part[:, SITE], part[:, DURATION], part[:, CLOSES::2]
    first = part[:, OPENS].min()
    way = seconds[np.ix_(place, place)].astype(np.float32)
    opens = (part[:, OPENS] - first).astype(np.float32)
    closes = (np.where(closings < FAR, closings, -FAR).max(axis=1) - first).astype(np.float32)
    wait = np.maximum(opens[None, :] - (closes + duration)[:, None] - way, 0).astype(np.float32)
    late = np.maximum((opens + duration)[:, None] + way - closes[None, :], 0).astype(np.float32)
    measure = way + np.float32(A_SECOND_WAITED) * wait + np.float32(A_SECOND_LATE) * late
    measure = np.minimum(measure, measure.T)
    np.fill_diagonal(measure, np.inf)
    paired = np.flatnonzero(part[:, OTHER] >= 0)
    measure[paired, part[paired, OTHER]] = np.inf
    return way, measure
