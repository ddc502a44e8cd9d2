-- Tokens with which programs use the API in the name of a person. A token itself is not stored, only
-- its hash; one that is revoked is deleted, and the audit log keeps that it was there.

CREATE TABLE api_token (
    id            UUID    NOT NULL PRIMARY KEY,
    person_id     UUID    NOT NULL REFERENCES person (id),
    name          TEXT    NOT NULL CHECK (name <> ''),
    scope         TEXT    NOT NULL CHECK (scope IN ('read', 'request', 'secrets')),
    sha256        BYTEA   NOT NULL CHECK (length(sha256) = 32),
    created_at    BIGINT  NOT NULL,
    expires_at    BIGINT  NOT NULL,
    last_used_at  BIGINT,
    CONSTRAINT api_token_sha256 UNIQUE (sha256),
    CHECK (expires_at > created_at)
);
CREATE INDEX api_token_by_person ON api_token (person_id, expires_at);
CREATE INDEX api_token_by_expiry ON api_token (expires_at);
