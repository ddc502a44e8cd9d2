//! Signing in and out.
//!
//! An unknown address, a wrong password and a disabled account get the same answer after the same
//! work, so that nobody learns who has an account.

use crate::{Actor, Client, Error, Portal};
use api::Done;
use domain::{AuditAction, Mailbox, PersonId, PersonState};
use store::{NewAudit, Record, Throttle};
use time::{Duration, OffsetDateTime};

/// Somebody has signed in.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// When; counts as confirmation of identity.
    pub at: OffsetDateTime,
}

/// Failures within this time count together.
const WINDOW: Duration = Duration::minutes(15);
/// Failures for one account that cost nothing.
const FREE_PER_ACCOUNT: i64 = 5;
/// Failures from one address that cost nothing; a whole office may share one.
const FREE_PER_ADDRESS: i64 = 30;
/// First wait after those; it doubles with each further failure.
const FIRST_WAIT: Duration = Duration::seconds(5);

const REFUSED: &str = "The mail address or the password is not right. \
                       If you have forgotten your password, ask an administrator for a new one.";

impl Portal {
    /// Signs in. The caller renews the session's id and writes the person into it.
    pub async fn sign_in(&self, form: api::SignIn, client: &Client) -> Result<SignedIn, Error> {
        let now = self.now();
        let typed = Mailbox::parse(&form.mailbox).ok();
        // What is not an address counts under one key, so that it cannot fill the table.
        let account = format!(
            "sign-in:account:{}",
            typed.as_ref().map_or("", Mailbox::as_str)
        );
        let address = format!("sign-in:address:{}", client.address);
        throttled(self.store().throttle_check(&account, now).await?, now)?;
        throttled(self.store().throttle_check(&address, now).await?, now)?;

        let person = match &typed {
            Some(mailbox) => self.store().person_by_mailbox(mailbox).await?,
            None => None,
        };
        let person = person.filter(|person| person.state == PersonState::Active);
        let stored = person.as_ref().map(|person| person.password_hash.clone());
        let is_right = self
            .hasher()
            .verify(form.password.into_secret(), stored)
            .await?;

        let Some(person) = person.filter(|_| is_right) else {
            let (store, first) = (self.store(), FIRST_WAIT);
            store
                .throttle_failure(&account, now, FREE_PER_ACCOUNT, WINDOW, first)
                .await?;
            store
                .throttle_failure(&address, now, FREE_PER_ADDRESS, WINDOW, first)
                .await?;
            store
                .record(Record::default().audit(refused(typed, client, now)))
                .await?;
            return Err(Error::field("password", REFUSED));
        };
        let now = self.now();
        let actor = Actor {
            id: Some(person.id),
            name: person.name.as_str().to_owned(),
            mailbox: Some(person.mailbox.clone()),
            client: client.clone(),
            ..Actor::system()
        };
        let audit = actor.audit(AuditAction::SignIn, now, person.id.0, actor.label());
        self.store()
            .record_sign_in(person.id, now, Record::default().audit(audit))
            .await?;
        self.store().throttle_clear(&account).await?;
        Ok(SignedIn {
            person: person.id,
            at: now,
        })
    }

    /// Signs out: the session ends together with its audit entry, or not at all.
    pub async fn sign_out(&self, actor: &Actor) -> Result<Done, Error> {
        let id = actor.person()?;
        let session = actor.session.ok_or(Error::NotSignedIn)?;
        let record = self.end_session_record(actor, id);
        // Where it was ended a moment ago, whoever did that has recorded it.
        self.store().end_session(id, session, record).await?;
        Ok(Done::then("You are signed out.", api::url::SIGN_IN))
    }
}

/// What was typed is logged only where it is an address: people type passwords into wrong fields.
fn refused(typed: Option<Mailbox>, client: &Client, now: OffsetDateTime) -> NewAudit {
    NewAudit {
        at: now,
        actor: None,
        actor_label: "somebody".to_owned(),
        action: AuditAction::RefuseSignIn,
        subject: None,
        subject_label: typed.map_or_else(|| "not an address".to_owned(), String::from),
        details: Vec::new(),
        address: (!client.address.is_empty()).then(|| client.address.clone()),
    }
}

/// Turns a throttle's answer into an error.
pub(crate) fn throttled(throttle: Throttle, now: OffsetDateTime) -> Result<(), Error> {
    match throttle {
        Throttle::Allowed => Ok(()),
        Throttle::Blocked { until } => {
            let secs = (until - now).whole_seconds() + 1;
            Err(Error::TooMany {
                retry_after_secs: u64::try_from(secs).unwrap_or(1),
            })
        }
    }
}
