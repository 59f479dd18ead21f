-- :note Write audit lines in their order.
INSERT INTO audit (at, noted_at, actor, action, subject, team_id, source, before, after)
SELECT at, noted_at, actor, action, subject, team_id, source, before::jsonb, after::jsonb
FROM unnest(%(at)b::timestamptz[], %(noted_at)b::timestamptz[], %(actor)b::text[], %(action)b::text[],
            %(subject)b::text[], %(team_id)b::text[], %(source)b::text[], %(before)b::text[], %(after)b::text[])
     WITH ORDINALITY AS line (at, noted_at, actor, action, subject, team_id, source, before, after, place)
ORDER BY place;

-- :of_subject Read what was done to a subject, oldest first.
SELECT audit_no, at, noted_at, actor, action, subject, team_id, source, before, after
FROM audit WHERE subject = %(subject)s ORDER BY audit_no;

-- :of_subjects Read what was done to any of these subjects, in the order in which it happened.
SELECT audit_no, at, noted_at, actor, action, subject, team_id, source, before, after
FROM audit WHERE subject = ANY(%(subjects)s) ORDER BY at, audit_no;
