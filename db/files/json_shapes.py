"""Lists of JSON objects into structs, field by field, so that every wrong field of every item is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, NoReturn, TypeVar

import msgspec
from msgspec import Meta, Struct

from db.files.mistakes import Mistakes

Shape = TypeVar("Shape", bound=Struct)
Ref = Annotated[str, Meta(min_length=1, max_length=100)]
Refs = Annotated[list[Ref], Meta(max_length=1000)]
Index = Annotated[int, Meta(ge=0)]
Minute = Annotated[float, Meta(ge=0, le=2 * 24 * 60)]
"""Minutes since the day's start, or how many of them; a day and the night after it at most."""
LonLat = tuple[float, float]


class Document(NamedTuple):
    """A JSON file: an object, and where its mistakes go."""

    file: str
    content: dict[str, Any]
    mistakes: Mistakes

    def one(self, field: str, shape: type[Shape]) -> Shape | None:
        """The object under `field`; None where it is absent or wrong, which is noted."""
        return self._shaped(self.content[field], shape, field, 0) if self.content.get(field) is not None else None

    def each(self, field: str, shape: type[Shape]) -> Iterator[tuple[int, Shape]]:
        """The items of the list under `field` that have the shape, with their rows; what has not is noted."""
        items = self.content.get(field)
        if not isinstance(items, list) or not items:
            self.note("a list with at least one item is needed here", column=field)
            return
        for row, item in enumerate(items, start=1):
            if (shaped := self._shaped(item, shape, field, row)) is not None:
                yield row, shaped

    def refs(self, field: str) -> frozenset[str]:
        """The ids of all items of the list under `field`, also of those that are wrong otherwise."""
        items = self.content.get(field)
        found = (item.get("id") for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
        return frozenset(ref for ref in found if isinstance(ref, str))

    def note(self, problem: str, *, row: int = 0, column: str = "") -> None:
        """Remember a mistake of this file."""
        self.mistakes.note(self.file, problem, row=row, column=column)

    def _shaped(self, item: object, shape: type[Shape], path: str, row: int) -> Shape | None:
        if not isinstance(item, dict):
            self.note(f"an object is needed, not {_named(item)}", row=row, column=path)
            return None
        values, whole = dict[str, Any](), True
        for field in msgspec.structs.fields(shape):
            try:
                if field.encode_name in item:
                    values[field.name] = msgspec.convert(item[field.encode_name], field.type)
                elif field.required:
                    raise msgspec.ValidationError("is missing")
            except msgspec.ValidationError as error:
                whole = False
                self.note(str(error), row=row, column=f"{path}.{field.encode_name}")
        return shape(**values) if whole else None


def read_document(file: str, raw: bytes, mistakes: Mistakes) -> Document:
    """The object that a JSON file holds. Raises BadFile where it holds none."""
    try:
        content = json.loads(raw, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        mistakes.note(file, f"no JSON: {error.msg} (column {error.colno})", row=error.lineno)
    except UnicodeDecodeError as error:
        mistakes.note(file, f"no JSON: byte {error.start} is not {error.encoding.upper()} text")
    except RecursionError:
        mistakes.note(file, "no JSON that describes a day: lists within lists without end")
    except ValueError as error:
        mistakes.note(file, f"no JSON: {error}")
    else:
        if isinstance(content, dict):
            return Document(file, content, mistakes)
        mistakes.note(file, f"an object is needed, not {_named(content)}")
    raise mistakes.refusal()


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _named(item: object) -> str:
    names = {"list": "a list", "str": "text", "NoneType": "null", "bool": "true or false"}
    return names.get(type(item).__name__, "a number")
