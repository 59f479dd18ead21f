"""`dutyboard import day` and `dutyboard plan`, from the file to the board."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from day_sheets import DAY, at, nurse, patient, sheet, visit
from msgspec.structs import replace
from psycopg import AsyncConnection

from db import board, days
from db import sheets as stored
from db.files import csvset
from db.files import published as published_day
from domain.actor import system
from domain.board import Board
from domain.day import visit_scoped
from domain.errors import Conflict, DutyboardError, NotFound
from dutyboard.cli import main
from dutyboard.commands import import_, plan
from dutyboard.planning.filling import Effort, checked, filled
from dutyboard.settings import Settings
from solver.params import Params
from solver.travel import travel_of

Command = Callable[..., Awaitable[Result]]
FIRST = Effort(iterations=0)
"""The first answer, which is the same every time."""
SMALL = sheet(
    [nurse("amy", "wound"), nurse("ben", "insulin", "wound", transport="bike")],
    [patient("p1", 1, excluded=frozenset({"ben"})), patient("p2", 2)],
    [
        visit("v1", "p1", ("09:00", "10:00"), ("wound", 30)),
        visit("v2", "p2", ("09:00", "12:00"), ("wound", 30), ("insulin", 20), synchronisation="simultaneous"),
        visit("v3", "p2", ("09:00", "10:00"), ("catheter", 30)),
    ],
)


@pytest.fixture
def dutyboard(migrated_url: str, redis_url: str, tmp_path: Path) -> Command:
    """Runs a command against a real database, as the command line does."""
    given = Settings(home=tmp_path, database_url=migrated_url, redis_url=redis_url)
    commands = {"import": import_.command, "plan": plan.command}

    async def run(name: str, *arguments: object) -> Result:
        """Run it with the first answer of a search, unless told to search on."""
        words = [str(it) for it in arguments]
        ends = [] if {"--seconds", "--iterations"} & set(words) else ["--iterations", "0"]
        return await asyncio.to_thread(CliRunner().invoke, commands[name], [*words, *ends], obj=given)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small day as CSV files."""
    csvset.write(SMALL, tmp_path / "monday")
    return tmp_path / "monday"


def on(day: date = DAY, team: str = "vale") -> tuple[str, ...]:
    return ("--team", team, "--date", day.isoformat())


def allotted(seen: Board) -> dict[tuple[str, int], tuple[str | None, datetime | None]]:
    return {(it.visit_id, it.carer_no): (it.nurse_id, it.planned_start) for it in seen.attendances}


@pytest.mark.data
async def test_real_days_go_from_their_files_to_the_board(
    dutyboard: Command, conn: AsyncConnection, published: Path
) -> None:
    for city in ("reggio-emilia", "milan"):
        file = next((published / "days" / "real_cities").glob(f"*{city}*"))
        done = await dutyboard("import", "day", file, *on(team=city), "--timezone", "Europe/Rome", "--starts", "07:00")
        assert done.exit_code == 0, done.output

        day = published_day.read(file, city, DAY, timezone="Europe/Rome", starts=time(7))
        made = filled(day, FIRST, travel_of(day)).plan
        seen = await board.read(conn, city, DAY)
        assert len(seen.visits) == len(day.visits)
        assert {it.name for it in seen.nurses} == {it.name for it in day.staff}
        placed = {
            (it.visit_id, it.carer_no): (of.nurse_id, it.starts_at) for of in made.rounds for it in of.attendances
        }
        left_out = {(it.visit_id, it.carer_no): (None, None) for it in made.unplaced}
        assert allotted(seen) == placed | left_out
        assert (seen.plan_revision, seen.made_by) == (1, "search")
        unplaced = {it.visit_id for it in seen.visits if it.unplaced_because}
        assert unplaced == {it.visit_id for it in made.unplaced}
        assert re.search(rf"placed +{len(placed)} of {len(placed) + len(left_out)} parts", done.output)
        assert all(it.reason in done.output for it in made.unplaced)


async def test_csv_files_go_to_the_board_and_the_summary_is_plain(
    dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    done = await dutyboard("import", "day", folder, *on())
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(
        "Vale (vale), Monday 23 November 2026\n"
        "  staff     2\n"
        "  patients  2\n"
        "  visits    3, 1 of them double-ups\n"
        "  roads     estimated from straight lines\n"
        "  placed    3 of 4 parts, as plan 1 (search)\n"
        "  late      nobody\n"
        "  travel    0 h "
    )
    assert re.search(r"Left out, 1:\n  v3 part 1  .*catheter.*\.\n$", done.stdout)
    searching, answer = done.stderr.splitlines()[:: 2 if "Preparing" in done.stderr else 1]
    assert searching == "Searching for the rounds of 3 visits by 2 nurses …"
    assert re.fullmatch(r" +\d+\.\d s  0 late, 1 left out, cost \d+\.\d\d h of driving", answer)
    assert allotted(await board.read(conn, "vale", DAY))[visit_scoped("vale", DAY, "v1"), 1][0] == "vale:amy"


async def test_the_same_file_again_changes_nothing(dutyboard: Command, conn: AsyncConnection, folder: Path) -> None:
    await dutyboard("import", "day", folder, *on())
    before = await board.read(conn, "vale", DAY)
    again = await dutyboard("import", "day", folder, *on())
    assert again.exit_code == 0
    assert "Nothing to do" in again.output
    assert await board.read(conn, "vale", DAY) == before


async def test_a_broken_file_leaves_nothing_behind_and_says_why_in_a_table(
    dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    visits = (folder / "visits.csv").read_text(encoding="utf-8")
    (folder / "visits.csv").write_text(
        visits.replace("09:00,12:00", "12:00,09:00").replace("v3,p2", "v3,p9"), encoding="utf-8"
    )
    refused = await dutyboard("import", "day", folder, *on())
    assert refused.exit_code == 1
    assert refused.stderr == (
        "The file was not imported, not even in part: 2 mistakes.\n"
        "file        row  column      problem\n"
        "visits.csv  3    window_end  the window closes before it opens\n"
        "visits.csv  4    patient     there is no patient 'p9'\n"
    )
    assert await board.teams(conn) == []


async def test_the_day_and_its_plan_are_saved_together_or_not_at_all(
    dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    await conn.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no disk'; END $$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON plan_revision EXECUTE FUNCTION refuse()"
    )
    failed = await dutyboard("import", "day", folder, *on())
    assert failed.exit_code == 1
    assert await board.teams(conn) == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--starts", "07:00"), "--starts is for published days"),
        (("--team", "a:b"), "a team's id is made of up to 40 letters, digits"),
        (("--base", "north"), "'north' is no place like 52.05,-1.45"),
        (("--date", "23.11.2026"), "does not match the format"),
    ],
)
def test_an_option_that_makes_no_sense_is_explained(folder: Path, options: tuple[str, str], problem: str) -> None:
    refused = CliRunner().invoke(import_.command, ["day", str(folder), *on(), *options], obj=Settings(home=folder))
    assert refused.exit_code == 2
    assert problem in refused.stderr


def test_a_base_is_for_csv_files_only(tmp_path: Path) -> None:
    (tmp_path / "day.json").write_text("{}", encoding="utf-8")
    asked = ["day", str(tmp_path / "day.json"), *on(), "--base", "52,-1"]
    refused = CliRunner().invoke(import_.command, asked, obj=Settings(home=tmp_path))
    assert "--base is for CSV files" in refused.stderr


async def test_rounds_are_filled_anew_until_a_visit_has_begun(
    dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    await dutyboard("import", "day", folder, *on())
    before = allotted(await board.read(conn, "vale", DAY))
    await conn.execute("UPDATE attendance SET nurse_id = NULL, planned_start = NULL")
    again = await dutyboard("plan", *on())
    assert again.exit_code == 0, again.output
    assert "3 of 4 parts, as plan 2" in again.output
    assert allotted(await board.read(conn, "vale", DAY)) == before

    await conn.execute("UPDATE attendance SET state = 'in_progress' WHERE visit_id LIKE '%v1'")
    late = await dutyboard("plan", *on())
    assert isinstance(late.exception, Conflict)
    assert "A day under way is not planned anew" in str(late.exception)
    assert isinstance((await dutyboard("plan", *on(team="nobody"))).exception, NotFound)


async def test_what_files_ask_for_is_in_the_rounds(dutyboard: Command, conn: AsyncConnection, tmp_path: Path) -> None:
    asking = sheet(
        [
            nurse("amy", "wound", gender="female", band=6, max_visits=2, break_s=1800),
            nurse("ben", "wound", gender="male", band=5, break_s=1800),
        ],
        [patient("p1", 1), patient("p2", 2, carer_gender="male"), patient("p3", 3), patient("p4", 4)],
        [
            visit("pin", "p1", ("09:00", "15:00"), ("wound", 30), pinned=("ben",)),
            visit("man", "p2", ("09:00", "15:00"), ("wound", 30)),
            visit("band", "p3", ("09:00", "15:00"), ("wound", 30)),
            visit("free", "p4", ("09:00", "15:00"), ("wound", 30), pinned=("amy",)),
            visit("more", "p4", ("09:00", "15:00"), ("wound", 30), pinned=("amy",), optional=True, days_left=2),
        ],
    )
    senior = tuple(replace(need, band=6) for need in asking.visits[2].needs)
    visits = tuple(replace(it, needs=senior) if it.ref == "band" else it for it in asking.visits)
    csvset.write(replace(asking, visits=visits), tmp_path / "asking")
    done = await dutyboard("import", "day", tmp_path / "asking", *on(), "--iterations", 100)
    assert done.exit_code == 0, done.output
    seen = await board.read(conn, "vale", DAY)
    nurses = {it.visit_id.rpartition(":")[2]: it.nurse_id for it in seen.attendances}
    assert nurses == {"pin": "vale:ben", "man": "vale:ben", "band": "vale:amy", "free": "vale:amy", "more": None}
    assert {rest.nurse_id for rest in seen.rests} == {"vale:amy", "vale:ben"}
    assert re.search(r"more part 1  .*Amy", done.stdout), "the reason names who could have come"


async def test_a_dry_run_tells_the_plan_and_stores_nothing(
    dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    await dutyboard("import", "day", folder, *on())
    before = await board.read(conn, "vale", DAY)
    dry = await dutyboard("plan", *on(), "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "3 of 4 parts, nothing was stored (search)" in dry.stdout
    assert await board.read(conn, "vale", DAY) == before


async def test_a_day_taken_in_anew_while_it_is_searched_is_not_overrun(
    dutyboard: Command, conn: AsyncConnection, migrated_url: str, folder: Path
) -> None:
    await dutyboard("import", "day", folder, *on())
    planned = await stored.read(conn, "vale", DAY)
    found = filled(planned, FIRST, travel_of(planned))
    urgent = replace(SMALL, visits=tuple(replace(it, priority="urgent") for it in SMALL.visits))
    await days.save(conn, urgent, at("07:00"), system("import"))
    with pytest.raises(Conflict, match="was taken in anew while its rounds were searched for"):
        await plan.put_into_force(migrated_url, planned, found.plan, at("07:30"))
    assert (await board.read(conn, "vale", DAY)).plan_revision == 1


async def test_the_same_seed_and_turns_give_the_same_rounds(dutyboard: Command, folder: Path) -> None:
    await dutyboard("import", "day", folder, *on())
    ends = ("--dry-run", "--iterations", 50, "--seed", 7)
    first, second = [await dutyboard("plan", *on(), *ends) for _ in range(2)]
    assert first.exit_code == 0, first.output
    assert first.stdout == second.stdout


def test_rounds_that_break_a_rule_are_not_handed_out() -> None:
    found = filled(SMALL, FIRST, travel_of(SMALL))
    silent = replace(found.plan, unplaced=())
    with pytest.raises(DutyboardError, match=r"break a hard rule in 1 place and were not .*v3.*\(whole_day\)"):
        checked(found.problem, silent, travel_of(SMALL), Params())


def test_both_commands_are_in_the_command_line() -> None:
    for arguments in (["import", "day", "--help"], ["plan", "--help"]):
        shown = CliRunner().invoke(main, arguments)
        assert shown.exit_code == 0
        assert "--team" in shown.output


async def test_a_stored_day_reads_back_as_it_was_taken_in(conn: AsyncConnection) -> None:
    await days.save(conn, SMALL, at("07:00"), system("import"))
    assert await stored.read(conn, "vale", DAY) == replace(SMALL, source="stored")


@pytest.mark.data
async def test_stored_published_days_give_the_same_rounds(conn: AsyncConnection, published: Path) -> None:
    files = {"rome": "real_cities/*rome*.json", "hilly": "uhhc/i-369.json", "plane": "mankowska/*_10_1.json"}
    for team, pattern in files.items():
        day = published_day.read(next((published / "days").glob(pattern)), team, DAY)
        await days.save(conn, day, at("07:00"), system("import"))
        back = await stored.read(conn, team, DAY)
        assert filled(back, FIRST, travel_of(back)).plan == filled(day, FIRST, travel_of(day)).plan
        assert back.planar == day.planar
