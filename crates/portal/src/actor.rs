//! Who is acting, and the one place where a use case asks whether they may.

use crate::{Error, Portal};
use domain::{
    ApiTokenId, AuditAction, Mailbox, Name, Permission, PersonId, PersonState, Role, SessionId,
    TokenScope,
};
use store::NewAudit;
use time::OffsetDateTime;
use uuid::Uuid;

/// The other end of a connection.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// Network address.
    pub address: String,
    /// What the browser says it is.
    pub user_agent: String,
}

/// Somebody who looks at the portal, signed in or not, as their session tells.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    /// Where they come from.
    pub client: Client,
    /// Who the session says they are.
    pub person: Option<PersonId>,
    /// Their session.
    pub session: Option<SessionId>,
    /// When they last proved who they are.
    pub confirmed_at: Option<OffsetDateTime>,
}

/// Somebody who was recognised and may act.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; nothing for the command line and the portal itself.
    pub id: Option<PersonId>,
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub mailbox: Option<Mailbox>,
    /// Role; nothing for the command line, whose user holds the key ring and so everything.
    pub role: Option<Role>,
    /// Session.
    pub session: Option<SessionId>,
    /// The API token by which a program acts for them.
    pub token: Option<TokenInUse>,
    /// When they last proved who they are.
    pub confirmed_at: Option<OffsetDateTime>,
    /// Where they come from.
    pub client: Client,
}

/// The API token that a program came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenInUse {
    /// Identifier.
    pub id: ApiTokenId,
    /// What its owner calls it.
    pub name: Name,
    /// What it may be used for.
    pub scope: TokenScope,
}

impl Actor {
    /// Whoever runs the program's commands on the server itself.
    pub fn command_line() -> Self {
        Self::unnamed("command line")
    }

    /// The portal itself, in the pipeline.
    pub(crate) fn system() -> Self {
        Self::unnamed("system")
    }

    fn unnamed(name: &str) -> Self {
        Self {
            id: None,
            name: name.to_owned(),
            mailbox: None,
            role: None,
            session: None,
            token: None,
            confirmed_at: None,
            client: Client::default(),
        }
    }

    /// Whether the actor's role includes a permission.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.role.is_none_or(|role| domain::may(role, permission))
    }

    /// Fails unless the actor's role includes a permission.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Error> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Fails where a program acts whose token may not be used for this.
    pub(crate) fn require_scope(&self, needed: TokenScope) -> Result<(), Error> {
        match &self.token {
            Some(token) if !token.scope.includes(needed) => Err(Error::OutOfScope(needed)),
            _ => Ok(()),
        }
    }

    /// Fails where a program acts: this is for the person alone.
    pub(crate) fn require_no_token(&self) -> Result<(), Error> {
        match self.token {
            Some(_) => Err(Error::Forbidden),
            None => Ok(()),
        }
    }

    /// The person, where the use case is for people only.
    pub(crate) fn person(&self) -> Result<PersonId, Error> {
        self.id.ok_or(Error::Forbidden)
    }

    /// Whether this is that person.
    pub(crate) fn is(&self, person: PersonId) -> bool {
        self.id == Some(person)
    }

    /// How the actor is named in the audit log.
    pub(crate) fn label(&self) -> String {
        match &self.mailbox {
            Some(mailbox) => format!("{} <{mailbox}>", self.name),
            None => self.name.clone(),
        }
    }

    /// An audit entry for something this actor does.
    pub(crate) fn audit(
        &self,
        action: AuditAction,
        at: OffsetDateTime,
        subject: Uuid,
        label: impl Into<String>,
    ) -> NewAudit {
        NewAudit {
            at,
            actor: self.id,
            actor_label: self.label(),
            action,
            subject: Some(subject),
            subject_label: label.into(),
            details: self.token.iter().map(TokenInUse::detail).collect(),
            address: (!self.client.address.is_empty()).then(|| self.client.address.clone()),
        }
    }
}

impl TokenInUse {
    /// How the audit log says that a program acted.
    fn detail(&self) -> (String, String) {
        ("token".to_owned(), format!("{} ({})", self.name, self.id))
    }
}

impl Portal {
    /// Recognises a visitor: signed in, still active, and not signed in before the password was
    /// last changed by somebody else.
    pub async fn actor(&self, visitor: &Visitor) -> Result<Actor, Error> {
        let id = visitor.person.ok_or(Error::NotSignedIn)?;
        Ok(Actor {
            session: visitor.session,
            confirmed_at: visitor.confirmed_at,
            ..self.active_person(id, &visitor.client).await?
        })
    }

    /// A person who may act, as an actor who came in no way yet.
    pub(crate) async fn active_person(
        &self,
        id: PersonId,
        client: &Client,
    ) -> Result<Actor, Error> {
        let person = self.store().person(id).await?;
        let active = person.filter(|person| person.state == PersonState::Active);
        let person = active.ok_or(Error::NotSignedIn)?;
        Ok(Actor {
            id: Some(person.id),
            name: person.name.into(),
            mailbox: Some(person.mailbox),
            role: Some(person.role),
            client: client.clone(),
            ..Actor::system()
        })
    }
}

/// A person named in the audit log, where they are not the one who acts.
pub(crate) fn person_label(name: &Name, mailbox: &Mailbox) -> String {
    format!("{name} <{mailbox}>")
}
