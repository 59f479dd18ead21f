"""Days as files: what others published (`published`) and our own set of tables (`csvset`) become a `DaySheet`.

Promises: a file is taken whole or not at all; every mistake in it is named at once, with its place; all days are judged by
the same rules (`judge`).
May import: `domain`. Start reading: `published.py`, then `csvset.py`.
"""
