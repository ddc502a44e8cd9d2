//! A key that somebody else may have: every good certificate of it ends with the one that is named.

use crate::fixtures::own_keys::{csr, form, issue};
use crate::fixtures::reader;
use crate::fixtures::requests::{demo, issued, made, two_nodes};
use crate::life::{Life, change_template, mails};
use crate::revoke::{listed, state};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both};
use api::{ChangeCertificates, MayEnd, RequestCertificate};
use domain::{CertificateId, KeyAlgorithm, RequestId, RevocationReason, RevocationState};
use pki::PrivateKey;
use portal::{Actor, Error, Portal};
use std::collections::BTreeSet;
use store::CertificateRow;

on_both!(
    a_renewal_that_keeps_the_key_ends_with_the_old_one,
    a_key_is_found_to_be_lost_after_the_end,
    what_is_about_one_certificate_ends_one,
    what_was_never_stored_ends_others_of_its_key,
    several_at_once_end_with_others_of_their_keys,
    whoever_else_has_the_key_is_told,
    nothing_saves_one_of_the_key,
);

const LOST: &str = "keyCompromise";

async fn row(portal: &Portal, id: CertificateId) -> CertificateRow {
    portal.store().certificate(id).await.unwrap().unwrap()
}

/// Asks with a signing request; the certificate is not made yet.
async fn ask(portal: &Portal, key: &PrivateKey, who: &Actor) -> RequestId {
    let own = RequestCertificate {
        csr: csr(key, who.mailbox.as_ref().unwrap().as_str()),
        ..form(portal, who).await
    };
    made(portal.request_certificate(who, own).await.unwrap())
}

/// So many certificates of one key that erin keeps.
async fn of_one_key(portal: &Portal, count: usize) -> Vec<CertificateId> {
    let erin = actor(portal, "erin").await;
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let mut ids = Vec::new();
    for _ in 0..count {
        let own = RequestCertificate {
            csr: csr(&key, "erin@example.com"),
            ..form(portal, &erin).await
        };
        ids.push(issue(portal, &erin, own).await.unwrap());
    }
    ids
}

/// A certificate that ends in 20 days, and the next one with the same key.
async fn renewed(database: Database) -> Option<(Life, [CertificateId; 2])> {
    let life = Life::new(database).await?;
    let (portal, old) = (&life.portal, life.certificate);
    change_template(portal, old, |template| {
        template.content.renewal.keeps_key = true;
    })
    .await;
    life.days_before_the_end(20).await;
    let id = made(portal.renew(&life.alice, old).await.unwrap());
    let next = issued(portal, id).await.unwrap();
    assert_eq!(
        row(portal, old).await.key_id,
        row(portal, next).await.key_id
    );
    Some((life, [old, next]))
}

/// Exactly these are on the list, each because its key is lost.
async fn assert_lost(portal: &Portal, ids: &[CertificateId]) {
    let mut expected = BTreeSet::new();
    for id in ids {
        let row = row(portal, *id).await;
        assert_eq!(row.revocation_state(), RevocationState::Revoked);
        let serial = hex::encode(row.serial);
        expected.insert((serial, RevocationReason::KeyCompromise));
    }
    assert_eq!(listed(portal).await.0, expected);
    assert_ledger_is_clean(portal).await;
}

async fn a_renewal_that_keeps_the_key_ends_with_the_old_one(database: Database) {
    let Some((life, [old, next])) = renewed(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    let carol = actor(portal, "carol").await;
    for who in [alice, &carol] {
        let view = portal.certificate(who, old).await.unwrap();
        assert_eq!(view.same_key, 1, "said before");
    }
    let done = portal.report_lost(alice, old, LOST.to_owned()).await;
    let message = done.unwrap().message;
    assert!(message.contains("with it another one"), "{message}");
    assert_lost(portal, &[old, next]).await;

    let told = mails(&life.ground.place, &life.clock, "certificate_revoked").await;
    assert_eq!(told.len(), 1, "one mail about both");
    let serial = hex::encode(row(portal, next).await.serial);
    for body in [&told[0].text, &told[0].html] {
        assert!(body.contains(&serial), "{body}");
    }
    let entries = portal.audit(&carol, api::AuditFilter::default()).await;
    let entries = entries.unwrap().rows;
    let of_both = entries.iter().filter(|entry| entry.action == "revoke");
    let same_key = of_both.map(|entry| {
        let mut details = entry.details.iter();
        details.any(|(name, _)| name == "same key as")
    });
    // The newest entry first.
    assert_eq!(same_key.collect::<Vec<_>>(), [true, false]);
    let view = portal.certificate(&carol, next).await.unwrap();
    assert_eq!(view.same_key, 0, "there is nothing left to end");
}

async fn a_key_is_found_to_be_lost_after_the_end(database: Database) {
    let Some((life, [old, next])) = renewed(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    life.days_before_the_end(-30).await;
    let carol = actor(portal, "carol").await;
    let dave = actor(portal, "dave").await;
    for (who, may_end) in [
        (alice, MayEnd::ReportLost),
        (&carol, MayEnd::Revoke),
        (&dave, MayEnd::Nothing),
    ] {
        let view = portal.certificate(who, old).await.unwrap();
        let same_key = u64::from(may_end != MayEnd::Nothing);
        assert_eq!((view.may_end, view.same_key), (may_end, same_key));
    }
    for refused in [
        portal
            .report_lost(alice, old, "superseded".to_owned())
            .await,
        portal.hold(&carol, old, String::new()).await,
    ] {
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    portal
        .revoke(&carol, old, LOST.to_owned(), String::new())
        .await
        .unwrap();
    assert_eq!(state(portal, old).await, RevocationState::Revoked);
    let view = portal.certificate(&carol, old).await.unwrap();
    assert_eq!(view.may_end, MayEnd::Nothing);
    // The old one ended too long ago to be listed (RFC 5280 section 3.3).
    assert_lost(portal, &[next]).await;
}

async fn what_is_about_one_certificate_ends_one(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let [first, second, third] = of_one_key(&portal, 3).await.try_into().unwrap();
    let reason = "superseded".to_owned();
    let done = portal.revoke(&carol, first, reason, String::new()).await;
    assert!(!done.unwrap().message.contains("same key"));
    assert_eq!(state(&portal, second).await, RevocationState::Valid);
    // One that is on hold ends too.
    portal.hold(&carol, third, String::new()).await.unwrap();
    let view = portal.certificate(&carol, second).await.unwrap();
    assert_eq!(view.same_key, 1, "what is revoked does not count");
    let done = portal
        .revoke(&carol, second, LOST.to_owned(), String::new())
        .await;
    let message = done.unwrap().message;
    assert!(message.contains("another one"), "{message}");
    for id in [second, third] {
        assert_eq!(state(&portal, id).await, RevocationState::Revoked);
    }
    let kept = row(&portal, first).await.revocation_reason;
    assert_eq!(kept, Some(RevocationReason::Superseded));
    assert_ledger_is_clean(&portal).await;
}

async fn what_was_never_stored_ends_others_of_its_key(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let erin = actor(&portal, "erin").await;
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let id = ask(&portal, &key, &erin).await;
    let stored = issued(&portal, id).await.unwrap();
    let id = ask(&portal, &key, &erin).await;
    ground.place.break_inserts("certificate");
    assert_eq!(portal.run_due_work().await, 1);
    ground.place.mend_inserts("certificate");
    let signed = portal.store().signed_for(id).await.unwrap().remove(0);
    assert_eq!(signed.certificate, None);
    let name = hex::encode(&signed.serial);
    let desk = Actor::command_line();
    let done = portal
        .revoke_named(&desk, &name, LOST.to_owned(), String::new())
        .await
        .unwrap();
    assert!(done.message.contains("another one"), "{}", done.message);
    assert_eq!(state(&portal, stored).await, RevocationState::Revoked);
    let authority = row(&portal, stored).await.authority;
    let mut serials = [signed.serial, row(&portal, stored).await.serial];
    serials.sort();
    assert_eq!(reader::listed(&portal, authority).await, serials);
    assert_ledger_is_clean(&portal).await;
}

async fn several_at_once_end_with_others_of_their_keys(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let ids = of_one_key(&portal, 3).await;
    let asked = |ids: &[CertificateId]| ChangeCertificates {
        change: "revoke".to_owned(),
        certificates: ids.iter().map(ToString::to_string).collect(),
        reason: LOST.to_owned(),
        ..ChangeCertificates::default()
    };
    let plan = portal.plan_change(&carol, asked(&ids)).await.unwrap();
    assert_eq!((plan.count, plan.same_key), (3, 0), "all are named");
    let plan = portal.plan_change(&carol, asked(&ids[..2])).await.unwrap();
    assert_eq!((plan.count, plan.same_key), (2, 1));
    let result = portal.change_certificates(&carol, plan.asked).await;
    let rows = result.unwrap().rows;
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows.iter().all(|row| row.problem.is_none()), "{rows:?}");
    assert_lost(&portal, &ids).await;
}

async fn whoever_else_has_the_key_is_told(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let Life { portal, alice, .. } = &life;
    // Before keys belonged to one person each, two could have the same one.
    let erins = of_one_key(portal, 2).await;
    life.ground.place.sql(
        "UPDATE certificate SET key_id =
            (SELECT key_id FROM certificate ORDER BY issued_at DESC, id DESC LIMIT 1)",
    );
    portal
        .report_lost(alice, life.certificate, LOST.to_owned())
        .await
        .unwrap();
    assert_lost(portal, &[life.certificate, erins[0], erins[1]]).await;
    let told = mails(&life.ground.place, &life.clock, "certificate_revoked").await;
    let to: BTreeSet<_> = told.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(
        to,
        BTreeSet::from(["alice@example.com", "erin@example.com"])
    );
    assert_eq!(told.len(), 2);
    let of_erin = told
        .iter()
        .find(|mail| mail.to.as_str().starts_with("erin"));
    let (text, serial) = (&of_erin.unwrap().text, row(portal, erins[0]).await.serial);
    assert!(text.contains(&hex::encode(serial)), "{text}");
    let of_alice = told
        .iter()
        .find(|mail| mail.to.as_str().starts_with("alice"));
    let text = &of_alice.unwrap().text;
    assert!(!text.contains("the key is the same"), "{text}");
}

async fn nothing_saves_one_of_the_key(database: Database) {
    let Some((_ground, [first, second])) = two_nodes(database).await else {
        return;
    };
    let carol = actor(&first, "carol").await;
    for _ in 0..4 {
        let ids = of_one_key(&first, 2).await;
        let lost = || LOST.to_owned();
        let (one, other, held) = tokio::join!(
            first.revoke(&carol, ids[0], lost(), String::new()),
            second.revoke(&carol, ids[1], lost(), String::new()),
            second.hold(&carol, ids[1], String::new()),
        );
        assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
        for late in [one, other, held] {
            assert!(matches!(late, Ok(_) | Err(Error::Conflict(_))), "{late:?}");
        }
        for id in ids {
            assert_eq!(state(&first, id).await, RevocationState::Revoked);
        }
    }
    assert_ledger_is_clean(&first).await;
}
