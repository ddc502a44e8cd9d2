-- Versions of templates, split pairs, several authorities, keys made ahead, and certificates that
-- people bring along.

-- A template changes by a new version; requests and certificates keep the one they were made from.
CREATE TABLE template_version (
    template_id  BLOB    NOT NULL REFERENCES template (id),
    number       INTEGER NOT NULL CHECK (number > 0),
    content      TEXT    NOT NULL, -- JSON
    created_at   INTEGER NOT NULL,
    created_by   BLOB    REFERENCES person (id), -- NULL: set-up
    PRIMARY KEY (template_id, number)
) STRICT;
INSERT INTO template_version (template_id, number, content, created_at)
    SELECT id, 1, json_object(
        'kind', 'mailbox',
        'summary', summary,
        'key_algorithms', json('["' || replace(key_algorithms, ',', '","') || '"]'),
        'valid_days', valid_days,
        'approval', json_object('count', CASE approval WHEN 'one' THEN 1 ELSE 0 END, 'role', 'approver'),
        'password_policy', password_policy), 0
    FROM template;
-- How many people of which role have to agree, as the version of the template said.
ALTER TABLE request ADD COLUMN approvals_needed INTEGER NOT NULL DEFAULT 0 CHECK (approvals_needed BETWEEN 0 AND 5);
ALTER TABLE request ADD COLUMN approver_role TEXT NOT NULL DEFAULT 'approver' CHECK (approver_role IN ('approver', 'admin'));
UPDATE request SET approvals_needed = 1
    WHERE template_id IN (SELECT id FROM template WHERE approval = 'one');
ALTER TABLE template ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0); -- the newest
ALTER TABLE template ADD COLUMN is_offered INTEGER NOT NULL DEFAULT 1 CHECK (is_offered IN (0, 1));
ALTER TABLE template DROP COLUMN summary;
ALTER TABLE template DROP COLUMN approval;
ALTER TABLE template DROP COLUMN key_algorithms;
ALTER TABLE template DROP COLUMN valid_days;
ALTER TABLE template DROP COLUMN password_policy;

ALTER TABLE person ADD COLUMN given_name TEXT CHECK (given_name <> '');
ALTER TABLE person ADD COLUMN surname TEXT CHECK (surname <> '')
    CHECK ((surname IS NULL) = (given_name IS NULL));

-- The tables below name the part of a request: its whole, or one half of a split pair. They are
-- made anew from copies, children first out and parents first in.
CREATE TABLE old_credential AS SELECT * FROM credential;
CREATE TABLE old_intent AS SELECT * FROM intent;
CREATE TABLE old_certificate AS SELECT * FROM certificate;
CREATE TABLE old_certificate_search AS SELECT * FROM certificate_search;
DROP TABLE certificate_search;
DROP TABLE certificate;
DROP TABLE intent;
DROP TABLE credential;

-- The secrets of a request, sealed; the signing request is public. Whoever brings a signing request
-- keeps the key, and there is nothing to seal.
CREATE TABLE credential (
    request_id       BLOB NOT NULL REFERENCES request (id),
    part             TEXT NOT NULL CHECK (part IN ('whole', 'sign', 'encrypt')),
    sealed_password  BLOB,
    sealed_key       BLOB,
    csr              BLOB NOT NULL,
    sealed_pfx       BLOB,
    PRIMARY KEY (request_id, part),
    CHECK ((sealed_password IS NULL) = (sealed_key IS NULL)),
    CHECK (sealed_pfx IS NULL OR sealed_key IS NOT NULL)
) STRICT;
INSERT INTO credential (request_id, part, sealed_password, sealed_key, csr, sealed_pfx)
    SELECT request_id, 'whole', sealed_password, sealed_key, csr, sealed_pfx FROM old_credential;

-- What is to be signed, written before the authority's key is used.
CREATE TABLE intent (
    request_id    BLOB    NOT NULL REFERENCES request (id),
    part          TEXT    NOT NULL CHECK (part IN ('whole', 'sign', 'encrypt')),
    authority_id  BLOB    NOT NULL REFERENCES authority (id),
    serial        BLOB    NOT NULL CHECK (length(serial) BETWEEN 1 AND 20),
    tbs           BLOB    NOT NULL,
    reserved_at   INTEGER NOT NULL,
    PRIMARY KEY (request_id, part),
    CONSTRAINT intent_serial UNIQUE (serial, authority_id),
    CONSTRAINT intent_of_request UNIQUE (request_id, part, authority_id, serial)
) STRICT;
INSERT INTO intent (request_id, part, authority_id, serial, tbs, reserved_at)
    SELECT request_id, 'whole', authority_id, serial, tbs, reserved_at FROM old_intent;

CREATE TABLE certificate (
    id                 BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    request_id         BLOB    NOT NULL REFERENCES request (id),
    part               TEXT    NOT NULL CHECK (part IN ('whole', 'sign', 'encrypt')),
    person_id          BLOB    NOT NULL REFERENCES person (id),
    mailbox            TEXT    NOT NULL CHECK (mailbox = lower(mailbox)),
    authority_id       BLOB    NOT NULL REFERENCES authority (id),
    serial             BLOB    NOT NULL,
    der                BLOB    NOT NULL,
    thumbprint         BLOB    NOT NULL CHECK (length(thumbprint) = 32), -- SHA-256 of `der`
    key_id             BLOB    CHECK (length(key_id) = 32), -- SHA-256 of the public key; NULL: not computed yet
    subject            TEXT    NOT NULL,
    issuer             TEXT    NOT NULL,
    key_algorithm      TEXT    NOT NULL CHECK (key_algorithm IN ('rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384')),
    not_before         INTEGER NOT NULL,
    not_after          INTEGER NOT NULL,
    issued_at          INTEGER NOT NULL,
    downloaded_at      INTEGER,
    held_at            INTEGER, -- since when on hold; kept when it is revoked then
    revoked_at         INTEGER, -- never changes once it is set
    revocation_reason  TEXT,
    noticed_days       INTEGER, -- the last notice of its end was sent so many days before
    CONSTRAINT certificate_request UNIQUE (request_id, part),
    CONSTRAINT certificate_serial UNIQUE (serial, authority_id),
    CONSTRAINT certificate_thumbprint UNIQUE (thumbprint),
    -- Nothing was signed that was not written down before.
    CONSTRAINT certificate_intent FOREIGN KEY (request_id, part, authority_id, serial)
        REFERENCES intent (request_id, part, authority_id, serial),
    CHECK (not_after > not_before),
    CHECK (revocation_reason IN ('unspecified', 'keyCompromise', 'affiliationChanged', 'superseded',
        'cessationOfOperation', 'certificateHold', 'privilegeWithdrawn')),
    CHECK ((revocation_reason IS NULL) = (held_at IS NULL AND revoked_at IS NULL)),
    CHECK ((revocation_reason = 'certificateHold') = (revoked_at IS NULL))
) STRICT;
INSERT INTO certificate (id, request_id, part, person_id, mailbox, authority_id, serial, der,
        thumbprint, subject, issuer, key_algorithm, not_before, not_after, issued_at, downloaded_at,
        held_at, revoked_at, revocation_reason)
    SELECT id, request_id, 'whole', person_id, mailbox, authority_id, serial, der,
        thumbprint, subject, issuer, key_algorithm, not_before, not_after, issued_at, downloaded_at,
        held_at, revoked_at, revocation_reason
    FROM old_certificate;
CREATE INDEX certificate_by_person ON certificate (person_id, issued_at, id);
CREATE INDEX certificate_by_mailbox ON certificate (mailbox, not_after);
CREATE INDEX certificate_by_end ON certificate (not_after, id);
CREATE INDEX certificate_by_issue ON certificate (issued_at);
CREATE INDEX certificate_by_key ON certificate (key_id, person_id);
CREATE INDEX certificate_by_authority ON certificate (authority_id, revoked_at, not_after);
-- What is on a list, in the order in which it is read.
CREATE INDEX certificate_revoked ON certificate (authority_id, not_after, id)
    WHERE revocation_reason IS NOT NULL;

CREATE TABLE certificate_search (
    certificate_id  BLOB    NOT NULL PRIMARY KEY REFERENCES certificate (id),
    template_id     BLOB    NOT NULL REFERENCES template (id),
    issued_at       INTEGER NOT NULL,
    not_after       INTEGER NOT NULL,
    words           TEXT    NOT NULL -- all of them, with a blank before each
) STRICT;
INSERT INTO certificate_search SELECT * FROM old_certificate_search;
CREATE INDEX certificate_search_by_issue
    ON certificate_search (issued_at, certificate_id, not_after, template_id);

DROP TABLE old_certificate_search;
DROP TABLE old_certificate;
DROP TABLE old_intent;
DROP TABLE old_credential;

ALTER TABLE request ADD COLUMN template_version INTEGER NOT NULL DEFAULT 1 CHECK (template_version > 0);
ALTER TABLE request ADD COLUMN names TEXT NOT NULL DEFAULT ''; -- host names, separated by blanks
ALTER TABLE request ADD COLUMN csr BLOB; -- brought along; NULL: the portal makes the key
ALTER TABLE request ADD COLUMN requested_by BLOB REFERENCES person (id) -- NULL: the person themselves
    CHECK (requested_by <> person_id) CHECK (requested_by <> decided_by);
ALTER TABLE request ADD COLUMN renews BLOB REFERENCES certificate (id);
ALTER TABLE request ADD COLUMN keeps_key INTEGER NOT NULL DEFAULT 0 CHECK (keeps_key IN (0, 1))
    CHECK (keeps_key = 0 OR renews IS NOT NULL);
CREATE INDEX request_renewal ON request (renews, state) WHERE renews IS NOT NULL;
DROP INDEX request_open;
-- One open request for a person, mailbox, template and names.
CREATE UNIQUE INDEX request_open ON request (person_id, mailbox, template_id, names)
    WHERE state IN ('waiting', 'issuing');

-- Who agreed to a request.
CREATE TABLE approval (
    request_id   BLOB    NOT NULL REFERENCES request (id),
    person_id    BLOB    NOT NULL REFERENCES person (id),
    reason       TEXT,
    approved_at  INTEGER NOT NULL,
    PRIMARY KEY (request_id, person_id)
) STRICT, WITHOUT ROWID;

INSERT INTO approval (request_id, person_id, reason, approved_at)
    SELECT id, decided_by, decision_reason, decided_at FROM request
    WHERE decided_by IS NOT NULL AND state <> 'rejected';

-- An authority whose key is kept offline has none here.
CREATE TABLE authority_key (
    authority_id  BLOB NOT NULL PRIMARY KEY REFERENCES authority (id),
    sealed_key    BLOB NOT NULL
) STRICT;
INSERT INTO authority_key (authority_id, sealed_key) SELECT id, sealed_key FROM authority;
ALTER TABLE authority DROP COLUMN sealed_key;
ALTER TABLE authority ADD COLUMN purpose TEXT NOT NULL DEFAULT 'mail'
    CHECK (purpose IN ('root', 'mail', 'tls'));
ALTER TABLE authority ADD COLUMN state TEXT NOT NULL DEFAULT 'active'
    CHECK (state IN ('active', 'retired')); -- a retired one signs no certificates any more
UPDATE authority SET purpose = 'root' WHERE parent_id IS NULL;

-- Issuing authorities that wait for their certificate from an offline root.
CREATE TABLE authority_request (
    id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16), -- that of the authority to be
    parent_id   BLOB    REFERENCES authority (id), -- NULL: a root that is not known yet
    name        TEXT    NOT NULL,
    purpose     TEXT    NOT NULL CHECK (purpose IN ('mail', 'tls')),
    sealed_key  BLOB    NOT NULL,
    csr         BLOB    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

-- Private keys made ahead, sealed. A key leaves with the credential that it becomes.
CREATE TABLE pool_key (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    key_algorithm  TEXT    NOT NULL CHECK (key_algorithm IN ('rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384')),
    sealed_key     BLOB    NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX pool_key_by_algorithm ON pool_key (key_algorithm, id);

-- Certificates with their keys that people brought along, so that old mail opens.
CREATE TABLE imported_certificate (
    id               BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id        BLOB    NOT NULL REFERENCES person (id),
    name             TEXT    NOT NULL CHECK (name <> ''),
    der              BLOB    NOT NULL,
    thumbprint       BLOB    NOT NULL CHECK (length(thumbprint) = 32),
    key_id           BLOB    CHECK (length(key_id) = 32), -- SHA-256 of the public key; NULL: not computed yet
    subject          TEXT    NOT NULL,
    issuer           TEXT    NOT NULL,
    serial           BLOB    NOT NULL,
    key_algorithm    TEXT    NOT NULL CHECK (key_algorithm IN ('rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384')),
    not_before       INTEGER NOT NULL,
    not_after        INTEGER NOT NULL,
    sealed_key       BLOB    NOT NULL,
    sealed_password  BLOB    NOT NULL, -- made by the portal, for giving it out again
    imported_at      INTEGER NOT NULL,
    CONSTRAINT imported_certificate_once UNIQUE (person_id, thumbprint)
) STRICT;
CREATE INDEX imported_certificate_by_person ON imported_certificate (person_id, imported_at, id);
CREATE INDEX imported_certificate_by_key ON imported_certificate (key_id, person_id);

-- What is attached when a mail is sent, `certificate:ID` or `pfx:ID`; nothing secret is stored.
ALTER TABLE mail ADD COLUMN attachment TEXT;
