//! Given name and surname of a person, for certificates that name the person. An administrator
//! enters them as the organisation vouches for them (S/MIME Baseline Requirements 7.1.4.2).

use crate::error::{FieldErrors, checked};
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, Name, PersonId};

impl Portal {
    /// Records a person's given name and surname, or that they are not known: both or none.
    pub async fn set_name_parts(
        &self,
        actor: &Actor,
        id: PersonId,
        given_name: String,
        surname: String,
    ) -> Result<Done, Error> {
        let person = self.manageable(actor, id).await?;
        let parts = read(&given_name, &surname)?;
        let in_words = |parts: Option<&(Name, Name)>| match parts {
            Some((given_name, surname)) => format!("{given_name} / {surname}"),
            None => "none".to_owned(),
        };
        let before = person.given_name.clone().zip(person.surname.clone());
        let mut record = self.person_record(actor, &person, AuditAction::SetName);
        for audit in &mut record.audits {
            let from = ("from".to_owned(), in_words(before.as_ref()));
            let to = ("to".to_owned(), in_words(parts.as_ref()));
            audit.details.extend([from, to]);
        }
        let message = match &parts {
            Some((given_name, surname)) => {
                format!("Certificates can name {given_name} {surname} from now on.")
            }
            None => format!("No certificate can name {} from now on.", person.name),
        };
        self.store().set_name_parts(id, parts, record).await?;
        Ok(Done::here(message))
    }
}

fn read(given_name: &str, surname: &str) -> Result<Option<(Name, Name)>, Error> {
    if given_name.trim().is_empty() && surname.trim().is_empty() {
        return Ok(None);
    }
    let mut errors = FieldErrors::default();
    let given_name = errors.take("given_name", Name::parse(given_name));
    let surname = errors.take("surname", Name::parse(surname));
    errors.check()?;
    Ok(Some((checked(given_name)?, checked(surname)?)))
}
