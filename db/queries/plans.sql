-- :hold_attendances Hold a day's attendances, with who is to make them and when.
SELECT a.visit_id, a.carer_no, a.nurse_id, a.place_in_round, a.planned_start, a.planned_end, a.unplaced_because, a.state
FROM attendance a JOIN visit v USING (visit_id)
WHERE v.team_id = %(team_id)s AND v.day = %(day)s
ORDER BY a.visit_id, a.carer_no
FOR UPDATE OF a;

-- :nurses_of_team Which of these are nurses of the team at work.
SELECT staff_id FROM staff WHERE staff_id = ANY(%(nurse_ids)s) AND team_id = %(team_id)s AND active;

-- :allot Put attendances into rounds, or say why they are in none.
UPDATE attendance a
SET nurse_id = u.nurse_id, place_in_round = u.place_in_round, planned_start = u.planned_start,
    planned_end = u.planned_end, unplaced_because = u.unplaced_because, version = a.version + 1
FROM unnest(%(visit_id)b::text[], %(carer_no)b::int2[], %(nurse_id)b::text[], %(place_in_round)b::int4[],
            %(planned_start)b::timestamptz[], %(planned_end)b::timestamptz[], %(unplaced_because)b::text[])
     AS u (visit_id, carer_no, nurse_id, place_in_round, planned_start, planned_end, unplaced_because)
WHERE a.visit_id = u.visit_id AND a.carer_no = u.carer_no;

-- :add_revision Keep a plan as it was accepted, under the next number of its day.
INSERT INTO plan_revision (team_id, day, revision, made_by, accepted_by, accepted_at, rounds, proposal_id, undoes)
SELECT %(team_id)s, %(day)s::date, coalesce(max(revision), 0) + 1, %(made_by)s, %(accepted_by)s, %(now)s::timestamptz,
       %(rounds)s::jsonb, %(proposal_id)s::uuid, %(undoes)s::int4
FROM plan_revision WHERE team_id = %(team_id)s AND day = %(day)s
RETURNING revision;
