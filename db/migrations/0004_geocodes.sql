-- Where a geocoder said that addresses are: asked once, remembered for some months; of the address there is its digest alone.

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
