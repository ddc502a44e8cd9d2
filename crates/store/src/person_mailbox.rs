//! The mailboxes of a person besides the one they sign in with.

use crate::column::micros;
use crate::{Error, Record, Store, record};
use domain::{Mailbox, PersonId};
use time::OffsetDateTime;

const ADD: &str = "INSERT INTO mailbox (person_id, address, verified_at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING";
/// The one they sign in with stays.
const REMOVE: &str = "DELETE FROM mailbox WHERE person_id = $1 AND address = $2
    AND address <> (SELECT mailbox FROM person WHERE id = $1)";

impl Store {
    /// Records that a mailbox is a person's. Whether it is new; if not, nothing is changed or
    /// recorded.
    pub async fn add_mailbox(
        &self,
        person: PersonId,
        mailbox: &Mailbox,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            let rows = on_each!(tx, execute(ADD, person.0, mailbox.as_str(), micros(now)))?;
            if rows > 0 {
                record::append(tx, &record, None).await?;
            }
            Ok(rows > 0)
        })
    }

    /// Takes a mailbox from a person, unless it is the one they sign in with. Whether it was there;
    /// if not, nothing is changed or recorded.
    pub async fn remove_mailbox(
        &self,
        person: PersonId,
        mailbox: &Mailbox,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            let rows = on_each!(tx, execute(REMOVE, person.0, mailbox.as_str()))?;
            if rows > 0 {
                record::append(tx, &record, None).await?;
            }
            Ok(rows > 0)
        })
    }
}
