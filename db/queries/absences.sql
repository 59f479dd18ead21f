-- :add Note that a nurse is away.
INSERT INTO absence (absence_id, nurse_id, day, kind, since, until, because, noted_by, noted_at)
VALUES (%(absence_id)s, %(nurse_id)s, %(day)s, %(kind)s, %(since)s, %(until)s, %(because)s, %(noted_by)s, %(noted_at)s);

-- :lasting When a nurse is away on a day, by what was not taken back.
SELECT absence_id, nurse_id, day, kind, since, until, because, noted_by, noted_at FROM absence
WHERE nurse_id = %(nurse_id)s AND day = %(day)s AND ended_at IS NULL
ORDER BY since, absence_id;

-- :end Take back that a nurse is away.
UPDATE absence SET ended_at = %(now)s WHERE nurse_id = %(nurse_id)s AND day = %(day)s AND ended_at IS NULL;
