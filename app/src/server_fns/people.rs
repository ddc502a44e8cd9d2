//! People: finding them and changing their state.
//!
//! Adding a person and resetting a password answer with a start password on a page of its own;
//! they are plain routes of the server and not here.

use api::{Done, Page, PersonRow, PersonView};
use domain::PersonId;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// One page of people, by name.
#[server(name = ReadPeople, prefix = "/api/ui", endpoint = "read/people", input = GetUrl)]
pub async fn read_people(
    #[server(default)] search: String,
    #[server(default)] role: String,
    #[server(default)] after: Option<String>,
) -> Result<Page<PersonRow>, Failure> {
    let filter = api::PeopleFilter {
        search,
        role,
        after,
    };
    super::call(|portal| async move { portal.people(filter).await }).await
}

/// A person with all about them.
#[server(name = ReadPerson, prefix = "/api/ui", endpoint = "read/person", input = GetUrl)]
pub async fn read_person(id: PersonId) -> Result<PersonView, Failure> {
    super::call(|portal| async move { portal.person(id).await }).await
}

/// Disables a person and ends their sessions.
#[server(name = DisablePerson, prefix = "/api/ui", endpoint = "disable-person", input = PostUrl)]
pub async fn disable_person(id: PersonId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.disable_person(id).await }).await
}

/// Lets a disabled person in again.
#[server(name = EnablePerson, prefix = "/api/ui", endpoint = "enable-person", input = PostUrl)]
pub async fn enable_person(id: PersonId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.enable_person(id).await }).await
}

/// Records a person's given name and surname, or that they are not known.
#[server(name = SetNameParts, prefix = "/api/ui", endpoint = "set-name-parts", input = PostUrl)]
pub async fn set_name_parts(
    id: PersonId,
    #[server(default)] given_name: String,
    #[server(default)] surname: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.set_name_parts(id, given_name, surname).await }).await
}

/// Records that a mail address is a person's.
#[server(name = RecordMailbox, prefix = "/api/ui", endpoint = "record-mailbox", input = PostUrl)]
pub async fn record_mailbox(
    id: PersonId,
    #[server(default)] mailbox: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.record_mailbox(id, mailbox).await }).await
}

/// Takes a mail address from a person.
#[server(name = RemoveMailbox, prefix = "/api/ui", endpoint = "remove-mailbox", input = PostUrl)]
pub async fn remove_mailbox(
    id: PersonId,
    #[server(default)] mailbox: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.remove_mailbox(id, mailbox).await }).await
}

/// Changes a person's role.
#[server(name = SetRole, prefix = "/api/ui", endpoint = "set-role", input = PostUrl)]
pub async fn set_role(id: PersonId, #[server(default)] role: String) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.set_role(id, role).await }).await
}
