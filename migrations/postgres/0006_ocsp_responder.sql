-- Keys of OCSP responders, which answer for an authority. All nodes use the newest that is signed.

CREATE TABLE ocsp_responder (
    id            UUID    NOT NULL PRIMARY KEY,
    authority_id  UUID    NOT NULL REFERENCES authority (id),
    serial        BYTEA   NOT NULL CHECK (length(serial) BETWEEN 1 AND 20),
    tbs           BYTEA   NOT NULL, -- what is to be signed, written before the authority's key is used
    sealed_key    BYTEA   NOT NULL,
    certificate   BYTEA,            -- DER; NULL: not signed yet
    created_at    BIGINT  NOT NULL,
    CONSTRAINT ocsp_responder_serial UNIQUE (serial, authority_id)
);
CREATE INDEX ocsp_responder_newest ON ocsp_responder (authority_id, created_at, id)
    WHERE certificate IS NOT NULL;
