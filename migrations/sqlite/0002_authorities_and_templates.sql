-- Certification authorities, their revocation lists, and certificate templates.

CREATE TABLE authority (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    parent_id    BLOB    REFERENCES authority (id), -- NULL: a root
    name         TEXT    NOT NULL,
    certificate  BLOB    NOT NULL, -- DER
    sealed_key   BLOB    NOT NULL,
    crl_number   INTEGER NOT NULL CHECK (crl_number >= 0), -- the last one given out
    created_at   INTEGER NOT NULL,
    CHECK (parent_id IS NULL OR parent_id <> id)
) STRICT;
CREATE INDEX authority_by_parent ON authority (parent_id);

-- The newest revocation list of each authority.
CREATE TABLE crl (
    authority_id  BLOB    NOT NULL PRIMARY KEY REFERENCES authority (id),
    number        INTEGER NOT NULL CHECK (number > 0),
    der           BLOB    NOT NULL,
    this_update   INTEGER NOT NULL,
    next_update   INTEGER NOT NULL,
    CHECK (next_update > this_update)
) STRICT;

CREATE TABLE template (
    id               BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    position         INTEGER NOT NULL, -- order of lists
    name             TEXT    NOT NULL CHECK (name <> ''),
    summary          TEXT    NOT NULL,
    approval         TEXT    NOT NULL CHECK (approval IN ('none', 'one')),
    key_algorithms   TEXT    NOT NULL CHECK (key_algorithms <> ''), -- separated by commas, default first
    valid_days       INTEGER NOT NULL CHECK (valid_days BETWEEN 1 AND 730),
    password_policy  TEXT    NOT NULL CHECK (password_policy IN ('fours', 'sixteen')),
    CONSTRAINT template_name UNIQUE (name)
) STRICT;
CREATE INDEX template_by_position ON template (position, id);
