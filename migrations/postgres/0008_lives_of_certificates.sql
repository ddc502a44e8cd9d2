-- Versions of templates, split pairs, several authorities, keys made ahead, and certificates that
-- people bring along.

-- A template changes by a new version; requests and certificates keep the one they were made from.
CREATE TABLE template_version (
    template_id  UUID    NOT NULL REFERENCES template (id),
    number       BIGINT  NOT NULL CHECK (number > 0),
    content      TEXT    NOT NULL, -- JSON
    created_at   BIGINT  NOT NULL,
    created_by   UUID    REFERENCES person (id), -- NULL: set-up
    PRIMARY KEY (template_id, number)
);
INSERT INTO template_version (template_id, number, content, created_at)
    SELECT id, 1, json_build_object(
        'kind', 'mailbox',
        'summary', summary,
        'key_algorithms', string_to_array(key_algorithms, ','),
        'valid_days', valid_days,
        'approval', json_build_object('count', CASE approval WHEN 'one' THEN 1 ELSE 0 END, 'role', 'approver'),
        'password_policy', password_policy)::TEXT, 0
    FROM template;
-- How many people of which role have to agree, as the version of the template said.
ALTER TABLE request ADD COLUMN approvals_needed BIGINT NOT NULL DEFAULT 0 CHECK (approvals_needed BETWEEN 0 AND 5);
ALTER TABLE request ADD COLUMN approver_role TEXT NOT NULL DEFAULT 'approver' CHECK (approver_role IN ('approver', 'admin'));
UPDATE request SET approvals_needed = 1
    WHERE template_id IN (SELECT id FROM template WHERE approval = 'one');
ALTER TABLE template ADD COLUMN version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0); -- the newest
ALTER TABLE template ADD COLUMN is_offered BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE template DROP COLUMN summary;
ALTER TABLE template DROP COLUMN approval;
ALTER TABLE template DROP COLUMN key_algorithms;
ALTER TABLE template DROP COLUMN valid_days;
ALTER TABLE template DROP COLUMN password_policy;

ALTER TABLE person ADD COLUMN given_name TEXT CHECK (given_name <> '');
ALTER TABLE person ADD COLUMN surname TEXT CHECK (surname <> '')
    CHECK ((surname IS NULL) = (given_name IS NULL));

-- The tables below name the part of a request: its whole, or one half of a split pair.
ALTER TABLE certificate DROP CONSTRAINT certificate_intent;
ALTER TABLE certificate DROP CONSTRAINT certificate_request;
ALTER TABLE intent DROP CONSTRAINT intent_of_request;
ALTER TABLE intent DROP CONSTRAINT intent_pkey;
ALTER TABLE credential DROP CONSTRAINT credential_pkey;

-- The secrets of a request, sealed; the signing request is public. Whoever brings a signing request
-- keeps the key, and there is nothing to seal.
ALTER TABLE credential ADD COLUMN part TEXT NOT NULL DEFAULT 'whole' CHECK (part IN ('whole', 'sign', 'encrypt'));
ALTER TABLE credential ALTER COLUMN part DROP DEFAULT;
ALTER TABLE credential ALTER COLUMN sealed_password DROP NOT NULL;
ALTER TABLE credential ALTER COLUMN sealed_key DROP NOT NULL;
ALTER TABLE credential ADD PRIMARY KEY (request_id, part);
ALTER TABLE credential ADD CHECK ((sealed_password IS NULL) = (sealed_key IS NULL));
ALTER TABLE credential ADD CHECK (sealed_pfx IS NULL OR sealed_key IS NOT NULL);

-- What is to be signed, written before the authority's key is used.
ALTER TABLE intent ADD COLUMN part TEXT NOT NULL DEFAULT 'whole' CHECK (part IN ('whole', 'sign', 'encrypt'));
ALTER TABLE intent ALTER COLUMN part DROP DEFAULT;
ALTER TABLE intent ADD PRIMARY KEY (request_id, part);
ALTER TABLE intent ADD CONSTRAINT intent_of_request UNIQUE (request_id, part, authority_id, serial);

ALTER TABLE certificate ADD COLUMN part TEXT NOT NULL DEFAULT 'whole' CHECK (part IN ('whole', 'sign', 'encrypt'));
ALTER TABLE certificate ALTER COLUMN part DROP DEFAULT;
ALTER TABLE certificate ADD COLUMN key_id BYTEA CHECK (length(key_id) = 32); -- SHA-256 of the public key; NULL: not computed yet
ALTER TABLE certificate ADD COLUMN noticed_days BIGINT; -- the last notice of its end was sent so many days before
ALTER TABLE certificate ADD CONSTRAINT certificate_request UNIQUE (request_id, part);
-- Nothing was signed that was not written down before.
ALTER TABLE certificate ADD CONSTRAINT certificate_intent FOREIGN KEY (request_id, part, authority_id, serial)
    REFERENCES intent (request_id, part, authority_id, serial);
DROP INDEX certificate_by_end;
CREATE INDEX certificate_by_end ON certificate (not_after, id);
CREATE INDEX certificate_by_key ON certificate (key_id, person_id);
CREATE INDEX certificate_by_authority ON certificate (authority_id, revoked_at, not_after);

ALTER TABLE request ADD COLUMN template_version BIGINT NOT NULL DEFAULT 1 CHECK (template_version > 0);
ALTER TABLE request ADD COLUMN names TEXT NOT NULL DEFAULT ''; -- host names, separated by blanks
ALTER TABLE request ADD COLUMN csr BYTEA; -- brought along; NULL: the portal makes the key
ALTER TABLE request ADD COLUMN requested_by UUID REFERENCES person (id) -- NULL: the person themselves
    CHECK (requested_by <> person_id) CHECK (requested_by <> decided_by);
ALTER TABLE request ADD COLUMN renews UUID REFERENCES certificate (id);
ALTER TABLE request ADD COLUMN keeps_key BOOLEAN NOT NULL DEFAULT FALSE
    CHECK (NOT keeps_key OR renews IS NOT NULL);
CREATE INDEX request_renewal ON request (renews, state) WHERE renews IS NOT NULL;
DROP INDEX request_open;
-- One open request for a person, mailbox, template and names.
CREATE UNIQUE INDEX request_open ON request (person_id, mailbox, template_id, names)
    WHERE state IN ('waiting', 'issuing');

-- Who agreed to a request.
CREATE TABLE approval (
    request_id   UUID    NOT NULL REFERENCES request (id),
    person_id    UUID    NOT NULL REFERENCES person (id),
    reason       TEXT,
    approved_at  BIGINT  NOT NULL,
    PRIMARY KEY (request_id, person_id)
);

INSERT INTO approval (request_id, person_id, reason, approved_at)
    SELECT id, decided_by, decision_reason, decided_at FROM request
    WHERE decided_by IS NOT NULL AND state <> 'rejected';

-- An authority whose key is kept offline has none here.
CREATE TABLE authority_key (
    authority_id  UUID  NOT NULL PRIMARY KEY REFERENCES authority (id),
    sealed_key    BYTEA NOT NULL
);
INSERT INTO authority_key (authority_id, sealed_key) SELECT id, sealed_key FROM authority;
ALTER TABLE authority DROP COLUMN sealed_key;
ALTER TABLE authority ADD COLUMN purpose TEXT NOT NULL DEFAULT 'mail'
    CHECK (purpose IN ('root', 'mail', 'tls'));
ALTER TABLE authority ADD COLUMN state TEXT NOT NULL DEFAULT 'active'
    CHECK (state IN ('active', 'retired')); -- a retired one signs no certificates any more
UPDATE authority SET purpose = 'root' WHERE parent_id IS NULL;

-- Issuing authorities that wait for their certificate from an offline root.
CREATE TABLE authority_request (
    id          UUID    NOT NULL PRIMARY KEY, -- that of the authority to be
    parent_id   UUID    REFERENCES authority (id), -- NULL: a root that is not known yet
    name        TEXT    NOT NULL,
    purpose     TEXT    NOT NULL CHECK (purpose IN ('mail', 'tls')),
    sealed_key  BYTEA   NOT NULL,
    csr         BYTEA   NOT NULL,
    created_at  BIGINT  NOT NULL
);

-- Private keys made ahead, sealed. A key leaves with the credential that it becomes.
CREATE TABLE pool_key (
    id             UUID    NOT NULL PRIMARY KEY,
    key_algorithm  TEXT    NOT NULL CHECK (key_algorithm IN ('rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384')),
    sealed_key     BYTEA   NOT NULL,
    created_at     BIGINT  NOT NULL
);
CREATE INDEX pool_key_by_algorithm ON pool_key (key_algorithm, id);

-- Certificates with their keys that people brought along, so that old mail opens.
CREATE TABLE imported_certificate (
    id               UUID    NOT NULL PRIMARY KEY,
    person_id        UUID    NOT NULL REFERENCES person (id),
    name             TEXT    NOT NULL CHECK (name <> ''),
    der              BYTEA   NOT NULL,
    thumbprint       BYTEA   NOT NULL CHECK (length(thumbprint) = 32),
    key_id           BYTEA   CHECK (length(key_id) = 32), -- SHA-256 of the public key; NULL: not computed yet
    subject          TEXT    NOT NULL,
    issuer           TEXT    NOT NULL,
    serial           BYTEA   NOT NULL,
    key_algorithm    TEXT    NOT NULL CHECK (key_algorithm IN ('rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384')),
    not_before       BIGINT  NOT NULL,
    not_after        BIGINT  NOT NULL,
    sealed_key       BYTEA   NOT NULL,
    sealed_password  BYTEA   NOT NULL, -- made by the portal, for giving it out again
    imported_at      BIGINT  NOT NULL,
    CONSTRAINT imported_certificate_once UNIQUE (person_id, thumbprint)
);
CREATE INDEX imported_certificate_by_person ON imported_certificate (person_id, imported_at, id);
CREATE INDEX imported_certificate_by_key ON imported_certificate (key_id, person_id);

-- What is attached when a mail is sent, `certificate:ID` or `pfx:ID`; nothing secret is stored.
ALTER TABLE mail ADD COLUMN attachment TEXT;
