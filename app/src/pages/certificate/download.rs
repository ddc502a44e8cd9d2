//! Downloading the PFX: one chooses a device, and the portal knows which kind of file it takes.

use api::{CertificateView, url};
use domain::Device;
use leptos::prelude::*;

use super::ConfirmIdentity;
use crate::components::{PortalForm, Submit, Tone};
use crate::words;

/// The choice of the device, and the button.
pub(super) fn download(
    certificate: &CertificateView,
    must_confirm: RwSignal<bool>,
) -> impl IntoView + use<> {
    // The server guesses, so that the page never changes what somebody has chosen meanwhile.
    let guessed = certificate.device;
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
        <PortalForm action=url::download(certificate.card.id) native=true class="stack">
            <fieldset class="choices is-grid">
                <legend>"Where will you use it?"</legend>
                {choices}
            </fieldset>
            <ConfirmIdentity must_confirm=must_confirm />
            <Submit label="Download certificate" />
        </PortalForm>
    }
}

/// Another file of the same certificate, for systems that misread the newer kind.
pub(super) fn older_file(
    certificate: &CertificateView,
    must_confirm: RwSignal<bool>,
) -> impl IntoView + use<> {
    let action = url::download(certificate.card.id);
    view! {
        <details class="fold wrong-password">
            <summary>"It says the password is wrong"</summary>
            <ol class="help-steps">
                <li>
                    "Type or paste the password exactly as shown: the hyphens are part of it, and there is no \
                     blank before or after."
                </li>
                <li>
                    "Some older systems cannot read the newer kind of file and then call the password wrong. \
                     Download the older kind; certificate and password stay the same."
                </li>
            </ol>
            <PortalForm action=action native=true class="stack" id="older-file">
                <input type="hidden" name="device" value=Device::Mac.as_str() />
                <ConfirmIdentity must_confirm=must_confirm />
                <Submit label="Download the older kind" tone=Tone::Quiet />
            </PortalForm>
        </details>
    }
}
