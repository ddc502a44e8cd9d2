//! A step that cannot succeed: it says why, an admin is told, retries or cancels.

use crate::setting::{Database, Ground, Place, actor, assert_ledger_is_clean, on_both, request};
use domain::{KeyAlgorithm, RequestId, RequestState};
use portal::{Error, Portal};
use store::{AuthorityRow, RequestRow};

on_both!(a_stuck_request_is_retried, a_stuck_request_is_cancelled);

/// Breaks the issuing authority's key, so that nothing can be signed.
async fn break_authority(place: &Place, portal: &Portal) -> AuthorityRow {
    let rows = portal.store().authorities().await.unwrap();
    let issuing = rows.into_iter().find(|row| row.parent.is_some()).unwrap();
    put_key(place, &issuing, &[0; 64]);
    issuing
}

fn put_key(place: &Place, authority: &AuthorityRow, key: &[u8]) {
    let (id, key) = (authority.id.0, hex::encode(key));
    let statement = if place.url.starts_with("sqlite") {
        format!(
            "UPDATE authority_key SET sealed_key = X'{key}' WHERE authority_id = X'{}'",
            id.simple()
        )
    } else {
        format!("UPDATE authority_key SET sealed_key = '\\x{key}' WHERE authority_id = '{id}'")
    };
    place.sql(&statement);
}

/// As if the step had been tried in vain for half an hour.
pub(crate) fn exhaust(place: &Place) {
    place.sql("UPDATE request SET attempts = 100, next_try_at = 0 WHERE state = 'issuing'");
}

async fn row(portal: &Portal, id: RequestId) -> RequestRow {
    portal.store().request(id).await.unwrap().unwrap()
}

/// A portal whose authority is broken, and a request that is stuck because of it.
async fn stuck(ground: &Ground) -> (Portal, AuthorityRow, RequestId) {
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let authority = break_authority(&ground.place, &portal).await;
    let alice = actor(&portal, "alice").await;
    let id = request(&portal, &alice, false, KeyAlgorithm::P256).await;
    assert_eq!(portal.run_due_work().await, 1);
    let waiting = row(&portal, id).await;
    assert_eq!(
        (waiting.state, waiting.attempts),
        (RequestState::Issuing, 1)
    );
    assert!(
        waiting.problem.is_some(),
        "the page says why it takes so long"
    );
    assert!(
        waiting.next_try_at > portal.now(),
        "it is not tried again at once"
    );
    exhaust(&ground.place);
    assert_eq!(portal.run_due_work().await, 1);
    assert_eq!(row(&portal, id).await.state, RequestState::Failed);
    (portal, authority, id)
}

async fn a_stuck_request_is_retried(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let (portal, authority, id) = stuck(&ground).await;
    let (alice, bob, carol) = (
        actor(&portal, "alice").await,
        actor(&portal, "bob").await,
        actor(&portal, "carol").await,
    );
    assert!(portal.request(&carol, id).await.unwrap().may_mend);
    assert_eq!(portal.overview(&carol).await.unwrap().failed.len(), 1);
    for other in [&alice, &bob] {
        assert!(!portal.request(other, id).await.unwrap().may_mend);
        assert!(matches!(
            portal.retry(other, id).await,
            Err(Error::Forbidden)
        ));
    }
    let mails = portal.store().outbox_counts().await.unwrap();
    assert!(mails.waiting >= 1, "the administrators are told");

    put_key(
        &ground.place,
        &authority,
        authority.sealed_key.as_ref().unwrap(),
    );
    portal.retry(&carol, id).await.unwrap();
    assert!(
        matches!(portal.retry(&carol, id).await, Err(Error::Conflict(_))),
        "it is not stuck any more"
    );
    assert_eq!(portal.run_due_work().await, 1);
    assert_eq!(row(&portal, id).await.state, RequestState::Issued);
    assert_ledger_is_clean(&portal).await;
}

async fn a_stuck_request_is_cancelled(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let (portal, authority, id) = stuck(&ground).await;
    let carol = actor(&portal, "carol").await;
    assert!(matches!(
        portal.cancel(&carol, id, String::new()).await,
        Err(Error::Invalid(_))
    ));
    portal
        .cancel(&carol, id, "the key is gone".to_owned())
        .await
        .unwrap();
    assert_eq!(row(&portal, id).await.state, RequestState::Cancelled);
    assert!(matches!(
        portal.cancel(&carol, id, "twice".to_owned()).await,
        Err(Error::Conflict(_))
    ));
    assert_eq!(portal.run_due_work().await, 0);
    // The person may ask again.
    put_key(
        &ground.place,
        &authority,
        authority.sealed_key.as_ref().unwrap(),
    );
    let alice = actor(&portal, "alice").await;
    let again = request(&portal, &alice, false, KeyAlgorithm::P256).await;
    assert_ne!(again, id);
    assert_eq!(portal.run_due_work().await, 1);
    assert_eq!(row(&portal, again).await.state, RequestState::Issued);
    assert_ledger_is_clean(&portal).await;
}
