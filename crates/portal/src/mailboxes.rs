//! The addresses of a person besides the one they sign in with: an administrator records whose they
//! are, as the organisation vouches for them (S/MIME Baseline Requirements section 3.2.2).

use crate::error::FieldErrors;
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, Mailbox, PersonId};
use store::{PersonRow, Record};

impl Portal {
    /// Records that an address is a person's. Several people may share one, for example that of a
    /// department; nobody shares the one that somebody signs in with.
    pub async fn record_mailbox(
        &self,
        actor: &Actor,
        id: PersonId,
        mailbox: String,
    ) -> Result<Done, Error> {
        let person = self.manageable(actor, id).await?;
        let mailbox = read(&mailbox)?;
        let mut errors = FieldErrors::default();
        self.note_domain(&mailbox, &mut errors).await?;
        errors.check()?;
        if let Some(owner) = self.store().person_by_mailbox(&mailbox).await?
            && owner.id != id
        {
            let message = format!(
                "{} signs in with this address; it stays theirs.",
                owner.name
            );
            return Err(Error::field("mailbox", message));
        }
        let record = self.mailbox_record(actor, &person, AuditAction::RecordMailbox, &mailbox);
        let is_new = self
            .store()
            .add_mailbox(id, &mailbox, self.now(), record)
            .await?;
        if !is_new {
            let message = "This address is recorded already.";
            return Err(Error::field("mailbox", message));
        }
        let name = &person.name;
        Ok(Done::here(format!(
            "{name} can have certificates for {mailbox} from now on."
        )))
    }

    /// Takes an address from a person. Certificates for it stay as they are.
    pub async fn remove_mailbox(
        &self,
        actor: &Actor,
        id: PersonId,
        mailbox: String,
    ) -> Result<Done, Error> {
        let person = self.manageable(actor, id).await?;
        let mailbox = read(&mailbox)?;
        if person.mailbox == mailbox {
            return Err(Error::Conflict(format!(
                "{} signs in with this address; it cannot be removed.",
                person.name
            )));
        }
        let record = self.mailbox_record(actor, &person, AuditAction::RemoveMailbox, &mailbox);
        if !self.store().remove_mailbox(id, &mailbox, record).await? {
            return Err(Error::Conflict(format!(
                "{mailbox} is not recorded for {}.",
                person.name
            )));
        }
        Ok(Done::here(format!(
            "No new certificate is for {mailbox} in the name of {}. Revoke those that are there if \
             somebody else reads that mail now.",
            person.name
        )))
    }

    /// Notes at the field `mailbox` an address that is in none of the organisation's domains.
    pub(crate) async fn note_domain(
        &self,
        mailbox: &Mailbox,
        errors: &mut FieldErrors,
    ) -> Result<(), Error> {
        let settings = self.settings().await?.ok_or(Error::NotFound)?;
        if !settings.mail_domains.contains(&mailbox.domain()) {
            let domains = settings.mail_domains.iter();
            let domains: Vec<&str> = domains.map(domain::MailDomain::as_str).collect();
            let ours = domains.join(", ");
            let message = format!("The address must end in one of ours: {ours}.");
            errors.add("mailbox", message);
        }
        Ok(())
    }

    fn mailbox_record(
        &self,
        actor: &Actor,
        person: &PersonRow,
        action: AuditAction,
        mailbox: &Mailbox,
    ) -> Record {
        let mut record = self.person_record(actor, person, action);
        for audit in &mut record.audits {
            let detail = ("mailbox".to_owned(), mailbox.to_string());
            audit.details.push(detail);
        }
        record
    }
}

fn read(mailbox: &str) -> Result<Mailbox, Error> {
    Mailbox::parse(mailbox)
        .map_err(|problem| Error::field("mailbox", crate::error::sentence(&problem.to_string())))
}
