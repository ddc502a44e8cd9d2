-- Certificates that were issued over a year and all revoked, as large as real ones.
INSERT INTO request (id, person_id, template_id, mailbox, key_algorithm, idempotency_key, state,
        step, created_at, attempts, next_try_at, version, updated_at)
    SELECT gen_random_uuid(), '{person}', '{template}', 'revoked@example.com', 'rsa3072', 'k' || n,
        'issued', 'done', {now}, 0, 0, 1, {now} FROM generate_series(1, {count}) AS n;
INSERT INTO intent (request_id, part, authority_id, serial, tbs, reserved_at)
    SELECT id, 'whole', '{authority}', decode('5a' || substr(md5(id::TEXT), 3), 'hex'), '\x30', {now}
    FROM request WHERE mailbox = 'revoked@example.com';
INSERT INTO certificate (id, request_id, part, person_id, mailbox, authority_id, serial, der,
        thumbprint, key_id, subject, issuer, key_algorithm, not_before, not_after, issued_at,
        revoked_at, revocation_reason)
    SELECT gen_random_uuid(), request_id, 'whole', '{person}', 'revoked@example.com', authority_id,
        serial, decode(repeat(encode(serial, 'hex'), 87), 'hex'), sha256(serial), sha256(serial),
        'CN=x', 'CN=y', 'rsa3072', {now},
        {now} + 86400000000 * (1 + (random() * 364)::BIGINT), {now}, {now}, 'keyCompromise'
    FROM intent WHERE tbs = '\x30';
UPDATE authority SET revocations = revocations + 1;
ANALYZE certificate;
