-- Keys that people brought in signing requests, and whose they are: one person's each. The pipeline
-- claims them in the transaction that stores what is to be signed, so that of two people who send
-- the same key at the same instant only one gets a certificate.
CREATE TABLE brought_key (
    key_id     BLOB NOT NULL PRIMARY KEY CHECK (length(key_id) = 32), -- SHA-256 of the public key
    person_id  BLOB NOT NULL REFERENCES person (id)
) STRICT, WITHOUT ROWID;
-- Where two people have one key already it belongs to the one who had it first.
INSERT INTO brought_key (key_id, person_id)
    SELECT certificate.key_id, certificate.person_id
    FROM certificate JOIN request ON request.id = certificate.request_id
    WHERE request.csr IS NOT NULL AND certificate.key_id IS NOT NULL
    ORDER BY certificate.issued_at, certificate.id
    ON CONFLICT (key_id) DO NOTHING;
