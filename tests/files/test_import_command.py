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
from dutyboard.settings import Settings
from solver.nearest_feasible import build_rounds
from solver.travel import travel_of

Command = Callable[..., Awaitable[Result]]
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
        return await asyncio.to_thread(CliRunner().invoke, commands[name], [str(it) for it in arguments], obj=given)

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
        made = build_rounds(day, travel_of(day))
        seen = await board.read(conn, city, DAY)
        assert len(seen.visits) == len(day.visits)
        assert {it.name for it in seen.nurses} == {it.name for it in day.staff}
        placed = {
            (it.visit_id, it.carer_no): (of.nurse_id, it.starts_at) for of in made.rounds for it in of.attendances
        }
        left_out = {(it.visit_id, it.carer_no): (None, None) for it in made.unplaced}
        assert allotted(seen) == placed | left_out
        assert (seen.plan_revision, seen.made_by) == (1, "nearest-feasible")
        unplaced = {it.visit_id for it in seen.visits if it.unplaced_because}
        assert unplaced == {it.visit_id for it in made.unplaced}
        assert re.search(rf"placed +{len(placed)} of {len(placed) + len(left_out)} parts", done.output)
        assert all(it.reason in done.output for it in made.unplaced)


async def test_csv_files_go_to_the_board_and_the_summary_is_plain(
    dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    done = await dutyboard("import", "day", folder, *on())
    assert done.exit_code == 0, done.output
    assert done.output == (
        "Vale (vale), Monday 23 November 2026\n"
        "  staff     2\n"
        "  patients  2\n"
        "  visits    3, 1 of them double-ups\n"
        "  travel    estimated from straight lines\n"
        "  placed    3 of 4 parts, as plan 1 (nearest-feasible)\n"
        "Left out, 1:\n"
        "  v3 part 1  Nobody on shift can give catheter.\n"
    )
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


def test_rounds_that_break_a_rule_are_not_handed_out() -> None:
    with pytest.raises(
        DutyboardError, match=r"break 1 rules and were not put into force; .*v3 part 1 is there 0 times"
    ):
        plan.filled(SMALL, lambda day, travel: replace(build_rounds(day, travel), unplaced=()))


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
        assert build_rounds(back, travel_of(back)) == build_rounds(day, travel_of(day))
        assert back.planar == day.planar
