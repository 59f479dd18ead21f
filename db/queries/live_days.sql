-- :version Counts the changes of what is wanted of a day.
SELECT version FROM wanted_version WHERE team_id = %(team_id)s AND day = %(day)s;

-- :in_force The plan of a day that is in force.
SELECT revision, rounds FROM plan_revision
WHERE team_id = %(team_id)s AND day = %(day)s ORDER BY revision DESC LIMIT 1;

-- :promises What patients were told, and which visits are not made.
SELECT visit_id, promise_from, promise_until, cancelled_at IS NOT NULL OR deferred_at IS NOT NULL AS not_made
FROM visit
WHERE team_id = %(team_id)s AND day = %(day)s
  AND (promise_from IS NOT NULL OR cancelled_at IS NOT NULL OR deferred_at IS NOT NULL);

-- :begun The parts of a day's visits that have begun, with the times that they are expected to have.
SELECT a.visit_id, a.carer_no, a.nurse_id, a.duration_s, a.state, a.planned_start, a.en_route_at, a.arrived_at, a.finished_at,
       a.no_access_at, (o.body->'starts'->>'p50')::timestamptz AS expected_start,
       (o.body->'ends'->>'p50')::timestamptz AS expected_end
FROM attendance a JOIN visit v USING (visit_id) LEFT JOIN outlook o USING (visit_id, carer_no)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s AND a.state <> 'planned' AND a.nurse_id IS NOT NULL
ORDER BY a.visit_id, a.carer_no;

-- :away Who is away, and who has gone home.
SELECT a.nurse_id, a.since, a.until
FROM absence a JOIN staff s ON s.staff_id = a.nurse_id
WHERE s.team_id = %(team_id)s AND a.day = %(day)s AND a.ended_at IS NULL
UNION ALL
SELECT w.nurse_id, coalesce(w.ended_at, w.ends_at), NULL
FROM shift w JOIN staff s ON s.staff_id = w.nurse_id
WHERE s.team_id = %(team_id)s AND w.day = %(day)s AND w.state = 'ended'
ORDER BY 1, 2;
