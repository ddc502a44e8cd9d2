//! A database that is put back from a backup: nothing that was used up since is used again.

use crate::revoke::{issued, listed};
use crate::setting::{Database, Ground, actor};
use portal::{Actor, Error, Portal};

/// Keys made ahead, by identifier.
async fn pool(portal: &Portal) -> usize {
    let keys = portal.store().pool_keys_after(None, 99).await.unwrap();
    keys.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_used_again_after_a_restore() {
    let ground = Ground::new(Database::Sqlite).await.unwrap();
    let place = &ground.place;
    let file = place.url.strip_prefix("sqlite://").unwrap();
    let backup = format!("{file}.backup");

    let portal = place.start_pooled(1, 2).await;
    portal.seed_demo().await.unwrap();
    portal.fill_key_pool().await.unwrap();
    let kept = pool(&portal).await;
    assert!(kept > 0);
    let (entries, before) = listed(&portal).await;
    assert!(entries.is_empty());
    portal.store().close().await;
    std::fs::copy(file, &backup).unwrap();

    // After the backup: a key of the pool is given out, and lists are made.
    let portal = place.start_pooled(1, 2).await;
    let carol = actor(&portal, "carol").await;
    let (id, serial) = issued(&portal, 1).await.remove(0);
    portal
        .revoke(&carol, id, "superseded".to_owned(), String::new())
        .await
        .unwrap();
    let highest = listed(&portal).await.1;
    assert!(highest > before);
    portal.store().close().await;
    std::fs::copy(&backup, file).unwrap();

    let portal = place.start_pooled(1, 2).await;
    let alice = actor(&portal, "alice").await;
    let refused = portal.restored(&alice).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    assert_eq!(pool(&portal).await, kept, "who may not changes nothing");
    let done = portal.restored(&Actor::command_line()).await.unwrap();
    assert_eq!(done.pool_keys, u64::try_from(kept).unwrap());
    assert_eq!(pool(&portal).await, 0);
    let (entries, number) = listed(&portal).await;
    assert!(
        entries.is_empty(),
        "what was revoked since is not known any more"
    );
    assert!(number > highest, "{number} is not above {highest}");
    let again = portal.restored(&Actor::command_line()).await.unwrap();
    assert_eq!(again.pool_keys, 0);
    // The record of signatures beside the database still knows what was signed since.
    let findings = portal.doctor().await.unwrap();
    let bad: Vec<_> = findings.iter().filter(|finding| !finding.is_good).collect();
    assert_eq!(bad.len(), 1, "{bad:#?}");
    assert!(
        bad[0].check.starts_with("I3") && bad[0].detail.contains(&serial),
        "{bad:#?}"
    );
}
