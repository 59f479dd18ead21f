-- :alone Let nobody else tell of this subject before the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'alert', %(kind)s::text, %(subject)s::text, %(day)s::date), 0));

-- :last The newest alert of a kind about a subject on a day, held, as JSON.
SELECT body FROM alert
WHERE kind = %(kind)s AND subject = %(subject)s AND day = %(day)s
ORDER BY state IN ('open', 'acknowledged', 'snoozed') DESC, body->>'opened_at' DESC
LIMIT 1
FOR UPDATE;

-- :hold One alert, held, as JSON.
SELECT body FROM alert WHERE alert_id = %(alert_id)s FOR UPDATE;

-- :save Keep an alert as it stands.
INSERT INTO alert (alert_id, team_id, day, kind, subject, state, snoozed_until, version, body)
VALUES (%(alert_id)s, %(team_id)s, %(day)s, %(kind)s, %(subject)s, %(state)s, %(snoozed_until)s, %(version)s,
        %(body)s::jsonb)
ON CONFLICT (alert_id) DO UPDATE
SET state = excluded.state, snoozed_until = excluded.snoozed_until, version = excluded.version, body = excluded.body;

-- :woken Alerts whose snooze is over, held, as JSON.
SELECT body FROM alert WHERE state = 'snoozed' AND snoozed_until <= %(now)s
ORDER BY snoozed_until LIMIT 50 FOR UPDATE SKIP LOCKED;
