-- What a device is called, where its template takes the common name from that. Requests of several
-- devices by one person are different requests.

ALTER TABLE request ADD COLUMN device TEXT NOT NULL DEFAULT '';
DROP INDEX request_open;
-- One open request for a person, mailbox, template, device and names. Of the names only a digest: many
-- long ones are more than an entry of an index holds.
CREATE UNIQUE INDEX request_open ON request
    (person_id, mailbox, template_id, device, hashtextextended(names, 0))
    WHERE state IN ('waiting', 'issuing');
