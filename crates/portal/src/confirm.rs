//! Confirming identity before something secret is shown (OWASP ASVS 7.5.3).

use crate::sign_in::throttled;
use crate::{Actor, Error, Portal};
use domain::Secret;
use time::{Duration, OffsetDateTime};

/// An answer that needed a confirmed identity, and when it was confirmed, for the session.
#[derive(Debug)]
pub struct Confirmed<T> {
    /// The answer.
    pub value: T,
    /// When identity was confirmed.
    pub confirmed_at: OffsetDateTime,
}

/// Wrong confirmations within this time count together.
const WINDOW: Duration = Duration::minutes(15);
/// Wrong confirmations that cost nothing.
const FREE_TRIES: i64 = 5;
/// First wait after those.
const FIRST_WAIT: Duration = Duration::seconds(5);

impl Portal {
    /// Whether the actor has to give their password before a secret is shown.
    pub(crate) fn must_confirm(&self, actor: &Actor) -> bool {
        actor
            .confirmed_at
            .is_none_or(|at| at + self.policy().confirm_for < self.now())
    }

    /// Makes sure that it is them: confirmed not long ago, or by the password given now.
    pub(crate) async fn confirm(
        &self,
        actor: &Actor,
        password: Secret<String>,
    ) -> Result<OffsetDateTime, Error> {
        let now = self.now();
        if let Some(at) = actor.confirmed_at.filter(|_| !self.must_confirm(actor)) {
            return Ok(at);
        }
        if password.expose().is_empty() {
            return Err(Error::field(
                "password",
                "Please confirm with your sign-in password.",
            ));
        }
        let id = actor.person()?;
        let key = format!("confirm:{id}");
        throttled(self.store().throttle_check(&key, now).await?, now)?;
        let stored = self
            .store()
            .person(id)
            .await?
            .map(|person| person.password_hash);
        if !self.hasher().verify(password, stored).await? {
            self.store()
                .throttle_failure(&key, now, FREE_TRIES, WINDOW, FIRST_WAIT)
                .await?;
            return Err(Error::field(
                "password",
                "This is not your sign-in password.",
            ));
        }
        self.store().throttle_clear(&key).await?;
        Ok(self.now())
    }
}
