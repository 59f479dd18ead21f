-- :questioned Read a team's events of one local day that fitted no legal step, or that came late.
SELECT e.event_id, e.kind, e.nurse_id, e.visit_id, e.at, e.phone_at, e.received_at, e.verdict, e.late
FROM event e
JOIN staff s ON s.staff_id = e.nurse_id
JOIN team t USING (team_id)
WHERE t.team_id = %(team_id)s
  AND (e.verdict IN ('illegal', 'unallocated') OR e.late)
  AND e.at >= %(day)s::date::timestamp AT TIME ZONE t.timezone
  AND e.at < (%(day)s::date + 1)::timestamp AT TIME ZONE t.timezone
ORDER BY e.at, e.event_id;
