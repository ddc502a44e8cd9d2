-- What certificates are found and filtered by: narrow rows, so that lists never read the DER.
-- Written when a certificate becomes ready; `Store::migrate` adds those that were ready before.

CREATE TABLE certificate_search (
    certificate_id  UUID    NOT NULL PRIMARY KEY REFERENCES certificate (id),
    template_id     UUID    NOT NULL REFERENCES template (id),
    issued_at       BIGINT  NOT NULL,
    not_after       BIGINT  NOT NULL,
    words           TEXT    COLLATE "C" NOT NULL -- all of them, with a blank before each
);
-- The order of the list. Filters are answered from the index alone.
CREATE INDEX certificate_search_by_issue
    ON certificate_search (issued_at, certificate_id, not_after, template_id);

-- No foreign key: a word counts only through `certificate_search`.
CREATE TABLE certificate_word (
    word            TEXT    COLLATE "C" NOT NULL,
    certificate_id  UUID    NOT NULL,
    PRIMARY KEY (word, certificate_id)
);
