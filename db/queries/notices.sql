-- :begun Which parts of the visits of a team's day have begun or are over, so that no change of plan concerns them any more.
SELECT a.visit_id, a.carer_no FROM attendance a JOIN visit v USING (visit_id)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s AND a.state <> 'planned';

-- :patients By which reference the patients of these visits are known.
SELECT visit_id, substr(patient_id, length(team_id) + 2) FROM visit WHERE visit_id = ANY(%(visit_ids)s);

-- :hold The notices of these nurses for a day, held, as JSON.
SELECT body FROM notice WHERE nurse_id = ANY(%(nurse_ids)s) AND day = %(day)s ORDER BY nurse_id FOR UPDATE;

-- :of_nurse What a nurse was told of a day, as JSON.
SELECT body FROM notice WHERE nurse_id = %(nurse_id)s AND day = %(day)s;

-- :unanswered What a nurse was told of days from this one on and has not answered, as JSON.
SELECT body FROM notice
WHERE nurse_id = %(nurse_id)s AND day >= %(since)s AND state IN ('sent', 'reached')
ORDER BY day;

-- :revision Which revision of a day's plan is in force.
SELECT revision FROM plan_revision WHERE team_id = %(team_id)s AND day = %(day)s ORDER BY revision DESC LIMIT 1;

-- :save Keep a notice as it stands, in the place of the one before it.
INSERT INTO notice (nurse_id, day, revision, state, sent_at, version, body)
VALUES (%(nurse_id)s, %(day)s, %(revision)s, %(state)s, %(sent_at)s, %(version)s, %(body)s::jsonb)
ON CONFLICT (nurse_id, day) DO UPDATE
SET revision = excluded.revision, state = excluded.state, sent_at = excluded.sent_at, version = excluded.version,
    body = excluded.body;

-- :silent Whose notices nobody has answered for longer than their team allows, and that no alert has told of yet.
SELECT n.nurse_id, n.day FROM notice n
JOIN staff s ON s.staff_id = n.nurse_id
LEFT JOIN team_policy p USING (team_id)
WHERE n.state IN ('sent', 'reached')
  AND n.day >= %(since)s
  AND n.sent_at <= %(now)s::timestamptz
                   - make_interval(secs => coalesce((p.body->>'acknowledge_within_s')::int, %(within_s)s::int))
  AND NOT EXISTS (SELECT FROM alert a
                  WHERE a.kind = 'change_not_acknowledged' AND a.subject = 'nurse:' || n.nurse_id AND a.day = n.day
                    AND (a.body->>'revision')::int >= n.revision)
ORDER BY n.sent_at LIMIT 100;

-- :whose The team of a nurse, the nurse's name, and whether the nurse is off on a day at a time.
SELECT s.team_id, s.name, t.timezone,
       EXISTS (SELECT FROM absence b WHERE b.nurse_id = s.staff_id AND b.day = %(day)s AND b.ended_at IS NULL
               AND b.since <= %(now)s AND (b.until IS NULL OR b.until > %(now)s)) AS off
FROM staff s JOIN team t USING (team_id)
WHERE s.staff_id = %(nurse_id)s;
