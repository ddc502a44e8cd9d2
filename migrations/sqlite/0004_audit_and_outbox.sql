-- The audit log, a chain of hashes, and the mails that wait to be sent.

CREATE TABLE audit_entry (
    number         INTEGER NOT NULL PRIMARY KEY CHECK (number > 0), -- without gaps
    recorded_at    INTEGER NOT NULL,
    actor_id       BLOB,   -- no foreign key: an entry outlives what it names
    actor_label    TEXT    NOT NULL,
    action         TEXT    NOT NULL,
    subject        BLOB,
    subject_label  TEXT    NOT NULL,
    details        TEXT    NOT NULL, -- JSON: [["name", "value"], ..]
    address        TEXT,
    request_id     BLOB,   -- the request that it changed, if one
    previous_hash  BLOB    NOT NULL CHECK (length(previous_hash) = 32),
    hash           BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_entry_by_request ON audit_entry (request_id, number) WHERE request_id IS NOT NULL;
CREATE INDEX audit_entry_by_subject ON audit_entry (subject, number) WHERE subject IS NOT NULL;

-- One row: the last number and hash. Writers take it in turns.
CREATE TABLE audit_head (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number  INTEGER NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO audit_head (id, number, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE mail (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    dedupe        TEXT    NOT NULL,
    recipient     TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    body_text     TEXT    NOT NULL,
    body_html     TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    attempts      INTEGER NOT NULL CHECK (attempts >= 0),
    next_try_at   INTEGER NOT NULL,
    lease_owner   BLOB,
    lease_until   INTEGER,
    sent_at       INTEGER,
    failed_at     INTEGER,
    problem       TEXT,
    CONSTRAINT mail_dedupe UNIQUE (dedupe),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK (sent_at IS NULL OR failed_at IS NULL)
) STRICT;
CREATE INDEX mail_due ON mail (next_try_at, id) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX mail_leased ON mail (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX mail_failed ON mail (failed_at) WHERE failed_at IS NOT NULL;
