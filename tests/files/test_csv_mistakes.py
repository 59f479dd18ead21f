"""What people write into CSV files, and what spreadsheets make of it: read, or named with its row and column."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from day_sheets import DAY

from db.files import csvset
from db.files.csv_files import LARGEST_B
from db.files.csvset import Asked
from domain.errors import BadFile, BadInput
from domain.geo import Place

TEAM = "name,timezone,base_lat,base_lon\nVale,Europe/London,52.0,-1.5\n"
STAFF = "staff,name,skills,shift_start,shift_end\nN1,Amara,insulin;wound,08:00,16:00\nN2,Ben,wound,08:00,16:00\n"
PATIENTS = "patient,name,lat,lon\nP1,Dorothy,52.01,-1.51\nP2,Evan,52.02,-1.52\n"
VISITS = (
    "visit,patient,window_start,window_end,service,minutes\nV1,P1,08:00,09:00,insulin,20\nV2,P2,09:00,10:00,wound,30\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set without a mistake."""
    for name, content in (("team", TEAM), ("staff", STAFF), ("patients", PATIENTS), ("visits", VISITS)):
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


def put(folder: Path, name: str, content: str | bytes) -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def mistakes(folder: Path, asked: Asked = csvset.AS_IT_SAYS) -> list[str]:
    with pytest.raises(BadFile) as refused:
        csvset.read(folder, "vale", DAY, asked)
    return [str(mistake) for mistake in refused.value.mistakes]


def mistakes_in(folder: Path, name: str, content: str) -> list[str]:
    put(folder, name, content)
    return mistakes(folder)


def test_a_set_without_a_mistake_is_read(folder: Path) -> None:
    day = csvset.read(folder, "vale", DAY)
    assert (len(day.staff), len(day.patients), len(day.visits), day.travel) == (2, 2, 2, None)
    assert f"{day.visits[0].windows[0][0]:%H:%M}" == "08:00"


def test_a_zip_is_read_like_a_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    archive = tmp_path_factory.mktemp("sent") / "monday.zip"
    with ZipFile(archive, "w") as into:
        for file in folder.iterdir():
            into.write(file, f"Monday/{file.name.title()}")
        into.writestr("__MACOSX/Monday/._Staff.csv", "nothing")
    assert csvset.read(archive, "vale", DAY).staff == csvset.read(folder, "vale", DAY).staff


@pytest.mark.parametrize(
    "as_saved",
    [
        lambda content: "\ufeff" + content,
        lambda content: content.replace("\n", "\r\n"),
        lambda content: content.replace(";", "\x00").replace(",", ";").replace("\x00", ","),
        lambda content: "sep=;\n" + content.replace("insulin;wound", '"insulin;wound"').replace(",", ";"),
        lambda content: content.replace(",", "\t"),
        lambda content: "\n".join(line + ",," for line in content.splitlines()) + "\n,,,,,,\n\n",
        lambda content: content.title().replace("Window_Start", "Window start "),
    ],
    ids=["byte order mark", "line ends", "semicolons", "sep line", "tabs", "empty cells and rows", "capitals"],
)
def test_whatever_a_spreadsheet_makes_of_a_file_is_read(folder: Path, as_saved: object) -> None:
    for name, content in (("staff", STAFF), ("patients", PATIENTS), ("visits", VISITS)):
        assert callable(as_saved)
        put(folder, f"{name}.csv", as_saved(content))
    day = csvset.read(folder, "vale", DAY)
    assert [patient.home for patient in day.patients] == [Place(lat=52.01, lon=-1.51), Place(lat=52.02, lon=-1.52)]
    assert [visit.ref for visit in day.visits] == ["V1", "V2"]


def test_decimal_commas_are_read(folder: Path) -> None:
    put(folder, "patients.csv", "patient;name;lat;lon\nP1;Dorothy;52,01;-1,51\nP2;Evan;52,02;-1,52\n")
    assert csvset.read(folder, "vale", DAY).patients[0].home == Place(lat=52.01, lon=-1.51)


def test_all_mistakes_of_all_files_are_named_at_once(folder: Path) -> None:
    put(folder, "staff.csv", STAFF.replace("16:00\nN2", "7:00\nN2").replace("Ben,wound,08:00", "Ben,wound,8 o'clock"))
    put(folder, "patients.csv", PATIENTS.replace("52.01", "north").replace("52.02,-1.52", "0,0"))
    put(folder, "visits.csv", VISITS.replace("V2,P2", "V1,P7").replace("insulin,20", "insulin,-20"))
    assert mistakes(folder) == [
        "staff.csv, row 2, shift_end: a shift ends after it starts, and within 24 hours",
        'staff.csv, row 3, shift_start: "8 o\'clock" is no time like 08:30',
        "patients.csv, row 2, lat: 'north' is no number",
        "patients.csv, row 3, lat: latitude 0, longitude 0 is in the sea off Africa: the coordinates are missing",
        "visits.csv, row 2, minutes: a visit takes more than no time and at most 24 hours",
        "visits.csv, row 3, visit: 'V1' is there twice",
        "visits.csv, row 3, patient: there is no patient 'P7'",
    ]


def test_who_refers_to_a_broken_row_is_not_wrong_as_well(folder: Path) -> None:
    assert mistakes_in(folder, "patients.csv", PATIENTS.replace("52.01", "north")) == [
        "patients.csv, row 2, lat: 'north' is no number"
    ]


@pytest.mark.parametrize(
    ("cell", "instead", "mistake"),
    [
        ("08:00,09:00", "10:00,09:00", "row 2, window_end: the window closes before it opens"),
        (
            "08:00,09:00",
            "0.3333,09:00",
            "row 2, window_start: '0.3333' is no time like 08:30: the spreadsheet shows it as a number; "
            "format the column as text",
        ),
        ("08:00,09:00", "08:60,09:00", "row 2, window_start: '08:60' is no time like 08:30"),
        ("08:00,09:00", ",09:00", "row 2, window_start: the cell is empty"),
        ("V2", "V1", "row 3, visit: 'V1' is there twice"),
        (
            "V2",
            "1.23E+10",
            "row 3, visit: 1.23E+10 was rounded by a spreadsheet: format the column as text and enter it again",
        ),
        ("V2", "@V2", "row 3, visit: '@V2' is no ref: 1 to 100 characters, no ';', no '@' first, no line breaks"),
        ("wound,30", "wound,30,more", "row 3: there are more cells than columns"),
        ("wound,30", "wound,0", "row 3, minutes: a visit takes more than no time and at most 24 hours"),
        ("minutes", "mins", "row 1, mins: no such column; did you mean minutes?"),
        ("visit,patient", "visit,visit", "row 1, visit: the column is there twice"),
        ("visit,patient", "visit,", "row 1, patient: the column is missing"),
        ("V2,P2", 'V2,"P2"x', "row 3: the rest cannot be read: ',' expected after '\"'"),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(folder: Path, cell: str, instead: str, mistake: str) -> None:
    assert cell in VISITS
    assert f"visits.csv, {mistake}" in mistakes_in(folder, "visits.csv", VISITS.replace(cell, instead, 1))


MORE = (
    "visit,patient,window_start,window_end,window2_start,window2_end,service,minutes,service2,minutes2,together,gap_min,"
    "gap_max,priority,optional,band,band2,pinned,pinned2,days_left\n"
)


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        (
            "V1,P1,08:00,09:00,10:00,,wound,20,,,,,,,",
            "window2_end: window2_start and window2_end go together: give both or neither",
        ),
        ("V1,P1,08:00,09:00,07:00,07:30,wound,20,,,,,,,", "window2_start: the second window comes before the first"),
        (
            "V1,P1,08:00,09:00,,,wound,20,wound,,,,,,",
            "minutes2: service2 and minutes2 go together: give both or neither",
        ),
        ("V1,P1,08:00,09:00,,,wound,20,,,simultaneous,,,,", "together: one nurse alone cannot be simultaneous"),
        (
            "V1,P1,08:00,09:00,,,wound,20,wound,20,sequential,,,,",
            "gap_min: a sequential visit needs the least and most minutes between",
        ),
        (
            "V1,P1,08:00,09:00,,,wound,20,wound,20,sequential,30,10,,",
            "gap_min: a gap is from a least to a most number of minutes",
        ),
        (
            "V1,P1,08:00,09:00,,,wound,20,wound,20,sequential,90,120,,",
            "gap_min: the window closes before the second nurse could start",
        ),
        ("V1,P1,08:00,09:00,,,wound,20,wound,20,simultaneous,10,20,,", "gap_min: only a sequential visit has a gap"),
        (
            "V1,P1,08:00,09:00,,,wound,20,wound,20,both,,,,",
            "together: 'both' is not one of simultaneous, sequential, independent",
        ),
        (
            "V1,P1,08:00,09:00,,,wound,20,,,,,,high,",
            "priority: 'high' is not one of time_critical, urgent, routine, deferrable",
        ),
        ("V1,P1,08:00,09:00,,,wound,20,,,,,,,maybe", "optional: 'maybe' is neither yes nor no"),
        (
            "V1,P1,08:00,09:00,,,wound; big,20,,,,,,,",
            "service: 'wound; big' is no service: it has a name, and no ';' in it",
        ),
        ("V1,P1,08:00,09:00,,,wound,20,,,,,,,,0", "band: bands are counted from 1"),
        ("V1,P1,08:00,09:00,,,wound,20,,,,,,,,six", "band: 'six' is no whole number"),
        (
            "V1,P1,08:00,09:00,,,wound,20,,,,,,,,,6",
            "band2: band2 is of a second nurse: give service2 and minutes2 as well",
        ),
        (
            "V1,P1,08:00,09:00,,,wound,20,,,,,,,,,,,N1",
            "pinned2: pinned2 is of a second nurse: give service2 and minutes2 as well",
        ),
        ("V1,P1,08:00,09:00,,,wound,20,,,,,,,,,,N7", "pinned: there is no member of staff 'N7'"),
        ("V1,P1,08:00,09:00,,,wound,20,wound,20,,,,,,,,N1,N1", "pinned: 'N1' cannot be both nurses of a visit"),
        (
            "V1,P2,08:00,09:00,,,wound,20,,,,,,,,,,N2",
            "pinned: 'N2' must make the visit, and is excluded by the patient",
        ),
        ("V1,P1,08:00,09:00,,,wound,20,,,,,,,,,,,,1", "days_left: only an optional visit can wait for another day"),
        ("V1,P1,08:00,09:00,,,wound,20,,,,,,,yes,,,,,-1", "days_left: '-1' is no whole number"),
    ],
)
def test_a_visit_that_makes_no_sense_is_named(folder: Path, row: str, mistake: str) -> None:
    put(folder, "patients.csv", "patient,name,lat,lon,excluded\nP1,Dorothy,52.01,-1.51,\nP2,Evan,52.02,-1.52,N2\n")
    assert mistakes_in(folder, "visits.csv", MORE + row + "\n") == [f"visits.csv, row 2, {mistake}"]


def test_a_double_up_is_simultaneous_where_nothing_is_said(folder: Path) -> None:
    put(folder, "visits.csv", MORE + "V1,P1,08:00,09:00,,,wound,20,insulin,10,,,,,\n")
    assert csvset.read(folder, "vale", DAY).visits[0].synchronisation == "simultaneous"


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ("N1,Amara,,08:00,,,,,,,,", "shift_end: shift_start and shift_end go together: give both or neither"),
        ("N1,Amara,,08:00,16:00,52.1,,,,,,", "start_lon: start_lat and start_lon go together: give both or neither"),
        ("N1,Amara,,08:00,16:00,95,1,,,,,", "start_lat: latitude 95, longitude 1 is not on the earth"),
        ("N1,Amara,,08:00,16:00,,,,,,12:00,13:00", "break_minutes: the break's times need its minutes"),
        (
            "N1,Amara,,08:00,16:00,,,,,30,15:45,17:00",
            "break_from: the break cannot be had within the shift between these times",
        ),
        ("N1,Amara,,25:00,26:00,,,,,,,", "shift_start: the shift starts on another day than 23 November 2026"),
        ("N1,,,08:00,16:00,,,,,,,", "name: the cell is empty"),
        ("N1,Amara,,08:00,16:00,,,,,,,,woman", "gender: 'woman' is not one of female, male"),
        ("N1,Amara,,08:00,16:00,,,,,,,,,0", "max_work_minutes: who is at work has room for more than nothing"),
        ("N1,Amara,,08:00,16:00,,,,,,,,,,0", "max_visits: who is at work has room for more than nothing"),
        ("N1,Amara,,08:00,16:00,,,,,,,,,,1.5", "max_visits: '1.5' is no whole number"),
    ],
)
def test_a_shift_that_makes_no_sense_is_named(folder: Path, row: str, mistake: str) -> None:
    header = "staff,name,skills,shift_start,shift_end,start_lat,start_lon,end_lat,end_lon,break_minutes,break_from,break_until"
    header += ",gender,max_work_minutes,max_visits\n"
    assert mistakes_in(folder, "staff.csv", header + row + "\n") == [f"staff.csv, row 2, {mistake}"]


def test_staff_who_are_not_at_work_may_be_preferred_and_excluded(folder: Path) -> None:
    put(folder, "staff.csv", STAFF + "N3,Carys,wound,,\n")
    put(
        folder,
        "patients.csv",
        "patient,name,lat,lon,preferred,excluded\nP1,Dorothy,52.01,-1.51,N3,\nP2,Evan,52.02,-1.52,,N1; N3\n",
    )
    day = csvset.read(folder, "vale", DAY)
    assert [nurse.ref for nurse in day.staff] == ["N1", "N2"]
    assert day.patients[1].excluded == {"N1", "N3"}


def test_a_misspelt_reference_is_named_with_the_one_that_is_near(folder: Path) -> None:
    put(folder, "patients.csv", PATIENTS.replace("P1", "NORTH-1041"))
    found = mistakes_in(folder, "visits.csv", VISITS.replace("P1", "NORHT-1041"))
    assert found == ["visits.csv, row 2, patient: there is no patient 'NORHT-1041'; did you mean 'NORTH-1041'?"]


def test_nobody_is_missing_from_a_file_that_cannot_be_read(folder: Path) -> None:
    assert mistakes_in(folder, "patients.csv", PATIENTS.replace("patient,", "who,")) == [
        "patients.csv, row 1, who: no such column",
        "patients.csv, row 1, patient: the column is missing",
    ]


def test_excluding_somebody_whom_nobody_knows_is_a_mistake(folder: Path) -> None:
    content = "patient,name,lat,lon,preferred,excluded\nP1,Dorothy,52.01,-1.51,N1,N1;M2\nP2,Evan,52.02,-1.52,,\n"
    assert mistakes_in(folder, "patients.csv", content) == [
        "patients.csv, row 2, excluded: there is no member of staff 'M2'",
        "patients.csv, row 2, excluded: 'N1' is both preferred and excluded",
    ]


@pytest.mark.parametrize(
    ("cells", "mistake"),
    [
        ("N1,", "known: 'N1' is no share: write who, a colon and a number from 0 to 1, as in N1:0.6"),
        ("N1:much,", "known: 'much' is no number"),
        ("N1:60,", "known: 'N1' made a share of the visits from 0 to 1, not 60"),
        ("N1:0.3;N1:0.4,", "known: 'N1' is there twice"),
        ("M9:0.3,", "known: there is no member of staff 'M9'"),
        (",other", "carer_gender: 'other' is not one of female, male"),
    ],
)
def test_who_is_known_and_who_may_come_is_said_clearly(folder: Path, cells: str, mistake: str) -> None:
    content = f"patient,name,lat,lon,known,carer_gender\nP1,Dorothy,52.01,-1.51,{cells}\nP2,Evan,52.02,-1.52,,\n"
    assert mistakes_in(folder, "patients.csv", content) == [f"patients.csv, row 2, {mistake}"]


def test_shares_of_recent_visits_may_have_decimal_commas_and_colons_in_the_ref(folder: Path) -> None:
    put(folder, "staff.csv", STAFF.replace("N1", "RJ1:44"))
    put(
        folder,
        "patients.csv",
        'patient;name;lat;lon;known\nP1;Dorothy;52,01;-1,51;"RJ1:44:0,6; N2: 1"\nP2;E;52,02;-1,5;\n',
    )
    assert csvset.read(folder, "vale", DAY).patients[0].known == {"RJ1:44": 0.6, "N2": 1.0}


def test_a_misspelt_file_is_not_overlooked(folder: Path) -> None:
    put(folder, "travels.csv", "from,P1\nP1,0\n")
    (folder / "staff.csv").unlink()
    assert mistakes(folder) == [
        "travels.csv: is no file of the set; did you mean travel.csv?",
        f"{folder.name}: there is no staff.csv in it",
    ]


def test_text_in_another_encoding_is_named_with_its_row(folder: Path) -> None:
    put(folder, "patients.csv", PATIENTS.replace("Evan", "Zoë").encode("cp1252"))
    assert mistakes(folder) == ["patients.csv, row 3: byte 0xEB is not UTF-8 text: save it as 'CSV UTF-8'"]
    put(folder, "patients.csv", PATIENTS.encode("utf-16"))
    assert mistakes(folder) == ["patients.csv: the file is UTF-16 text: save it as 'CSV UTF-8'"]


@pytest.mark.parametrize(
    ("content", "mistake"), [("", "the file is empty"), ("visit,patient\n", "there is no row under the header")]
)
def test_an_empty_file_is_named(folder: Path, content: str, mistake: str) -> None:
    assert f"visits.csv: {mistake}" in mistakes_in(folder, "visits.csv", content)


def test_what_is_no_zip_is_named(tmp_path: Path) -> None:
    put(tmp_path, "monday.zip", "PK nothing")
    assert (
        mistakes(tmp_path / "monday.zip")[0] == "monday.zip: is no zip that can be opened here: File is not a zip file"
    )
    assert mistakes(tmp_path / "nowhere")[0] == "nowhere: cannot be read: No such file or directory"


def test_a_file_that_is_in_a_zip_twice_is_named(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "monday.zip", "w") as into:
        into.writestr("early/staff.csv", STAFF)
        into.writestr("late/Staff.csv", STAFF)
    assert "monday.zip: staff.csv is in it twice" in mistakes(tmp_path / "monday.zip")


def test_a_file_too_large_for_a_day_is_not_unpacked(folder: Path, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "monday.zip", "w", ZIP_DEFLATED) as into:
        into.writestr("staff.csv", b"," * (LARGEST_B + 1))
    assert "staff.csv: the file is too large for a day" in mistakes(tmp_path / "monday.zip")
    with (folder / "staff.csv").open("wb") as file:
        file.truncate(LARGEST_B + 1)
    assert "staff.csv: the file is too large for a day" in mistakes(folder)


def test_nobody_guesses_where_rounds_start(folder: Path) -> None:
    (folder / "team.csv").unlink()
    assert mistakes(folder) == [
        f"{folder.name}: nobody says where rounds start: give a team.csv with base_lat and base_lon"
    ]
    assert csvset.read(folder, "vale", DAY, Asked(base=Place(lat=52, lon=-1))).team.base == Place(lat=52, lon=-1)
    own = STAFF.replace("shift_end\n", "shift_end,start_lat,start_lon,end_lat,end_lon\n").replace(
        "16:00\n", "16:00,52,-1,52,-1\n"
    )
    put(folder, "staff.csv", own)
    assert csvset.read(folder, "vale", DAY).team.base == Place(lat=52.015, lon=-1.515)


def test_what_is_asked_for_goes_before_what_the_file_says(folder: Path) -> None:
    day = csvset.read(folder, "vale", DAY, Asked(name="Rome", timezone="Europe/Rome"))
    assert (day.team.name, day.team.timezone) == ("Rome", "Europe/Rome")
    assert f"{day.staff[0].shift.starts_at:%H:%M}" == "07:00"
    with pytest.raises(BadInput, match="no time zone 'Europe/Nowhere'"):
        csvset.read(folder, "vale", DAY, Asked(timezone="Europe/Nowhere"))


def test_an_unknown_time_zone_in_the_file_is_named(folder: Path) -> None:
    assert mistakes_in(folder, "team.csv", TEAM.replace("London", "Londn")) == [
        "team.csv, row 2, timezone: There is no time zone 'Europe/Londn'; an example of one is Europe/London."
    ]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("from,P1,P2\nP1,0,1\n", "travel.csv, P2: P2 has a column and no row"),
        ("from,P1\nP1,0\nP2,0\n", "travel.csv, from: P2 has a row and no column"),
        ("from,P1,P2\nP1,0,1\nP2,far,0\n", "travel.csv, row 3, P1: 'far' is no number"),
        ("from,P1,P2\nP1,0,1,5\nP2,2,0\n", "travel.csv, row 2: 2 points need as many journeys, not 3"),
        ("from,P1,P9\nP1,0,1\nP9,2,0\n", "travel.csv, row 3, from: there is no patient 'P9'"),
        ("from,P1,P2\nP1,5,1\nP2,2,0\n", "travel.csv, row 2, P1: a journey to the same place takes no time"),
        ("from,P1,P2\nP1,0,-1\nP2,2,0\n", "travel.csv, row 2, P2: a journey takes from 0 seconds to 24 hours"),
        ("from,@home\n@home,0\n", "travel.csv, row 1, from: '@home' is neither @base nor a place like @52.1,-1.5"),
        ("P1,P2\n0,1\n", "travel.csv, row 1, P1: the first column is 'from', the others are the points"),
        ("from,P1,P2\nP1,0,1\nP1,0,1\nP2,2,0\n", "travel.csv: a point has two rows"),
    ],
)
def test_roads_that_make_no_sense_are_named(folder: Path, content: str, mistake: str) -> None:
    assert mistake in mistakes_in(folder, "travel.csv", content)


def test_roads_are_read_in_both_directions_whatever_the_order_of_rows(folder: Path) -> None:
    put(folder, "travel.csv", "from,P1,@base,P2\n@base,5,0,2.5\nP2,4,3,0\nP1,0,7,9\n")
    travel = csvset.read(folder, "vale", DAY).travel
    assert travel
    assert travel.points == ("P1", "@base", "P2")
    assert travel.seconds == ((0, 420, 540), (300, 0, 150), (240, 180, 0))
