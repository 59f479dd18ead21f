-- :lock_housekeeping Let one process at a time make and drop partitions, until its transaction ends.
SELECT pg_advisory_xact_lock(hashtext('dutyboard.partitions'));

-- :partitions_of Name the partitions of a table.
SELECT child.relname
FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent = to_regclass(%(table)s::text);

-- :days_elsewhere On which days there are rows that no partition was ready for.
SELECT DISTINCT (id_at AT TIME ZONE 'UTC')::date AS day FROM {elsewhen}
WHERE id_at >= {since} AND id_at < {until};

-- :make_partition Make a table that can become a partition.
CREATE TABLE {partition} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);

-- :wait_briefly Give up waiting for a lock after some seconds, in this transaction.
SET LOCAL lock_timeout = '3s';

-- :hold_table Keep everybody from a table; a writer who waits decides afterwards which partition a row belongs to.
LOCK TABLE ONLY {table} IN ACCESS EXCLUSIVE MODE;

-- :move_in Move the rows of its time from the default partition into a partition to be.
WITH moved AS (DELETE FROM {elsewhen} WHERE id_at >= {since} AND id_at < {until} RETURNING *)
INSERT INTO {partition} SELECT * FROM moved;

-- :attach Make a table the partition of its time.
ALTER TABLE {table} ATTACH PARTITION {partition} FOR VALUES FROM ({since}) TO ({until});

-- :drop_partition Forget a whole partition.
DROP TABLE {partition};

-- :forget_elsewhere Forget rows of the default partition that came before a time and tell of one before it.
DELETE FROM {elsewhen} WHERE id_at < {before} AND received_at < {before};
