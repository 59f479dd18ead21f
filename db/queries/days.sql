-- :save_team Remember a team; holds its line, so that one import waits for another.
INSERT INTO team (team_id, name, timezone, base_lat, base_lon, planar)
VALUES (%(team_id)s, %(name)s, %(timezone)s, %(base_lat)s, %(base_lon)s, %(planar)s)
ON CONFLICT (team_id) DO UPDATE
SET name = excluded.name, timezone = excluded.timezone, base_lat = excluded.base_lat, base_lon = excluded.base_lon,
    planar = excluded.planar;

-- :last_import Read what is known of the last import of a day.
SELECT after FROM audit
WHERE subject = %(subject)s AND action = 'day_imported' ORDER BY audit_no DESC LIMIT 1;

-- :hold_attendances Hold a day's attendances and say how far each has come.
SELECT a.state, a.version
FROM attendance a JOIN visit v USING (visit_id)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s
ORDER BY a.visit_id, a.carer_no
FOR UPDATE OF a;

-- :save_staff Remember staff; who is not named stays as they are.
INSERT INTO staff (staff_id, team_id, name, band, gender, skills, transport, phone)
SELECT staff_id, team_id, name, band, gender, skills, transport, phone
FROM jsonb_populate_recordset(NULL::staff, %(rows)s::jsonb)
ON CONFLICT (staff_id) DO UPDATE
SET name = excluded.name, band = excluded.band, gender = excluded.gender, skills = excluded.skills,
    transport = excluded.transport, phone = excluded.phone, active = true;

-- :save_patients Remember patients; who is not named stays as they are.
INSERT INTO patient (patient_id, team_id, name, address, lat, lon, preferred, excluded, known, carer_gender, contact,
                     risks)
SELECT patient_id, team_id, name, address, lat, lon, preferred, excluded, known, carer_gender, contact, risks
FROM jsonb_populate_recordset(NULL::patient, %(rows)s::jsonb)
ON CONFLICT (patient_id) DO UPDATE
SET name = excluded.name, address = excluded.address, lat = excluded.lat, lon = excluded.lon,
    preferred = excluded.preferred, excluded = excluded.excluded, known = excluded.known,
    carer_gender = excluded.carer_gender, contact = excluded.contact, risks = excluded.risks;

-- :forget_shifts Take away the day's shifts of nurses who are rostered no more and have not come.
DELETE FROM shift w USING staff s
WHERE s.staff_id = w.nurse_id AND s.team_id = %(team_id)s AND w.day = %(day)s AND w.state = 'expected'
  AND w.nurse_id <> ALL(%(nurse_ids)s);

-- :save_shifts Remember when shifts are planned; how far one has come stays.
INSERT INTO shift (nurse_id, day, starts_at, ends_at, start_lat, start_lon, end_lat, end_lon, break_s, break_from,
                   break_until, max_work_s, max_visits)
SELECT nurse_id, day, starts_at, ends_at, start_lat, start_lon, end_lat, end_lon, break_s, break_from, break_until,
       max_work_s, max_visits
FROM jsonb_populate_recordset(NULL::shift, %(rows)s::jsonb)
ON CONFLICT (nurse_id, day) DO UPDATE
SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, start_lat = excluded.start_lat,
    start_lon = excluded.start_lon, end_lat = excluded.end_lat, end_lon = excluded.end_lon, break_s = excluded.break_s,
    break_from = excluded.break_from, break_until = excluded.break_until, max_work_s = excluded.max_work_s,
    max_visits = excluded.max_visits;

-- :forget_visits Take away a day's visits with their attendances.
DELETE FROM visit WHERE team_id = %(team_id)s AND day = %(day)s;

-- :add_visits Add a day's visits.
INSERT INTO visit (visit_id, team_id, day, patient_id, window_start, window_end, second_window_start, second_window_end,
                   synchronisation, gap_min_s, gap_max_s, priority, optional, days_left)
SELECT visit_id, team_id, day, patient_id, window_start, window_end, second_window_start, second_window_end,
       synchronisation, gap_min_s, gap_max_s, priority, optional, days_left
FROM jsonb_populate_recordset(NULL::visit, %(rows)s::jsonb);

-- :add_attendances Add the parts of a day's visits, with nobody's name on them yet.
INSERT INTO attendance (visit_id, carer_no, service, duration_s, band, pinned_nurse, version)
SELECT visit_id, carer_no, service, duration_s, band, pinned_nurse, %(version)s::int8
FROM jsonb_populate_recordset(NULL::attendance, %(rows)s::jsonb);

-- :forget_travel Take away how long a day's roads were.
DELETE FROM travel_matrix WHERE team_id = %(team_id)s AND day = %(day)s;

-- :add_travel Remember how long a day's roads are.
INSERT INTO travel_matrix (team_id, day, points, seconds)
VALUES (%(team_id)s, %(day)s, %(points)b::text[], %(seconds)b::int4[]);
