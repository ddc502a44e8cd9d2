//! Looking at one's own API tokens, never at what a program sends.

use crate::{Actor, Error, Portal};
use api::{ApiTokens, TokenCard};

impl Portal {
    /// One's own tokens.
    pub async fn api_tokens(&self, actor: &Actor) -> Result<ApiTokens, Error> {
        actor.require_no_token()?;
        let now = self.now();
        let rows = self.store().api_tokens_of(actor.person()?).await?;
        let tokens = rows.into_iter().map(|row| TokenCard {
            id: row.id,
            name: row.name.into(),
            scope: row.scope,
            made_at: row.created_at,
            is_expired: row.expires_at <= now,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        });
        Ok(ApiTokens {
            tokens: tokens.collect(),
            must_confirm: self.must_confirm(actor),
            now,
        })
    }
}
