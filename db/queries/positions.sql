-- :insert_positions Write fixes, each once: one that is there already changes nothing.
INSERT INTO position (id_at, event_id, nurse_id, device_id, protocol, phone_at, received_at, at, lat, lon, accuracy_m,
                      speed_mps, heading_deg, altitude_m, battery_pct, phone_moving, moving, at_visit, rejected)
SELECT * FROM unnest(%(id_at)b::timestamptz[], %(event_id)b::uuid[], %(nurse_id)b::text[], %(device_id)b::text[],
                     %(protocol)b::text[], %(phone_at)b::timestamptz[], %(received_at)b::timestamptz[],
                     %(at)b::timestamptz[], %(lat)b::float8[], %(lon)b::float8[], %(accuracy_m)b::float4[],
                     %(speed_mps)b::float4[], %(heading_deg)b::float4[], %(altitude_m)b::float4[],
                     %(battery_pct)b::int2[], %(phone_moving)b::bool[], %(moving)b::bool[], %(at_visit)b::text[],
                     %(rejected)b::text[])
ON CONFLICT (event_id, id_at) DO NOTHING;

-- :known_positions Which of these fixes are there already.
SELECT p.event_id
FROM unnest(%(event_id)s::uuid[], %(id_at)s::timestamptz[]) AS asked (event_id, id_at)
JOIN position p ON p.event_id = asked.event_id AND p.id_at = asked.id_at;

-- :positions_of_day A nurse's fixes of one day (UTC), to walk them again.
SELECT event_id, id_at, phone_at, at, received_at, lat, lon, accuracy_m::float8, speed_mps::float8, heading_deg::float8,
       battery_pct, phone_moving, moving, at_visit, rejected
FROM position
WHERE nurse_id = %(nurse_id)s
  AND at >= %(day_starts)s AND at < %(day_starts)s::timestamptz + INTERVAL '1 day';

-- :judge_positions_again Put right what became of fixes after a late one found its place.
UPDATE position p
SET moving = judged.moving, at_visit = judged.at_visit, rejected = judged.rejected
FROM unnest(%(event_id)s::uuid[], %(id_at)s::timestamptz[], %(moving)s::bool[], %(at_visit)s::text[], %(rejected)s::text[])
     AS judged (event_id, id_at, moving, at_visit, rejected)
WHERE p.event_id = judged.event_id AND p.id_at = judged.id_at;

-- :nurses_seen Where these nurses' walks stand, with their team.
SELECT s.staff_id AS nurse_id, s.team_id, coalesce(n.seen_version, 0) AS seen_version, n.phone_at, n.at, n.received_at,
       n.lat, n.lon, n.accuracy_m::float8, n.speed_mps::float8, n.heading_deg::float8, n.moving, n.still_since,
       n.at_visit, n.heard_at, n.battery_pct, n.battery_at, n.location_allowed, n.allowed_at,
       n.frontier_at
FROM staff s LEFT JOIN nurse_live n ON n.nurse_id = s.staff_id
WHERE s.staff_id = ANY(%(nurse_ids)s);

-- :sites_of_nurses The homes on these nurses' rounds of about this time, for the fence.
SELECT a.nurse_id, v.visit_id, p.lat, p.lon
FROM attendance a
JOIN visit v USING (visit_id)
JOIN patient p USING (patient_id)
WHERE a.nurse_id = ANY(%(nurse_ids)s)
  AND a.planned_start BETWEEN %(now)s::timestamptz - INTERVAL '1 day' AND %(now)s::timestamptz + INTERVAL '1 day';

-- :save_seen Remember where nurses were last seen and when their phones were last heard.
INSERT INTO nurse_live (nurse_id, seen_version, heard_at, battery_pct, battery_at, location_allowed, allowed_at,
                        frontier_at, phone_at, at, received_at, lat, lon, accuracy_m, heading_deg, speed_mps, moving,
                        still_since, at_visit)
SELECT * FROM unnest(%(nurse_id)b::text[], %(seen_version)b::int8[], %(heard_at)b::timestamptz[], %(battery_pct)b::int2[],
                     %(battery_at)b::timestamptz[], %(location_allowed)b::bool[], %(allowed_at)b::timestamptz[],
                     %(frontier_at)b::timestamptz[], %(phone_at)b::timestamptz[], %(at)b::timestamptz[],
                     %(received_at)b::timestamptz[], %(lat)b::float8[], %(lon)b::float8[], %(accuracy_m)b::float4[],
                     %(heading_deg)b::float4[], %(speed_mps)b::float4[], %(moving)b::bool[],
                     %(still_since)b::timestamptz[], %(at_visit)b::text[])
ON CONFLICT (nurse_id) DO UPDATE
SET seen_version = excluded.seen_version, heard_at = excluded.heard_at, battery_pct = excluded.battery_pct,
    battery_at = excluded.battery_at, location_allowed = excluded.location_allowed,
    allowed_at = excluded.allowed_at, frontier_at = excluded.frontier_at,
    phone_at = excluded.phone_at, at = excluded.at, received_at = excluded.received_at, lat = excluded.lat,
    lon = excluded.lon, accuracy_m = excluded.accuracy_m, heading_deg = excluded.heading_deg,
    speed_mps = excluded.speed_mps, moving = excluded.moving, still_since = excluded.still_since,
    at_visit = excluded.at_visit;

-- :trail Where a nurse was seen between two times, by fixes that can be trusted, oldest first; of many, the newest.
SELECT at, lat, lon FROM (
    SELECT at, lat, lon FROM position
    WHERE nurse_id = %(nurse_id)s AND at >= %(since)s AND at < %(until)s AND rejected IS NULL
      AND id_at >= %(since)s::timestamptz - INTERVAL '1 day' AND id_at < %(until)s::timestamptz + INTERVAL '1 day'
    ORDER BY at DESC LIMIT %(limit)s
) AS newest
ORDER BY at;
