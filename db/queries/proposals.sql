-- :add Keep a new proposal with its plans.
INSERT INTO proposal (proposal_id, team_id, day, state, stood_on, version, body, plans)
VALUES (%(proposal_id)s, %(team_id)s, %(day)s, %(state)s, %(stood_on)s, %(version)s, %(body)s::jsonb, %(plans)s::jsonb);

-- :open The open proposal of a day, held, as JSON.
SELECT body FROM proposal WHERE team_id = %(team_id)s AND day = %(day)s AND state = 'open' FOR UPDATE;
