//! What every page needs to know: the organisation and who is looking.

use crate::Error;
use domain::{PersonId, Role};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// State of the whole portal, and who is looking at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Name of the organisation, once it was set up.
    pub organisation: Option<String>,
    /// Whether the portal can work.
    pub state: SiteState,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Goes back with every form, in the hidden field `csrf`.
    pub csrf: String,
    /// The server's time when this was made.
    pub now: OffsetDateTime,
    /// Version of the program.
    pub version: String,
    /// What the last form had to say, for browsers that reload the page after a form.
    pub flash: Option<Flash>,
}

/// What a form that was just sent has to say on the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Path that the form was sent to, so that the form finds its own answer.
    pub form: String,
    /// What was done.
    pub done: Option<String>,
    /// What was wrong.
    pub error: Option<Error>,
    /// What was typed, without passwords, to fill the form in again.
    pub values: Vec<(String, String)>,
}

/// Whether the portal can work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteState {
    /// Works.
    Ready,
    /// Waits for its first administrator.
    NeedsSetUp,
    /// The key ring is missing or is another one; nothing is lost, nothing can be opened.
    Sealed,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Identifier.
    pub id: PersonId,
    /// Name as shown.
    pub name: String,
    /// Address that they sign in with.
    pub mailbox: String,
    /// Their role.
    pub role: Role,
    /// Requests that wait for this person's decision; zero for who may not decide.
    pub waiting: u64,
    /// Until when the person need not confirm who they are again.
    pub confirmed_until: Option<OffsetDateTime>,
}

/// Something was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What was done, as one sentence for the person.
    pub message: String,
    /// Where to go now (a path of this portal); nothing means stay and reload.
    pub next: Option<String>,
}

impl Done {
    /// Done, stay on this page.
    pub fn here(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            next: None,
        }
    }

    /// Done, go on to another page.
    pub fn then(message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            next: Some(next.into()),
        }
    }
}
