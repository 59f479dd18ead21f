-- :of_team What a team tolerates by service: its own values, else those that hold for all.
SELECT DISTINCT ON (service) service, early_s, late_s, overrun_s, spread, time_critical
FROM service_tolerance
WHERE team_id = %(team_id)s OR team_id IS NULL
ORDER BY service, team_id NULLS LAST;
