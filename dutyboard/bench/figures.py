"""A figure, and a table of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """One thing measured; `limit` is what it is compared with, `aim` the share of it that is wanted. Times in ms."""

    name: str
    value: float | None
    unit: str
    limit: float | None = None
    aim: float | None = None
    p50: float | None = None
    p99: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit if self.value is not None and self.limit else None


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| measured | figure | of the limit | aim | p50 ms | p99 ms |", "|---|---:|---:|---:|---:|---:|"]
    for figure in figures:
        ratio = f"{figure.ratio:.0%}" if figure.ratio is not None else ""
        aim = f"≥ {figure.aim:.0%}" if figure.aim is not None else ""
        cells = (
            figure.name,
            f"{_number(figure.value)} {figure.unit}",
            ratio,
            aim,
            _number(figure.p50),
            _number(figure.p99),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
