//! Samples of what administrators do with certificates.

use api::{ChangeCertificates, ChangeOutcome, ChangePlan, ChangeResult};
use domain::{CertificateChange, Role};

use super::Sample;
use super::list::with;
use super::portal::SamplePortal;
use super::values::{self, ID};
use crate::PostOutcome;

/// Selecting, confirming, what became of it; and a single certificate.
pub(super) fn changes() -> Vec<Sample> {
    let certificate = || format!("/certificates/{ID}");
    let looked_at = |change: fn(&mut api::CertificateView)| {
        with(|portal| {
            portal.site = values::site_for(Role::Admin);
            portal.certificate.is_own = false;
            portal.certificate.may_deliver = true;
            change(&mut portal.certificate);
        })
    };
    let list = || {
        with(|portal| {
            portal.site = values::site_for(Role::Admin);
            if let Ok(list) = &mut portal.certificates {
                list.may_change = true;
            }
        })
    };
    let sample = |name, portal: SamplePortal| Sample::new(name, "/certificates", portal);
    vec![
        sample("certificates-select", list()),
        sample("certificates-change", list()).after(PostOutcome::Change(plan(37))),
        sample("certificates-change-nothing", list()).after(PostOutcome::Change(plan(0))),
        sample("certificates-changed", list()).after(PostOutcome::Changed(result())),
        Sample::new(
            "certificate-server",
            certificate(),
            looked_at(|view| {
                view.is_own_key = true;
                view.card.names = "www.example.com shop.example.com".to_owned();
            }),
        ),
        Sample::new(
            "certificate-delete",
            certificate(),
            looked_at(|view| view.may_delete = true),
        ),
        Sample::new(
            "certificate-deleted",
            certificate(),
            looked_at(|view| view.is_deleted = true),
        ),
    ]
}

fn asked() -> ChangeCertificates {
    ChangeCertificates {
        change: "revoke".to_owned(),
        certificates: vec![ID.to_owned()],
        ..ChangeCertificates::default()
    }
}

fn plan(count: u64) -> ChangePlan {
    ChangePlan {
        change: CertificateChange::Revoke,
        asked: asked(),
        count,
        people: count.min(31),
        same_key: count.min(2),
        exceptions: vec![("are revoked already".to_owned(), 4)],
        problem: None,
    }
}

fn result() -> ChangeResult {
    let row = |problem: Option<&str>| ChangeOutcome {
        id: ID.parse().unwrap(),
        mailbox: "alice.smith@example.com".to_owned(),
        problem: problem.map(str::to_owned),
    };
    ChangeResult {
        change: CertificateChange::Revoke,
        rows: vec![
            row(None),
            row(Some(
                "This certificate is already revoked, which is for good.",
            )),
        ],
        next: Some(asked()),
    }
}
