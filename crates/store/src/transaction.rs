//! Running a change as one transaction.

use crate::{Error, pool::Tx};

/// How often a transaction is begun before a deadlock or a serialization failure is reported.
const TRIES: u32 = 3;

/// Runs `$body` in a transaction of its own and commits it if the outcome is `Ok`. The body may
/// run again after a deadlock, so it borrows what it needs.
macro_rules! transaction {
    ($store:expr, $tx:ident => $body:expr) => {{
        let mut tries = 0;
        loop {
            tries += 1;
            let mut transaction = $store.begin().await?;
            let outcome: Result<_, $crate::Error> = {
                let $tx = &mut transaction;
                async { $body }.await
            };
            let outcome = $crate::transaction::finish(transaction, outcome).await;
            if !$crate::transaction::is_worth_another_try(&outcome, tries) {
                break outcome;
            }
        }
    }};
}

/// Commits if the outcome is `Ok`, else rolls back.
pub(crate) async fn finish<T>(tx: Tx, outcome: Result<T, Error>) -> Result<T, Error> {
    match outcome {
        Ok(value) => tx.commit().await.map(|()| value),
        Err(error) => {
            // The error that ended the work says more than one that ends the transaction.
            tx.rollback().await.ok();
            Err(error)
        }
    }
}

pub(crate) fn is_worth_another_try<T>(outcome: &Result<T, Error>, tries: u32) -> bool {
    matches!(outcome, Err(error) if error.is_transient() && tries < TRIES)
}
