-- :hold_parts Hold the parts of a visit.
SELECT FROM attendance WHERE visit_id = %(visit_id)s ORDER BY carer_no FOR UPDATE;

-- :visit A visit as it is wanted, the patient by reference, and how far its parts have come.
SELECT v.visit_id, v.team_id, v.day, substr(v.patient_id, length(v.team_id) + 2) AS patient, t.timezone,
       v.window_start, v.window_end, v.cancelled_at, v.deferred_at, v.not_made_because,
       (SELECT array_agg(a.state ORDER BY a.carer_no) FROM attendance a WHERE a.visit_id = v.visit_id) AS states
FROM visit v JOIN team t USING (team_id)
WHERE v.visit_id = %(visit_id)s;

-- :nurse Of which team a nurse is, by what name, and where that works.
SELECT s.team_id, s.name, t.timezone FROM staff s JOIN team t USING (team_id)
WHERE s.staff_id = %(nurse_id)s AND s.active;

-- :patient A patient of a team.
SELECT FROM patient WHERE patient_id = %(patient_id)s AND team_id = %(team_id)s;

-- :add_patient Add a patient, unless there is one of this id.
INSERT INTO patient (patient_id, team_id, name, address, lat, lon)
VALUES (%(patient_id)s, %(team_id)s, %(name)s, %(address)s, %(lat)s, %(lon)s)
ON CONFLICT (patient_id) DO NOTHING;

-- :add_visit Add a visit that was asked for while the day is under way.
INSERT INTO visit (visit_id, team_id, day, patient_id, window_start, window_end, synchronisation, priority, asked_at)
VALUES (%(visit_id)s, %(team_id)s, %(day)s, %(patient_id)s, %(window_start)s, %(window_end)s, %(synchronisation)s,
        %(priority)s, %(asked_at)s);

-- :add_parts Add the parts of a visit, in no round, with the reason where there is a plan.
INSERT INTO attendance (visit_id, carer_no, service, duration_s, band, unplaced_because)
SELECT visit_id, carer_no, service, duration_s, band, unplaced_because
FROM jsonb_populate_recordset(NULL::attendance, %(rows)s::jsonb);

-- :set_not_made Say that a visit is cancelled or deferred and why, or that it is neither.
UPDATE visit SET cancelled_at = %(cancelled_at)s, deferred_at = %(deferred_at)s, not_made_because = %(because)s
WHERE visit_id = %(visit_id)s;

-- :set_window Give a visit another window in the place of those it had; another promise is another's to make.
UPDATE visit
SET window_start = %(from)s, window_end = %(until)s, second_window_start = NULL, second_window_end = NULL,
    promise_from = CASE WHEN promise_from >= %(from)s AND promise_until <= %(until)s THEN promise_from END,
    promise_until = CASE WHEN promise_from >= %(from)s AND promise_until <= %(until)s THEN promise_until END
WHERE visit_id = %(visit_id)s;

-- :count_change Count a change of what is wanted of a day.
INSERT INTO wanted_version (team_id, day) VALUES (%(team_id)s, %(day)s)
ON CONFLICT (team_id, day) DO UPDATE SET version = wanted_version.version + 1;
