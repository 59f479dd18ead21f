"""What a screen says of a plan, in figures."""

from __future__ import annotations

from days import MINUTE, Road, begun, day, last_seen, nurse, pair, plan, round_of, stop, visit, window

from solver.rules.figures import Late, figures

ANN, BEA, CY = nurse("Ann"), nurse("Bea"), nurse("Cy")
V, W, X = visit("V", 5, ("09:00", "10:00")), visit("W", 10), visit("X", 20, promise=window("11:00", "12:00"))
DAY = day([ANN, BEA, CY], [V, W, X])


def of(*rounds, published=None, problem=DAY):
    return figures(problem, plan(problem, *rounds), Road(), published)


def test_who_is_late_is_told_with_the_latest_first():
    both = pair("P", 5, ("09:00", "10:00"))
    problem = day([ANN, BEA], [V, both])
    found = of(
        round_of(ANN, stop(V, "10:00"), stop(both, "10:30", 1)), round_of(BEA, stop(both, "10:31", 2)), problem=problem
    )
    assert found.late == (Late("P", 2, "n:Bea", 31 * MINUTE), Late("P", 1, "n:Ann", 30 * MINUTE))
    assert (found.visits_late, found.minutes_late) == (1, 61)


def test_ways_are_told_in_minutes_and_kilometres():
    found = of(round_of(ANN, stop(V, "09:00"), stop(W, "10:00")), round_of(BEA, stop(X, "11:00")))
    assert (found.travel_minutes, found.km) == (5 + 5 + 10 + 20 + 20, 60)


def test_promises_are_broken_by_coming_before_or_after_what_was_told():
    found = [of(round_of(ANN, stop(X, it))).promises_broken for it in ("10:59", "11:00", "12:00", "12:01")]
    assert found == [1, 0, 0, 1]


def test_what_changes_is_counted_and_whom_it_concerns():
    published = plan(DAY, round_of(ANN, stop(V, "09:00"), stop(W, "10:00")), round_of(BEA, stop(X, "11:00")))
    same = of(*published.rounds, published=published)
    assert (same.nurse_changes, same.moved, same.nurses_affected) == (0, 0, frozenset())
    handed = of(
        round_of(ANN, stop(V, "09:00")),
        round_of(CY, stop(W, "10:00")),
        round_of(BEA, stop(X, "11:00")),
        published=published,
    )
    assert (handed.nurse_changes, handed.moved, handed.nurses_affected) == (1, 0, {"n:Ann", "n:Cy"})
    for clock, moved in ("11:15", 0), ("11:16", 1), ("10:45", 0), ("10:44", 1):
        found = of(published.rounds[0], round_of(BEA, stop(X, clock)), published=published)
        assert (found.nurse_changes, found.moved, found.nurses_affected) == (0, moved, {"n:Bea"} if moved else set())


def test_what_is_left_out_concerns_who_had_it_and_what_is_new_who_gets_it():
    published = plan(DAY, round_of(ANN, stop(V, "09:00"), stop(W, "10:00")))
    found = of(round_of(ANN, stop(V, "09:00")), round_of(BEA, stop(X, "11:00")), published=published)
    assert (found.visits_left_out, found.nurse_changes, found.nurses_affected) == (1, 0, {"n:Ann", "n:Bea"})
    assert of(problem=day([ANN], [pair("P", 5)])).visits_left_out == 1


def test_against_no_published_plan_nothing_changes():
    found = of(round_of(ANN, stop(V, "09:00")))
    assert (found.nurse_changes, found.moved, found.nurses_affected) == (0, 0, frozenset())


def test_what_has_begun_is_not_among_the_figures():
    ann = nurse("Ann", **last_seen(5, "11:20"))
    problem = day([ann], [V, W], [begun(V, ann, "11:00")])
    published = plan(problem, round_of(ann, stop(V, "09:00"), stop(W, "12:00")))
    found = of(round_of(ann, stop(V, "11:00"), stop(W, "12:00")), problem=problem, published=published)
    assert (found.late, found.moved, found.km) == ((), 0, 5 + 10)
