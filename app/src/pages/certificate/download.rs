//! Downloading: one chooses a device, and the portal knows which kind of file it takes.

use api::{CertificateView, url};
use domain::{Device, DownloadKind};
use leptos::prelude::*;

use super::ConfirmIdentity;
use crate::components::{PortalForm, Submit, Tone};
use crate::words;

/// The choice of the device. The server guesses, so that the page never changes what somebody has
/// chosen meanwhile.
pub(crate) fn devices(guessed: Device) -> impl IntoView + use<> {
    let choices = Device::ALL
        .iter()
        .map(|device| {
            let device = *device;
            let (name, program) = words::device(device);
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="device"
                        value=device.as_str()
                        checked=device == guessed
                    />
                    <span class="choice-text">
                        <strong>{name}</strong>
                        <span class="hint">{program}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices is-grid">
            <legend>"Where will you use it?"</legend>
            {choices}
        </fieldset>
    }
}

fn button(label: &'static str, kind: DownloadKind) -> AnyView {
    view! { <Submit label=label tone=Tone::Quiet name="kind" value=kind.as_str() /> }.into_any()
}

/// The device, and the files that there are for it.
pub(super) fn download(
    certificate: &CertificateView,
    must_confirm: RwSignal<bool>,
) -> impl IntoView + use<> {
    let guessed = certificate.device;
    view! {
        <PortalForm action=url::download(certificate.card.id) native=true class="stack">
            {devices(guessed)}
            <ConfirmIdentity must_confirm=must_confirm />
            <Submit label="Download certificate" />
            <p class="actions">
                {button("Profile for iPhone, iPad or Mac", DownloadKind::Profile)}
                {button("Wrong password? Download the other kind", DownloadKind::OtherPfx)}
            </p>
        </PortalForm>
    }
}

/// What to do where the password is called wrong.
pub(super) fn wrong_password() -> impl IntoView {
    view! {
        <details class="fold wrong-password">
            <summary>"It says the password is wrong"</summary>
            <ol class="help-steps">
                <li>
                    "Type or paste the password exactly as shown: the hyphens are part of it, and there is no \
                     blank before or after."
                </li>
                <li>
                    "Some systems cannot read one of the two kinds of file and then call the password wrong. \
                     Download the other kind above; certificate and password stay the same."
                </li>
            </ol>
        </details>
    }
}
