-- :team The team of a day.
SELECT team_id, name, timezone, base_lat, base_lon, planar FROM team WHERE team_id = %(team_id)s;

-- :staff Who of the team is rostered on a day, with the planned shift.
SELECT s.staff_id, s.name, s.band, s.gender, s.skills, s.transport, s.phone, w.starts_at, w.ends_at, w.start_lat,
       w.start_lon, w.end_lat, w.end_lon, w.break_s, w.break_from, w.break_until, w.max_work_s, w.max_visits
FROM shift w JOIN staff s ON s.staff_id = w.nurse_id
WHERE s.team_id = %(team_id)s AND w.day = %(day)s AND s.active AND w.starts_at IS NOT NULL
ORDER BY s.staff_id;

-- :patients Who is visited on a day.
SELECT p.patient_id, p.name, p.address, p.lat, p.lon, p.preferred, p.excluded, p.known,
       p.carer_gender, p.contact, p.risks
FROM patient p
WHERE EXISTS (SELECT FROM visit v WHERE v.patient_id = p.patient_id AND v.team_id = %(team_id)s AND v.day = %(day)s)
ORDER BY p.patient_id;

-- :visits The visits of a day with their parts.
SELECT v.visit_id, v.patient_id, v.window_start, v.window_end, v.second_window_start, v.second_window_end,
       v.synchronisation, v.gap_min_s, v.gap_max_s, v.priority, v.optional, v.days_left,
       array_agg(a.service ORDER BY a.carer_no) AS services, array_agg(a.duration_s ORDER BY a.carer_no) AS durations_s,
       array_agg(a.band ORDER BY a.carer_no) AS bands, array_agg(a.pinned_nurse ORDER BY a.carer_no) AS pinned
FROM visit v JOIN attendance a USING (visit_id)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s
GROUP BY v.visit_id
ORDER BY v.visit_id;

-- :travel How long the roads of a day are.
SELECT points, seconds FROM travel_matrix WHERE team_id = %(team_id)s AND day = %(day)s;

-- :begun How many parts of a day's visits have begun.
SELECT count(*) FROM attendance a JOIN visit v USING (visit_id)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s AND a.state <> 'planned';
