-- :nurse A nurse of a day: shift, whereabouts, absence, as they stand.
SELECT s.staff_id AS nurse_id, s.team_id, s.name, s.transport, t.timezone, t.base_lat, t.base_lon, t.planar,
       w.starts_at, w.ends_at, coalesce(w.state, 'expected') AS shift, w.started_at, w.start_lat, w.start_lon, w.end_lat,
       w.end_lon, n.lat, n.lon, n.at AS seen_at, gone.kind AS absent, gone.until AS absent_until
FROM staff s
JOIN team t USING (team_id)
LEFT JOIN shift w ON w.nurse_id = s.staff_id AND w.day = %(day)s
LEFT JOIN nurse_live n ON n.nurse_id = s.staff_id
LEFT JOIN LATERAL (SELECT a.kind, a.until FROM absence a
                   WHERE a.nurse_id = s.staff_id AND a.day = %(day)s AND a.ended_at IS NULL
                     AND a.since <= %(now)s AND (a.until IS NULL OR a.until > %(now)s)
                   ORDER BY a.until DESC NULLS FIRST LIMIT 1) AS gone ON true
WHERE s.staff_id = %(nurse_id)s;

-- :parts A nurse's parts of a day's visits, with the other part of a double-up as it stands and is expected.
SELECT a.visit_id, a.carer_no, a.service, a.duration_s, a.place_in_round, a.planned_start, a.planned_end, a.state,
       a.en_route_at, a.arrived_at, a.finished_at, a.no_access_at, v.window_start, v.window_end, v.second_window_start,
       v.second_window_end, v.priority, v.optional, v.synchronisation, v.gap_min_s, v.promise_until, v.cancelled_at,
       v.deferred_at, v.patient_id, p.lat, p.lon, other.nurse_id AS other_nurse, other.state AS other_state,
       other.arrived_at AS other_arrived_at, outlook.body AS other_outlook, services.all_of_them AS services
FROM attendance a
JOIN visit v USING (visit_id)
JOIN patient p USING (patient_id)
JOIN LATERAL (SELECT array_agg(x.service) AS all_of_them FROM attendance x WHERE x.visit_id = a.visit_id) AS services ON true
LEFT JOIN attendance other ON other.visit_id = a.visit_id AND other.carer_no = 3 - a.carer_no
LEFT JOIN outlook ON outlook.visit_id = other.visit_id AND outlook.carer_no = other.carer_no
WHERE a.nurse_id = %(nurse_id)s AND v.day = %(day)s
ORDER BY a.place_in_round NULLS LAST, a.planned_start, a.visit_id, a.carer_no;

-- :rest A nurse's break as the plan in force has it.
SELECT planned->'rest' FROM (
    SELECT rounds FROM plan_revision
    WHERE team_id = %(team_id)s AND day = %(day)s ORDER BY revision DESC LIMIT 1) AS in_force,
    jsonb_array_elements(in_force.rounds->'rounds') AS planned
WHERE planned->>'nurse_id' = %(nurse_id)s AND jsonb_typeof(planned->'rest') = 'object';

-- :in_no_round Parts of a day's visits that nobody has, with when they are due.
SELECT a.visit_id, a.carer_no, a.state, a.duration_s, v.window_end, v.promise_until, v.priority, v.optional,
       v.cancelled_at, v.deferred_at, services.all_of_them AS services,
       (SELECT max(w.ends_at) FROM shift w JOIN staff s ON s.staff_id = w.nurse_id
        WHERE s.team_id = v.team_id AND w.day = v.day) AS day_ends_at
FROM attendance a
JOIN visit v USING (visit_id)
JOIN LATERAL (SELECT array_agg(x.service) AS all_of_them FROM attendance x WHERE x.visit_id = a.visit_id) AS services ON true
WHERE v.team_id = %(team_id)s AND v.day = %(day)s AND a.nurse_id IS NULL
ORDER BY a.visit_id, a.carer_no;

-- :names What these nurses are called.
SELECT staff_id, name FROM staff WHERE staff_id = ANY(%(nurse_ids)s);

-- :day_of_visit Of which day a visit is.
SELECT day FROM visit WHERE visit_id = %(visit_id)s;

-- :zone_of Where a nurse's team works.
SELECT t.timezone FROM staff s JOIN team t USING (team_id) WHERE s.staff_id = %(nurse_id)s;
