-- :issue Give a nurse a device, if there is such a nurse at work; the token itself is never stored.
INSERT INTO device (device_id, nurse_id, token_sha256, label, created_at)
SELECT %(device_id)s, staff_id, %(token_sha256)s::bytea, %(label)s, %(now)s::timestamptz FROM staff WHERE staff_id = %(nurse_id)s AND active
RETURNING (SELECT team_id FROM staff WHERE staff_id = %(nurse_id)s) AS team_id;

-- :revoke Take a device's right to speak away; what it said stays.
UPDATE device SET revoked_at = %(now)s
FROM staff
WHERE device_id = %(device_id)s AND revoked_at IS NULL AND staff_id = nurse_id
RETURNING nurse_id, team_id;

-- :find Whose device has this token, where it is not revoked and the nurse is at work.
SELECT device_id, nurse_id, team_id
FROM device JOIN staff ON staff_id = nurse_id
WHERE token_sha256 = %(token_sha256)s AND revoked_at IS NULL AND active;
