"""A nurse's round in the exact model: one circuit through those parts that the nurse makes, with its clock and its break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr

from solver.exact.day import Day, OpenPart, sets_out
from solver.exact.legs import Legs
from solver.travel import Point

Node = int | None
"""A part by number; None stands for setting out and for the way back."""
Arc = tuple[Node, Node]


class Tour:
    """Whether a nurse makes a part (`makes`), goes from one to another (`goes`), rests after one (`rests`), and when: `first`
    is the first stop's start, `waited_first` what is waited for it after a rest (or more), `back` the arrival at the end (or
    later). Where the round is empty, their values mean nothing.

    Times are seconds after `zero`.
    """

    def __init__(self, model: CpModel, day: Day, number: int, starts: Sequence[IntVar], legs: Legs, zero: int) -> None:
        self.model, self.day, self.starts, self.legs, self.zero = model, day, starts, legs, zero
        self.nurse = day.nurses[number]
        self.out_at = sets_out(self.nurse)[1] - zero
        self.last_back = self.nurse.shift[1] + day.params.longest_overtime_s - zero
        self.spans = dict(self._spans())
        if not self.spans:
            self.makes: dict[int, IntVar] = {}
            self.goes: dict[Arc, IntVar] = {}
            self.rests: dict[Node, IntVar] = {}
            return
        self.used = model.new_bool_var("")
        self.makes = {part: model.new_bool_var("") for part in self.spans}
        self.goes = {arc: model.new_bool_var("") for arc in self._arcs()}
        self.first = model.new_int_var(self.out_at, self.last_back, "")
        self.back = model.new_int_var(self.out_at, self.last_back, "")
        self.waited_first = model.new_int_var(0, self.last_back - self.out_at, "")
        self.rests = {}
        self._go_round()
        self._keep_time()
        if self.nurse.break_s:
            self._rest()
        self._carry()
        if self.nurse.max_work_s is not None:
            self._stop_working(self.nurse.max_work_s)

    def leg_s(self, arc: Arc) -> int:
        return self.legs.least_s(self.nurse, self._leaves(arc[0]), self._reaches(arc[1]))

    def most_leg_s(self, arc: Arc) -> int:
        return self.legs.most_s(self.nurse, self._leaves(arc[0]), self._reaches(arc[1]))

    def leg_price(self, arc: Arc) -> int:
        """What going this way costs."""
        origin, destination = self._leaves(arc[0]), self._reaches(arc[1])
        return self.day.leg_price(self.nurse, origin, destination, self.leg_s(arc))

    def travel_s(self, *, most: bool = False) -> LinearExpr:
        """The seconds on the road."""
        return LinearExpr.weighted_sum(
            list(self.goes.values()), [self.most_leg_s(it) if most else self.leg_s(it) for it in self.goes]
        )

    def care_s(self) -> LinearExpr:
        """The seconds of care in open parts."""
        return LinearExpr.weighted_sum(list(self.makes.values()), [self._part(it).duration_s for it in self.makes])

    def waited_s(self) -> LinearExpr:
        """The seconds waited from the first stop's start to being back, if `back` is the arrival."""
        first_leg_s = LinearExpr.weighted_sum(
            [go for (origin, _), go in self.goes.items() if origin is None],
            [self.leg_s(arc) for arc in self.goes if arc[0] is None],
        )
        rested = LinearExpr.sum([rest for after, rest in self.rests.items() if after is not None])
        return self.back - self.first - self.care_s() - self.travel_s() + first_leg_s - self.nurse.break_s * rested

    def _part(self, number: int) -> OpenPart:
        return self.day.parts[number]

    def _leaves(self, node: Node) -> Point:
        return sets_out(self.nurse)[0] if node is None else self._part(node).visit.point

    def _reaches(self, node: Node) -> Point:
        return self.nurse.end if node is None else self._part(node).visit.point

    def _spans(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """The parts that the nurse may make, and between when and when they can start them."""
        for number, part in enumerate(self.day.parts):
            if self.day.may_make(self.nurse, part):
                pinned = part.visit.pinned_start
                earliest = max(self.out_at + self.leg_s((None, number)), part.opens - self.zero)
                latest = self.last_back - self.leg_s((number, None)) - part.duration_s
                if pinned is not None and not earliest <= (pinned := pinned - self.zero) <= latest:
                    continue
                if earliest <= latest:
                    yield number, (earliest, latest) if pinned is None else (pinned, pinned)

    def _arcs(self) -> Iterator[Arc]:
        for origin in self.spans:
            yield None, origin
            yield origin, None
            for destination in self.spans:
                if origin != destination and self._may_follow(origin, destination):
                    yield origin, destination

    def _may_follow(self, origin: int, destination: int) -> bool:
        one, other = self._part(origin), self._part(destination)
        if one.visit is other.visit and not one.visit.same_nurse:
            return False
        free = self.spans[origin][0] + one.duration_s
        return free + self.leg_s((origin, destination)) <= self.spans[destination][1]

    def _go_round(self) -> None:
        """One circuit from setting out to the way back, past those parts that others make."""
        place = {None: 0} | {part: no for no, part in enumerate(self.makes, start=1)}
        arcs = [(place[origin], place[destination], go) for (origin, destination), go in self.goes.items()]
        passed = [(place[part], place[part], ~makes) for part, makes in self.makes.items()]
        self.model.add_circuit([*arcs, *passed, (0, 0, ~self.used)])

    def _keep_time(self) -> None:
        """Nobody starts before they are there."""
        for part, (earliest, latest) in self.spans.items():
            self.model.add_linear_constraint(self.starts[part], earliest, latest).only_enforce_if(self.makes[part])
        for (origin, destination), go in self.goes.items():
            if origin is None and destination is not None:
                self.model.add(self.first == self.starts[destination]).only_enforce_if(go)
            elif origin is not None:
                free = self.starts[origin] + self._part(origin).duration_s
                self.model.add(self._arrival(destination) >= free + self.leg_s((origin, destination))).only_enforce_if(
                    go
                )

    def _arrival(self, node: Node) -> IntVar:
        return self.back if node is None else self.starts[node]

    def _rest(self) -> None:
        """One break between two stops, within its window, unless there is no round or missing it has a price."""
        nurse, (opens, closes) = self.nurse, self.nurse.break_window
        self.missed = self.model.new_bool_var("")
        if self.day.params.missed_break is None:
            self.model.add(self.missed == 0)
        earliest, latest = max(opens - self.zero, self.out_at), closes - nurse.break_s - self.zero
        if earliest > latest:
            self.model.add(self.missed == self.used)
            return
        self.rest_start = self.model.new_int_var(earliest, latest, "")
        self.rests = {after: self.model.new_bool_var("") for after in (None, *self.makes)}
        self.model.add(sum(self.rests.values()) + self.missed == self.used)
        for part, makes in self.makes.items():
            self.model.add_implication(self.rests[part], makes)
            free = self.starts[part] + self._part(part).duration_s
            self.model.add(self.rest_start >= free).only_enforce_if(self.rests[part])
        for (origin, destination), go in self.goes.items():
            rested = self.rest_start + nurse.break_s + self.leg_s((origin, destination))
            self.model.add(self._arrival(destination) >= rested).only_enforce_if(go, self.rests[origin])
            if origin is None:
                self.model.add(self.waited_first >= self.first - rested).only_enforce_if(go, self.rests[None])

    def _carry(self) -> None:
        """No more stops than the nurse may make, no more size than they carry."""
        begun = self.day.begun(self.nurse)
        if self.nurse.max_visits is not None:
            self.model.add(sum(self.makes.values()) <= max(0, self.nurse.max_visits - len(begun)))
        if self.nurse.capacity is not None:
            sizes = LinearExpr.weighted_sum(list(self.makes.values()), [self._part(it).visit.size for it in self.makes])
            self.model.add(sizes <= max(0, self.nurse.capacity - self.day.begun_size(self.nurse)))

    def _stop_working(self, most_s: int) -> None:
        """From setting off to being back no longer than the nurse may work."""
        if begun := self.day.begun(self.nurse):
            self.model.add(self.back <= begun[0].starts - self.zero + most_s).only_enforce_if(self.used)
            return
        rests_first = self.rests.get(None)
        if rests_first is not None:
            self.model.add(self.back - self.rest_start <= most_s).only_enforce_if(rests_first)
        for (origin, destination), go in self.goes.items():
            if origin is None:
                unless = [go] if rests_first is None else [go, ~rests_first]
                out = self.first - self.leg_s((None, destination))
                self.model.add(self.back - out <= most_s).only_enforce_if(*unless)
