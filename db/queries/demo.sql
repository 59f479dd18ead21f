-- :forget_everything Drop all that an earlier demo left in the database of its own.
DROP SCHEMA public CASCADE;

-- :begin_again Make room for the next one.
CREATE SCHEMA public;

-- :progress Count how far the visits of a team's day are, and what phones have said.
SELECT (SELECT count(*) FROM event) AS events,
       (SELECT count(*) FROM position) AS positions,
       count(*) FILTER (WHERE state = 'planned') AS planned,
       count(*) FILTER (WHERE state = 'en_route') AS en_route,
       count(*) FILTER (WHERE state = 'in_progress') AS in_progress,
       count(*) FILTER (WHERE state = 'done') AS done,
       count(*) FILTER (WHERE state = 'no_access') AS no_access
FROM attendance JOIN visit USING (visit_id)
WHERE team_id = %(team_id)s AND day = %(day)s;
