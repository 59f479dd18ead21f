-- :hold_day Hold what is wanted and planned of a day; it is counted from 1 where it was not counted before.
INSERT INTO wanted_version (team_id, day)
SELECT team_id, %(day)s::date FROM team WHERE team_id = %(team_id)s
ON CONFLICT (team_id, day) DO UPDATE SET version = wanted_version.version;

-- :in_force The newest plan of a day, unless the day was taken in anew since and waits for a plan.
SELECT revision, accepted_by, rounds, proposal_id, undoes FROM plan_revision r
WHERE r.team_id = %(team_id)s AND r.day = %(day)s
  AND NOT EXISTS (SELECT FROM attendance a JOIN visit v USING (visit_id)
                  WHERE v.team_id = %(team_id)s AND v.day = %(day)s
                    AND a.nurse_id IS NULL AND a.unplaced_because IS NULL)
ORDER BY revision DESC LIMIT 1;

-- :of_day A plan of a day by its number.
SELECT revision, accepted_by, rounds, proposal_id, undoes FROM plan_revision
WHERE team_id = %(team_id)s AND day = %(day)s AND revision = %(revision)s;
