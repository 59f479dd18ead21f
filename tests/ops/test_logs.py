"""The log is JSON, from every library alike, and holds nothing that names a patient or opens a door."""

from __future__ import annotations

import json
import logging

import pytest

from dutyboard import logs

pytestmark = pytest.mark.usefixtures("own_logging")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_words_and_a_librarys_come_out_alike(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", "json", "worker")
    logs.log.info("batch written", entries=3)
    logging.getLogger("psycopg.pool").warning("rolling back %s", "connection")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["entries"], ours["process"], ours["level"]) == ("batch written", 3, "worker", "info")
    assert (theirs["event"], theirs["logger"], theirs["process"]) == (
        "rolling back connection",
        "psycopg.pool",
        "worker",
    )
    assert ours.keys() - {"entries"} == theirs.keys()


def test_less_than_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("warning", "json", "api")
    logs.log.info("small talk")
    logging.getLogger("litestar").info("small talk")
    assert lines(capsys) == []


def test_a_request_of_httpx_is_not_logged_because_its_address_may_hold_a_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("info", "json", "simulate")
    logging.getLogger("httpx").info("HTTP Request: GET http://127.0.0.1:8080/ingest/traccar?id=sesame")
    assert lines(capsys) == []


@pytest.mark.parametrize("form", ["json", "console"])
def test_nothing_personal_and_no_secret_reaches_the_log(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", form, "api")
    log = logs.log
    log.info("visit", patient="Ada Byron", address="12 St James's Square", lat=51.50735, visit_id="t:20261123:7")
    log.info("nested", stop={"patient_name": "Ada Byron", "visit_id": "t:20261123:7"}, list=[{"token": "sesame"}])
    log.info("connecting", url="postgresql://dutyboard:hunter2@database/dutyboard")
    log.warning("Authorization: Bearer sesame-open")
    log.warning("GET /ingest/traccar?id=sesame&lat=1")
    try:
        raise ValueError("duplicate key\nDETAIL:  Key (name)=(Ada Byron) already exists.\nCONTEXT: line 1")
    except ValueError:
        log.exception("write failed", url="redis://:hunter2@valkey:6379/0")
    said = capsys.readouterr().err
    for secret in ("Ada", "Byron", "Square", "51.50735", "hunter2", "sesame"):
        assert secret not in said
    assert said.count("t:20261123:7") == 2
    assert "ValueError: duplicate key" in said
