-- :promise Promise the planned start of a day's visits, so much either side, to patients who have no promise.
UPDATE visit v
SET promise_from = first.starts_at - make_interval(secs => %(margin_s)s::int),
    promise_until = first.starts_at + make_interval(secs => %(margin_s)s::int)
FROM (SELECT a.visit_id, min(a.planned_start) AS starts_at FROM attendance a JOIN visit of_day USING (visit_id)
      WHERE of_day.team_id = %(team_id)s AND of_day.day = %(day)s AND a.planned_start IS NOT NULL
      GROUP BY a.visit_id) AS first
WHERE v.visit_id = first.visit_id AND v.promise_from IS NULL;
