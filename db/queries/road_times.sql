-- :read Read what one source said of the journeys between some places since a time, one line an origin.
SELECT origin, array_agg(destination) AS destinations, array_agg(coalesce(seconds, -1)) AS seconds,
       array_agg(coalesce(metres, -1)) AS metres
FROM road_time
WHERE source = %(source)s AND transport = %(transport)s AND fetched_at >= %(since)s
  AND origin = ANY(%(places)b::int8[]) AND destination = ANY(%(places)b::int8[])
GROUP BY origin;

-- :keep Remember what a source said of some journeys; what it said before is replaced.
INSERT INTO road_time (source, transport, origin, destination, seconds, metres, fetched_at)
SELECT %(source)s, %(transport)s, told.origin, told.destination, nullif(told.seconds, -1), nullif(told.metres, -1), %(now)s
FROM unnest(%(origins)b::int8[], %(destinations)b::int8[], %(seconds)b::int4[], %(metres)b::int4[])
     AS told (origin, destination, seconds, metres)
ORDER BY told.origin, told.destination
ON CONFLICT (source, transport, origin, destination) DO UPDATE
SET seconds = excluded.seconds, metres = excluded.metres, fetched_at = excluded.fetched_at;

-- :forget Delete what was said before a time.
DELETE FROM road_time WHERE fetched_at < %(before)s;
