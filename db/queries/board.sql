-- :teams Every team, by name.
SELECT team_id, name, timezone, base_lat, base_lon, planar FROM team ORDER BY name, team_id;

-- :team One team.
SELECT team_id, name, timezone, base_lat, base_lon, planar FROM team WHERE team_id = %(team_id)s;

-- :latest_day Today, where the team has visits today, else the latest day that it has any on.
SELECT coalesce(max(day) FILTER (WHERE day = %(today)s), max(day), %(today)s) FROM visit WHERE team_id = %(team_id)s;

-- :revision Which plan of the day is in force.
SELECT revision, made_by FROM plan_revision
WHERE team_id = %(team_id)s AND day = %(day)s ORDER BY revision DESC LIMIT 1;

-- :nurses Who is on the board: rostered or come that day, on a round, on duty still, or calling for help.
SELECT s.staff_id AS nurse_id, s.name, s.phone, s.band, s.skills, w.starts_at AS shift_starts_at,
       w.ends_at AS shift_ends_at
FROM staff s
LEFT JOIN shift w ON w.nurse_id = s.staff_id AND w.day = %(day)s
LEFT JOIN nurse_live n ON n.nurse_id = s.staff_id
WHERE s.team_id = %(team_id)s
  AND (w.nurse_id IS NOT NULL OR n.sos_since IS NOT NULL OR n.status <> 'off_shift'
       OR EXISTS (SELECT FROM attendance a JOIN visit v USING (visit_id)
                  WHERE a.nurse_id = s.staff_id AND v.team_id = %(team_id)s AND v.day = %(day)s))
ORDER BY s.name, s.staff_id;

-- :visits What is wanted where and when; the patient by reference.
SELECT v.visit_id, substr(v.patient_id, length(v.team_id) + 2) AS patient, p.lat, p.lon, v.window_start, v.window_end,
       v.priority, v.synchronisation, parts.services, parts.durations_s, parts.unplaced_because, v.optional, v.days_left,
       v.promise_from, v.promise_until, v.asked_at, v.cancelled_at, v.deferred_at, v.not_made_because
FROM visit v
JOIN patient p USING (patient_id)
JOIN LATERAL (SELECT array_agg(a.service ORDER BY a.carer_no) AS services,
                     array_agg(a.duration_s ORDER BY a.carer_no) AS durations_s,
                     string_agg(DISTINCT a.unplaced_because, ' ') AS unplaced_because
              FROM attendance a WHERE a.visit_id = v.visit_id) AS parts ON true
WHERE v.team_id = %(team_id)s AND v.day = %(day)s
ORDER BY v.window_start, v.visit_id;

-- :rests When nurses have their breaks, as the plan in force has it.
SELECT planned->>'nurse_id' AS nurse_id, (planned->'rest'->>'starts_at')::timestamptz AS starts_at,
       (planned->'rest'->>'ends_at')::timestamptz AS ends_at
FROM (SELECT rounds FROM plan_revision
      WHERE team_id = %(team_id)s AND day = %(day)s ORDER BY revision DESC LIMIT 1) AS in_force,
     jsonb_array_elements(in_force.rounds->'rounds') AS planned
WHERE jsonb_typeof(planned->'rest') = 'object'
ORDER BY 1;

-- :nurse_states These nurses as they stand: by the shift that they are on, else by the one of the day.
SELECT s.staff_id AS nurse_id, coalesce(n.status, 'off_shift') AS status,
       coalesce(lasting.state, w.state, 'expected') AS shift,
       CASE WHEN lasting.nurse_id IS NULL THEN w.started_at ELSE lasting.started_at END AS shift_started_at,
       CASE WHEN lasting.nurse_id IS NULL THEN w.ended_at END AS shift_ended_at,
       n.visit_id, n.sos_since, coalesce(n.questioned, 0) AS questioned, coalesce(n.version, 0) AS version
FROM staff s
LEFT JOIN nurse_live n ON n.nurse_id = s.staff_id
LEFT JOIN shift w ON w.nurse_id = s.staff_id AND w.day = %(day)s
LEFT JOIN shift lasting ON lasting.nurse_id = s.staff_id AND lasting.day = n.shift_day AND lasting.state = 'on'
WHERE s.staff_id = ANY(%(nurse_ids)s)
ORDER BY s.staff_id;

-- :positions Where these nurses were last seen.
SELECT nurse_id, at, lat, lon, accuracy_m, heading_deg, speed_mps, coalesce(moving, false) AS moving, at_visit,
       seen_version AS version
FROM nurse_live
WHERE nurse_id = ANY(%(nurse_ids)s) AND at IS NOT NULL AND lat IS NOT NULL AND lon IS NOT NULL
ORDER BY nurse_id;

-- :phones When these nurses' phones were last heard, and how they are.
SELECT nurse_id, heard_at, battery_pct, location_allowed, seen_version AS version
FROM nurse_live
WHERE nurse_id = ANY(%(nurse_ids)s) AND heard_at IS NOT NULL
ORDER BY nurse_id;

-- :attendances How far the parts of the day's visits have come.
SELECT a.visit_id, a.carer_no, a.nurse_id, a.place_in_round, a.planned_start, a.planned_end, a.state, a.en_route_at,
       a.arrived_at, a.finished_at, a.no_access_at, a.questioned, a.version
FROM attendance a JOIN visit v USING (visit_id)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s
ORDER BY a.visit_id, a.carer_no;

-- :absences Who of the team is off, stuck or gone home on the day.
SELECT a.nurse_id, a.kind, a.since, a.until
FROM absence a JOIN staff s ON s.staff_id = a.nurse_id
WHERE s.team_id = %(team_id)s AND a.day = %(day)s AND a.ended_at IS NULL
ORDER BY a.nurse_id, a.since;

-- :outlooks What is expected of the parts of the day's visits, as JSON.
SELECT o.body FROM outlook o JOIN visit v USING (visit_id)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s
ORDER BY o.visit_id, o.carer_no;

-- :alerts The day's alerts that are not over, and those that ended last, as JSON.
SELECT body FROM alert
WHERE team_id = %(team_id)s AND day = %(day)s
ORDER BY state IN ('open', 'acknowledged', 'snoozed') DESC, body->>'changed_at' DESC, alert_id
LIMIT 500;

-- :requests The newest request for another plan of the day and what is still worked on, as JSON.
(SELECT body FROM replan_request WHERE team_id = %(team_id)s AND day = %(day)s AND state IN ('waiting', 'running'))
UNION ALL
(SELECT body FROM replan_request WHERE team_id = %(team_id)s AND day = %(day)s AND state NOT IN ('waiting', 'running')
 ORDER BY body->>'asked_at' DESC LIMIT 1);

-- :proposals The day's open proposal, and those that were decided on last, as JSON.
SELECT body FROM proposal
WHERE team_id = %(team_id)s AND day = %(day)s
ORDER BY state = 'open' DESC, body->>'made_at' DESC, proposal_id
LIMIT 5;

-- :notices Which nurses were told of a changed round, and whether they have answered, as JSON.
SELECT n.body FROM notice n JOIN staff s ON s.staff_id = n.nurse_id
WHERE s.team_id = %(team_id)s AND n.day = %(day)s
ORDER BY n.nurse_id;

-- :round_of A nurse's visits of a day in their order, as the phone shows them.
SELECT v.visit_id, a.carer_no, a.place_in_round, a.service, a.duration_s,
       substr(v.patient_id, length(v.team_id) + 2) AS patient, p.lat, p.lon, v.window_start, v.window_end,
       a.planned_start, a.planned_end, a.state
FROM attendance a
JOIN visit v USING (visit_id)
JOIN patient p USING (patient_id)
WHERE a.nurse_id = %(nurse_id)s AND v.day = %(day)s
ORDER BY a.place_in_round NULLS LAST, v.window_start, v.visit_id;

-- :rostered The shifts that a nurse is rostered for around a time.
SELECT day, starts_at, ends_at FROM shift
WHERE nurse_id = %(nurse_id)s AND ends_at IS NOT NULL
  AND starts_at BETWEEN %(now)s::timestamptz - INTERVAL '2 days' AND %(now)s::timestamptz + INTERVAL '2 days'
ORDER BY day;

-- :lasting The day of the shift that a nurse has begun within a day and not ended.
SELECT s.day FROM nurse_live n JOIN shift s ON s.nurse_id = n.nurse_id AND s.day = n.shift_day
WHERE n.nurse_id = %(nurse_id)s AND s.state = 'on' AND s.started_at > %(now)s::timestamptz - INTERVAL '1 day';

-- :shift_of A nurse's shift of a day: as rostered, and how far it has come.
SELECT starts_at, ends_at, state, started_at, ended_at FROM shift
WHERE nurse_id = %(nurse_id)s AND day = %(day)s;

-- :rest_of When a nurse has the break of a day, as the plan in force has it.
SELECT (planned->'rest'->>'starts_at')::timestamptz AS starts_at, (planned->'rest'->>'ends_at')::timestamptz AS ends_at
FROM (SELECT r.rounds FROM plan_revision r JOIN staff s USING (team_id)
      WHERE s.staff_id = %(nurse_id)s AND r.day = %(day)s ORDER BY r.revision DESC LIMIT 1) AS in_force,
     jsonb_array_elements(in_force.rounds->'rounds') AS planned
WHERE planned->>'nurse_id' = %(nurse_id)s AND jsonb_typeof(planned->'rest') = 'object';
