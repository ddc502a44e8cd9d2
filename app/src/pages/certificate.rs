//! A certificate and how to use it: download, password, and what to do with both on one's device.

mod download;
mod end;
mod file;
mod help;
mod password;
mod renewal;

use api::{CertificateView, url};
use domain::CertificateId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

pub(crate) use self::download::devices;
use self::download::{download, wrong_password};
use self::help::help;
use self::password::ShowPassword;
pub(crate) use self::password::shown_plainly;
pub(crate) use self::renewal::part;
use crate::components::{Badge, CopyText, Facts, FormState, Loaded, Notice, PageHead, TextField};
use crate::server_fns::read_certificate;
use crate::{Failure, dates, words};

/// A certificate's page.
#[component]
pub fn CertificatePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<CertificateId>().ok())
    });
    let certificate = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_certificate(id).await,
                None => Err(Failure(api::Error::not_found())),
            }
        },
    );
    view! {
        <PageHead title="Certificate" />
        <Loaded
            resource=certificate
            view=|certificate| certificate_view(certificate).into_any()
        />
    }
}

/// What it is, and how its owner uses it.
pub(crate) fn certificate_view(certificate: CertificateView) -> impl IntoView {
    let card = &certificate.card;
    let (label, tone) = words::certificate_state(card.state);
    let validity = end::validity(&certificate);
    let owner = (!certificate.is_own).then(|| view! { <span>{certificate.person.clone()}</span> });
    view! {
        <div class="certificate-head">
            <p class="certificate-mailbox">{card.mailbox.clone()}</p>
            <p class="meta">
                <Badge text=label tone=tone />
                <span>{validity}</span>
                {owner}
                <span>{card.template.clone()}</span>
                <span>{card.names.clone()}</span>
            </p>
            {renewal::other_half(&certificate)}
        </div>
        {end::meaning(&certificate)}
        {renewal::renewal(&certificate)}
        {file::for_programs(&certificate)}
        {if certificate.is_own_key || certificate.is_deleted {
            file::without_secrets(&certificate).into_any()
        } else if certificate.is_own {
            steps(&certificate).into_any()
        } else {
            only_owner().into_any()
        }}
        {end::ways_to_end(&certificate)}
        {file::for_administrators(&certificate)}
        {details(&certificate)}
    }
}

/// The three steps from here to a working mail program.
fn steps(certificate: &CertificateView) -> impl IntoView + use<> {
    let id = certificate.card.id;
    // Once it was confirmed for one form, the others need not ask again.
    let must_confirm = RwSignal::new(certificate.must_confirm);
    view! {
        <ol class="steps">
            <li class="step">
                <h2>"Download it for your device"</h2>
                {download(certificate, must_confirm)}
            </li>
            <li class="step">
                <h2>"Show its password"</h2>
                <p>
                    "The downloaded file asks for a password. It belongs to this certificate alone and is not \
                     the one you sign in with."
                </p>
                <ShowPassword id=id must_confirm=must_confirm />
            </li>
            <li class="step">
                <h2>"Open it on your device"</h2>
                {help(&certificate.file_name)}
                {wrong_password()}
                <p class="aside">
                    "A program does not trust the authority? "
                    <a href=url::AUTHORITY_HELP>"Make this device trust it"</a>
                    "."
                </p>
            </li>
        </ol>
    }
}

fn only_owner() -> impl IntoView {
    view! {
        <Notice>
            <p>"Only its owner can show the password and download this certificate."</p>
        </Notice>
    }
}

/// Asks once more who it is, where that is needed.
#[component]
fn ConfirmIdentity(must_confirm: RwSignal<bool>) -> impl IntoView {
    let field = || {
        view! {
            <TextField
                name="password"
                label="Your sign-in password"
                kind="password"
                hint="To confirm that it is you."
                autocomplete="current-password"
                required=true
            />
        }
    };
    // The page may have been open for longer than a confirmation counts.
    if let Some(form) = use_context::<FormState>() {
        Effect::new(move || {
            if form.field_error("password").is_some() {
                must_confirm.set(true);
            }
        });
    }
    let is_asked = Memo::new(move |_| must_confirm.get());
    move || is_asked.get().then(field)
}

/// For those who know what it means.
fn details(certificate: &CertificateView) -> impl IntoView + use<> {
    let copy = |text: &str, label: &'static str| {
        view! { <CopyText text=text.to_owned() label=label /> }.into_any()
    };
    let mut rows = vec![
        (
            "Serial number".to_owned(),
            copy(&certificate.serial, "serial number"),
        ),
        (
            "Thumbprint (SHA-256)".to_owned(),
            copy(&certificate.thumbprint, "thumbprint"),
        ),
        ("Subject".to_owned(), subject(certificate).into_any()),
        ("Issuer".to_owned(), certificate.issuer.clone().into_any()),
        (
            "Key".to_owned(),
            certificate.key_algorithm.label().into_any(),
        ),
        (
            "Begins".to_owned(),
            dates::exact(certificate.card.not_before).into_any(),
        ),
        (
            "Ends".to_owned(),
            dates::exact(certificate.card.not_after).into_any(),
        ),
        ("Revocation".to_owned(), revocation(certificate).into_any()),
        (
            "Request".to_owned(),
            view! { <a href=url::request(certificate.request)>"How it came about"</a> }.into_any(),
        ),
    ];
    // Elsewhere the files stand above already.
    if !certificate.is_own_key && !certificate.is_deleted {
        let files = file::links(certificate.card.id).into_any();
        rows.push(("Files without the key".to_owned(), files));
    }
    view! {
        <details class="fold">
            <summary>"Technical details"</summary>
            <Facts rows=rows />
        </details>
    }
}

/// Empty where nothing fits into it, such as an address of more than 64 characters.
fn subject(certificate: &CertificateView) -> String {
    if certificate.subject.is_empty() {
        "none".to_owned()
    } else {
        certificate.subject.clone()
    }
}

/// The reason as the revocation list has it (RFC 5280 section 5.3.1), with its exact time.
fn revocation(certificate: &CertificateView) -> String {
    match (certificate.ended_because, certificate.ended_at) {
        (Some(reason), Some(at)) => format!("{reason}, {}", dates::exact(at)),
        _ => "none".to_owned(),
    }
}
