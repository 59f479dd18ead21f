"""The streets of a settlement: a warped grid with gaps in it, cut off by the settlement's outline, rivers, parks and ponds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin
from random import Random

from sim.shapes import XY, Line

APART_KM = 0.17
JITTER_KM = 0.045
MISSING_STREETS = 0.12
MISSING_PIECES = 0.06
WARP_KM = 0.05
STREET_NAMES = (
    "Church Street", "Mill Lane", "Station Road", "High Street", "Orchard Close", "Meadow Rise", "Chapel Lane",
    "Weavers Row", "Priory Road", "Larch Avenue", "Quarry Bank", "Market Street", "Bakers Hill", "Rectory Gardens",
    "Tanners Yard", "Bridge Street", "Hawthorn Drive", "Poplar Grove", "Kiln Lane", "Fairfield Road", "Saddlers Way",
    "Elm Terrace", "Well Street", "Barley Croft", "Lime Walk", "Smithy Lane", "Albion Street", "Dovecote Lane",
    "Heron Way", "Park View", "Canal Street", "Beacon Road", "Foxglove Close", "Abbey Walk", "Pinfold Lane",
)  # fmt: skip
Piece = tuple[XY, XY]


@dataclass(frozen=True, slots=True)
class Street:
    """A street with a name; consecutive points are joined by a piece of road."""

    name: str
    line: Line


def streets_of(centre: XY, radius: float, rng: Random, open_to: Callable[[Piece], bool]) -> list[Street]:
    """The streets around `centre`; a piece of road is only built where it is `open_to` streets."""
    turn, reach = rng.uniform(0, pi / 2), 1.25 * radius
    along, across = _offsets(reach, rng), _offsets(reach, rng)
    names = _names(rng)

    def corner(u: float, v: float) -> XY:
        bend = WARP_KM * (sin(2.1 * u + 3 * turn) + sin(2.7 * v + turn))
        u, v = u + bend, v + bend
        return centre[0] + u * cos(turn) - v * sin(turn), centre[1] + u * sin(turn) + v * cos(turn)

    rows = [[corner(u, v) for v in across] for u in along]
    columns = [[corner(u, v) for u in along] for v in across]
    named = zip(names, rows + columns, strict=False)
    return [Street(name, run) for name, line in named for run in _runs(line, rng, open_to)]


def _offsets(reach: float, rng: Random) -> list[float]:
    """Where parallel streets run, some of them missing."""
    steps = int(reach / APART_KM)
    offsets = [step * APART_KM + rng.uniform(-JITTER_KM, JITTER_KM) for step in range(-steps, steps + 1)]
    return [offset for offset in offsets if rng.random() >= MISSING_STREETS]


def _runs(line: Line, rng: Random, open_to: Callable[[Piece], bool]) -> Iterator[Line]:
    """The stretches of a grid line that are built."""
    run: Line = []
    for piece in pairwise(line):
        if rng.random() >= MISSING_PIECES and open_to(piece):
            run = [*(run or [piece[0]]), piece[1]]
        elif run:
            yield run
            run = []
    if run:
        yield run


def _names(rng: Random) -> Iterator[str]:
    """Each name once before the first comes again with a point of the compass."""
    for part in ("", "North ", "South ", "East ", "West ", "Upper ", "Lower ", "Old ", "New ", "Little ", "Great "):
        for name in rng.sample(STREET_NAMES, len(STREET_NAMES)):
            yield f"{part}{name}"
