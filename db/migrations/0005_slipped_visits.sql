-- When a visit slips: what is expected, what must be known, what is proposed, and who has acknowledged it.

ALTER TABLE visit ADD COLUMN promise_from timestamptz;
ALTER TABLE visit ADD COLUMN promise_until timestamptz;
ALTER TABLE visit ADD COLUMN asked_at timestamptz;
ALTER TABLE visit ADD COLUMN cancelled_at timestamptz;
ALTER TABLE visit ADD COLUMN deferred_at timestamptz;
ALTER TABLE visit ADD COLUMN not_made_because text;
ALTER TABLE visit ADD CONSTRAINT visit_promise CHECK (promise_from <= promise_until AND num_nulls(promise_from, promise_until) <> 1);
COMMENT ON COLUMN visit.promise_from IS 'the time told to the patient: when a nurse comes at the earliest';
COMMENT ON COLUMN visit.asked_at IS 'when it was asked for, where that was while the day was under way';
COMMENT ON COLUMN visit.not_made_because IS 'why it was cancelled or deferred, in a sentence';

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

ALTER TABLE plan_revision ADD COLUMN proposal_id uuid;
ALTER TABLE plan_revision ADD COLUMN undoes integer;
COMMENT ON COLUMN plan_revision.undoes IS 'the revision that this one takes back';

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
