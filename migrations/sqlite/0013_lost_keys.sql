-- What is recognised by its serial number alone still has a key. Where somebody else may have it, it
-- must never be certified again.

ALTER TABLE intent ADD COLUMN key_id BLOB -- SHA-256 of the public key; NULL: not revoked, or not computed yet
    CHECK (length(key_id) = 32);
CREATE INDEX intent_by_key ON intent (key_id) WHERE key_id IS NOT NULL;
