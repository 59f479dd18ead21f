-- :insert_events Write events of state, each once, and say which were new.
INSERT INTO event (id_at, event_id, kind, nurse_id, device_id, protocol, visit_id, phone_at, received_at, at, lat, lon,
                   accuracy_m, battery_pct, detail, late)
SELECT u.id_at, u.event_id, u.kind, u.nurse_id, u.device_id, u.protocol, u.visit_id, u.phone_at, u.received_at, u.at,
       u.lat, u.lon, u.accuracy_m, u.battery_pct, u.detail::jsonb, u.late
FROM unnest(%(id_at)s::timestamptz[], %(event_id)s::uuid[], %(kind)s::text[], %(nurse_id)s::text[], %(device_id)s::text[],
            %(protocol)s::text[], %(visit_id)s::text[], %(phone_at)s::timestamptz[], %(received_at)s::timestamptz[],
            %(at)s::timestamptz[], %(lat)s::float8[], %(lon)s::float8[], %(accuracy_m)s::float4[],
            %(battery_pct)s::int2[], %(detail)s::text[], %(late)s::bool[])
     AS u (id_at, event_id, kind, nurse_id, device_id, protocol, visit_id, phone_at, received_at, at, lat, lon, accuracy_m,
           battery_pct, detail, late)
ON CONFLICT (event_id, id_at) DO NOTHING
RETURNING event_id;

-- :make_live Every nurse on the road has a live line; make it where it is missing.
INSERT INTO nurse_live (nurse_id)
SELECT n FROM unnest(%(nurse_ids)s::text[]) AS n ORDER BY n
ON CONFLICT (nurse_id) DO NOTHING;

-- :lock_live Hold the live lines of these nurses, so that nobody else decides about them meanwhile.
SELECT n.nurse_id, s.team_id, t.timezone, n.status, n.shift_day, n.visit_id, n.sos_event_id, n.sos_since, n.questioned,
       n.version
FROM nurse_live n JOIN staff s ON s.staff_id = n.nurse_id JOIN team t USING (team_id)
WHERE n.nurse_id = ANY(%(nurse_ids)s)
ORDER BY n.nurse_id
FOR UPDATE OF n;

-- :save_live Remember what nurses are doing.
UPDATE nurse_live n
SET status = u.status, shift_day = u.shift_day, visit_id = u.visit_id, sos_event_id = u.sos_event_id,
    sos_since = u.sos_since, questioned = u.questioned, version = u.version
FROM unnest(%(nurse_id)s::text[], %(status)s::text[], %(shift_day)s::date[], %(visit_id)s::text[],
            %(sos_event_id)s::uuid[], %(sos_since)s::timestamptz[], %(questioned)s::int4[], %(version)s::int8[])
     AS u (nurse_id, status, shift_day, visit_id, sos_event_id, sos_since, questioned, version)
WHERE n.nurse_id = u.nurse_id;

-- :lock_attendances Hold the parts of these visits that are these nurses'.
SELECT a.visit_id, a.carer_no, a.nurse_id, a.place_in_round, a.planned_start, a.planned_end, a.state, a.en_route_at,
       a.arrived_at, a.finished_at, a.no_access_at, a.questioned, a.version
FROM attendance a
JOIN unnest(%(visit_ids)s::text[], %(nurse_ids)s::text[]) AS asked (visit_id, nurse_id)
  ON a.visit_id = asked.visit_id AND a.nurse_id = asked.nurse_id
ORDER BY a.visit_id, a.carer_no
FOR UPDATE OF a;

-- :events_of_visits Everything these nurses' phones ever said about these visits.
SELECT e.event_id, e.id_at, e.kind, e.nurse_id, e.visit_id, e.phone_at, e.at, e.late, e.verdict
FROM event e
JOIN unnest(%(visit_ids)s::text[], %(nurse_ids)s::text[]) AS asked (visit_id, nurse_id)
  ON e.visit_id = asked.visit_id AND e.nurse_id = asked.nurse_id
WHERE e.visit_id IS NOT NULL;

-- :events_of_shifts What nurses' phones said about starting and ending shifts around these times.
SELECT e.event_id, e.id_at, e.kind, e.nurse_id, e.visit_id, e.phone_at, e.at, e.late, e.verdict
FROM event e
JOIN unnest(%(nurse_ids)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[]) AS asked (nurse_id, since, until)
  ON e.nurse_id = asked.nurse_id AND e.id_at BETWEEN asked.since AND asked.until
WHERE e.kind IN ('shift_started', 'shift_ended');

-- :planned_shifts The shifts these nurses are rostered for around these times.
SELECT s.nurse_id, s.day, s.starts_at, s.ends_at
FROM shift s
JOIN unnest(%(nurse_ids)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[]) AS asked (nurse_id, since, until)
  ON s.nurse_id = asked.nurse_id AND s.starts_at BETWEEN asked.since AND asked.until
WHERE s.ends_at IS NOT NULL;

-- :shift_as_it_stands What is known of these nurses' shifts on these days.
SELECT s.nurse_id, s.day, s.state, s.started_at, s.ended_at
FROM shift s
JOIN unnest(%(nurse_ids)s::text[], %(days)s::date[]) AS asked (nurse_id, day)
  ON s.nurse_id = asked.nurse_id AND s.day = asked.day;

-- :save_shifts Remember how far shifts have come; one that was not rostered is made.
INSERT INTO shift (nurse_id, day, state, started_at, ended_at)
SELECT * FROM unnest(%(nurse_id)s::text[], %(day)s::date[], %(state)s::text[], %(started_at)s::timestamptz[],
                     %(ended_at)s::timestamptz[])
ON CONFLICT (nurse_id, day) DO UPDATE
SET state = excluded.state, started_at = excluded.started_at, ended_at = excluded.ended_at;

-- :save_attendances Remember how far attendances have come.
UPDATE attendance a
SET state = u.state, en_route_at = u.en_route_at, arrived_at = u.arrived_at, finished_at = u.finished_at,
    no_access_at = u.no_access_at, questioned = u.questioned, version = u.version
FROM unnest(%(visit_id)s::text[], %(carer_no)s::int2[], %(state)s::text[], %(en_route_at)s::timestamptz[],
            %(arrived_at)s::timestamptz[], %(finished_at)s::timestamptz[], %(no_access_at)s::timestamptz[],
            %(questioned)s::int4[], %(version)s::int8[])
     AS u (visit_id, carer_no, state, en_route_at, arrived_at, finished_at, no_access_at, questioned, version)
WHERE a.visit_id = u.visit_id AND a.carer_no = u.carer_no;

-- :save_verdicts Mark what became of events.
UPDATE event e
SET verdict = u.verdict
FROM unnest(%(event_id)s::uuid[], %(id_at)s::timestamptz[], %(verdict)s::text[]) AS u (event_id, id_at, verdict)
WHERE e.event_id = u.event_id AND e.id_at = u.id_at;

-- :first_open_sos The earliest call for help of each of these nurses that nobody has closed.
SELECT DISTINCT ON (e.nurse_id) e.nurse_id, e.event_id, e.at
FROM event e
WHERE e.nurse_id = ANY(%(nurse_ids)s) AND e.kind = 'sos'
ORDER BY e.nurse_id, e.phone_at, e.event_id;

-- :latest_shifts The newest shift that each of these nurses began.
SELECT DISTINCT ON (nurse_id) nurse_id, day, state, started_at, ended_at
FROM shift
WHERE nurse_id = ANY(%(nurse_ids)s) AND state <> 'expected'
ORDER BY nurse_id, day DESC;

-- :open_attendances The visits these nurses are on the way to or in.
SELECT a.nurse_id, a.visit_id, a.state, coalesce(a.arrived_at, a.en_route_at) AS since, v.day
FROM attendance a JOIN visit v USING (visit_id)
WHERE a.nurse_id = ANY(%(nurse_ids)s) AND a.state IN ('en_route', 'in_progress');

-- :questioned_of_nurses How many events of these nurses, from the day before their newest shift on, fit nowhere.
SELECT e.nurse_id, count(*)::int AS questioned
FROM event e
JOIN unnest(%(nurse_ids)s::text[], %(days)s::date[]) AS asked (nurse_id, day) ON e.nurse_id = asked.nurse_id
WHERE e.verdict IN ('illegal', 'unallocated') AND (asked.day IS NULL OR e.at >= asked.day - 1)
GROUP BY e.nurse_id;
