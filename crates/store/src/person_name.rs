//! The parts of a person's name, for certificates that name the person.

use crate::pool::exactly_one;
use crate::{Error, Record, Store, record};
use domain::{Name, PersonId};

const SET: &str = "UPDATE person SET given_name = $2, surname = $3 WHERE id = $1";

impl Store {
    /// Records given name and surname, or that they are not known.
    pub async fn set_name_parts(
        &self,
        person: PersonId,
        parts: Option<(Name, Name)>,
        record: Record,
    ) -> Result<(), Error> {
        let given_name = parts.as_ref().map(|(given_name, _)| given_name.as_str());
        let surname = parts.as_ref().map(|(_, surname)| surname.as_str());
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(SET, person.0, given_name, surname))?)?;
            record::append(tx, &record, None).await
        })
    }
}
