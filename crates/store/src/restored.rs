//! After a database was restored from a backup: what may have been used up since is thrown away.

use crate::{Error, Record, Store, record};

/// A key that was given out since the backup was made must not be given out again.
const EMPTY_POOL: &str = "DELETE FROM pool_key";
/// Newer lists may be with relying parties already. Those of a key that is elsewhere stay: nobody
/// here could make them anew.
const DROP_LISTS: &str = "DELETE FROM crl
    WHERE authority_id IN (SELECT authority_id FROM authority_key)";
/// Sessions that were ended since have come back.
const END_SESSIONS: &str = "DELETE FROM session";

/// So have API tokens that were revoked since. Which ones nobody can tell.
const REVOKE_TOKENS: &str = "DELETE FROM api_token";

/// What was thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Keys made ahead.
    pub pool_keys: u64,
    /// Revocation lists.
    pub lists: u64,
    /// Sessions.
    pub sessions: u64,
    /// API tokens.
    pub tokens: u64,
}

impl Store {
    /// Throws away keys made ahead, revocation lists, sessions and API tokens. All but tokens are
    /// made anew as they are needed.
    pub async fn restored(&self, record: Record) -> Result<Restored, Error> {
        transaction!(self, tx => {
            let restored = Restored {
                pool_keys: on_each!(tx, execute(EMPTY_POOL))?,
                lists: on_each!(tx, execute(DROP_LISTS))?,
                sessions: on_each!(tx, execute(END_SESSIONS))?,
                tokens: on_each!(tx, execute(REVOKE_TOKENS))?,
            };
            record::append(tx, &record, None).await?;
            Ok(restored)
        })
    }
}
