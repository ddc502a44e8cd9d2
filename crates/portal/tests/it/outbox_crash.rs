//! `kill -9` while mail is being sent: another node sends all of it, and what goes out twice is
//! recognised by its Message-ID.

use crate::crash::{Orders, crash_at, orders};
use crate::setting::{Database, Ground, MovedClock, actor, on_both, request};
use crate::sink::Sink;
use domain::KeyAlgorithm;
use mail::{Mailer, Security, SmtpSettings};
use portal::FAILPOINTS;
use std::collections::BTreeSet;
use std::time::Duration;

/// Longer than a node that died keeps its mails.
const LEASE: time::Duration = time::Duration::minutes(3);

on_both!(no_mail_is_lost_when_a_node_dies);

async fn no_mail_is_lost_when_a_node_dies(database: Database) {
    for failpoint in FAILPOINTS.iter().filter(|name| name.starts_with("mail-")) {
        let Some(ground) = Ground::new(database).await else {
            eprintln!("TEST_POSTGRES_URL is not set: not run");
            return;
        };
        let place = &ground.place;
        let portal = place.start(None).await;
        portal.seed_demo().await.unwrap();
        portal.store().close().await;
        let sink = Sink::start().await;
        crash_at(place, "outbox_crash::victim", failpoint, sink.port).await;
        let before = sink.message_ids();
        assert_eq!(before.len(), usize::from(*failpoint == "mail-sent"));

        let clock = MovedClock::default();
        let heir = place.start_at(2, clock.clone()).await;
        let waiting = heir.store().outbox_counts().await.unwrap().waiting;
        assert!(waiting >= 2, "{failpoint}: {waiting}");
        let mailer = mailer(sink.port);
        let early = heir.send_mails(&mailer).await.unwrap();
        assert_eq!(early, 0, "{failpoint}: they may still be on their way");
        clock.advance(LEASE);
        while heir.send_mails(&mailer).await.unwrap() > 0 {}

        let counts = heir.store().outbox_counts().await.unwrap();
        assert_eq!((counts.waiting, counts.failed), (0, 0), "{failpoint}");
        let after = sink.message_ids();
        let different: BTreeSet<_> = after.iter().collect();
        let waiting = usize::try_from(waiting).unwrap();
        assert_eq!(different.len(), waiting, "{failpoint}: {after:?}");
        assert_eq!(after.len(), waiting + before.len(), "{failpoint}");
        heir.store().close().await;
    }
}

/// What the victim does: a request, of which people get mails.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(Orders { portal, mail }) = orders().await else {
        return;
    };
    for key in ["alice", "erin"] {
        let who = actor(&portal, key).await;
        request(&portal, &who, true, KeyAlgorithm::P256).await;
    }
    let end = tokio::time::sleep(Duration::from_secs(20));
    portal.run_outbox(Some(mailer(mail)), end).await;
    panic!("the failpoint was not reached");
}

pub(crate) fn mailer(port: u16) -> Mailer {
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        username: None,
        password: None,
        from: "portal@example.com".to_owned(),
        timeout: Duration::from_secs(10),
    };
    Mailer::new(&settings).unwrap()
}
