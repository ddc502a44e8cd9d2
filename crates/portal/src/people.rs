//! People: who has an account, and what they are.

use crate::actor::person_label;
use crate::cards::{certificate_card, request_card};
use crate::error::{FieldErrors, checked};
use crate::queue::take_page;
use crate::{Actor, Error, Portal};
use api::{AddPerson, AddedPerson, Done, Page, PeopleFilter, PersonView};
use domain::{
    AuditAction, Mailbox, Name, Permission, PersonId, PersonState, RevocationState, Role,
};
use store::{NewPerson, PeopleQuery, PersonListRow, PersonRow, Record};

/// Rows on a page.
const LIMIT: i64 = 50;
/// Requests shown on a person's page.
const REQUESTS: i64 = 20;

impl Portal {
    /// People, by name.
    pub async fn people(
        &self,
        actor: &Actor,
        filter: PeopleFilter,
    ) -> Result<Page<api::PersonRow>, Error> {
        actor.require(Permission::SeePeople)?;
        let role = match filter.role.as_str() {
            "" => None,
            word => Some(
                word.parse::<Role>()
                    .map_err(|_| Error::field("role", "There is no such role."))?,
            ),
        };
        let after = filter.after.as_deref().map(read_mark).transpose()?;
        let search = filter.search.trim().to_owned();
        let query = PeopleQuery {
            search,
            role,
            after,
            now: self.now(),
            limit: LIMIT + 1,
        };
        let mut rows = self.store().people(query).await?;
        let next = take_page(&mut rows, LIMIT).map(mark);
        Ok(Page {
            rows: rows.iter().map(list_row).collect(),
            next,
        })
    }

    /// A person.
    pub async fn person(&self, actor: &Actor, id: PersonId) -> Result<PersonView, Error> {
        actor.require(Permission::SeePeople)?;
        let now = self.now();
        let person = self.store().person(id).await?.ok_or(Error::NotFound)?;
        let mailboxes = self.store().mailboxes(id).await?;
        let certificates = self.store().certificates_of(id).await?;
        let requests = self.store().requests_of(id, REQUESTS).await?;
        let sessions = self.store().count_sessions(id, now).await?;
        let tokens = self.store().count_api_tokens(id, now).await?;
        let valid = certificates
            .iter()
            .filter(|row| row.not_after > now)
            .filter(|row| row.revocation_state() == RevocationState::Valid)
            .count();
        let added_at = person.created_at;
        let text = |part: &Option<Name>| part.as_ref().map_or_else(String::new, Name::to_string);
        let (given_name, surname) = (text(&person.given_name), text(&person.surname));
        let certificates_valid = i64::try_from(valid).unwrap_or(i64::MAX);
        Ok(PersonView {
            row: list_row(&PersonListRow {
                person,
                certificates: certificates_valid,
            }),
            mailboxes: mailboxes
                .into_iter()
                .map(|row| row.address.into())
                .collect(),
            added_at,
            certificates: certificates
                .iter()
                .map(|row| certificate_card(row, now))
                .collect(),
            requests: requests.iter().map(request_card).collect(),
            sessions: u64::try_from(sessions).unwrap_or_default(),
            tokens: u64::try_from(tokens).unwrap_or_default(),
            given_name,
            surname,
            may_manage: actor.may(Permission::ManagePeople) && !actor.is(id),
        })
    }

    /// Adds a person. The answer holds their start password, which is kept nowhere in clear.
    pub async fn add_person(&self, actor: &Actor, form: AddPerson) -> Result<AddedPerson, Error> {
        actor.require(Permission::ManagePeople)?;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", Name::parse(&form.name));
        let mailbox = errors.take("mailbox", Mailbox::parse(&form.mailbox));
        if let Some(mailbox) = &mailbox {
            self.note_domain(mailbox, &mut errors).await?;
        }
        let role = form.role.parse::<Role>().ok();
        if role.is_none() {
            errors.add("role", "Please choose one of the roles.");
        }
        errors.check()?;

        let start_password = self.random().with(|rng| safe::generate_start_password(rng));
        let password_hash = self.hash(start_password.clone()).await?;
        let person = NewPerson {
            id: self.new_id(|now, rng| PersonId::generate(now, rng)),
            name: checked(name)?,
            mailbox: checked(mailbox)?,
            role: checked(role)?,
            password_hash,
            created_at: self.now(),
        };
        let mut audit = actor.audit(
            AuditAction::AddPerson,
            person.created_at,
            person.id.0,
            person_label(&person.name, &person.mailbox),
        );
        audit
            .details
            .push(("role".to_owned(), person.role.to_string()));
        let mail = self.account_added_mail(&person).await?;
        let added = AddedPerson {
            id: person.id,
            name: person.name.to_string(),
            mailbox: person.mailbox.to_string(),
            start_password: api::Password::new(start_password.expose().as_str()),
        };
        match self
            .store()
            .add_person(person, Record::default().audit(audit).mail(mail))
            .await
        {
            Ok(()) => {
                self.mail_signal().notify_one();
                Ok(added)
            }
            Err(store::Error::Duplicate(_)) => Err(Error::field(
                "mailbox",
                "Somebody with this mail address is already here.",
            )),
            Err(error) => Err(error.into()),
        }
    }

    /// Disables a person, ends their sessions and revokes their API tokens.
    pub async fn disable_person(&self, actor: &Actor, id: PersonId) -> Result<Done, Error> {
        let person = self.manageable(actor, id).await?;
        let record = self.person_record(actor, &person, AuditAction::DisablePerson);
        self.store()
            .set_state(id, PersonState::Disabled, self.now(), record)
            .await?;
        Ok(Done::here(format!(
            "{} is disabled and signed out everywhere; their API tokens are revoked.",
            person.name
        )))
    }

    /// Lets a disabled person in again.
    pub async fn enable_person(&self, actor: &Actor, id: PersonId) -> Result<Done, Error> {
        let person = self.manageable(actor, id).await?;
        let record = self.person_record(actor, &person, AuditAction::EnablePerson);
        self.store()
            .set_state(id, PersonState::Active, self.now(), record)
            .await?;
        Ok(Done::here(format!("{} can sign in again.", person.name)))
    }

    /// Changes a person's role, from their next click on.
    pub async fn set_role(&self, actor: &Actor, id: PersonId, role: String) -> Result<Done, Error> {
        let person = self.manageable(actor, id).await?;
        let role = role
            .parse::<Role>()
            .map_err(|_| Error::field("role", "Please choose one of the roles."))?;
        let mut record = self.person_record(actor, &person, AuditAction::SetRole);
        for audit in &mut record.audits {
            audit
                .details
                .push(("from".to_owned(), person.role.to_string()));
            audit.details.push(("to".to_owned(), role.to_string()));
        }
        self.store().set_role(id, role, record).await?;
        Ok(Done::here(format!(
            "{} is now {}.",
            person.name,
            role_in_words(role)
        )))
    }

    /// Gives a person a new start password, ends their sessions and revokes their API tokens.
    pub async fn reset_password(&self, actor: &Actor, id: PersonId) -> Result<AddedPerson, Error> {
        let person = self.manageable(actor, id).await?;
        let start_password = self.random().with(|rng| safe::generate_start_password(rng));
        self.put_password(actor, &person, start_password.clone())
            .await?;
        Ok(AddedPerson {
            id,
            name: person.name.to_string(),
            mailbox: person.mailbox.to_string(),
            start_password: api::Password::new(start_password.expose().as_str()),
        })
    }

    /// Sets a person's password without asking for the old one; ends all their sessions and revokes
    /// their API tokens.
    pub(crate) async fn put_password(
        &self,
        actor: &Actor,
        person: &PersonRow,
        password: domain::Secret<String>,
    ) -> Result<(), Error> {
        let hash = self.hash(password).await?;
        let now = self.now();
        let mail = self
            .password_changed_mail(person, now, &actor.client)
            .await?;
        let record = self
            .person_record(actor, person, AuditAction::SetPassword)
            .mail(mail);
        self.store()
            .set_password(person.id, &hash, now, None, record)
            .await?;
        self.mail_signal().notify_one();
        Ok(())
    }

    /// Sets a person's password, for the command line. The rules for passwords hold there too.
    pub async fn set_password(
        &self,
        actor: &Actor,
        mailbox: &Mailbox,
        password: domain::Secret<String>,
    ) -> Result<(), Error> {
        actor.require(Permission::ManagePeople)?;
        let person = self
            .store()
            .person_by_mailbox(mailbox)
            .await?
            .ok_or(Error::NotFound)?;
        let organisation = self.organisation().await?;
        let inputs = [
            person.name.as_str(),
            person.mailbox.as_str(),
            organisation.as_str(),
        ];
        safe::check_new_password(password.expose(), &inputs)
            .map_err(|problem| Error::field("password", problem.to_string()))?;
        self.put_password(actor, &person, password).await
    }

    /// A person's identifier by address, for the command line.
    pub async fn find_person(&self, actor: &Actor, mailbox: &Mailbox) -> Result<PersonId, Error> {
        actor.require(Permission::SeePeople)?;
        Ok(self
            .store()
            .person_by_mailbox(mailbox)
            .await?
            .ok_or(Error::NotFound)?
            .id)
    }

    pub(crate) async fn manageable(&self, actor: &Actor, id: PersonId) -> Result<PersonRow, Error> {
        actor.require(Permission::ManagePeople)?;
        if actor.is(id) {
            return Err(Error::Conflict(
                "You cannot change your own account here; ask another administrator.".to_owned(),
            ));
        }
        self.store().person(id).await?.ok_or(Error::NotFound)
    }

    pub(crate) fn person_record(
        &self,
        actor: &Actor,
        person: &PersonRow,
        action: AuditAction,
    ) -> Record {
        let label = person_label(&person.name, &person.mailbox);
        Record::default().audit(actor.audit(action, self.now(), person.id.0, label))
    }
}

const fn role_in_words(role: Role) -> &'static str {
    match role {
        Role::Employee => "an employee",
        Role::Approver => "an approver",
        Role::Admin => "an administrator",
        Role::Auditor => "an auditor",
    }
}

fn list_row(row: &PersonListRow) -> api::PersonRow {
    let person = &row.person;
    api::PersonRow {
        id: person.id,
        name: person.name.to_string(),
        mailbox: person.mailbox.to_string(),
        role: person.role,
        state: person.state,
        certificates: u64::try_from(row.certificates).unwrap_or_default(),
        last_signed_in_at: person.last_signed_in_at,
    }
}

/// A mark is the id and the name, as `0190…~alice adams`; lists are sorted by lower-cased name.
fn mark(row: &PersonListRow) -> String {
    format!(
        "{}~{}",
        row.person.id,
        row.person.name.as_str().to_lowercase()
    )
}

fn read_mark(mark: &str) -> Result<(String, PersonId), Error> {
    let (id, name) = mark.split_once('~').ok_or(Error::NotFound)?;
    Ok((name.to_owned(), id.parse().map_err(|_| Error::NotFound)?))
}
