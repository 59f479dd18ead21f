-- How long and how far it is by road between places, as a server said: asked once, remembered for some months.

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
