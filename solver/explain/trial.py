"""A day on trial: a plan re-timed and priced, and what it would be with a part put elsewhere.

All starts are as early as they can be, in the plan as it is and in every trial, so that prices differ by what was tried alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from domain.round import Plan, PlannedAttendance, Rest, Round
from solver.explain import everywhere, flat, timing, trying
from solver.explain.flat import NOBODY, Numbers, State, empty_state
from solver.explain.found import (
    Fit,
    Miss,
    Openings,
    Spot,
    Together,
    columns_of,
    miss_of,
    most_of,
    numbered,
    openings_of,
    together_of,
)
from solver.explain.sheet import Part, published_parts, sheet_of
from solver.params import Params, hundredths
from solver.problem import Begun, Nurse, Problem, Visit, instant
from solver.travel import TravelTimes


class Day:
    """A problem and a plan of it, ready to be tried on."""

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        travel: TravelTimes,
        params: Params | None = None,
        published: Plan | None = None,
    ) -> None:
        self.problem, self.params = problem, params or Params()
        self.told = published_parts(published)
        self.begun = {(it.visit_id, it.carer_no): it for it in problem.begun}
        self.visits = {visit.visit_id: visit for visit in problem.visits}
        self.parts = [
            (visit, no)
            for visit in problem.visits
            for no in range(1, len(visit.needs) + 1)
            if (visit.visit_id, no) not in self.begun
        ]
        self.rows: dict[Part, int] = {(visit.visit_id, no): row for row, (visit, no) in enumerate(self.parts)}
        self.nurses = {nurse.nurse_id: row for row, nurse in enumerate(problem.nurses)}
        self.sheet = sheet_of(problem, self.parts, travel, self.params, self.told)
        self._begun_of: dict[str, list[Begun]] = {nurse.nurse_id: [] for nurse in problem.nurses}
        for it in sorted(problem.begun, key=lambda it: (it.starts, it.visit_id, it.carer_no)):
            self._begun_of.setdefault(it.nurse_id, []).append(it)
        self.state = self._planned(plan)

    def nurse(self, row: int) -> Nurse:
        return self.problem.nurses[row]

    def begun_by(self, nurse: int) -> Sequence[Begun]:
        """What a nurse has begun, in order of time."""
        return self._begun_of[self.nurse(nurse).nurse_id]

    def stops(self, state: State, nurse: int) -> list[int]:
        """The open stops of a round, in order, as rows of parts."""
        return [int(part) for part in state.stops[nurse, : state.rounds[nurse, flat.LENGTH]]]

    def holder(self, state: State, part: int) -> int | None:
        """Whose round a part is in."""
        nurse = int(state.times[part, flat.WHERE])
        return None if nurse == NOBODY else nurse

    def without(self, state: State, parts: Iterable[int]) -> State:
        """The day with these parts in no round; the break stays before the stop that it was before."""
        after, left = state.copy(), set[int]()
        for part in parts:
            nurse = self.holder(after, part)
            if nurse is not None:
                left |= self._taken_out(after, nurse, part)
        self._settle(after, left)
        return after

    def placed(self, state: State, spots: Mapping[int, Spot]) -> State:
        """The day with parts put at these spots."""
        after = state.copy()
        for part, spot in spots.items():
            trying.put_in(after, spot.nurse, spot.place, spot.rest, spot.opens, part)
        self._settle(after, {spot.nurse for spot in spots.values()})
        return after

    def openings(
        self,
        state: State,
        part: int,
        nurses: Iterable[int] | None = None,
        *,
        spare: int = 0,
        careful: bool = True,
    ) -> Openings:
        """Try a part that is in no round at every place of these nurses' rounds (nobody named: of all who are not off).

        Places that must cost at least `spare` hundredths more than the best of the round are left out. Who is not `careful`
        learns sooner that a round is too long, but not the very least miss.
        """
        who = range(len(self.nurses)) if nurses is None else nurses
        rows = np.array([row for row in who if not self.nurse(row).off], np.int64)
        many = len(self.nurses)
        columns = len(trying.TRIED)
        places = np.zeros((many, state.stops.shape[1], columns), np.int64)
        fits, misses = np.zeros((many, columns), np.int64), np.zeros((many, len(flat.RULES) + 1, columns), np.int64)
        everywhere.try_everywhere(self.sheet, state, part, rows, spare, careful, places, fits, misses)
        return openings_of(rows, places, fits, misses)

    def pairs(
        self, state: State, parts: tuple[int, int], firsts: Sequence[Fit], seconds: Sequence[Fit]
    ) -> tuple[list[Together], list[Together]]:
        """Try both parts of a visit together, one at a spot of `firsts` and one of `seconds`, by two nurses: for each two nurses
        the cheapest pair of spots that keeps all rules, and for those without one the pair that breaks fewest by least."""
        one, two = numbered(firsts), numbered(seconds)
        shape = (most_of(one), most_of(two), len(trying.TRIED))
        fits, misses = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        trying.try_pairs(self.sheet, state, np.array(parts, np.int64), one, two, fits, misses)
        fitting = fits[..., trying.RULES_BROKEN] == 0
        missing = ~fitting & (misses[..., trying.RULES_BROKEN] != flat.NEVER)
        return (
            sorted(together_of(row, firsts, seconds) for row in fits[fitting]),
            sorted(together_of(row, firsts, seconds) for row in misses[missing]),
        )

    def starts_at(self, state: State, parts: Sequence[int], spots: Sequence[Sequence[Spot]]) -> Numbers:
        """When each part of the day starts, a row for each choice of spots that these parts could be put at."""
        starts = np.zeros((len(spots), len(self.parts)), np.int64)
        rows = np.array([[columns_of(spot) for spot in choice] for choice in spots], np.int64)
        trying.starts_with(self.sheet, state, np.array(parts, np.int64), rows, starts)
        return starts

    def at_place(self, state: State, part: int, nurse: int, place: int) -> Fit | Miss:
        """Try a part at one place of a round, the break had anywhere: the cheapest spot that keeps all rules, else the nearest
        miss."""
        found = np.zeros((2, len(trying.TRIED)), np.int64)
        trying.try_place(self.sheet, state, part, nurse, place, found)
        if found[0, trying.RULES_BROKEN]:
            return miss_of(nurse, found[1])
        price, _, rest, opens, *_ = found[0].tolist()
        return Fit(price, Spot(nurse, place, rest, opens))

    def worst_of_all(self, before: State, after: State) -> int:
        """What the latest part of all and the idlest nurse cost more in one day than in another."""
        return int(trying.worst_of_all(self.sheet, before, after))

    def dearer(self, after: State, before: State) -> int:
        """How much more the times and the orders of one day cost than those of another; who makes a part is `price_of`."""
        items = slice(flat.ITEMS.start, flat.ITEMS.stop)
        price = int(after.rounds[:, items].sum() - before.rounds[:, items].sum())
        return price + self.worst_of_all(before, after)

    def price_of(self, part: int, nurse: int | None) -> int:
        """What it costs that this nurse makes a part: continuity and change; None: that it is left out."""
        visit, no = self.parts[part]
        if nurse is None:
            return self.price_left_out(visit, no)
        who, params, price = self.nurse(nurse).nurse_id, self.params, 0
        if visit.preferred and who not in visit.preferred:
            price += hundredths(params.not_preferred)
        if visit.known:
            price += hundredths(params.not_known * (1 - visit.known.get(who, 0)))
        told = self.told.get((visit.visit_id, no))
        return price + (hundredths(params.nurse_changed) if told and told.nurse_id != who else 0)

    def price_left_out(self, visit: Visit, no: int) -> int:
        """What it costs that a part is in no round."""
        if visit.whole and no > 1:
            return 0
        if visit.optional and visit.days_left != 0:
            return hundredths(self.params.deferred) // max(1, visit.days_left or 1)
        return hundredths(self.params.left_out[visit.priority])

    def round_of(self, state: State, nurse: int) -> Round:
        """A nurse's round as it would be published."""
        begun, stops = self.begun_by(nurse), self.stops(state, nurse)
        history = (_attendance((it.visit_id, it.carer_no), it.starts, it.ends) for it in begun)
        return Round(
            nurse_id=self.nurse(nurse).nurse_id,
            attendances=(*history, *(self._attendance(state, part) for part in stops)),
            rest=self._rest(state, nurse, stops, len(begun)),
        )

    def changed(self, after: State) -> list[int]:
        """The nurses whose open stops, their order, times or break are no longer as planned."""
        before = self.state
        return [
            nurse
            for nurse in range(len(self.nurses))
            if after.rounds[nurse, flat.BREAK_BEFORE] != before.rounds[nurse, flat.BREAK_BEFORE]
            or (stops := self.stops(after, nurse)) != self.stops(before, nurse)
            or any(after.times[part, flat.STARTS] != before.times[part, flat.STARTS] for part in stops)
        ]

    def starts(self, state: State, part: int) -> int:
        return int(state.times[part, flat.STARTS])

    def ready(self, part: int) -> int:
        """When a part could start as planned if no other part had to start in step."""
        return int(self.state.times[part, flat.READY])

    def ends(self, state: State, part: int) -> int:
        return int(state.times[part, flat.STARTS] + self.sheet.parts[part, flat.DURATION])

    def late_s(self, state: State, part: int) -> int:
        """By how much a part misses its window."""
        return int(timing.late_s(self.sheet.parts, self.sheet.windows, part, state.times[part, flat.STARTS]))

    def _attendance(self, state: State, part: int) -> PlannedAttendance:
        visit, no = self.parts[part]
        return _attendance((visit.visit_id, no), int(state.times[part, flat.STARTS]), self.ends(state, part))

    def _rest(self, state: State, nurse: int, stops: Sequence[int], begun: int) -> Rest | None:
        before, row = int(state.rounds[nurse, flat.BREAK_BEFORE]), self.sheet.nurses[nurse]
        if before == NOBODY or not row[flat.BREAK_S]:
            return None
        free = self.ends(state, stops[before - 1]) if before else int(row[flat.SETS_OUT])
        starts = max(free, int(row[flat.BREAK_FROM]))
        ends = starts + int(row[flat.BREAK_S])
        return Rest(starts_at=instant(starts), ends_at=instant(ends), before=begun + before)

    def _planned(self, plan: Plan) -> State:
        longest = max((len(it.attendances) for it in plan.rounds), default=0)
        state = empty_state(len(self.parts), len(self.nurses), longest + 3)
        for round_ in plan.rounds:
            nurse = self.nurses.get(round_.nurse_id)
            if nurse is None or self.nurse(nurse).off:
                continue
            history = len(self.begun_by(nurse))
            starts = {
                part: round(stop.starts_at.timestamp())
                for stop in round_.attendances
                if (part := self.rows.get((stop.visit_id, stop.carer_no))) is not None
            }
            length = len(starts)
            state.stops[nurse, :length] = list(starts)
            state.rounds[nurse, flat.LENGTH] = length
            for part, start in starts.items():
                state.times[part] = (nurse, self._waits_for(part, start), start, start)
            if round_.rest and length and self.nurse(nurse).break_s:
                state.rounds[nurse, flat.BREAK_BEFORE] = min(max(0, round_.rest.before - history), length)
        self._settle(state, range(len(self.nurses)))
        return state

    def _waits_for(self, part: int, starts: int) -> int:
        """The start of the window that a planned start is meant for."""
        windows = self.parts[part][0].windows
        if len(windows) == 1:
            return windows[0][0]
        return max((opens for opens, _ in windows if opens <= starts), default=windows[0][0])

    def _taken_out(self, state: State, nurse: int, part: int) -> set[int]:
        """Take a part out, without telling the time; returns whose rounds are no longer timed."""
        stops = self.stops(state, nurse)
        place, count = stops.index(part), len(stops) - 1
        state.stops[nurse, place:count] = stops[place + 1 :]
        state.rounds[nurse, flat.LENGTH], state.times[part, flat.WHERE] = count, NOBODY
        if state.rounds[nurse, flat.BREAK_BEFORE] > place:
            state.rounds[nurse, flat.BREAK_BEFORE] -= 1
        if not count:
            state.rounds[nurse, flat.BREAK_BEFORE] = NOBODY
        partner = int(self.sheet.parts[part, flat.PARTNER])
        other = self.holder(state, partner) if partner != NOBODY else None
        return {nurse} if other is None else {nurse, other}

    def _settle(self, state: State, nurses: Iterable[int]) -> None:
        rows = list(nurses)
        queue: Numbers = np.zeros(len(self.nurses) + 1, np.int64)
        queue[: len(rows)] = rows
        timing.settle(self.sheet, state, queue, len(rows), np.zeros(len(self.nurses), np.int64))


def _attendance(part: Part, starts: int, ends: int) -> PlannedAttendance:
    return PlannedAttendance(visit_id=part[0], carer_no=part[1], starts_at=instant(starts), ends_at=instant(ends))
