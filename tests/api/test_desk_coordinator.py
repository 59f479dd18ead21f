"""Who a request at the desk is from."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, NotAllowed
from realtime.desk.coordinator import coordinator_of, refuse_other_sites


def test_a_coordinator_is_who_the_header_says() -> None:
    told = coordinator_of({"dutyboard-coordinator": quote("Zoë O’Hara")})
    assert str(told) == "coordinator:Zoë O’Hara"


def test_who_says_nothing_is_the_desk() -> None:
    assert str(coordinator_of({})) == "coordinator:desk"


@pytest.mark.parametrize("said", ["", "%20", "a" * 61, "%0AINFO", "%C3%28", "%00"])
def test_what_is_no_name_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="Dutyboard-Coordinator"):
        coordinator_of({"dutyboard-coordinator": said})


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=60))
def test_any_name_comes_through(name: str) -> None:
    assert coordinator_of({"dutyboard-coordinator": quote(name)}).id == name


def test_a_page_of_another_site_may_not_act() -> None:
    refuse_other_sites({"host": "board:8080"})
    refuse_other_sites({"host": "board:8080", "origin": "https://board:8080"})
    for origin in ("https://elsewhere", "null", "http://board:80", "http://board:8080.elsewhere"):
        with pytest.raises(NotAllowed):
            refuse_other_sites({"host": "board:8080", "origin": origin})
