"""Named queries: every `.sql` file in `db/queries` holds several, each after a line `-- :name One sentence of purpose.`

A query may have places for names, `{partition}`, which parameters cannot fill; `with_names` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from psycopg import sql

_HEAD = re.compile(r"^-- :(?P<name>[a-z_]+) +(?P<purpose>[^\n]+)$", re.MULTILINE)
_NAME_PLACE = re.compile(rb"\{[a-z_]+\}")


class Query(bytes):
    """SQL text as psycopg takes it, with its name and its purpose in one sentence."""

    name: str
    purpose: str

    def __new__(cls, text: str, name: str, purpose: str) -> Query:
        query = super().__new__(cls, text.encode())
        query.name, query.purpose = name, purpose
        return query

    @property
    def wants_names(self) -> bool:
        """Whether it has places for identifiers, and so can be sent only through `with_names`."""
        return _NAME_PLACE.search(self) is not None

    def with_names(self, **names: str | sql.Composable) -> sql.Composed:
        """The query with each `{place}` filled: text as a quoted identifier, anything else as it composes itself."""
        filled = {
            place: name if isinstance(name, sql.Composable) else sql.Identifier(name) for place, name in names.items()
        }
        return sql.SQL(self.decode()).format(**filled)


class Queries:
    """The queries of one file, as attributes."""

    def __init__(self, file: str, queries: dict[str, Query]) -> None:
        self.file, self._queries = file, queries

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"db/queries/{self.file}.sql has no query {name!r}") from None

    def __iter__(self) -> Iterator[Query]:
        return iter(self._queries.values())


def load(name: str) -> Queries:
    """The queries of `db/queries/<name>.sql`."""
    return Queries(name, parse((files("db") / "queries" / f"{name}.sql").read_text(encoding="utf-8")))


def load_all() -> list[Queries]:
    """Every file of queries, by name."""
    names = sorted(file.name for file in (files("db") / "queries").iterdir())
    return [load(name.removesuffix(".sql")) for name in names if name.endswith(".sql")]


def parse(text: str) -> dict[str, Query]:
    """The queries in the text of a file; a name used twice or text before the first name is a mistake of ours."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    if not heads or text[: heads[0].start()].strip():
        raise ValueError("a file of queries begins with '-- :name One sentence of purpose.'")
    queries: dict[str, Query] = {}
    for head, end in zip(heads, ends, strict=True):
        if head["name"] in queries:
            raise ValueError(f"there are two queries {head['name']!r}")
        body = text[head.end() : end].strip().removesuffix(";")
        queries[head["name"]] = Query(body, head["name"], head["purpose"])
    return queries
