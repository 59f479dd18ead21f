"""A day's files say where people live by address: they are placed as the day is taken in, or named with their row and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from day_sheets import DAY

from db.files import csvset
from db.files.csv_places import PlaceOf, nobody
from domain.errors import BadFile, NotPlaced
from domain.geo import Place

STAFF = "staff,name,skills,shift_start,shift_end,start_lat,start_lon,start_address\n"
VISITS = "visit,patient,window_start,window_end,service,minutes\n"
FILES = {
    "team.csv": "name,base_address\nVale,DE6 1AA\n",
    "staff.csv": STAFF + "N1,Amara,wound,08:00,16:00,,,\nN2,Ben,wound,08:00,16:00,,,DE6 1AB\n",
    "patients.csv": 'patient,name,lat,lon,address,postcode\nP1,Dorothy,,,"4 Mill Row",DE6 1AC\nP2,Evan,52.02,-1.52,9 Nowhere,\n',
    "visits.csv": VISITS + "V1,P1,08:00,09:00,wound,20\nV2,P2,08:00,09:00,wound,20\n",
}
KNOWN = {
    "DE6 1AA": Place(lat=52.0, lon=-1.5),
    "DE6 1AB": Place(lat=52.1, lon=-1.5),
    "DE6 1AC": Place(lat=52.2, lon=-1.5),
}


class Asked:
    """Places what it knows, and remembers what it was asked."""

    def __init__(self) -> None:
        self.rows: list[tuple[str | None, str | None, Place | None]] = []

    def __call__(self, address: str | None, postcode: str | None, near: Place | None) -> Place:
        self.rows.append((address, postcode, near))
        if (known := KNOWN.get(postcode or address or "")) is None:
            raise NotPlaced("Nobody knows it.")
        return known


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    assert old in FILES[name]
    (folder / name).write_text(FILES[name].replace(old, new), encoding="utf-8")


def mistakes(folder: Path, place_of: PlaceOf) -> list[str]:
    with pytest.raises(BadFile) as refused:
        csvset.read(folder, "vale", DAY, place_of=place_of)
    return [str(mistake) for mistake in refused.value.mistakes]


def test_base_nurses_and_patients_are_placed_by_their_addresses(folder: Path) -> None:
    day = csvset.read(folder, "vale", DAY, place_of=Asked())
    assert day.team.base == KNOWN["DE6 1AA"]
    assert [nurse.shift.start for nurse in day.staff] == [None, KNOWN["DE6 1AB"]]
    assert [patient.home for patient in day.patients] == [KNOWN["DE6 1AC"], Place(lat=52.02, lon=-1.52)]
    assert [patient.address for patient in day.patients] == ["4 Mill Row, DE6 1AC", "9 Nowhere"]


def test_rows_with_coordinates_are_not_looked_up_and_the_others_near_the_base(folder: Path) -> None:
    asked = Asked()
    csvset.read(folder, "vale", DAY, place_of=asked)
    base = KNOWN["DE6 1AA"]
    assert asked.rows == [("DE6 1AA", None, None), ("DE6 1AB", None, base), ("4 Mill Row", "DE6 1AC", base)]


def test_what_cannot_be_placed_is_named_with_its_row_and_column_and_nothing_else_is_wrong(folder: Path) -> None:
    change(folder, "team.csv", "DE6 1AA", "Town Hall")
    change(folder, "staff.csv", "DE6 1AB", "2 Back Lane")
    change(folder, "patients.csv", "DE6 1AC", "DE6 9ZZ")
    assert mistakes(folder, Asked()) == [
        "team.csv, row 2, base_address: Nobody knows it.",
        "staff.csv, row 3, start_address: Nobody knows it.",
        "patients.csv, row 2, address: Nobody knows it.",
    ]


def test_a_home_that_is_not_said_at_all_is_a_mistake(folder: Path) -> None:
    change(folder, "patients.csv", '"4 Mill Row",DE6 1AC', ",")
    assert mistakes(folder, Asked()) == [
        "patients.csv, row 2, lat: the cell is empty: give lat and lon, or an address or postcode to look up"
    ]


def test_half_a_pair_of_coordinates_is_a_mistake_and_not_looked_up(folder: Path) -> None:
    change(folder, "patients.csv", "Dorothy,,", "Dorothy,52.0,")
    asked = Asked()
    assert mistakes(folder, asked) == ["patients.csv, row 2, lon: lat and lon go together: give both or neither"]
    assert "4 Mill Row" not in [address for address, _, _ in asked.rows]


def test_where_nobody_looks_up_coordinates_are_asked_for(folder: Path) -> None:
    told = mistakes(folder, nobody)
    assert len(told) == 3
    assert all("not looked up here: give the latitude and longitude" in mistake for mistake in told)


def test_addresses_are_not_looked_up_for_a_plain_grid(folder: Path) -> None:
    (folder / "team.csv").write_text("name,base_lat,base_lon,planar\nVale,52,-1.5,yes\n", encoding="utf-8")
    asked = Asked()
    assert len(mistakes(folder, asked)) == 2
    assert asked.rows == []


@pytest.mark.parametrize(
    ("address", "postcode", "shown"),
    [
        ("4 Mill Row", "DE6 1AC", "4 Mill Row, DE6 1AC"),
        ('"4 Mill Row, de61ac"', "DE6 1AC", "4 Mill Row, de61ac"),
        ("", "DE6 1AC", "DE6 1AC"),
    ],
)
def test_nurses_read_the_postcode_once(folder: Path, address: str, postcode: str, shown: str) -> None:
    change(folder, "patients.csv", '"4 Mill Row",DE6 1AC', f"{address},{postcode}")
    assert csvset.read(folder, "vale", DAY, place_of=Asked()).patients[0].address == shown
