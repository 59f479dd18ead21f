-- :outbox_waiting Count the facts that were not relayed yet.
SELECT count(*) FROM outbox WHERE relayed_at IS NULL;
