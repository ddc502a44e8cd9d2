-- What was or may have been signed, but could not be stored as a certificate, is revoked by what was
-- written down before it was signed. It then stands on the revocation list of its authority.

ALTER TABLE intent ADD COLUMN revoked_at BIGINT; -- never changes once it is set
ALTER TABLE intent ADD COLUMN revocation_reason TEXT
    CHECK (revocation_reason IN ('unspecified', 'keyCompromise', 'affiliationChanged', 'superseded',
        'cessationOfOperation', 'privilegeWithdrawn'))
    CHECK ((revocation_reason IS NULL) = (revoked_at IS NULL));

-- What is on a list; few.
CREATE INDEX intent_revoked ON intent (authority_id, reserved_at) WHERE revoked_at IS NOT NULL;
