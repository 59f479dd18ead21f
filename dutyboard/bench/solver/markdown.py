"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Cells = Sequence[object]


def markdown(heads: Sequence[str], rows: Iterable[Cells]) -> str:
    """A table: text to the left, numbers to the right, nothing where nothing is known."""
    body = [list(row) for row in rows]
    columns = [[row[place] for row in body] for place in range(len(heads))]
    rule = ["---" if any(isinstance(cell, str) for cell in column) else "---:" for column in columns]
    lines = [heads, rule, *([_cell(cell) for cell in row] for row in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{round(value, 2) + 0.0:g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
