-- :of_team The rules of a team, as JSON.
SELECT body FROM team_policy WHERE team_id = %(team_id)s;

-- :save Put a team's rules in the place of those it had.
INSERT INTO team_policy (team_id, body) VALUES (%(team_id)s, %(body)s::jsonb)
ON CONFLICT (team_id) DO UPDATE SET body = excluded.body;
