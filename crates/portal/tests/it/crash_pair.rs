//! `kill -9` at every failpoint while split pairs are made and renewed: never is there half a pair.

use crate::crash::{Orders, crash_at, failpoints_of_requests, orders, recover};
use crate::fixtures::requests::{ask_for_pair, pair};
use crate::life::change_template;

use crate::setting::{Database, Ground, actor, on_both};
use domain::{CertificateId, KeyPart, RequestState};
use portal::{Actor, Portal};

on_both!(there_is_never_half_a_pair);

async fn there_is_never_half_a_pair(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        eprintln!("TEST_POSTGRES_URL is not set: not run");
        return;
    };
    let place = &ground.place;
    let portal = place.start(None).await;
    portal.seed_demo().await.unwrap();
    let alice = actor(&portal, "alice").await;
    let halves = pair(&portal, &alice).await;
    change_template(&portal, halves[0], |template| {
        template.content.renewal.window_days = 400;
        template.content.renewal.keeps_key = true;
    })
    .await;
    portal.store().close().await;
    for failpoint in failpoints_of_requests() {
        crash_at(place, "crash_pair::victim", failpoint, 0).await;
        recover(place, failpoint).await;
        let portal = place.start(None).await;
        for key in ["alice", "erin"] {
            let who = actor(&portal, key).await;
            assert_whole_pairs(&portal, &who, failpoint).await;
        }
        portal.store().close().await;
    }
}

async fn assert_whole_pairs(portal: &Portal, who: &Actor, failpoint: &str) {
    let store = portal.store();
    let requests = store.requests_of(who.id.unwrap(), 100).await.unwrap();
    for request in requests {
        assert_eq!(request.state, RequestState::Issued, "{failpoint}");
        let ids = store.certificate_ids(request.id).await.unwrap();
        let mut keys = Vec::new();
        for (id, part) in ids.iter().zip([KeyPart::Sign, KeyPart::Encrypt]) {
            let row = store.certificate(*id).await.unwrap().unwrap();
            assert_eq!((row.part, row.is_ready), (part, true), "{failpoint}");
            assert!(
                store.credential(*id).await.unwrap().is_some(),
                "{failpoint}"
            );
            keys.push(row.key_id.unwrap());
        }
        assert_eq!(keys.len(), 2, "{failpoint}: half a pair");
        assert_ne!(keys[0], keys[1], "{failpoint}");
        if let Some(old) = request.renews.filter(|_| request.keeps_key) {
            let kept = store.certificate(old).await.unwrap().unwrap().key_id;
            assert_eq!(kept.as_ref(), Some(&keys[0]), "{failpoint}");
        }
    }
}

/// The newest half that signs.
async fn newest(portal: &Portal, who: &Actor) -> CertificateId {
    let mine = portal.my_certificates(who).await.unwrap().certificates;
    let mut signing = mine.iter().filter(|card| card.part == KeyPart::Sign);
    signing.next().unwrap().id
}

/// What the victim does: erin asks for a pair and bob agrees, alice renews hers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(Orders { portal, .. }) = orders().await else {
        return;
    };
    let (alice, erin) = (actor(&portal, "alice").await, actor(&portal, "erin").await);
    ask_for_pair(&portal, &erin).await;
    portal
        .renew(&alice, newest(&portal, &alice).await)
        .await
        .unwrap();
    let end = tokio::time::sleep(std::time::Duration::from_secs(20));
    portal.run_pipeline(end).await;
    panic!("the failpoint was not reached");
}
