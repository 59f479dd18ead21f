"""`dutyboard solve`: from a published file to a plan that its authors' rules agree with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from authors_rules import mankowska_cost, uhhc_cost, vrptw_cost
from click.testing import CliRunner, Result
from published_cases import BEST_ROUTES_COST, CITY, ROUTES, SHIFTS, changed, written

from dutyboard.cli import main

ENDS_WITHIN_S = 60


def solve(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["solve", *map(str, arguments)], prog_name="dutyboard")


def test_a_file_is_solved_for_its_own_objective_and_told_in_our_words(tmp_path: Path) -> None:
    done = solve(written(tmp_path, SHIFTS, "shifts.json"), "--iterations", 2000, "--seed", 3)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert (document["format"], document["file"], document["objective"]) == (
        "dutyboard-solution/1",
        "shifts.json",
        "uhhc",
    )
    assert document["broken"] == []
    assert sum(document["items"].values()) == pytest.approx(document["cost"])
    assert (document["run"]["seed"], document["run"]["iterations"], document["run"]["seconds"]) == (3, 2000, None)
    assert f"cost {document['cost']:,.3f}" in done.stderr
    assert "3 rounds" in done.stderr


def test_each_better_plan_is_told_on_the_way(tmp_path: Path) -> None:
    done = solve(written(tmp_path, ROUTES, "tiny.txt"), "--iterations", 2000, "--out", tmp_path / "plan.json")
    costs = [float(line.split("cost ")[1]) for line in done.stderr.splitlines() if " s  cost " in line]
    assert costs
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == BEST_ROUTES_COST
    assert done.stdout == ""


def test_the_publishers_rules_agree_with_the_cost_of_a_city_day(tmp_path: Path) -> None:
    day = changed(CITY, "patients", 0, "required_caregivers", to=[{"service": "s1", "duration": 30}])
    file, out = written(tmp_path, day), tmp_path / "out.json"
    ours = json.loads(solve(file, "--iterations", 2000).stdout)
    assert solve(file, "--iterations", 2000, "--format", "publisher", "--out", out).exit_code == 0
    assert mankowska_cost(day, json.loads(out.read_text())) == pytest.approx(ours["cost"], abs=1e-9)


def test_the_publishers_rules_agree_with_the_cost_of_a_day_with_shifts(tmp_path: Path) -> None:
    file, out = written(tmp_path, SHIFTS), tmp_path / "out.json"
    ours = json.loads(solve(file, "--iterations", 2000).stdout)
    assert solve(file, "--iterations", 2000, "--format", "publisher", "--out", out).exit_code == 0
    assert uhhc_cost(SHIFTS, json.loads(out.read_text())) == ours["cost"]


def test_the_best_routes_of_a_tiny_case_are_found_and_written_as_lines(tmp_path: Path) -> None:
    done = solve(written(tmp_path, ROUTES, "tiny.txt"), "--iterations", 2000, "--format", "publisher")
    assert vrptw_cost(ROUTES, done.stdout) == pytest.approx(BEST_ROUTES_COST)
    assert done.stdout.endswith(f"Cost {BEST_ROUTES_COST:g}\n")


def test_the_same_seed_and_steps_make_the_same_plan(tmp_path: Path) -> None:
    file = written(tmp_path, scattered(customers=40), "scattered.txt")
    first, again, other = (
        json.loads(solve(file, "--iterations", 20, "--seed", seed).stdout)["rounds"] for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def scattered(customers: int) -> str:
    """Customers all over a square, with windows wide enough for many plans."""
    lines = [
        f"{it} {it * 37 % 97} {it * 59 % 89} 10 {it * 41 % 300} {it * 41 % 300 + 200} 10"
        for it in range(1, customers + 1)
    ]
    head = f"{customers} 200\n\nCUSTOMER\n\n0 50 50 0 0 1000 0\n"
    return "SCATTERED\n\nVEHICLE\nNUMBER CAPACITY\n" + head + "\n".join(lines) + "\n"


def test_who_fits_nowhere_is_left_out_with_a_reason(tmp_path: Path) -> None:
    nobody_can = changed(CITY, "caregivers", 0, "abilities", to=["s2"])
    document = json.loads(solve(written(tmp_path, nobody_can), "--iterations", 500).stdout)
    assert {(it["visit"], it["part"]) for it in document["unplaced"]} == {("p1", 1), ("p2", 1), ("p2", 2)}
    assert all("Nobody on shift can give s1" in it["reason"] for it in document["unplaced"])
    assert document["broken"] == []


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (changed(CITY, "patients", 0, "time_window", to=[9, 8]), "day.json, row 1, patients.time_window"),
        ("{ nothing", "day.json, row 1: no JSON"),
        ("A LETTER\n", "day.json, row 1: no JSON"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(tmp_path: Path, day: object, sentence: str) -> None:
    done = solve(written(tmp_path, day, "day.json"))  # type: ignore[arg-type]
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.output


def test_what_cannot_be_meant_is_refused_before_the_search(tmp_path: Path) -> None:
    file = written(tmp_path, CITY)
    assert "no folder" in solve(file, "--out", tmp_path / "nowhere" / "plan.json").stderr
    assert "can be solved for mankowska" in solve(file, "--objective", "vrptw").stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no Ctrl-C to send to a process alone")
def test_ctrl_c_keeps_the_best_plan_so_far(tmp_path: Path) -> None:
    file, out = written(tmp_path, ROUTES, "tiny.txt"), tmp_path / "plan.json"
    words = [sys.executable, "-m", "dutyboard", "solve", str(file), "--seconds", "600", "--out", str(out)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any(" s  cost " in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=ENDS_WITHIN_S)
    assert process.returncode == 0, told
    assert "ended by Ctrl-C" in told
    assert json.loads(out.read_text())["broken"] == []
