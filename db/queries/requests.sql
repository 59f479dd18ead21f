-- :waiting The request of a day that waits, held, as JSON.
SELECT body FROM replan_request WHERE team_id = %(team_id)s AND day = %(day)s AND state = 'waiting' FOR UPDATE;

-- :newest The newest request of a day, as JSON.
SELECT body FROM replan_request WHERE team_id = %(team_id)s AND day = %(day)s
ORDER BY body->>'asked_at' DESC LIMIT 1;

-- :save Keep a request as it stands.
INSERT INTO replan_request (request_id, team_id, day, state, due_at, version, body)
VALUES (%(request_id)s, %(team_id)s, %(day)s, %(state)s, %(due_at)s, %(version)s, %(body)s::jsonb)
ON CONFLICT (request_id) DO UPDATE
SET state = excluded.state, due_at = excluded.due_at, version = excluded.version, body = excluded.body;

-- :due One request that is due, of a day that nobody works on, held, as JSON.
SELECT r.body, r.attempts FROM replan_request r
WHERE r.state = 'waiting' AND r.due_at <= %(now)s
  AND NOT EXISTS (SELECT FROM replan_request x WHERE x.team_id = r.team_id AND x.day = r.day AND x.state = 'running')
ORDER BY r.due_at
LIMIT 1
FOR UPDATE OF r SKIP LOCKED;

-- :claim Note who works on a request, and by when it is answered or its worker dead.
UPDATE replan_request
SET claimed_by = %(claimed_by)s, claimed_until = %(claimed_until)s, attempts = attempts + 1
WHERE request_id = %(request_id)s;

-- :lapsed Requests whose worker has not answered in time, or is the one of this name, held, as JSON.
SELECT body, attempts FROM replan_request
WHERE state = 'running' AND (claimed_until < %(wall)s OR claimed_by = %(mine)s)
FOR UPDATE SKIP LOCKED;

-- :is_planned Whether a plan of a day is in force.
SELECT EXISTS (SELECT FROM plan_revision WHERE team_id = %(team_id)s AND day = %(day)s);
