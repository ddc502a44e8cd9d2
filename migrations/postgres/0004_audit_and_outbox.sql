-- The audit log, a chain of hashes, and the mails that wait to be sent.

CREATE TABLE audit_entry (
    number         BIGINT  NOT NULL PRIMARY KEY CHECK (number > 0), -- without gaps
    recorded_at    BIGINT  NOT NULL,
    actor_id       UUID,   -- no foreign key: an entry outlives what it names
    actor_label    TEXT    NOT NULL,
    action         TEXT    NOT NULL,
    subject        UUID,
    subject_label  TEXT    NOT NULL,
    details        TEXT    NOT NULL, -- JSON: [["name", "value"], ..]
    address        TEXT,
    request_id     UUID,   -- the request that it changed, if one
    previous_hash  BYTEA   NOT NULL CHECK (length(previous_hash) = 32),
    hash           BYTEA   NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX audit_entry_by_request ON audit_entry (request_id, number) WHERE request_id IS NOT NULL;
CREATE INDEX audit_entry_by_subject ON audit_entry (subject, number) WHERE subject IS NOT NULL;

-- One row: the last number and hash. Writers take it in turns.
CREATE TABLE audit_head (
    id      BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    number  BIGINT  NOT NULL,
    hash    BYTEA   NOT NULL CHECK (length(hash) = 32)
);
INSERT INTO audit_head (id, number, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE mail (
    id            UUID    NOT NULL PRIMARY KEY,
    dedupe        TEXT    NOT NULL,
    recipient     TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    body_text     TEXT    NOT NULL,
    body_html     TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    attempts      BIGINT  NOT NULL CHECK (attempts >= 0),
    next_try_at   BIGINT  NOT NULL,
    lease_owner   UUID,
    lease_until   BIGINT,
    sent_at       BIGINT,
    failed_at     BIGINT,
    problem       TEXT,
    CONSTRAINT mail_dedupe UNIQUE (dedupe),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK (sent_at IS NULL OR failed_at IS NULL)
);
CREATE INDEX mail_due ON mail (next_try_at, id) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX mail_leased ON mail (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX mail_failed ON mail (failed_at) WHERE failed_at IS NOT NULL;
