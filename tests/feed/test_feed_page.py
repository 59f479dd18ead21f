"""The page on the feed shows what really goes over the line."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from domain.board import Board
from realtime.feed.messages import Diff, Ping, Snapshot
from realtime.feed.reader import BoardReader

PAGE = (Path(__file__).parents[2] / "docs" / "feed.md").read_text()
EXAMPLES = re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_examples_on_the_page_are_read_one_after_another() -> None:
    screen = BoardReader()
    assert [type(screen.take(example)) for example in EXAMPLES] == [Snapshot, Diff, Ping]
    [attendance] = screen.board().attendances
    assert attendance.state == "in_progress"


def test_the_examples_have_every_field_and_none_besides() -> None:
    for shape, example in zip((Snapshot, Diff, Ping), EXAMPLES, strict=True):
        shown = msgspec.json.decode(example)
        assert shown == msgspec.to_builtins(msgspec.convert(shown, shape))


def test_every_part_of_a_board_is_told_of() -> None:
    for part in (*Board.__struct_fields__, *Diff.__struct_fields__):
        assert f'"{part}"' in PAGE or f"`{part}`" in PAGE, part
