-- :hold A proposal with its plans, held for a decision.
SELECT body, plans FROM proposal WHERE proposal_id = %(proposal_id)s FOR UPDATE;

-- :save Keep a proposal as it stands.
UPDATE proposal SET state = %(state)s, version = %(version)s, body = %(body)s::jsonb
WHERE proposal_id = %(proposal_id)s;
