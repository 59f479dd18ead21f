-- :of_visit Whose visit it is, with the names of the nurses whom they prefer, know or are not to have.
SELECT p.patient_id, p.team_id, p.name, p.address, p.carer_gender, p.contact, p.risks,
       ARRAY(SELECT s.name FROM staff s WHERE s.staff_id = ANY(p.preferred) ORDER BY s.name) AS preferred,
       ARRAY(SELECT s.name FROM staff s WHERE s.staff_id = ANY(p.excluded) ORDER BY s.name) AS excluded,
       ARRAY(SELECT s.name FROM staff s WHERE p.known ? s.staff_id ORDER BY (p.known->>s.staff_id)::float DESC, s.name) AS known
FROM visit v JOIN patient p USING (patient_id)
WHERE v.visit_id = %(visit_id)s;
