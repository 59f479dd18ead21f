"""Recorded traces are read as they are, and whatever cannot be read is named by its row."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from domain.errors import BadFile
from domain.geo import distance_m
from sim.traces import Fix, read_trace

CSV = """"id","vehicle_id","timestamp","latitude","longitude","bearing"
1,"4716","2026-01-26 15:57:02",53.44451,-2.925173,
2,"4716","2026-01-26 15:57:24",53.445026,-2.923543,53
3,"4716","not now",53.445026,-2.923543,53
4,"4720","2026-01-26 15:57:30",53.4,-2.9,10
5,"4716","2026-01-26 15:57:48",north,-2.92346,71
6,"4716","2026-01-26 15:58:06",53.445321,-182.5,50
"""
PLT = """Geolife trajectory
WGS 84
Altitude is in Feet
Reserved 3
0,2,255,My Track,0,0,2,8421376
0
39.984702,116.318417,0,492,39744.1201851852,2008-10-23,02:53:04
400.166666,116.31845,0,492,39744.1202546296,2008-10-23,02:53:10
39.984686,116.318417,0,-777,39744.1203125,2008-10-23,02:53:15
39.98
"""
GPX = """<?xml version="1.0"?>
<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="53.2" lon="-2.15"><ele>81.5</ele><time>2026-05-01T08:00:00Z</time></trkpt>
<trkpt lat="53.3" lon="-2.16"><time>2026-05-01T09:00:10+01:00</time></trkpt>
<trkpt lat="53.4" lon="-2.17"/>
</trkseg></trk></gpx>"""


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_a_csv_trace_is_read_by_its_column_names_one_vehicle_at_a_time(tmp_path: Path) -> None:
    path = written(tmp_path, "bus.csv", CSV)
    trace = read_trace(path)
    assert trace.fixes == [
        Fix(2, datetime(2026, 1, 26, 15, 57, 2, tzinfo=UTC), 53.44451, -2.925173),
        Fix(3, datetime(2026, 1, 26, 15, 57, 24, tzinfo=UTC), 53.445026, -2.923543, heading_deg=53),
    ]
    assert trace.left_alone == "vehicle 4716; 1 others in the file"
    assert [fix.lat for fix in read_trace(path, "4720").fixes] == [53.4]
    with pytest.raises(BadFile, match="no '9' in it, but 4716, 4720"):
        read_trace(path, "9")


def test_bad_lines_are_named_by_row_and_column(tmp_path: Path) -> None:
    assert [str(mistake) for mistake in read_trace(written(tmp_path, "bus.csv", CSV)).mistakes] == [
        "bus.csv, row 4, timestamp: 'not now' is no time",
        "bus.csv, row 6, latitude: 'north' is no number",
        "bus.csv, row 7, longitude: -182.5 is not between -180 and 180",
    ]


def test_a_geolife_trace_is_in_feet_and_says_when_it_does_not_know(tmp_path: Path) -> None:
    trace = read_trace(written(tmp_path, "walk.plt", PLT))
    assert trace.fixes == [
        Fix(7, datetime(2008, 10, 23, 2, 53, 4, tzinfo=UTC), 39.984702, 116.318417, altitude_m=150.0),
        Fix(9, datetime(2008, 10, 23, 2, 53, 15, tzinfo=UTC), 39.984686, 116.318417),
    ]
    assert [mistake.row for mistake in trace.mistakes] == [8, 10]


def test_a_gpx_trace_is_read_with_its_own_time_zones(tmp_path: Path) -> None:
    trace = read_trace(written(tmp_path, "ride.gpx", GPX))
    assert trace.fixes == [
        Fix(1, datetime(2026, 5, 1, 8, 0, tzinfo=UTC), 53.2, -2.15, altitude_m=81.5),
        Fix(2, datetime(2026, 5, 1, 8, 0, 10, tzinfo=UTC), 53.3, -2.16),
    ]
    assert [str(mistake) for mistake in trace.mistakes] == ["ride.gpx, row 3, time: '' is no time"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.csv", "timestamp,latitude,longitude\n", "there is no fix in it"),
        ("other.csv", "a,b\n1,2\n", "row 2, timestamp: '' is no time"),
        ("track.kml", "", "must end in .csv, .plt, .gpx"),
        ("half.gpx", "<gpx><trk>", "not well-formed"),
        ("short.plt", "Geolife trajectory\n", "there is no fix in it"),
    ],
)
def test_a_file_without_a_single_fix_is_refused(tmp_path: Path, name: str, content: str, problem: str) -> None:
    with pytest.raises(BadFile, match=problem):
        read_trace(written(tmp_path, name, content))


@pytest.mark.data
def test_the_real_bus_is_one_vehicle_through_liverpool(published: Path) -> None:
    trace = read_trace(published / "traces" / "liverpool_bus_route14.csv")
    assert (len(trace.fixes), trace.mistakes) == (136, [])
    assert trace.left_alone == "vehicle 4716; 7 others in the file"
    assert all(before.at < after.at for before, after in pairwise(trace.fixes))
    assert all(distance_m(fix.lat, fix.lon, 53.42, -2.93) < 12_000 for fix in trace.fixes)


@pytest.mark.data
def test_every_real_trace_carried_by_people_is_read_to_its_last_line(published: Path) -> None:
    paths = sorted((published / "traces" / "geolife").rglob("*.plt"))
    assert len(paths) >= 18
    for path in paths:
        trace = read_trace(path)
        assert len(trace.fixes) == len(path.read_text().splitlines()) - 6
        assert not trace.mistakes
        assert trace.fixes[0].at.year == 2008
