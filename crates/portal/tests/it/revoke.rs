//! The end of a certificate, as admins and owners bring it about.

use crate::fixtures::requests::{demo, two_nodes};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use domain::{CertificateId, KeyAlgorithm, RevocationReason, RevocationState};
use portal::{Actor, Error, Portal};
use std::collections::BTreeSet;

on_both!(
    a_list_has_what_is_revoked_at_once,
    only_admins_and_owners_end_a_certificate,
    reasons_are_those_of_the_standard,
    a_revocation_beats_a_re_activation,
    two_nodes_give_out_rising_numbers,
    a_list_that_lacks_something_is_found,
);

/// Two certificates of alice, by serial.
pub(crate) async fn issued(portal: &Portal, count: usize) -> Vec<(CertificateId, String)> {
    let alice = actor(portal, "alice").await;
    let mut issued = Vec::new();
    for _ in 0..count {
        let id = request(portal, &alice, false, KeyAlgorithm::P256).await;
        portal.run_due_work().await;
        let row = portal.store().request(id).await.unwrap().unwrap();
        let id = row.certificate.unwrap();
        let view = portal.certificate(&alice, id).await.unwrap();
        issued.push((id, view.serial));
    }
    issued
}

/// Serial numbers and reasons on the list that relying parties get now, and its number.
pub(crate) async fn listed(portal: &Portal) -> (BTreeSet<(String, RevocationReason)>, i64) {
    let authorities = portal.store().authorities().await.unwrap();
    let issuing = authorities.iter().find(|a| a.parent.is_some()).unwrap();
    let name = format!("{}.crl", issuing.id);
    let file = portal.pki_file(&name).await.unwrap().unwrap();
    assert!(file.max_age_secs <= 60);
    let entries = pki::read_crl(&file.bytes).unwrap();
    let row = portal.store().crl(issuing.id).await.unwrap().unwrap();
    let pairs = entries
        .iter()
        .map(|entry| (entry.serial.to_hex(), entry.reason));
    (pairs.collect(), row.number)
}

pub(crate) async fn state(portal: &Portal, id: CertificateId) -> RevocationState {
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    row.revocation_state()
}

async fn revoke(
    portal: &Portal,
    who: &Actor,
    id: CertificateId,
    why: &str,
) -> Result<api::Done, Error> {
    portal
        .revoke(who, id, why.to_owned(), "Laptop stolen".to_owned())
        .await
}

async fn a_list_has_what_is_revoked_at_once(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let [(held, held_serial), (lost, lost_serial)] = issued(&portal, 2).await.try_into().unwrap();
    let (admin, alice) = (actor(&portal, "carol").await, actor(&portal, "alice").await);
    let (entries, first) = listed(&portal).await;
    assert_eq!(entries, BTreeSet::new());
    assert_eq!(
        listed(&portal).await.1,
        first,
        "nothing happened, so the list stays"
    );

    portal.hold(&admin, held, String::new()).await.unwrap();
    let (entries, second) = listed(&portal).await;
    let on_hold = (held_serial, RevocationReason::CertificateHold);
    assert_eq!(entries, BTreeSet::from([on_hold.clone()]));
    portal
        .report_lost(&alice, lost, "keyCompromise".to_owned())
        .await
        .unwrap();
    let (entries, third) = listed(&portal).await;
    let lost_entry = (lost_serial, RevocationReason::KeyCompromise);
    assert_eq!(entries, BTreeSet::from([on_hold, lost_entry.clone()]));
    portal.reactivate(&admin, held).await.unwrap();
    let (entries, fourth) = listed(&portal).await;
    assert_eq!(entries, BTreeSet::from([lost_entry]));
    assert!(first < second && second < third && third < fourth);
    assert_ledger_is_clean(&portal).await;

    let view = portal.certificate(&alice, lost).await.unwrap();
    assert_eq!(view.card.state, api::CertificateState::Revoked);
    assert_eq!(view.may_end, api::MayEnd::Nothing);
    // Old mail must open: file and password stay with their owner.
    let form = api::Download {
        password: api::Password::new(String::new()),
        device: domain::Device::Thunderbird,
        kind: domain::DownloadKind::Pfx,
    };
    portal.download(&alice, lost, form).await.unwrap();
    let mails = portal
        .store()
        .claim_mails(
            domain::NodeId::from(uuid::Uuid::nil()),
            portal.now(),
            portal.now() + time::Duration::HOUR,
            99,
        )
        .await
        .unwrap();
    let kinds: Vec<_> = mails
        .iter()
        .map(|mail| mail.kind.as_str())
        .filter(|kind| kind.starts_with("certificate_"))
        .collect();
    for kind in [
        "certificate_held",
        "certificate_revoked",
        "certificate_reactivated",
    ] {
        assert_eq!(
            kinds.iter().filter(|found| **found == kind).count(),
            1,
            "{kinds:?}"
        );
    }
}

async fn only_admins_and_owners_end_a_certificate(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (id, _) = issued(&portal, 1).await.remove(0);
    for who in ["alice", "erin", "bob", "dave"] {
        let who = actor(&portal, who).await;
        for refused in [
            revoke(&portal, &who, id, "superseded").await,
            portal.hold(&who, id, String::new()).await,
            portal.reactivate(&who, id).await,
        ] {
            assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
        }
    }
    for who in ["erin", "bob", "carol", "dave"] {
        let who = actor(&portal, who).await;
        let refused = portal
            .report_lost(&who, id, "keyCompromise".to_owned())
            .await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
    assert_eq!(state(&portal, id).await, RevocationState::Valid);
}

async fn reasons_are_those_of_the_standard(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (id, serial) = issued(&portal, 1).await.remove(0);
    let (admin, alice) = (actor(&portal, "carol").await, actor(&portal, "alice").await);
    for word in ["", "certificateHold", "cACompromise", "KEYCOMPROMISE"] {
        let refused = revoke(&portal, &admin, id, word).await;
        assert!(
            matches!(refused, Err(Error::Invalid(_))),
            "{word}: {refused:?}"
        );
    }
    let refused = portal
        .report_lost(&alice, id, "privilegeWithdrawn".to_owned())
        .await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");

    let desk = Actor::command_line();
    let colons = serial
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap());
    let colons = colons.collect::<Vec<_>>().join(":").to_uppercase();
    for name in [serial, colons, id.to_string()] {
        assert_eq!(
            portal.find_certificate(&desk, &name).await.unwrap(),
            id,
            "{name}"
        );
    }
    let nobody = portal.find_certificate(&desk, "nonsense").await;
    assert!(matches!(nobody, Err(Error::NotFound)));
    revoke(&portal, &desk, id, "privilegeWithdrawn")
        .await
        .unwrap();
    for late in [
        revoke(&portal, &admin, id, "superseded").await,
        portal.hold(&admin, id, String::new()).await,
        portal.reactivate(&admin, id).await,
        portal
            .report_lost(&alice, id, "keyCompromise".to_owned())
            .await,
    ] {
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    }
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    assert_eq!(
        row.revocation_reason,
        Some(RevocationReason::PrivilegeWithdrawn)
    );
}

async fn a_revocation_beats_a_re_activation(database: Database) {
    let Some((_ground, [first, second])) = two_nodes(database).await else {
        return;
    };
    let admin = actor(&first, "carol").await;
    for (id, _) in issued(&first, 4).await {
        first.hold(&admin, id, String::new()).await.unwrap();
        let (revoked, reactivated) = tokio::join!(
            revoke(&first, &admin, id, "keyCompromise"),
            second.reactivate(&admin, id),
        );
        revoked.unwrap();
        assert!(matches!(reactivated, Ok(_) | Err(Error::Conflict(_))));
        assert_eq!(state(&first, id).await, RevocationState::Revoked);
    }
    assert_eq!(listed(&second).await.0.len(), 4);
    assert_ledger_is_clean(&first).await;
}

async fn two_nodes_give_out_rising_numbers(database: Database) {
    let Some((_ground, [first, second])) = two_nodes(database).await else {
        return;
    };
    let admin = actor(&first, "carol").await;
    let mut highest = 0;
    for (count, (id, _)) in issued(&first, 4).await.into_iter().enumerate() {
        revoke(&first, &admin, id, "superseded").await.unwrap();
        let (one, other) = tokio::join!(listed(&first), listed(&second));
        for (entries, number) in [one, other] {
            assert_eq!(entries.len(), count + 1);
            assert!(number > highest);
        }
        highest = listed(&first).await.1;
    }
}

async fn a_list_that_lacks_something_is_found(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (id, serial) = issued(&portal, 1).await.remove(0);
    let admin = actor(&portal, "carol").await;
    listed(&portal).await;
    let authorities = portal.store().authorities().await.unwrap();
    let issuing = authorities.iter().find(|a| a.parent.is_some()).unwrap().id;
    let empty = portal.store().crl(issuing).await.unwrap().unwrap();
    revoke(&portal, &admin, id, "superseded").await.unwrap();
    // Somebody puts the old list in the place of the new one.
    let given = portal
        .store()
        .next_crl_number(issuing, portal.now())
        .await
        .unwrap();
    let forged = store::CrlRow {
        number: given.number,
        revocations: given.revocations,
        ..empty
    };
    portal.store().put_crl(issuing, forged).await.unwrap();
    let findings = portal.doctor().await.unwrap();
    let bad: Vec<_> = findings.iter().filter(|finding| !finding.is_good).collect();
    assert_eq!(bad.len(), 1, "{bad:#?}");
    assert!(
        bad[0].check.starts_with("I9") && bad[0].detail.contains(&serial),
        "{bad:#?}"
    );
}
