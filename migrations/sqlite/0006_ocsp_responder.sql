-- Keys of OCSP responders, which answer for an authority. All nodes use the newest that is signed.

CREATE TABLE ocsp_responder (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    authority_id  BLOB    NOT NULL REFERENCES authority (id),
    serial        BLOB    NOT NULL CHECK (length(serial) BETWEEN 1 AND 20),
    tbs           BLOB    NOT NULL, -- what is to be signed, written before the authority's key is used
    sealed_key    BLOB    NOT NULL,
    certificate   BLOB,             -- DER; NULL: not signed yet
    created_at    INTEGER NOT NULL,
    CONSTRAINT ocsp_responder_serial UNIQUE (serial, authority_id)
) STRICT;
CREATE INDEX ocsp_responder_newest ON ocsp_responder (authority_id, created_at, id)
    WHERE certificate IS NOT NULL;
