//! `kill -9` while the portal tells of an end or renews by itself: whoever looks next finishes it,
//! and nobody is told twice.

use crate::crash::{Orders, crash_at, orders};
use crate::life::{change_template, mails};
use crate::setting::{
    Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both, request,
};
use domain::KeyAlgorithm;
use portal::{FAILPOINTS, Portal};
use time::{Duration, OffsetDateTime};

on_both!(no_notice_is_lost_or_sent_twice);

/// Nearer to the end than every stage but two.
fn then(portal: &Portal) -> OffsetDateTime {
    portal.now() + Duration::days(365 - 20)
}

async fn no_notice_is_lost_or_sent_twice(database: Database) {
    let failpoints = FAILPOINTS.iter().filter(|name| name.starts_with("life-"));
    for failpoint in failpoints {
        for is_automatic in [false, true] {
            if *failpoint == "life-renewed" && !is_automatic
                || *failpoint == "life-noticed" && is_automatic
            {
                continue;
            }
            let Some(ground) = Ground::new(database).await else {
                eprintln!("TEST_POSTGRES_URL is not set: not run");
                return;
            };
            crash_and_look_again(&ground, failpoint, is_automatic).await;
        }
    }
}

async fn crash_and_look_again(ground: &Ground, failpoint: &str, is_automatic: bool) {
    let place = &ground.place;
    let portal = place.start(None).await;
    portal.seed_demo().await.unwrap();
    let alice = actor(&portal, "alice").await;
    request(&portal, &alice, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let id = portal.my_certificates(&alice).await.unwrap().certificates[0].id;
    change_template(&portal, id, |template| {
        template.content.renewal.is_automatic = is_automatic;
    })
    .await;
    portal.store().close().await;
    crash_at(place, "crash_life::victim", failpoint, 0).await;

    let heir = place.start_as(2, None).await;
    for _ in 0..2 {
        heir.look_after_endings(then(&heir)).await.unwrap();
    }
    heir.run_due_work().await;
    let until = then(&heir) + Duration::days(40);
    let ending = heir
        .store()
        .ending((heir.now(), id), until, 9)
        .await
        .unwrap();
    let clock = MovedClock::default();
    let (notices, started) = (
        mails(place, &clock, "certificate_ending").await.len(),
        mails(place, &clock, "renewal_started").await.len(),
    );
    let certificates = heir
        .my_certificates(&alice)
        .await
        .unwrap()
        .certificates
        .len();
    if is_automatic {
        // Once it has begun, and once that it is under way: it was not issued when looked at again.
        assert_eq!((notices, started, certificates), (1, 1, 2), "{failpoint}");
    } else {
        assert_eq!((notices, started, certificates), (1, 0, 1), "{failpoint}");
        assert_eq!(ending[0].noticed_days, Some(30), "{failpoint}");
    }
    assert_ledger_is_clean(&heir).await;
    heir.store().close().await;
}

/// What the victim does: it looks after what ends soon.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(Orders { portal, .. }) = orders().await else {
        return;
    };
    portal.look_after_endings(then(&portal)).await.unwrap();
    panic!("the failpoint was not reached");
}
