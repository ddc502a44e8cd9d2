//! Samples of the pages about certificates.

use api::{Error, Flash, Password, RevealedPassword};
use domain::{RevocationReason, Role};

use super::list::with;
use super::portal::SamplePortal;
use super::values::{self, ID};
use super::{Sample, certificate_values};
use crate::PostOutcome;

/// What is one's own.
pub(super) fn own_certificates() -> Vec<Sample> {
    let certificate = || format!("/certificates/{ID}");
    vec![
        Sample::new(
            "home-empty",
            "/",
            with(|portal| portal.mine = Ok(certificate_values::no_certificates())),
        ),
        Sample::new(
            "home-one",
            "/",
            with(|portal| portal.mine = Ok(certificate_values::one_certificate())),
        ),
        Sample::new(
            "home-many",
            "/",
            with(|portal| {
                portal.site = values::site_for(Role::Approver);
                portal.site.flash = Some(Flash {
                    form: "/api/ui/withdraw".to_owned(),
                    done: Some("The request is withdrawn.".to_owned()),
                    error: None,
                    values: Vec::new(),
                });
            }),
        ),
        Sample::new(
            "home-error",
            "/",
            with(|portal| {
                let mut error = Error::new(
                    api::ErrorKind::Internal,
                    "Something went wrong on our side, and nothing was changed. If it happens again, \
                     tell an administrator the number 8f3a-22.",
                );
                error.incident = Some("8f3a-22".to_owned());
                portal.mine = Err(error);
            }),
        ),
        Sample::new("certificate", certificate(), SamplePortal::default()),
        Sample::new(
            "certificate-expired",
            certificate(),
            with(|portal| {
                portal.certificate.card.state = api::CertificateState::Expired;
                portal.certificate.may_end = api::MayEnd::Nothing;
                portal.certificate.must_confirm = false;
            }),
        ),
        Sample::new(
            "certificate-expired-key",
            certificate(),
            with(|portal| {
                portal.certificate.card.state = api::CertificateState::Expired;
                portal.certificate.same_key = 1;
            }),
        ),
        Sample::new(
            "certificate-other",
            certificate(),
            with(|portal| {
                portal.certificate.is_own = false;
                portal.certificate.may_end = api::MayEnd::Nothing;
            }),
        ),
        Sample::new("certificate-revoked", certificate(), with(revoked)),
        Sample::new("certificate-may-revoke", certificate(), with(others)),
        Sample::new(
            "certificate-held",
            certificate(),
            with(|portal| {
                others(portal);
                portal.certificate.card.state = api::CertificateState::Held;
                portal.certificate.ended_at = Some(values::NOW);
                portal.certificate.ended_because = Some(RevocationReason::CertificateHold);
            }),
        ),
        Sample::new(
            "certificate-revealed",
            certificate(),
            SamplePortal::default(),
        )
        .after(revealed()),
        Sample::new("certificate-wrong", certificate(), SamplePortal::default()).after(
            PostOutcome::Failed {
                form: format!("/certificates/{ID}/show-password"),
                error: Error::field("password", "This is not your sign-in password. Try again."),
                values: Vec::new(),
            },
        ),
        Sample::new("account", "/account", SamplePortal::default()),
    ]
}

/// What comes after a certificate.
pub(super) fn lives() -> Vec<Sample> {
    let certificate = || format!("/certificates/{ID}");
    vec![
        Sample::new(
            "certificate-renew",
            certificate(),
            with(|portal| {
                portal.certificate.card.state = api::CertificateState::Expiring;
                portal.certificate.renewal = api::RenewalOffer::Now;
            }),
        ),
        Sample::new(
            "certificate-pair",
            certificate(),
            with(|portal| {
                portal.certificate.card.part = domain::KeyPart::Encrypt;
                portal.certificate.other_half = Some(ID.parse().unwrap());
                portal.certificate.renewal = api::RenewalOffer::Done(ID.parse().unwrap());
            }),
        ),
        Sample::new(
            "certificate-own-key",
            certificate(),
            with(|portal| {
                portal.certificate.is_own_key = true;
                portal.certificate.renewal =
                    api::RenewalOffer::Otherwise("Make a new signing request.".to_owned());
            }),
        ),
        Sample::new("home-revealed", "/", SamplePortal::default()).after(revealed()),
    ]
}

/// One's own, revoked.
fn revoked(portal: &mut SamplePortal) {
    portal.certificate.card.state = api::CertificateState::Revoked;
    portal.certificate.ended_at = Some(values::NOW);
    portal.certificate.ended_because = Some(RevocationReason::KeyCompromise);
    portal.certificate.may_end = api::MayEnd::Nothing;
}

/// Somebody else's, as an administrator sees it.
fn others(portal: &mut SamplePortal) {
    portal.site = values::site_for(Role::Admin);
    portal.certificate.is_own = false;
    portal.certificate.may_end = api::MayEnd::Revoke;
    portal.certificate.same_key = 2;
}

fn revealed() -> PostOutcome {
    PostOutcome::Revealed(RevealedPassword {
        password: Password::new("Q7MF-K2XD-9TRW-H4PN-3VCB-8LYG"),
        hide_after_secs: 60,
    })
}
