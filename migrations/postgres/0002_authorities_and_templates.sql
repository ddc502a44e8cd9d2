-- Certification authorities, their revocation lists, and certificate templates.

CREATE TABLE authority (
    id           UUID    NOT NULL PRIMARY KEY,
    parent_id    UUID    REFERENCES authority (id), -- NULL: a root
    name         TEXT    NOT NULL,
    certificate  BYTEA   NOT NULL, -- DER
    sealed_key   BYTEA   NOT NULL,
    crl_number   BIGINT  NOT NULL CHECK (crl_number >= 0), -- the last one given out
    created_at   BIGINT  NOT NULL,
    CHECK (parent_id IS NULL OR parent_id <> id)
);
CREATE INDEX authority_by_parent ON authority (parent_id);

-- The newest revocation list of each authority.
CREATE TABLE crl (
    authority_id  UUID    NOT NULL PRIMARY KEY REFERENCES authority (id),
    number        BIGINT  NOT NULL CHECK (number > 0),
    der           BYTEA   NOT NULL,
    this_update   BIGINT  NOT NULL,
    next_update   BIGINT  NOT NULL,
    CHECK (next_update > this_update)
);

CREATE TABLE template (
    id               UUID    NOT NULL PRIMARY KEY,
    position         BIGINT  NOT NULL, -- order of lists
    name             TEXT    NOT NULL CHECK (name <> ''),
    summary          TEXT    NOT NULL,
    approval         TEXT    NOT NULL CHECK (approval IN ('none', 'one')),
    key_algorithms   TEXT    NOT NULL CHECK (key_algorithms <> ''), -- separated by commas, default first
    valid_days       BIGINT  NOT NULL CHECK (valid_days BETWEEN 1 AND 730),
    password_policy  TEXT    NOT NULL CHECK (password_policy IN ('fours', 'sixteen')),
    CONSTRAINT template_name UNIQUE (name)
);
CREATE INDEX template_by_position ON template (position, id);
