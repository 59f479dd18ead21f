-- :hold Hold a nurse's place in the lookout, made where it is missing.
INSERT INTO lookout (nurse_id, day, as_of) VALUES (%(nurse_id)s, %(day)s, %(now)s)
ON CONFLICT (nurse_id, day) DO UPDATE SET as_of = lookout.as_of
RETURNING as_of;

-- :looked Remember when a nurse's day was projected, and when that is worth doing again.
UPDATE lookout SET as_of = %(now)s, due_at = %(due_at)s WHERE nurse_id = %(nurse_id)s AND day = %(day)s;

-- :of_nurse What was last said of a nurse's parts of a day, as JSON.
SELECT o.body FROM outlook o JOIN visit v USING (visit_id)
WHERE v.day = %(day)s AND o.nurse_id = %(nurse_id)s;

-- :of_parts What was last said of these parts, as JSON.
SELECT o.body FROM outlook o
JOIN unnest(%(visit_ids)s::text[], %(carer_nos)s::int2[]) AS asked (visit_id, carer_no)
  ON o.visit_id = asked.visit_id AND o.carer_no = asked.carer_no;

-- :save Remember what was said of parts of visits.
INSERT INTO outlook (visit_id, carer_no, nurse_id, state, version, body)
SELECT u.visit_id, u.carer_no, u.nurse_id, u.state, u.version, u.body::jsonb
FROM unnest(%(visit_id)s::text[], %(carer_no)s::int2[], %(nurse_id)s::text[], %(state)s::text[], %(version)s::int8[],
            %(body)s::text[]) AS u (visit_id, carer_no, nurse_id, state, version, body)
ON CONFLICT (visit_id, carer_no) DO UPDATE
SET nurse_id = excluded.nurse_id, state = excluded.state, version = excluded.version, body = excluded.body;

-- :due Whose day is worth projecting by now, the longest overdue first.
SELECT nurse_id, day FROM lookout WHERE due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s;

-- :call Have these nurses' days projected at the latest at a time.
INSERT INTO lookout (nurse_id, day, as_of, due_at)
SELECT n, %(day)s, %(at)s, %(at)s FROM unnest(%(nurse_ids)s::text[]) AS n ORDER BY n
ON CONFLICT (nurse_id, day) DO UPDATE SET due_at = least(lookout.due_at, excluded.due_at);

-- :call_again Have the days of those on the way projected again, a while after the last time.
UPDATE lookout l SET due_at = least(l.due_at, l.as_of + %(after)s)
FROM nurse_live n
WHERE n.nurse_id = l.nurse_id AND n.nurse_id = ANY(%(nurse_ids)s) AND n.status = 'en_route' AND l.day = n.shift_day;

-- :nurses_of_day Everybody who is rostered or has a part of a visit on a team's day.
SELECT s.staff_id FROM staff s
WHERE s.team_id = %(team_id)s
  AND (EXISTS (SELECT FROM shift w WHERE w.nurse_id = s.staff_id AND w.day = %(day)s AND w.starts_at IS NOT NULL)
       OR EXISTS (SELECT FROM attendance a JOIN visit v USING (visit_id)
                  WHERE a.nurse_id = s.staff_id AND v.day = %(day)s))
ORDER BY s.staff_id;

-- :days_about Every team's days with visits of about this time.
SELECT DISTINCT team_id, day FROM visit WHERE day BETWEEN %(first)s AND %(last)s;
