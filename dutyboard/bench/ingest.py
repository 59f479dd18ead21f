"""`dutyboard bench ingest`: the doors, the writer and the whole road, one after another on one bed."""

from __future__ import annotations

from dutyboard.bench import doors, road, writer
from dutyboard.bench.bed import bed
from dutyboard.bench.figures import Figure

NURSES = 300


def measure(seconds: float) -> list[Figure]:
    """Every figure of the road in; `seconds` is how long each rate is measured."""
    with bed(NURSES) as furnished:
        return [*writer.measure(furnished), *doors.measure(furnished, seconds), *road.measure(furnished, 4 * seconds)]
