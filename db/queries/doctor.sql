-- :versions Ask which server this is and how safely it commits.
SELECT current_setting('server_version') AS version,
       (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale,
       current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous_commit;

-- :servers_time Ask what time it is on the server itself, to compare clocks and for nothing else.
SELECT clock_timestamp();

-- :outbox_oldest Count the facts that wait in the outbox, with when the oldest was noted.
SELECT count(*) AS waiting, min(noted_at) AS oldest FROM outbox WHERE relayed_at IS NULL;

-- :database_bytes Ask how large this database is.
SELECT pg_database_size(current_database());
