-- :nurse Of which team a nurse is, and where that works.
SELECT s.team_id, t.timezone FROM staff s JOIN team t USING (team_id) WHERE s.staff_id = %(nurse_id)s;

-- :visit Of which team and day a visit is.
SELECT team_id, day FROM visit WHERE visit_id = %(visit_id)s;

-- :holders Who has each part of a visit.
SELECT carer_no, nurse_id FROM attendance WHERE visit_id = %(visit_id)s AND nurse_id IS NOT NULL ORDER BY carer_no;
