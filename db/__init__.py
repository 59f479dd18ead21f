"""How it is remembered: schema, migrations, named queries, pool, unit of work, outbox, audit, reads, files.

Promises: state, its audit line and its outgoing fact are one transaction; every query is written once and runs on
TimescaleDB and on plain PostgreSQL; SQL takes `%(now)s` and never asks the server for the time.
May import: `domain`. Start reading: `schema.sql`, then `queries.py`.
"""
