"""The smallest map file there is: the world at two zooms, all of it water. PMTiles version 3, vector tiles version 2.1."""

from __future__ import annotations

from collections.abc import Iterable
from struct import pack

HEADER_BYTES = 127
MAX_ZOOM, TILES = 1, 5
NOT_COMPRESSED, VECTOR_TILES = 1, 1
POLYGON, MOVE_TO, LINE_TO_3, CLOSE = 3, 9, 26, 15
SIZE = 4096


def smallest() -> bytes:
    """The file."""
    tile, metadata = _tile(), b"{}"
    directory = _varints([1, 0, TILES, len(tile), 1])
    ends = [HEADER_BYTES, HEADER_BYTES + len(directory), HEADER_BYTES + len(directory) + len(metadata)]
    places = [ends[0], len(directory), ends[1], len(metadata), ends[2], 0, ends[2], len(tile), TILES, 1, 1]
    header = b"PMTiles\x03" + pack("<11Q", *places)
    header += bytes([1, NOT_COMPRESSED, NOT_COMPRESSED, VECTOR_TILES, 0, MAX_ZOOM])
    header += pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000) + bytes([0]) + pack("<2i", 0, 0)
    assert len(header) == HEADER_BYTES
    return header + directory + metadata + tile


def _tile() -> bytes:
    geometry = _varints([MOVE_TO, 0, 0, LINE_TO_3, 2 * SIZE, 0, 0, 2 * SIZE, 2 * SIZE - 1, 0, CLOSE])
    feature = _field(2, _varints([0, 0])) + _number(3, POLYGON) + _field(4, geometry)
    layer = _number(15, 2) + _field(1, b"water") + _field(2, feature) + _field(3, b"kind")
    layer += _field(4, _field(1, b"ocean")) + _number(5, SIZE)
    return _field(3, layer)


def _field(number: int, content: bytes) -> bytes:
    return _varints([number << 3 | 2, len(content)]) + content


def _number(number: int, value: int) -> bytes:
    return _varints([number << 3, value])


def _varints(values: Iterable[int]) -> bytes:
    out = bytearray()
    for value in values:
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value)
    return bytes(out)
