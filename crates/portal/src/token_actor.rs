//! Recognising a program by its API token: it acts for whoever made the token, with their rights.
//!
//! Tokens that never were, that have expired or are revoked, and those of people who may not sign in
//! get the same answer.

use crate::actor::TokenInUse;
use crate::make_token::PREFIX;
use crate::sign_in::throttled;
use crate::{Actor, Client, Error, Portal};
use domain::{ApiTokenId, Secret, TokenScope};
use store::ApiTokenRow;
use time::Duration;

/// How often use of a token is written down, at most.
const WRITE_EVERY: Duration = Duration::minutes(1);

impl Portal {
    /// The person for whom a program with this token acts. To be asked for once a call, because it
    /// counts.
    pub async fn token_actor(
        &self,
        token: &Secret<String>,
        client: &Client,
    ) -> Result<Actor, Error> {
        let sent = token.expose();
        if !sent.starts_with(PREFIX) {
            return Err(Error::NotSignedIn);
        }
        let now = self.now();
        let found = self
            .store()
            .live_api_token(&safe::hash_token(sent), now)
            .await?;
        let row = found.ok_or(Error::NotSignedIn)?;
        let actor = self.active_person(row.person, client).await?;
        self.count_call(row.id).await?;
        if row.last_used_at.is_none_or(|at| now - at >= WRITE_EVERY) {
            self.store().use_api_token(row.id, now).await?;
        }
        Ok(Actor {
            // Whoever made it confirmed then who they are, and that it may fetch secrets.
            confirmed_at: (row.scope == TokenScope::Secrets).then_some(now),
            token: Some(in_use(row)),
            ..actor
        })
    }

    /// Counts a call, so that a program in a loop does not slow everybody down.
    async fn count_call(&self, token: ApiTokenId) -> Result<(), Error> {
        let (now, limit) = (self.now(), self.policy().calls_per_minute);
        let key = format!("call:{token}");
        let counted = self
            .store()
            .throttle_count(&key, now, limit, Duration::minutes(1));
        throttled(counted.await?, now)
    }
}

fn in_use(row: ApiTokenRow) -> TokenInUse {
    TokenInUse {
        id: row.id,
        name: row.name,
        scope: row.scope,
    }
}
