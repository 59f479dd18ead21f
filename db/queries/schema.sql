-- :engine_of Ask whether our tables are hypertables; where there are none yet, whether the server has TimescaleDB.
SELECT CASE (SELECT relkind FROM pg_class WHERE oid = to_regclass('event'))
         WHEN 'p' THEN 'native'
         WHEN 'r' THEN 'timescale'
         ELSE CASE WHEN EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')
                   THEN 'timescale' ELSE 'native' END
       END;

-- :make_extension Install TimescaleDB in this database.
CREATE EXTENSION IF NOT EXISTS timescaledb;

-- :lock_schema Let one process at a time change the schema, until its transaction ends.
SELECT pg_advisory_xact_lock(hashtext('dutyboard.migrate'));

-- :has_ledger Ask whether this database was ever made ours.
SELECT to_regclass('migration') IS NOT NULL;

-- :make_ledger Make the list of the migrations that were applied.
CREATE TABLE migration (
    name        text PRIMARY KEY,
    applied_at  timestamptz NOT NULL
);

-- :applied List the migrations that were applied.
SELECT name FROM migration ORDER BY name;

-- :note_applied Add migrations to the list.
INSERT INTO migration (name, applied_at)
SELECT name, %(now)s::timestamptz FROM unnest(%(names)s::text[]) AS name;
