"""Every plan of a day as one CP-SAT model, each at its price: a tour a nurse, starts that mind each other, wishes as terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ortools.sat.python.cp_model import BoolVarT, CpModel, IntVar, LinearExpr

from solver.exact.day import Day
from solver.exact.legs import Legs
from solver.exact.rounds import idle_empty_s
from solver.exact.tour import Tour
from solver.params import hundredths


class DayModel:
    """A model whose solutions are the plans of the day, and whose objective is their cost in hundredths.

    `starts` and `left_out` go by part, `tours` by nurse; seconds count from `zero`.
    """

    def __init__(self, day: Day) -> None:
        self.day, self.cp, self.legs = day, CpModel(), Legs(day)
        self.zero = min((it.shift[0] for it in day.nurses), default=0)
        self.terms: list[LinearExpr | IntVar] = []
        self.prices: list[int] = []
        last = max((it.shift[1] for it in day.nurses), default=0) + day.params.longest_overtime_s
        self.horizon = max([last, *(it.visit.windows[-1][1] for it in day.parts)]) - self.zero
        self.starts = [
            self.cp.new_int_var(min(part.opens - self.zero, self.horizon), self.horizon, "") for part in day.parts
        ]
        self.left_out = [self.cp.new_bool_var("") for _ in day.parts]
        self.tours = [
            Tour(self.cp, day, number, self.starts, self.legs, self.zero) for number in range(len(day.nurses))
        ]
        self.latest = self._latest()
        self._make_once()
        self._bond()
        for tour in self.tours:
            if tour.makes:
                self._price_tour(tour)
            else:
                self._price(self.cp.new_constant(1), day.unfair_price(tour.nurse, 0))
        for number in range(len(day.parts)):
            self._price_part(number)
        self._price_worst_idle()
        self.objective = LinearExpr.weighted_sum(self.terms, self.prices)
        self.cp.minimize(self.objective)

    def _latest(self) -> IntVar:
        """The lateness of the latest part."""
        latest = self.cp.new_int_var(0, 2 * self.horizon, "")
        self._price(latest, hundredths(self.day.params.worst_lateness))
        return latest

    def _make_once(self) -> None:
        for number, out in enumerate(self.left_out):
            self.cp.add_exactly_one([out, *(it.makes[number] for it in self.tours if number in it.makes)])

    def _bond(self) -> None:
        """What the parts of one visit owe each other: two nurses, all or none, starts in step."""
        for first, second in self.day.bonds:
            visit = self.day.parts[first].visit
            if not visit.same_nurse:
                for tour in self.tours:
                    if first in tour.makes and second in tour.makes:
                        self.cp.add_at_most_one([tour.makes[first], tour.makes[second]])
            if self.day.bound_whole(first):
                self.cp.add(self.left_out[first] == self.left_out[second])
            if visit.gap is not None:
                apart = self.starts[second] - self.starts[first]
                both = [~self.left_out[first], ~self.left_out[second]]
                self.cp.add_linear_constraint(apart, *visit.gap).only_enforce_if(*both)

    def _price(self, term: LinearExpr | IntVar, price: int) -> None:
        if price:
            self.terms.append(term)
            self.prices.append(price)

    def _at_least(self, least: LinearExpr | IntVar, *when: BoolVarT, most: int | None = None) -> IntVar:
        """A variable of no less than 0 and than this."""
        above = self.cp.new_int_var(0, self.horizon if most is None else most, "")
        self.cp.add(above >= least).only_enforce_if(*when)
        return above

    def _price_tour(self, tour: Tour) -> None:
        day, params, nurse = self.day, self.day.params, tour.nurse
        for arc, go in tour.goes.items():
            self._price(go, tour.leg_price(arc))
        for part, makes in tour.makes.items():
            self._price(makes, day.hand_price(nurse, day.parts[part]))
        if price := self._waiting_price():
            self._price(self._at_least(tour.waited_s()), price)
        if price := hundredths(params.overtime):
            after = tour.back - (nurse.shift[1] - self.zero)
            self._price(self._at_least(after, most=params.longest_overtime_s), price)
        if price := hundredths(params.unfairness):
            above = tour.care_s() + (day.begun_care_s(nurse) - day.share_s(nurse))
            most = max(0, sum(it.duration_s for it in day.parts) + day.begun_care_s(nurse))
            self._price(self._at_least(above, most=most), price)
        if nurse.break_s:
            self._price(tour.missed, hundredths(params.missed_break or 0))
        if price := hundredths(params.reordered):
            self._price_order(tour, price)

    def _waiting_price(self) -> int:
        """Where the pace of the roads changes, a second that is not driving at the best pace may be waiting or driving."""
        waiting, travel = hundredths(self.day.params.waiting), hundredths(self.day.params.travel)
        return waiting if self.legs.steady else min(waiting, travel)

    def _price_order(self, tour: Tour, price: int) -> None:
        """A part is out of order once one that was published behind it, in the same round, comes before it."""
        day, begun = self.day, self.day.place_begun(tour.nurse)
        places = {
            part: told.place
            for part in tour.makes
            if (told := day.told.get(day.parts[part].key)) and told.nurse_id == tour.nurse.nurse_id
        }
        for part, place in places.items():
            if place < begun:
                self._price(tour.makes[part], price)
                continue
            out_of_order = self.cp.new_bool_var("")
            self._price(out_of_order, price)
            for other, behind in places.items():
                if behind > place:
                    ends = self.starts[part] + day.parts[part].duration_s
                    both = [tour.makes[part], tour.makes[other], ~out_of_order]
                    self.cp.add(self.starts[other] >= ends).only_enforce_if(*both)

    def _price_part(self, number: int) -> None:
        day, part, start, made = self.day, self.day.parts[number], self.starts[number], ~self.left_out[number]
        self._price(self.left_out[number], day.left_out_price(part))
        self._price_lateness(number)
        if (promise := part.visit.promise) and (price := hundredths(day.params.promise)):
            self._price(self._outside(start, promise, made), price)
        if (told := day.told.get(part.key)) and (price := hundredths(day.params.moved)):
            near = (told.start - day.params.moved_tolerance_s, told.start + day.params.moved_tolerance_s)
            self._price(self._outside(start, near, made), price)

    def _outside(self, start: IntVar, window: tuple[int, int], made: BoolVarT) -> IntVar:
        """How far a start is from a window."""
        opens, closes = window[0] - self.zero, window[1] - self.zero
        reach = self.horizon + max(abs(opens), abs(closes))
        outside = self._at_least(start - closes, made, most=reach)
        self.cp.add(outside >= opens - start).only_enforce_if(made)
        return outside

    def _price_lateness(self, number: int) -> None:
        part, start, made = self.day.parts[number], self.starts[number], ~self.left_out[number]
        reach = self.horizon + max(abs(part.late_from(no) - self.zero) for no in range(len(part.visit.windows)))
        late = self.cp.new_int_var(0, 0 if part.visit.hard else reach, "")
        for window, chosen in enumerate(self._windows(number)):
            after = start - (part.late_from(window) - self.zero)
            alone = part.opens <= part.late_from(0) and len(part.visit.windows) == 1
            self.cp.add(late >= after).only_enforce_if(*([] if alone else [made, chosen]))
        self._price(late, self.day.late_price(part))
        self.cp.add(self.latest >= late)

    def _windows(self, number: int) -> Sequence[BoolVarT]:
        """Which window counts for a part: the last that opens before its start or with it."""
        windows = self.day.parts[number].visit.windows
        if len(windows) == 1:
            return [self.cp.new_constant(1)]
        chosen = [self.cp.new_bool_var("") for _ in windows]
        self.cp.add_exactly_one(chosen)
        for no, (opens, _) in enumerate(windows):
            self.cp.add(self.starts[number] >= opens - self.zero).only_enforce_if(chosen[no])
            if no + 1 < len(windows):
                self.cp.add(self.starts[number] < windows[no + 1][0] - self.zero).only_enforce_if(chosen[no])
        return chosen

    def _price_worst_idle(self) -> None:
        """The idlest nurse's time."""
        if not (price := hundredths(self.day.params.worst_idle)):
            return
        longest_s = max((it.nurse.shift[1] - it.nurse.shift[0] for it in self.tours), default=0)
        worst = self.cp.new_int_var(0, longest_s + self.horizon, "")
        self._price(worst, price)
        for tour in self.tours:
            if not tour.nurse.off:
                self.cp.add(worst >= idle_empty_s(tour.nurse)).only_enforce_if(*([~tour.used] if tour.makes else []))
                for idle_s in self._idle_s(tour) if tour.makes else ():
                    self.cp.add(worst >= idle_s).only_enforce_if(tour.used)

    def _idle_s(self, tour: Tour) -> Iterator[LinearExpr]:
        """What a nurse on the road is idle, at least: until the end of the shift, or until being back."""
        starts, ends = (it - self.zero for it in tour.nurse.shift)
        begun = self.day.begun(tour.nurse)
        if begun and self.legs.steady:
            out_s = begun[0].starts - self.zero - starts
            yield out_s + tour.waited_s() + tour.waited_first
            yield out_s + tour.waited_s() + tour.waited_first + ends - tour.back
        elif not begun:
            rested_s = tour.nurse.break_s * LinearExpr.sum(list(tour.rests.values()))
            busy_s = tour.care_s() + tour.travel_s(most=True) + rested_s
            yield ends - starts - busy_s
            yield tour.back - starts - busy_s
