//! Demo people: a portal that one can look around in at once.

use crate::set_up::Organisation;
use crate::{Actor, Client, Error, Portal};
use domain::{AuditAction, MailDomain, Mailbox, Name, Role, Secret};
use store::Record;

/// Somebody to sign in as.
#[derive(Debug)]
pub struct DemoPerson {
    /// Short name for scripts: `alice`.
    pub key: &'static str,
    /// Name.
    pub name: Name,
    /// Address to sign in with.
    pub mailbox: Mailbox,
    /// Role.
    pub role: Role,
    /// Random password, new at every start.
    pub password: Secret<String>,
}

const PEOPLE: [(&str, &str, Role); 5] = [
    ("carol", "Carol Clark", Role::Admin),
    ("alice", "Alice Adams", Role::Employee),
    ("erin", "Erin Evans", Role::Employee),
    ("bob", "Bob Brown", Role::Approver),
    ("dave", "Dave Dunn", Role::Auditor),
];

impl Portal {
    /// Sets up an example organisation where there is none, and gives the demo people new random
    /// passwords. Refuses to touch a portal that belongs to somebody.
    pub async fn seed_demo(&self) -> Result<Vec<DemoPerson>, Error> {
        let domain = MailDomain::parse("example.com").map_err(Error::internal)?;
        if let Some(settings) = self.settings().await?
            && settings.mail_domains != [domain.clone()]
        {
            return Err(Error::Conflict(
                "this portal is set up for a real organisation; demo people stay out".to_owned(),
            ));
        }
        let mut people = Vec::new();
        for (key, name, role) in PEOPLE {
            let person = DemoPerson {
                key,
                name: Name::parse(name).map_err(Error::internal)?,
                mailbox: Mailbox::parse(&format!("{key}@example.com")).map_err(Error::internal)?,
                role,
                password: self.random().with(|rng| safe::generate_start_password(rng)),
            };
            self.put_demo_person(&person, &domain).await?;
            people.push(person);
        }
        people.sort_by_key(|person| person.key);
        Ok(people)
    }

    async fn put_demo_person(&self, person: &DemoPerson, domain: &MailDomain) -> Result<(), Error> {
        let actor = Actor::command_line();
        if let Some(row) = self.store().person_by_mailbox(&person.mailbox).await? {
            let hash = self.hash(person.password.clone()).await?;
            let now = self.now();
            let audit = actor.audit(
                AuditAction::SetPassword,
                now,
                row.id.0,
                row.mailbox.as_str(),
            );
            return Ok(self
                .store()
                .set_password(row.id, &hash, now, None, Record::default().audit(audit))
                .await?);
        }
        let new = self
            .new_person(
                person.name.clone(),
                person.mailbox.clone(),
                person.role,
                person.password.clone(),
            )
            .await?;
        if self.settings().await?.is_none() {
            let organisation = Organisation {
                name: Name::parse("Example Corporation").map_err(Error::internal)?,
                country: "GB".to_owned(),
                mail_domains: vec![domain.clone()],
                is_confined: false,
            };
            return self
                .write_set_up(organisation, new, &Client::default())
                .await;
        }
        let audit = actor.audit(
            AuditAction::AddPerson,
            new.created_at,
            new.id.0,
            new.mailbox.as_str(),
        );
        Ok(self
            .store()
            .add_person(new, Record::default().audit(audit))
            .await?)
    }
}
