//! After the database was restored from a backup: what it holds may have been used up since.

use crate::{Actor, Error, Portal};
use domain::{AuditAction, Permission};
use store::{Record, Restored};
use uuid::Uuid;

impl Portal {
    /// Throws away what must not be used a second time: keys made ahead, sessions and API tokens
    /// that have ended since, and revocation lists that may be older than those that were handed out. To be asked
    /// for once, before the portal starts on a restored database.
    pub async fn restored(&self, actor: &Actor) -> Result<Restored, Error> {
        actor.require(Permission::ManageAuthorities)?;
        let audit = actor.audit(AuditAction::Restore, self.now(), Uuid::nil(), "database");
        let restored = self
            .store()
            .restored(Record::default().audit(audit))
            .await?;
        tracing::info!(
            pool_keys = restored.pool_keys,
            lists = restored.lists,
            sessions = restored.sessions,
            tokens = restored.tokens,
            "threw away what a restored database must not use again"
        );
        Ok(restored)
    }
}
