"""What a day costs as it is, item by item, and what one day costs more than another."""

from __future__ import annotations

from solver.explain import flat
from solver.explain.flat import State
from solver.explain.trial import Day
from solver.params import hundredths
from solver.verdict import Cost


def cost_of(day: Day, state: State | None = None) -> Cost:
    """The cost of a day, with every start as early as can be; what nurses hold who are off counts as left out."""
    state = day.state if state is None else state
    sums = state.rounds[:, : flat.SHIFT].sum(axis=0).tolist()
    items = dict(zip(flat.NAMES[: flat.SHIFT], sums, strict=True))
    for part in range(len(day.parts)):
        for item, price in people_cost(day, part, day.holder(state, part)).items():
            items[item] = items.get(item, 0) + price
    on = [row for row, nurse in enumerate(day.problem.nurses) if not nurse.off]
    return Cost(
        **items,
        worst_lateness=int(state.rounds[:, flat.LATEST].max(initial=0)) * hundredths(day.params.worst_lateness),
        worst_idle=int(state.rounds[on, flat.IDLE].max(initial=0)) * hundredths(day.params.worst_idle),
    )


def people_cost(day: Day, part: int, nurse: int | None) -> dict[str, int]:
    """What it costs, item by item, that this nurse makes a part, or (None) that nobody does."""
    if nurse is None:
        return {"left_out": day.price_of(part, None)}
    visit, no = day.parts[part]
    told = day.told.get((visit.visit_id, no))
    changed = told is not None and told.nurse_id != day.nurse(nurse).nurse_id
    change = hundredths(day.params.nurse_changed) if changed else 0
    return {"continuity": day.price_of(part, nurse) - change, "nurse_changes": change}
