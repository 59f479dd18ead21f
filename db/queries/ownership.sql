-- :try_own Take a partition for this connection, unless another one has it; it is given back when the connection ends.
SELECT pg_try_advisory_lock(%(lock_class)s::int4, %(partition)s::int4);

-- :try_own_road_out Become the one relay, as long as this connection lasts.
SELECT pg_try_advisory_lock(%(lock_class)s::int4, 0);

-- :hear_outbox Be told when facts are put into the outbox.
LISTEN outbox;

-- :give_back Let another worker have a partition.
SELECT pg_advisory_unlock(%(lock_class)s::int4, %(partition)s::int4);
