//! Old mail: what was brought along, all keys in one file, and the form for bringing another one.

use api::{ImportedCard, MyCertificates, OldMail, url};
use domain::Device;
use leptos::prelude::*;

use crate::components::{Confirm, Fold, PortalForm, Submit, TextField, Tone};
use crate::dates;
use crate::pages::certificate::devices;

/// The part of the page below one's certificates.
pub(super) fn old_mail(mine: &MyCertificates) -> AnyView {
    let device = mine.device;
    let brought = (!mine.imported.is_empty()).then(|| {
        let lines = mine
            .imported
            .iter()
            .map(|card| imported(card, device))
            .collect_view();
        view! {
            <h2>"Brought along"</h2>
            <ul class="lines">{lines}</ul>
        }
    });
    let all = mine.old_mail.clone().map(|old| all_keys(&old, device));
    view! {
        <section class="stack">
            {brought}
            {all}
            <Fold summary="Bring a certificate along">
                <p>
                    "Have you read encrypted mail with another certificate until now? Upload it with its \
                     key: the portal keeps it sealed, and gives it to you wherever you read old mail."
                </p>
                <PortalForm action=url::IMPORT upload=true class="stack">
                    <TextField name="pfx" label="File (.p12 or .pfx)" kind="file" required=true />
                    <TextField
                        name="pfx_password"
                        label="Password of this file"
                        kind="password"
                        autocomplete="off"
                        hint="The portal makes a new one for it."
                    />
                    <Submit label="Bring it along" tone=Tone::Quiet />
                </PortalForm>
            </Fold>
        </section>
    }
    .into_any()
}

fn confirm() -> AnyView {
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
    .into_any()
}

/// Everything that decrypts, in one file.
fn all_keys(old: &OldMail, device: Device) -> AnyView {
    let keys = old.keys;
    let opens = match old.password_of {
        Some(id) => view! {
            "It opens with the password of "
            <a href=url::certificate(id)>"your newest certificate"</a>
            "."
        }
        .into_any(),
        None => "It opens with the password of the first one below “Brought along”.".into_any(),
    };
    view! {
        <Fold summary="Open my old mail">
            <p>
                {format!("Get all your keys that open encrypted mail ({keys}), old ones too, in one file. ")}
                {opens}
            </p>
            <PortalForm action=url::OLD_MAIL native=true class="stack">
                {devices(device)}
                {confirm()}
                <Submit label="Download all keys" tone=Tone::Quiet />
            </PortalForm>
        </Fold>
    }
    .into_any()
}

fn imported(card: &ImportedCard, device: Device) -> AnyView {
    let id = card.id;
    let facts = format!(
        "ends on {}, from {}",
        dates::day(card.not_after),
        card.issuer
    );
    view! {
        <li>
            <strong>{card.name.clone()}</strong>
            <span class="lines-text">{facts}</span>
            <Fold summary="Use it">
                <PortalForm action=url::show_imported_password(id) native=true class="stack">
                    {confirm()}
                    <Submit label="Show its password" tone=Tone::Quiet />
                </PortalForm>
                <PortalForm action=url::download_imported(id) native=true class="stack">
                    {devices(device)}
                    {confirm()}
                    <Submit label="Download it" tone=Tone::Quiet />
                    <Submit
                        label="Wrong password? Download the other kind"
                        tone=Tone::Quiet
                        name="kind"
                        value="other-pfx"
                    />
                </PortalForm>
            </Fold>
            <Confirm summary="Delete">
                <p>"It is deleted here with its key. Mail that only it opens cannot be read with the portal's help any more."</p>
                <PortalForm action="/api/ui/remove-imported" id=format!("remove-{id}")>
                    <input type="hidden" name="id" value=id.to_string() />
                    <Submit label="Delete" tone=Tone::Danger />
                </PortalForm>
            </Confirm>
        </li>
    }
    .into_any()
}
