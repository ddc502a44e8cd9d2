-- Certificates that were issued over a year and all revoked, as large as real ones.
PRAGMA synchronous = OFF;
PRAGMA cache_size = -1500000; -- KiB: the identifiers come in no order
BEGIN;
CREATE TEMP TABLE s AS WITH RECURSIVE s (n) AS
    (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {count}) SELECT n FROM s;
INSERT INTO request (id, person_id, template_id, mailbox, key_algorithm, idempotency_key, state,
        step, created_at, attempts, next_try_at, version, updated_at)
    SELECT randomblob(16), x'{person}', x'{template}', 'revoked@example.com', 'rsa3072', 'k' || n,
        'issued', 'done', {now}, 0, 0, 1, {now} FROM s;
INSERT INTO intent (request_id, part, authority_id, serial, tbs, reserved_at)
    SELECT id, 'whole', x'{authority}', CAST('Z' || randomblob(15) AS BLOB), x'30', {now}
    FROM request WHERE mailbox = 'revoked@example.com';
INSERT INTO certificate (id, request_id, part, person_id, mailbox, authority_id, serial, der,
        thumbprint, key_id, subject, issuer, key_algorithm, not_before, not_after, issued_at,
        revoked_at, revocation_reason)
    SELECT randomblob(16), request_id, 'whole', x'{person}', 'revoked@example.com', authority_id,
        serial, randomblob(1400), randomblob(32), randomblob(32), 'CN=x', 'CN=y', 'rsa3072', {now},
        {now} + 86400000000 * (1 + abs(random()) % 365), {now}, {now}, 'keyCompromise'
    FROM intent WHERE tbs = x'30';
UPDATE authority SET revocations = revocations + 1;
COMMIT;
