-- What Dutyboard remembers. The truth of the schema: migrations converge to this file, and a test proves it.
--
-- Two engines, one file. A line that begins with `-- @timescale` or `-- @native` opens a part for that engine alone, `-- @both`
-- ends it; `/* @native … */` inside a statement is read on plain PostgreSQL only. Statements stay within PostgreSQL 17.
-- No statement asks the server for the time: simulated and replayed days pass their own.

-- ---------------------------------------------------------------------------------------------- people and places

CREATE TABLE team (
    team_id     text PRIMARY KEY,
    name        text NOT NULL,
    timezone    text NOT NULL DEFAULT 'Europe/London',
    base_lat    double precision NOT NULL,
    base_lon    double precision NOT NULL,
    planar      boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN team.planar IS 'coordinates are made up and drawn on a plain grid, not places on the earth';

CREATE TABLE staff (
    staff_id    text PRIMARY KEY,
    team_id     text NOT NULL REFERENCES team,
    name        text NOT NULL,
    band        smallint,
    skills      text[] NOT NULL DEFAULT '{}',
    transport   text NOT NULL DEFAULT 'car' CHECK (transport IN ('car', 'bike', 'foot')),
    phone       text,
    active      boolean NOT NULL DEFAULT true,
    gender      text CHECK (gender IN ('female', 'male'))
);
CREATE INDEX staff_of_team ON staff (team_id);

CREATE TABLE device (
    device_id     text PRIMARY KEY,
    nurse_id      text NOT NULL REFERENCES staff,
    token_sha256  bytea NOT NULL UNIQUE,
    label         text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL,
    revoked_at    timestamptz
);
CREATE INDEX device_of_nurse ON device (nurse_id);

CREATE TABLE patient (
    patient_id  text PRIMARY KEY,
    team_id     text NOT NULL REFERENCES team,
    name        text NOT NULL,
    address     text,
    lat         double precision NOT NULL,
    lon         double precision NOT NULL,
    preferred   text[] NOT NULL DEFAULT '{}',
    excluded    text[] NOT NULL DEFAULT '{}',
    known       jsonb NOT NULL DEFAULT '{}'
                CHECK (jsonb_typeof(known) = 'object'
                       AND NOT jsonb_path_exists(known, '$.* ? (@.type() != "number" || @ < 0 || @ > 1)')),
    carer_gender text CHECK (carer_gender IN ('female', 'male')),
    contact     text CHECK (contact IN ('text', 'call', 'none')),
    risks       text[] NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN patient.known IS 'the share of the recent visits that each nurse made, by staff_id';
COMMENT ON COLUMN patient.carer_gender IS 'which gender a nurse must have; empty where any may come';
COMMENT ON COLUMN patient.contact IS 'how they want to be told of a new time; empty where nobody knows';
COMMENT ON COLUMN patient.risks IS 'what who comes alone must know, in short phrases';
CREATE INDEX patient_of_team ON patient (team_id);

-- ------------------------------------------------------------------------------------------------------ the day

CREATE TABLE shift (
    nurse_id        text NOT NULL REFERENCES staff,
    day             date NOT NULL,
    starts_at       timestamptz,
    ends_at         timestamptz,
    start_lat       double precision,
    start_lon       double precision,
    end_lat         double precision,
    end_lon         double precision,
    break_s         integer NOT NULL DEFAULT 0,
    break_from      timestamptz,
    break_until     timestamptz,
    state           text NOT NULL DEFAULT 'expected' CHECK (state IN ('expected', 'on', 'ended')),
    started_at      timestamptz,
    ended_at        timestamptz,
    max_work_s      integer CHECK (max_work_s > 0),
    max_visits      integer CHECK (max_visits > 0),
    PRIMARY KEY (nurse_id, day)
);
COMMENT ON COLUMN shift.starts_at IS 'planned; empty where a nurse came who was not rostered';

CREATE TABLE visit (
    visit_id         text PRIMARY KEY,
    team_id          text NOT NULL REFERENCES team,
    day              date NOT NULL,
    patient_id       text NOT NULL REFERENCES patient,
    window_start     timestamptz NOT NULL,
    window_end       timestamptz NOT NULL,
    second_window_start timestamptz,
    second_window_end   timestamptz,
    synchronisation  text NOT NULL DEFAULT 'independent'
                     CHECK (synchronisation IN ('simultaneous', 'sequential', 'independent')),
    gap_min_s        integer NOT NULL DEFAULT 0,
    gap_max_s        integer NOT NULL DEFAULT 0,
    priority         text NOT NULL DEFAULT 'routine'
                     CHECK (priority IN ('time_critical', 'urgent', 'routine', 'deferrable')),
    optional         boolean NOT NULL DEFAULT false,
    days_left        integer CHECK (days_left >= 0),
    promise_from     timestamptz,
    promise_until    timestamptz,
    asked_at         timestamptz,
    cancelled_at     timestamptz,
    deferred_at      timestamptz,
    not_made_because text,
    CHECK (window_start <= window_end),
    CONSTRAINT visit_that_waits CHECK (optional OR days_left IS NULL),
    CONSTRAINT visit_promise
        CHECK (promise_from <= promise_until AND num_nulls(promise_from, promise_until) <> 1)
);
COMMENT ON COLUMN visit.promise_from IS 'the time told to the patient: when a nurse comes at the earliest';
COMMENT ON COLUMN visit.asked_at IS 'when it was asked for, where that was while the day was under way';
COMMENT ON COLUMN visit.not_made_because IS 'why it was cancelled or deferred, in a sentence';
COMMENT ON COLUMN visit.days_left IS 'how many more days an optional visit can wait; 0: it is due on this one';
CREATE INDEX visit_of_day ON visit (team_id, day);
CREATE INDEX visit_of_patient ON visit (patient_id, day);

CREATE TABLE attendance (
    visit_id        text NOT NULL REFERENCES visit ON DELETE CASCADE,
    carer_no        smallint NOT NULL,
    service         text NOT NULL,
    duration_s      integer NOT NULL,
    nurse_id        text REFERENCES staff,
    place_in_round  integer,
    planned_start   timestamptz,
    planned_end     timestamptz,
    unplaced_because text,
    state           text NOT NULL DEFAULT 'planned'
                    CHECK (state IN ('planned', 'en_route', 'in_progress', 'done', 'no_access')),
    en_route_at     timestamptz,
    arrived_at      timestamptz,
    finished_at     timestamptz,
    no_access_at    timestamptz,
    questioned      integer NOT NULL DEFAULT 0,
    version         bigint NOT NULL DEFAULT 1,
    band            smallint CHECK (band > 0),
    pinned_nurse    text,
    PRIMARY KEY (visit_id, carer_no)
);
COMMENT ON COLUMN attendance.band IS 'the least band that the nurse needs; empty where any will do';
COMMENT ON COLUMN attendance.pinned_nurse IS 'who must make it; also somebody who is not at work, and then nobody can';
CREATE INDEX attendance_of_nurse ON attendance (nurse_id, planned_start);
CREATE INDEX attendance_open ON attendance (nurse_id) WHERE state IN ('en_route', 'in_progress');

CREATE TABLE travel_matrix (
    team_id   text NOT NULL REFERENCES team,
    day       date NOT NULL,
    points    text[] NOT NULL,
    seconds   integer[] NOT NULL,
    PRIMARY KEY (team_id, day)
);
COMMENT ON COLUMN travel_matrix.seconds IS 'row by row, from point to point, in the order of points';

CREATE TABLE road_time (
    source       text NOT NULL,
    transport    text NOT NULL CHECK (transport IN ('car', 'bike', 'foot')),
    origin       bigint NOT NULL,
    destination  bigint NOT NULL,
    seconds      integer,
    metres       integer,
    fetched_at   timestamptz NOT NULL,
    PRIMARY KEY (source, transport, origin, destination)
);
COMMENT ON TABLE road_time IS 'how long and how far it is by road, as a server said: asked once, remembered for some months';
COMMENT ON COLUMN road_time.origin IS 'a place as one number: steps of 1/100000 degree north of the south pole, times 36000001, plus steps east of 180° W';
COMMENT ON COLUMN road_time.seconds IS 'empty where it was asked and no road leads there';
CREATE INDEX road_time_fetched ON road_time (fetched_at);

CREATE TABLE geocode (
    asked_sha256  bytea NOT NULL,
    source        text NOT NULL,
    precision     text CHECK (precision IN ('rooftop', 'street', 'postcode')),
    lat           double precision,
    lon           double precision,
    accuracy_m    double precision,
    problem       text,
    fetched_at    timestamptz NOT NULL,
    PRIMARY KEY (asked_sha256, source),
    CONSTRAINT geocode_place_or_problem
        CHECK (num_nulls(precision, lat, lon, problem) = 1 AND problem IS NULL
               OR num_nulls(precision, lat, lon, accuracy_m) = 4 AND problem IS NOT NULL)
);
COMMENT ON TABLE geocode IS 'where a geocoder said that an address is, or why it could not say: asked once, remembered for some months';
COMMENT ON COLUMN geocode.asked_sha256 IS 'the digest of what was asked, in small letters: the address itself is not here';
COMMENT ON COLUMN geocode.accuracy_m IS 'the radius of what was found, empty where it is not known';
CREATE INDEX geocode_fetched ON geocode (fetched_at);

CREATE TABLE plan_revision (
    team_id      text NOT NULL REFERENCES team,
    day          date NOT NULL,
    revision     integer NOT NULL,
    made_by      text NOT NULL,
    accepted_by  text NOT NULL,
    accepted_at  timestamptz NOT NULL,
    rounds       jsonb NOT NULL,
    proposal_id  uuid,
    undoes       integer,
    PRIMARY KEY (team_id, day, revision)
);
COMMENT ON COLUMN plan_revision.undoes IS 'the revision that this one takes back';
COMMENT ON COLUMN plan_revision.rounds IS 'domain.round.Plan as it was accepted; attendance holds the one in force';

-- --------------------------------------------------------------------------------------- the rules and the changes

CREATE TABLE service_tolerance (
    team_id        text REFERENCES team,
    service        text NOT NULL,
    early_s        integer NOT NULL CHECK (early_s >= 0),
    late_s         integer NOT NULL CHECK (late_s >= 0),
    overrun_s      integer NOT NULL CHECK (overrun_s >= 0),
    spread         double precision NOT NULL DEFAULT 0.25 CHECK (spread > 0 AND spread < 2),
    time_critical  boolean NOT NULL DEFAULT false,
    CONSTRAINT service_tolerance_once UNIQUE NULLS NOT DISTINCT (team_id, service)
);
COMMENT ON TABLE service_tolerance IS 'how far from its window a service may start, and how much longer it may take, before somebody must know';
COMMENT ON COLUMN service_tolerance.team_id IS 'whose own value it is; empty: what holds for every team that has none';
COMMENT ON COLUMN service_tolerance.service IS 'the name of the service in small letters; empty: any service of which nothing else is said';
COMMENT ON COLUMN service_tolerance.spread IS 'the standard deviation of the logarithm of how long the service takes';
INSERT INTO service_tolerance (service, early_s, late_s, overrun_s, spread, time_critical) VALUES
    ('', 900, 900, 900, 0.25, false),
    ('insulin', 300, 0, 600, 0.20, true),
    ('iv antibiotic', 600, 0, 900, 0.25, true),
    ('eol meds', 900, 0, 900, 0.30, true),
    ('end-of-life medication', 900, 0, 900, 0.30, true),
    ('palliative', 900, 600, 1800, 0.35, false),
    ('bloods', 900, 600, 600, 0.20, false),
    ('wound care', 1800, 900, 900, 0.25, false),
    ('leg ulcer', 1800, 900, 900, 0.25, false),
    ('review', 3600, 3600, 1200, 0.35, false);

CREATE TABLE team_policy (
    team_id  text PRIMARY KEY REFERENCES team,
    body     jsonb NOT NULL
);
COMMENT ON TABLE team_policy IS 'domain.replanning.Policy of the teams that have their own';

CREATE TABLE absence (
    absence_id   uuid PRIMARY KEY,
    nurse_id     text NOT NULL REFERENCES staff,
    day          date NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('sick', 'stuck', 'home')),
    since        timestamptz NOT NULL,
    until        timestamptz,
    because      text,
    noted_by     text NOT NULL,
    noted_at     timestamptz NOT NULL,
    ended_at     timestamptz,
    CHECK (since < until)
);
COMMENT ON TABLE absence IS 'nurses who are off sick, stuck or gone home while they are rostered; until is empty for the rest of the shift';
COMMENT ON COLUMN absence.ended_at IS 'when it was taken back: the nurse is there after all';
CREATE INDEX absence_of_day ON absence (day, nurse_id) WHERE ended_at IS NULL;

CREATE TABLE wanted_version (
    team_id  text NOT NULL REFERENCES team,
    day      date NOT NULL,
    version  bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (team_id, day)
);
COMMENT ON TABLE wanted_version IS 'counts the changes of what is wanted of a day: who works, who is visited, when; what it was read for may be kept until then';

-- ------------------------------------------------------------------------------------------- what phones said

CREATE TABLE event (
    id_at        timestamptz NOT NULL,
    event_id     uuid NOT NULL,
    kind         text NOT NULL,
    nurse_id     text NOT NULL,
    device_id    text NOT NULL,
    protocol     text NOT NULL,
    visit_id     text,
    phone_at     timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    at           timestamptz NOT NULL,
    lat          double precision,
    lon          double precision,
    accuracy_m   real,
    battery_pct  smallint,
    detail       jsonb,
    late         boolean NOT NULL DEFAULT false,
    verdict      text NOT NULL DEFAULT 'noted'
                 CHECK (verdict IN ('noted', 'applied', 'repeated', 'illegal', 'unallocated'))
) /* @native PARTITION BY RANGE (id_at) */;
COMMENT ON TABLE event IS 'events of state: every one, for good, with what became of it';
COMMENT ON COLUMN event.id_at IS 'the instant inside the id: the same event always falls into the same partition';
COMMENT ON COLUMN event.at IS 'phone_at, corrected by how far the phone''s clock was off';

CREATE TABLE position (
    id_at        timestamptz NOT NULL,
    event_id     uuid NOT NULL,
    nurse_id     text NOT NULL,
    device_id    text NOT NULL,
    protocol     text NOT NULL,
    phone_at     timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    at           timestamptz NOT NULL,
    lat          double precision NOT NULL,
    lon          double precision NOT NULL,
    accuracy_m   real,
    speed_mps    real,
    heading_deg  real,
    altitude_m   real,
    battery_pct  smallint,
    phone_moving boolean,
    moving       boolean,
    at_visit     text,
    rejected     text
) /* @native PARTITION BY RANGE (id_at) */;
COMMENT ON TABLE position IS 'fixes: every one, with the name of its rejection where it is not trusted';

-- @timescale
SELECT create_hypertable('event', by_range('id_at', INTERVAL '7 days'), create_default_indexes => false);
SELECT create_hypertable('position', by_range('id_at', INTERVAL '1 day'), create_default_indexes => false);
-- @both

CREATE UNIQUE INDEX event_once ON event (event_id, id_at);
CREATE INDEX event_of_visit ON event (visit_id, nurse_id) WHERE visit_id IS NOT NULL;
CREATE INDEX event_of_nurse ON event (nurse_id, id_at DESC);
CREATE INDEX event_sos ON event (nurse_id, phone_at) WHERE kind = 'sos';
CREATE INDEX event_questioned ON event (at DESC) WHERE verdict IN ('illegal', 'unallocated') OR late;
CREATE UNIQUE INDEX position_once ON position (event_id, id_at);
CREATE INDEX position_of_nurse ON position (nurse_id, at DESC);

CREATE TABLE nurse_live (
    nurse_id          text PRIMARY KEY REFERENCES staff,
    status            text NOT NULL DEFAULT 'off_shift'
                      CHECK (status IN ('off_shift', 'available', 'en_route', 'with_patient')),
    shift_day         date,
    visit_id          text,
    sos_event_id      uuid,
    sos_since         timestamptz,
    questioned        integer NOT NULL DEFAULT 0,
    version           bigint NOT NULL DEFAULT 0,
    seen_version      bigint NOT NULL DEFAULT 0,
    heard_at          timestamptz,
    battery_pct       smallint,
    battery_at  timestamptz,
    location_allowed  boolean,
    allowed_at  timestamptz,
    frontier_at timestamptz,
    phone_at          timestamptz,
    at                timestamptz,
    received_at       timestamptz,
    lat               double precision,
    lon               double precision,
    accuracy_m        real,
    heading_deg       real,
    speed_mps         real,
    moving            boolean,
    still_since       timestamptz,
    at_visit          text
);
COMMENT ON TABLE nurse_live IS 'each nurse as they stand: status, last trusted position, when the phone was last heard';
COMMENT ON COLUMN nurse_live.version IS 'of status, shift, SOS and what is questioned';
COMMENT ON COLUMN nurse_live.seen_version IS 'of position and phone';
COMMENT ON COLUMN nurse_live.frontier_at IS 'the newest fix that was clean: an older one walks its day again';

-- --------------------------------------------------------------------------------------- what is expected, and what of it

CREATE TABLE outlook (
    visit_id   text NOT NULL,
    carer_no   smallint NOT NULL,
    nurse_id   text,
    state      text NOT NULL,
    version    bigint NOT NULL,
    body       jsonb NOT NULL,
    PRIMARY KEY (visit_id, carer_no),
    FOREIGN KEY (visit_id, carer_no) REFERENCES attendance ON DELETE CASCADE
);
COMMENT ON TABLE outlook IS 'what is expected of each part of a visit, as it was last said: domain.outlook.OutlookNow';
CREATE INDEX outlook_of_nurse ON outlook (nurse_id);

CREATE TABLE lookout (
    nurse_id  text NOT NULL REFERENCES staff,
    day       date NOT NULL,
    as_of     timestamptz NOT NULL,
    due_at    timestamptz,
    PRIMARY KEY (nurse_id, day)
);
COMMENT ON TABLE lookout IS 'when each nurse''s day was last projected, and when time alone makes that worth doing again';
CREATE INDEX lookout_due ON lookout (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE alert (
    alert_id       uuid PRIMARY KEY,
    team_id        text NOT NULL REFERENCES team,
    day            date NOT NULL,
    kind           text NOT NULL,
    subject        text NOT NULL,
    state          text NOT NULL CHECK (state IN ('open', 'acknowledged', 'snoozed', 'cleared', 'closed')),
    snoozed_until  timestamptz,
    version        bigint NOT NULL,
    body           jsonb NOT NULL
);
COMMENT ON TABLE alert IS 'what somebody must know: domain.alert.AlertNow';
CREATE UNIQUE INDEX alert_lasting ON alert (kind, subject, day) WHERE state IN ('open', 'acknowledged', 'snoozed');
CREATE INDEX alert_of_day ON alert (team_id, day);
CREATE INDEX alert_snoozed ON alert (snoozed_until) WHERE state = 'snoozed';

CREATE TABLE replan_request (
    request_id     uuid PRIMARY KEY,
    team_id        text NOT NULL REFERENCES team,
    day            date NOT NULL,
    state          text NOT NULL CHECK (state IN ('waiting', 'running', 'answered', 'failed', 'superseded')),
    due_at         timestamptz NOT NULL,
    claimed_by     text,
    claimed_until  timestamptz,
    attempts       integer NOT NULL DEFAULT 0,
    version        bigint NOT NULL,
    body           jsonb NOT NULL
);
COMMENT ON TABLE replan_request IS 'another plan that was asked for: domain.replanning.RequestNow';
COMMENT ON COLUMN replan_request.claimed_until IS 'by then whoever works on it has answered, or is dead; wall time';
CREATE UNIQUE INDEX replan_request_waiting ON replan_request (team_id, day) WHERE state = 'waiting';
CREATE UNIQUE INDEX replan_request_running ON replan_request (team_id, day) WHERE state = 'running';

CREATE TABLE proposal (
    proposal_id  uuid PRIMARY KEY,
    team_id      text NOT NULL REFERENCES team,
    day          date NOT NULL,
    state        text NOT NULL CHECK (state IN ('open', 'accepted', 'partly_accepted', 'rejected', 'stale', 'superseded', 'undone')),
    stood_on     integer NOT NULL,
    version      bigint NOT NULL,
    body         jsonb NOT NULL,
    plans        jsonb NOT NULL
);
COMMENT ON TABLE proposal IS 'other plans on offer: domain.replanning.ProposalNow, and in plans the whole plan of each variant';
CREATE INDEX proposal_of_day ON proposal (team_id, day);
CREATE UNIQUE INDEX proposal_open ON proposal (team_id, day) WHERE state = 'open';

CREATE TABLE notice (
    nurse_id  text NOT NULL REFERENCES staff,
    day       date NOT NULL,
    revision  integer NOT NULL,
    state     text NOT NULL CHECK (state IN ('sent', 'reached', 'acknowledged', 'contested', 'superseded')),
    sent_at   timestamptz NOT NULL,
    version   bigint NOT NULL,
    body      jsonb NOT NULL,
    PRIMARY KEY (nurse_id, day)
);
COMMENT ON TABLE notice IS 'a nurse''s changed round, and whether it was read: domain.notice.NoticeNow';
CREATE INDEX notice_unanswered ON notice (sent_at) WHERE state IN ('sent', 'reached');

-- ---------------------------------------------------------------------------------------- proof and the road out

CREATE TABLE audit (
    audit_no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    noted_at   timestamptz NOT NULL,
    actor      text NOT NULL,
    action     text NOT NULL,
    subject    text NOT NULL,
    team_id    text,
    source     text,
    before     jsonb,
    after      jsonb
);
COMMENT ON COLUMN audit.source IS 'what led to it: event:<id>, import:<file>, command:<name>';
CREATE INDEX audit_of_subject ON audit (subject, audit_no);
CREATE INDEX audit_of_source ON audit (source);

CREATE TABLE outbox (
    outbox_no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fact_id     uuid NOT NULL UNIQUE,
    kind        text NOT NULL,
    team_id     text NOT NULL,
    noted_at    timestamptz NOT NULL,
    body        text NOT NULL,
    relayed_at  timestamptz
);
COMMENT ON TABLE outbox IS 'facts on their way out, written with the state they tell of; swept some days after they were relayed';
CREATE INDEX outbox_waiting ON outbox (outbox_no) WHERE relayed_at IS NULL;

-- ------------------------------------------------------------------------------------------------ kept and summed

-- @timescale
ALTER TABLE position SET (timescaledb.compress, timescaledb.compress_segmentby = 'nurse_id',
                          timescaledb.compress_orderby = 'id_at DESC');
ALTER TABLE event SET (timescaledb.compress, timescaledb.compress_segmentby = 'nurse_id',
                       timescaledb.compress_orderby = 'id_at DESC');
SELECT add_compression_policy('position', INTERVAL '7 days');
SELECT add_compression_policy('event', INTERVAL '30 days');
SELECT add_retention_policy('position', INTERVAL '365 days');

CREATE MATERIALIZED VIEW position_hourly WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT nurse_id, time_bucket(INTERVAL '1 hour', id_at) AS hour, count(*) AS fixes,
       count(rejected) AS rejected, avg(accuracy_m) AS mean_accuracy_m, min(battery_pct) AS lowest_battery_pct
FROM position GROUP BY nurse_id, hour WITH NO DATA;
-- As far back as positions are kept: only hours in which something came late are counted again.
SELECT add_continuous_aggregate_policy('position_hourly', INTERVAL '364 days', INTERVAL '1 hour', INTERVAL '30 minutes');

CREATE MATERIALIZED VIEW event_hourly WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT kind, verdict, time_bucket(INTERVAL '1 hour', id_at) AS hour, count(*) AS events,
       count(*) FILTER (WHERE late) AS late
FROM event GROUP BY kind, verdict, hour WITH NO DATA;
SELECT add_continuous_aggregate_policy('event_hourly', NULL, INTERVAL '1 hour', INTERVAL '30 minutes');
-- @native
CREATE TABLE event_elsewhen PARTITION OF event DEFAULT;
CREATE TABLE position_elsewhen PARTITION OF position DEFAULT;

CREATE VIEW position_hourly AS
SELECT nurse_id, date_bin(INTERVAL '1 hour', id_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS hour, count(*) AS fixes,
       count(rejected) AS rejected, avg(accuracy_m) AS mean_accuracy_m, min(battery_pct) AS lowest_battery_pct
FROM position GROUP BY nurse_id, hour;

CREATE VIEW event_hourly AS
SELECT kind, verdict, date_bin(INTERVAL '1 hour', id_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS hour, count(*) AS events,
       count(*) FILTER (WHERE late) AS late
FROM event GROUP BY kind, verdict, hour;
-- @both
