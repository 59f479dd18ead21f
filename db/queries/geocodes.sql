-- :read Read what a source said of an address, if it was said lately enough: a place keeps longer than a problem.
SELECT precision, lat, lon, accuracy_m, problem
FROM geocode
WHERE asked_sha256 = %(asked_sha256)s::bytea AND source = %(source)s
  AND fetched_at >= CASE WHEN problem IS NULL THEN %(found_since)s::timestamptz ELSE %(failed_since)s::timestamptz END;

-- :keep Remember what a source said of an address, in the place of anything it said before.
INSERT INTO geocode (asked_sha256, source, precision, lat, lon, accuracy_m, problem, fetched_at)
VALUES (%(asked_sha256)s, %(source)s, %(precision)s, %(lat)s, %(lon)s, %(accuracy_m)s, %(problem)s, %(now)s)
ON CONFLICT (asked_sha256, source) DO UPDATE
SET precision = excluded.precision, lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m,
    problem = excluded.problem, fetched_at = excluded.fetched_at;

-- :forget Delete what is too old to be read.
DELETE FROM geocode
WHERE fetched_at < %(found_since)s OR (problem IS NOT NULL AND fetched_at < %(failed_since)s);
