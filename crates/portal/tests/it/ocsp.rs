//! The OCSP responder: statuses, its own key, other nodes, time going by.

use crate::fixtures::reader::{run, write};
use crate::setting::{
    Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both, request,
};
use domain::{AuditAction, KeyAlgorithm};
use portal::{OcspAnswer, Portal};
use std::path::Path;
use time::Duration;

on_both!(
    readers_are_told_what_was_issued,
    all_nodes_share_a_responder_and_renew_it,
    answers_are_kept_and_made_anew,
    a_sealed_portal_says_try_later,
    an_end_is_told_within_five_seconds_on_every_node,
);

const MALFORMED: &[u8] = &[0x30, 3, 0x0a, 1, 1];
const TRY_LATER: &[u8] = &[0x30, 3, 0x0a, 1, 3];
const UNAUTHORIZED: &[u8] = &[0x30, 3, 0x0a, 1, 6];

/// A portal with one certificate, its files in the folder.
async fn issued(portal: &Portal, folder: &Path) {
    portal.seed_demo().await.unwrap();
    let alice = actor(portal, "alice").await;
    request(portal, &alice, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let id = portal.my_certificates(&alice).await.unwrap().certificates[0].id;
    let leaf = portal.store().certificate(id).await.unwrap().unwrap().der;
    let authorities = portal.store().authorities().await.unwrap();
    for (name, der) in [
        ("leaf", &leaf),
        ("root", &authorities[0].certificate),
        ("issuing", &authorities[1].certificate),
    ] {
        write(folder, &format!("{name}.pem"), der);
    }
}

/// A request as OpenSSL makes it.
fn asked(folder: &Path, options: &str) -> Vec<u8> {
    let arguments = format!("ocsp -issuer issuing.pem {options} -reqout request.der");
    run(folder, "openssl", &arguments);
    std::fs::read(folder.join("request.der")).unwrap()
}

/// What OpenSSL reads in an answer.
fn read(folder: &Path, options: &str, answer: &OcspAnswer) -> String {
    std::fs::write(folder.join("answer.der"), &answer.bytes).unwrap();
    let files = "-CAfile root.pem -verify_other issuing.pem";
    let arguments = format!(
        "ocsp -respin answer.der -reqin request.der -no_nonce -issuer issuing.pem {options} {files}"
    );
    let text = run(folder, "openssl", &arguments);
    assert!(text.contains("Response verify OK"), "{text}");
    text
}

async fn readers_are_told_what_was_issued(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    assert_eq!(*portal.ocsp(b"nonsense").await.bytes, *MALFORMED);
    issued(&portal, folder).await;
    for (options, said, is_kept) in [
        ("-sha1 -no_nonce -cert leaf.pem", "leaf.pem: good", true),
        ("-sha256 -no_nonce -cert leaf.pem", "leaf.pem: good", true),
        ("-sha256 -nonce -cert leaf.pem", "leaf.pem: good", false),
        ("-sha1 -no_nonce -serial 0x1234", "0x1234: unknown", false),
        (
            "-no_nonce -cert leaf.pem -serial 0x12",
            "0x12: unknown",
            false,
        ),
    ] {
        let answer = portal.ocsp(&asked(folder, options)).await;
        let reader = options.replace("-nonce ", "").replace("-no_nonce ", "");
        let text = read(folder, &reader, &answer);
        assert!(text.contains(said), "{options}: {text}");
        assert_eq!(answer.caching.is_some(), is_kept, "{options}");
        run(
            folder,
            "ocsptool",
            "--verify-response --load-response answer.der --load-trust issuing.pem",
        );
    }
    // The root answers for the authorities below it, and nobody for hashes that nobody uses.
    let text = "ocsp -issuer root.pem -cert issuing.pem -no_nonce -reqout request.der";
    run(folder, "openssl", text);
    let other = std::fs::read(folder.join("request.der")).unwrap();
    std::fs::write(folder.join("answer.der"), &portal.ocsp(&other).await.bytes).unwrap();
    let text =
        "ocsp -respin answer.der -issuer root.pem -cert issuing.pem -CAfile root.pem -no_nonce";
    let text = run(folder, "openssl", text);
    assert!(
        text.contains("Response verify OK") && text.contains("issuing.pem: good"),
        "{text}"
    );
    let other = asked(folder, "-sha384 -cert leaf.pem");
    assert_eq!(*portal.ocsp(&other).await.bytes, *UNAUTHORIZED);
    assert_ledger_is_clean(&portal).await;
}

/// How many responders were made.
async fn responders(portal: &Portal) -> usize {
    let rows = portal.store().responders_after(None, 100).await.unwrap();
    rows.len()
}

async fn all_nodes_share_a_responder_and_renew_it(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let clock = MovedClock::default();
    let first = ground.place.start_at(1, clock.clone()).await;
    issued(&first, folder).await;
    let second = ground.place.start_at(2, clock.clone()).await;
    let with_nonce = asked(folder, "-nonce -cert leaf.pem");
    let all = futures::future::join_all((0..20).map(|_| first.ocsp(&with_nonce)));
    for answer in all.await {
        assert!(answer.bytes.len() > 400 && answer.caching.is_none());
    }
    second.ocsp(&with_nonce).await;
    assert_eq!(responders(&first).await, 1);

    clock.advance(Duration::days(14));
    first.ocsp(&with_nonce).await;
    assert_eq!(responders(&first).await, 1);
    clock.advance(Duration::days(1));
    for portal in [&first, &second, &first] {
        assert!(portal.ocsp(&with_nonce).await.bytes.len() > 400);
        assert_eq!(responders(portal).await, 2, "made anew, and once");
    }
    clock.advance(Duration::days(40));
    assert!(second.ocsp(&with_nonce).await.bytes.len() > 400);
    assert_eq!(responders(&first).await, 3);
    let query = store::AuditQuery {
        actor: "system".to_owned(),
        action: Some(AuditAction::Sign),
        subject: None,
        from: None,
        until: None,
        before_number: None,
        limit: 50,
    };
    let entries = first.store().audit(query).await.unwrap();
    let is_responder = |row: &&store::AuditRow| row.subject_label.starts_with("OCSP responder");
    assert_eq!(entries.iter().filter(is_responder).count(), 3);
    assert_ledger_is_clean(&first).await;
    assert_ledger_is_clean(&second).await;
}

async fn answers_are_kept_and_made_anew(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    issued(&portal, folder).await;
    let plain = asked(folder, "-no_nonce -cert leaf.pem");
    let first = portal.ocsp(&plain).await;
    let caching = first.caching.clone().unwrap();
    assert_eq!(caching.max_age_secs, 3600);
    assert_eq!(caching.next_update - caching.this_update, Duration::DAY);
    for seconds in [1, 10, 3600, 39_000] {
        clock.advance(Duration::seconds(seconds));
        assert_eq!(portal.ocsp(&plain).await.bytes, first.bytes, "{seconds}");
    }
    clock.advance(Duration::minutes(30));
    let second = portal.ocsp(&plain).await;
    assert_ne!(second.bytes, first.bytes, "made anew at half of its life");
    assert_ne!(second.caching.unwrap().etag, caching.etag);
    let nonce = asked(folder, "-nonce -cert leaf.pem");
    assert_ne!(
        portal.ocsp(&nonce).await.bytes,
        portal.ocsp(&nonce).await.bytes
    );
}

async fn a_sealed_portal_says_try_later(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    issued(&portal, folder).await;
    let plain = asked(folder, "-no_nonce -cert leaf.pem");
    std::fs::remove_file(folder.join("keyring.toml")).unwrap();
    let sealed = ground.place.start(None).await;
    assert!(sealed.sealed().is_some());
    assert_eq!(*sealed.ocsp(&plain).await.bytes, *TRY_LATER);
    portal.store().close().await;
    assert_eq!(*portal.ocsp(&plain).await.bytes, *TRY_LATER, "no database");
}

async fn an_end_is_told_within_five_seconds_on_every_node(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let clock = MovedClock::default();
    let first = ground.place.start_at(1, clock.clone()).await;
    issued(&first, folder).await;
    let second = ground.place.start_at(2, clock.clone()).await;
    let carol = actor(&first, "carol").await;
    let alice = actor(&first, "alice").await;
    let id = first.my_certificates(&alice).await.unwrap().certificates[0].id;
    let question = asked(folder, "-sha1 -no_nonce -cert leaf.pem");
    for portal in [&first, &second] {
        let text = read(
            folder,
            "-sha1 -cert leaf.pem",
            &portal.ocsp(&question).await,
        );
        assert!(text.contains("leaf.pem: good"), "{text}");
    }
    let found = |state: &str| {
        let filter = api::CertificateFilter {
            state: state.to_owned(),
            ..Default::default()
        };
        let (first, carol) = (&first, &carol);
        async move {
            first
                .certificates(carol, filter)
                .await
                .unwrap()
                .page
                .rows
                .len()
        }
    };

    let why = "The laptop is being looked for".to_owned();
    first.hold(&carol, id, why.clone()).await.unwrap();
    assert_eq!(
        (
            found("held").await,
            found("valid").await,
            found("revoked").await
        ),
        (1, 0, 0)
    );
    for (reason, seconds) in [("certificateHold", 5), ("keyCompromise", 10)] {
        if reason != "certificateHold" {
            first
                .revoke(&carol, id, reason.to_owned(), why.clone())
                .await
                .unwrap();
            assert_eq!(
                (
                    found("held").await,
                    found("valid").await,
                    found("revoked").await
                ),
                (0, 0, 1)
            );
        }
        clock.advance(Duration::seconds(5));
        for portal in [&first, &second] {
            let text = read(
                folder,
                "-sha1 -cert leaf.pem",
                &portal.ocsp(&question).await,
            );
            assert!(
                text.contains("leaf.pem: revoked"),
                "after {seconds} s: {text}"
            );
            assert!(text.contains(reason), "{text}");
        }
    }
    assert_ledger_is_clean(&first).await;
}
