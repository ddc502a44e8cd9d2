//! People, as admins and auditors see them.

use domain::{PersonId, PersonState, Role};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{CertificateCard, Password, RequestCard};

/// Which people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleFilter {
    /// Part of a name or address; empty for all.
    #[serde(default)]
    pub search: String,
    /// Only this role; empty for all.
    #[serde(default)]
    pub role: String,
    /// From [`crate::Page::next`].
    #[serde(default)]
    pub after: Option<String>,
}

/// A person in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Identifier.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub mailbox: String,
    /// Role.
    pub role: Role,
    /// State.
    pub state: PersonState,
    /// Valid certificates.
    pub certificates: u64,
    /// When the person last signed in.
    pub last_signed_in_at: Option<OffsetDateTime>,
}

/// A person with all about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// The row.
    pub row: PersonRow,
    /// Verified addresses.
    pub mailboxes: Vec<String>,
    /// Since when the account exists.
    pub added_at: OffsetDateTime,
    /// Certificates, newest first.
    pub certificates: Vec<CertificateCard>,
    /// Requests, newest first.
    pub requests: Vec<RequestCard>,
    /// Number of live sessions.
    pub sessions: u64,
    /// Number of API tokens that have not expired.
    pub tokens: u64,
    /// Given name, for certificates that name the person; empty where it is not recorded.
    pub given_name: String,
    /// Surname; recorded with the given name.
    pub surname: String,
    /// Whether the viewer may change this person (not oneself).
    pub may_manage: bool,
}

/// The form to add a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddPerson {
    /// Name.
    pub name: String,
    /// Address to sign in with, and the first verified mailbox.
    pub mailbox: String,
    /// Role.
    pub role: String,
}

/// A person was added, or their password reset: the start password, shown once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddedPerson {
    /// Identifier.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub mailbox: String,
    /// Password for the first sign-in; not kept in clear anywhere.
    pub start_password: Password,
}
