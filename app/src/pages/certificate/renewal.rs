//! What comes after a certificate, and which half of a pair it is.

use api::{CertificateState, CertificateView, RenewalOffer, url};
use domain::KeyPart;
use leptos::prelude::*;

use crate::components::{BadgeTone, ButtonLink, Notice, PortalForm, Submit, Tone};

/// What a half of a pair is for; nothing for a whole.
pub(crate) const fn part(part: KeyPart) -> Option<&'static str> {
    match part {
        KeyPart::Whole => None,
        KeyPart::Sign => Some("Signs your mail"),
        KeyPart::Encrypt => Some("Opens mail that was encrypted to you"),
    }
}

/// Which half it is, and the way to the other one.
pub(super) fn other_half(certificate: &CertificateView) -> Option<AnyView> {
    let (part, other) = (part(certificate.card.part)?, certificate.other_half?);
    let link = if certificate.card.part == KeyPart::Sign {
        "The one that opens encrypted mail"
    } else {
        "The one that signs"
    };
    let view = view! {
        <p class="meta">
            <span>{part}</span>
            <a href=url::certificate(other)>{link}</a>
        </p>
    };
    Some(view.into_any())
}

/// The next one: how to get it, or where it is.
pub(super) fn renewal(certificate: &CertificateView) -> Option<AnyView> {
    let id = certificate.card.id.to_string();
    let link = |href: String, label: &'static str| {
        view! { <ButtonLink href=href label=label tone=Tone::Quiet /> }.into_any()
    };
    let is_ending = certificate.card.state == CertificateState::Expiring;
    let tone = match certificate.renewal {
        RenewalOffer::Now if is_ending => BadgeTone::Warn,
        _ => BadgeTone::Quiet,
    };
    let (text, next) = match certificate.renewal.clone() {
        RenewalOffer::Nothing => return None,
        RenewalOffer::Now => (
            if is_ending {
                "It ends soon. Renew it now, then nothing is interrupted: this one stays valid until its \
                 end."
            } else {
                "Renew it now: the next one is made from the same template, and this one stays valid \
                 until its end."
            }
            .to_owned(),
            view! {
                <PortalForm action="/api/ui/renew">
                    <input type="hidden" name="id" value=id />
                    <Submit label="Renew" />
                </PortalForm>
            }
            .into_any(),
        ),
        RenewalOffer::UnderWay(request) => (
            "Its renewal is under way.".to_owned(),
            link(url::request(request), "Follow the renewal"),
        ),
        RenewalOffer::Done(next) => (
            "The next one has taken its place.".to_owned(),
            link(url::certificate(next), "See the next one"),
        ),
        RenewalOffer::Otherwise(words) => (
            words,
            link(url::REQUEST.to_owned(), "Request another one"),
        ),
    };
    let view = view! {
        <Notice tone=tone>
            <p>{text}</p>
            <div class="actions">{next}</div>
        </Notice>
    };
    Some(view.into_any())
}
