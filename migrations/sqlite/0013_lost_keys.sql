-- What is recognised by its serial number alone still has a key. Where somebody else may have it, it
-- must never be certified again.

ALTER TABLE intent ADD COLUMN key_id BLOB -- SHA-256 of the public key; NULL: not revoked, or not computed yet
    CHECK (length(key_id) = 32);
CREATE INDEX intent_by_key ON intent (key_id) WHERE key_id IS NOT NULL;

-- What only the signing journal knows, because it was signed after the backup that the database was
-- restored from, and was revoked by that.
CREATE TABLE journal_revocation (
    serial             BLOB    NOT NULL CHECK (length(serial) BETWEEN 1 AND 20),
    authority_id       BLOB    NOT NULL REFERENCES authority (id),
    key_id             BLOB    CHECK (length(key_id) = 32), -- SHA-256 of the public key; NULL: not known
    revoked_at         INTEGER NOT NULL,
    revocation_reason  TEXT    NOT NULL CHECK (revocation_reason IN ('unspecified', 'keyCompromise',
        'affiliationChanged', 'superseded', 'cessationOfOperation', 'privilegeWithdrawn')),
    PRIMARY KEY (serial, authority_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_revocation_listed ON journal_revocation (authority_id, revoked_at);
CREATE INDEX journal_revocation_by_key ON journal_revocation (key_id) WHERE key_id IS NOT NULL;
