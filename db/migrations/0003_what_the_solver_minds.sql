-- What a day asks of a planner beyond skills and windows: gender, bands, nurses who are known or must come, limits of a shift,
-- and how long a visit can wait.

ALTER TABLE staff ADD COLUMN gender text CHECK (gender IN ('female', 'male'));

ALTER TABLE patient
    ADD COLUMN known jsonb NOT NULL DEFAULT '{}'
        CHECK (jsonb_typeof(known) = 'object'
               AND NOT jsonb_path_exists(known, '$.* ? (@.type() != "number" || @ < 0 || @ > 1)')),
    ADD COLUMN carer_gender text CHECK (carer_gender IN ('female', 'male'));
COMMENT ON COLUMN patient.known IS 'the share of the recent visits that each nurse made, by staff_id';
COMMENT ON COLUMN patient.carer_gender IS 'which gender a nurse must have; empty where any may come';

ALTER TABLE shift
    ADD COLUMN max_work_s integer CHECK (max_work_s > 0),
    ADD COLUMN max_visits integer CHECK (max_visits > 0);

ALTER TABLE visit
    ADD COLUMN days_left integer CHECK (days_left >= 0),
    ADD CONSTRAINT visit_that_waits CHECK (optional OR days_left IS NULL);
COMMENT ON COLUMN visit.days_left IS 'how many more days an optional visit can wait; 0: it is due on this one';

ALTER TABLE attendance
    ADD COLUMN band smallint CHECK (band > 0),
    ADD COLUMN pinned_nurse text;
COMMENT ON COLUMN attendance.band IS 'the least band that the nurse needs; empty where any will do';
COMMENT ON COLUMN attendance.pinned_nurse IS 'who must make it; also somebody who is not at work, and then nobody can';
