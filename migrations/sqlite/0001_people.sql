-- The portal itself, people, their mailboxes, sessions and throttles.
-- Times are microseconds since 1970 (UTC); identifiers are UUIDs of 16 bytes.

-- One row, written when the portal is set up.
CREATE TABLE settings (
    id            INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    organisation  TEXT    NOT NULL,
    country       TEXT    NOT NULL CHECK (length(country) = 2),
    mail_domains  TEXT    NOT NULL CHECK (mail_domains <> ''), -- separated by commas
    set_up_at     INTEGER NOT NULL,
    key_check     BLOB    NOT NULL
) STRICT;

-- The one-time link of the first start; gone once the portal is set up.
CREATE TABLE set_up_token (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sha256  BLOB    NOT NULL
) STRICT;

CREATE TABLE person (
    id                   BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name                 TEXT    NOT NULL CHECK (name <> ''),
    name_lower           TEXT    NOT NULL, -- order of lists, and what a search compares with
    mailbox              TEXT    NOT NULL CHECK (mailbox = lower(mailbox)),
    role                 TEXT    NOT NULL CHECK (role IN ('employee', 'approver', 'admin', 'auditor')),
    state                TEXT    NOT NULL CHECK (state IN ('active', 'disabled')),
    state_changed_at     INTEGER NOT NULL,
    password_hash        TEXT    NOT NULL,
    password_changed_at  INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    last_signed_in_at    INTEGER,
    CONSTRAINT person_mailbox UNIQUE (mailbox)
) STRICT;
CREATE INDEX person_by_name ON person (name_lower, id);
CREATE INDEX person_by_role ON person (role, state);

-- Addresses that a person may have certificates for.
CREATE TABLE mailbox (
    person_id    BLOB    NOT NULL REFERENCES person (id),
    address      TEXT    NOT NULL CHECK (address = lower(address)),
    verified_at  INTEGER NOT NULL,
    PRIMARY KEY (person_id, address)
) STRICT;
CREATE INDEX mailbox_by_address ON mailbox (address);

-- The identifier in the cookie is not stored, only its hash.
CREATE TABLE session (
    id_hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),
    public_id     BLOB    CHECK (length(public_id) = 16),
    person_id     BLOB    REFERENCES person (id),
    address       TEXT,
    user_agent    TEXT    CHECK (length(user_agent) <= 200),
    data          TEXT    NOT NULL,
    signed_in_at  INTEGER,
    last_used_at  INTEGER,
    expires_at    INTEGER NOT NULL,
    CONSTRAINT session_public_id UNIQUE (public_id)
) STRICT;
CREATE INDEX session_by_person ON session (person_id, expires_at);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Counters against guessing. What is counted is part of the key.
CREATE TABLE throttle (
    throttle_key   TEXT    NOT NULL PRIMARY KEY,
    count          INTEGER NOT NULL CHECK (count > 0),
    window_until   INTEGER NOT NULL,
    blocked_until  INTEGER NOT NULL -- 0: not blocked
) STRICT;
CREATE INDEX throttle_by_age ON throttle (window_until);
