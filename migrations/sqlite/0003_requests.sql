-- Requests, which are also the queue of the pipeline, and what the pipeline makes of them.

CREATE TABLE request (
    id               BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id        BLOB    NOT NULL REFERENCES person (id),
    template_id      BLOB    NOT NULL REFERENCES template (id),
    mailbox          TEXT    NOT NULL CHECK (mailbox = lower(mailbox)),
    key_algorithm    TEXT    NOT NULL CHECK (key_algorithm IN ('rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384')),
    reason           TEXT,
    idempotency_key  TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN
        ('waiting', 'issuing', 'issued', 'rejected', 'withdrawn', 'failed', 'cancelled')),
    step             TEXT    NOT NULL CHECK (step IN ('prepare', 'reserve', 'sign', 'bundle', 'done')),
    created_at       INTEGER NOT NULL,
    decided_at       INTEGER,
    decided_by       BLOB    REFERENCES person (id),
    decision_reason  TEXT,
    cancel_reason    TEXT,
    problem          TEXT,   -- why the last try did not succeed
    attempts         INTEGER NOT NULL CHECK (attempts >= 0),
    next_try_at      INTEGER NOT NULL,
    lease_owner      BLOB,   -- the node that works on it
    lease_until      INTEGER,
    version          INTEGER NOT NULL, -- rises with every change
    updated_at       INTEGER NOT NULL,
    CONSTRAINT request_idempotency UNIQUE (person_id, idempotency_key),
    CONSTRAINT request_own_decision CHECK (decided_by <> person_id),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK ((state = 'issued') = (step = 'done')),
    CHECK (step = 'prepare' OR state IN ('issuing', 'issued', 'failed', 'cancelled')),
    CHECK (lease_owner IS NULL OR state = 'issuing'),
    CHECK (state <> 'failed' OR problem IS NOT NULL),
    CHECK (state <> 'waiting' OR decided_at IS NULL),
    CHECK (state <> 'rejected' OR decided_at IS NOT NULL),
    CHECK (state <> 'cancelled' OR cancel_reason IS NOT NULL)
) STRICT;
-- One open request for a person, mailbox and template.
CREATE UNIQUE INDEX request_open ON request (person_id, mailbox, template_id)
    WHERE state IN ('waiting', 'issuing');
CREATE INDEX request_open_by_mailbox ON request (mailbox) WHERE state IN ('waiting', 'issuing');
CREATE INDEX request_due ON request (next_try_at, id) WHERE state = 'issuing';
CREATE INDEX request_leased ON request (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX request_waiting ON request (created_at, id) WHERE state = 'waiting';
CREATE INDEX request_failed ON request (updated_at, id) WHERE state = 'failed';
CREATE INDEX request_by_person ON request (person_id, created_at, id);

-- The secrets of a request, sealed; the signing request is public.
CREATE TABLE credential (
    request_id       BLOB NOT NULL PRIMARY KEY REFERENCES request (id),
    sealed_password  BLOB NOT NULL,
    sealed_key       BLOB NOT NULL,
    csr              BLOB NOT NULL,
    sealed_pfx       BLOB
) STRICT;

-- What is to be signed, written before the authority's key is used.
CREATE TABLE intent (
    request_id    BLOB    NOT NULL PRIMARY KEY REFERENCES request (id),
    authority_id  BLOB    NOT NULL REFERENCES authority (id),
    serial        BLOB    NOT NULL CHECK (length(serial) BETWEEN 1 AND 20),
    tbs           BLOB    NOT NULL,
    reserved_at   INTEGER NOT NULL,
    CONSTRAINT intent_serial UNIQUE (serial, authority_id),
    CONSTRAINT intent_of_request UNIQUE (request_id, authority_id, serial)
) STRICT;

CREATE TABLE certificate (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    request_id     BLOB    NOT NULL REFERENCES request (id),
    person_id      BLOB    NOT NULL REFERENCES person (id),
    mailbox        TEXT    NOT NULL CHECK (mailbox = lower(mailbox)),
    authority_id   BLOB    NOT NULL REFERENCES authority (id),
    serial         BLOB    NOT NULL,
    der            BLOB    NOT NULL,
    thumbprint     BLOB    NOT NULL CHECK (length(thumbprint) = 32), -- SHA-256 of `der`
    subject        TEXT    NOT NULL,
    issuer         TEXT    NOT NULL,
    key_algorithm  TEXT    NOT NULL CHECK (key_algorithm IN ('rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384')),
    not_before     INTEGER NOT NULL,
    not_after      INTEGER NOT NULL,
    issued_at      INTEGER NOT NULL,
    downloaded_at  INTEGER,
    CONSTRAINT certificate_request UNIQUE (request_id),
    CONSTRAINT certificate_serial UNIQUE (serial, authority_id),
    CONSTRAINT certificate_thumbprint UNIQUE (thumbprint),
    -- Nothing was signed that was not written down before.
    CONSTRAINT certificate_intent FOREIGN KEY (request_id, authority_id, serial)
        REFERENCES intent (request_id, authority_id, serial),
    CHECK (not_after > not_before)
) STRICT;
CREATE INDEX certificate_by_person ON certificate (person_id, issued_at, id);
CREATE INDEX certificate_by_mailbox ON certificate (mailbox, not_after);
CREATE INDEX certificate_by_end ON certificate (not_after);
CREATE INDEX certificate_by_issue ON certificate (issued_at);
