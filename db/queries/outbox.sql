-- :append Write facts to the outbox in their order, and wake the relay when this transaction commits.
WITH added AS (
    INSERT INTO outbox (fact_id, kind, team_id, noted_at, body)
    SELECT fact_id, kind, team_id, noted_at, body
    FROM unnest(%(fact_id)b::uuid[], %(kind)b::text[], %(team_id)b::text[], %(noted_at)b::timestamptz[], %(body)b::text[])
         WITH ORDINALITY AS fact (fact_id, kind, team_id, noted_at, body, place)
    ORDER BY place
    RETURNING outbox_no
)
SELECT pg_notify('outbox', '') FROM (SELECT count(*) FROM added) AS all_of_them;

-- :waiting Read the oldest facts that were not relayed.
SELECT outbox_no, fact_id, kind, body FROM outbox WHERE relayed_at IS NULL ORDER BY outbox_no LIMIT %(limit)s;

-- :mark_relayed Note that these facts are in the stream.
UPDATE outbox SET relayed_at = %(now)s WHERE outbox_no = ANY(%(outbox_nos)b::int8[]);

-- :sweep Delete facts that were relayed before a time.
DELETE FROM outbox WHERE relayed_at < %(before)s;
