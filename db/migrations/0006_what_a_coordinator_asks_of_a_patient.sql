-- How a patient wants to be told, and what who comes alone must know.

ALTER TABLE patient
    ADD COLUMN contact text CHECK (contact IN ('text', 'call', 'none')),
    ADD COLUMN risks text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN patient.contact IS 'how they want to be told of a new time; empty where nobody knows';
COMMENT ON COLUMN patient.risks IS 'what who comes alone must know, in short phrases';
