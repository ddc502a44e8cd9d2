-- The end of certificates: held for now, or revoked for good. Both stand on the revocation list of
-- their authority.

ALTER TABLE certificate ADD COLUMN held_at INTEGER;     -- since when on hold; kept when it is revoked then
ALTER TABLE certificate ADD COLUMN revoked_at INTEGER;  -- never changes once it is set
ALTER TABLE certificate ADD COLUMN revocation_reason TEXT
    CHECK (revocation_reason IN ('unspecified', 'keyCompromise', 'affiliationChanged', 'superseded',
        'cessationOfOperation', 'certificateHold', 'privilegeWithdrawn'))
    CHECK ((revocation_reason IS NULL) = (held_at IS NULL AND revoked_at IS NULL))
    CHECK ((revocation_reason = 'certificateHold') = (revoked_at IS NULL));

-- What is on a list, in the order in which it is read.
CREATE INDEX certificate_revoked ON certificate (authority_id, not_after, id)
    WHERE revocation_reason IS NOT NULL;

-- How often something of an authority was held, re-activated or revoked. A list that was made from
-- fewer changes is old and is made anew before it is served.
ALTER TABLE authority ADD COLUMN revocations INTEGER NOT NULL DEFAULT 0 CHECK (revocations >= 0);
ALTER TABLE crl ADD COLUMN revocations INTEGER NOT NULL DEFAULT 0 CHECK (revocations >= 0);
