//! `kill -9` while a certificate is revoked and its list is made: a revocation is either not there
//! at all, or recorded, told to the owner and on the next list; numbers of lists only rise, and a
//! list that is served is always a whole one.

use crate::crash::{Orders, crash_at, orders};
use crate::life::mails;
use crate::revoke::{issued, listed, state};
use crate::setting::{Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both};
use domain::{CertificateId, RevocationReason, RevocationState};
use portal::{FAILPOINTS, Portal};

on_both!(no_revocation_is_half_done);

const WHY: RevocationReason = RevocationReason::KeyCompromise;

async fn no_revocation_is_half_done(database: Database) {
    let mine = |name: &&&str| name.starts_with("end-") || name.starts_with("list-");
    for failpoint in FAILPOINTS.iter().filter(mine) {
        let Some(ground) = Ground::new(database).await else {
            eprintln!("TEST_POSTGRES_URL is not set: not run");
            return;
        };
        crash_and_look_again(&ground, failpoint).await;
    }
}

async fn crash_and_look_again(ground: &Ground, failpoint: &str) {
    let place = &ground.place;
    let portal = place.start(None).await;
    portal.seed_demo().await.unwrap();
    let (id, serial) = issued(&portal, 1).await.remove(0);
    let (entries, before) = listed(&portal).await;
    assert!(entries.is_empty(), "{failpoint}");
    portal.store().close().await;
    crash_at(place, "crash_revoke::victim", failpoint, 0).await;

    let heir = place.start_as(2, None).await;
    let is_revoked = failpoint != "end-asked";
    let told = || async { mails(place, &MovedClock::default(), "certificate_revoked").await };
    assert_eq!(
        state(&heir, id).await == RevocationState::Revoked,
        is_revoked,
        "{failpoint}"
    );
    assert_eq!(told().await.len(), usize::from(is_revoked), "{failpoint}");
    let (entries, after) = listed(&heir).await;
    let expected = is_revoked.then(|| (serial.clone(), WHY));
    assert_eq!(
        entries.into_iter().collect::<Vec<_>>(),
        Vec::from_iter(expected),
        "{failpoint}"
    );
    assert_eq!(after > before, is_revoked, "{failpoint}: {before}, {after}");
    assert_ledger_is_clean(&heir).await;

    // Whoever tries again is told what is there, or does it now.
    let again = revoke(&heir, id).await;
    assert_eq!(again.is_err(), is_revoked, "{failpoint}: {again:?}");
    let (entries, last) = listed(&heir).await;
    assert_eq!(
        entries.into_iter().collect::<Vec<_>>(),
        [(serial, WHY)],
        "{failpoint}"
    );
    assert!(last > before, "{failpoint}");
    assert_eq!(told().await.len(), 1, "{failpoint}");
    heir.store().close().await;
}

async fn revoke(portal: &Portal, id: CertificateId) -> Result<api::Done, portal::Error> {
    let carol = actor(portal, "carol").await;
    let why = WHY.as_str().to_owned();
    portal.revoke(&carol, id, why, String::new()).await
}

/// What the victim does: it revokes the one certificate there is, and somebody fetches the list.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(Orders { portal, .. }) = orders().await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let id = portal.my_certificates(&alice).await.unwrap().certificates[0].id;
    revoke(&portal, id).await.unwrap();
    listed(&portal).await;
    panic!("the failpoint was not reached");
}
