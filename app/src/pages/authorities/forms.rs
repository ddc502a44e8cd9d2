//! What an administrator does with authorities.

use api::{AuthorityRequestView, AuthorityView, url};
use domain::AuthorityPurpose;
use leptos::prelude::*;

use super::purpose;
use crate::components::{
    Badge, BadgeTone, Confirm, PortalForm, SelectField, Submit, TextArea, TextField, Tone,
};

/// What can be done with an authority.
pub(super) fn verbs(one: &AuthorityView) -> AnyView {
    let id = one.id.to_string();
    match (one.purpose, one.has_key) {
        (AuthorityPurpose::Root, true) => root_key(one).into_any(),
        (AuthorityPurpose::Root, false) => view! {
            <Confirm summary="Bring its revocation list">
                {form("import-authority-list", id, || view! {
                    <TextArea name="list" label="Revocation list as PEM" required=true />
                    <Submit label="Serve this list" />
                }.into_any())}
            </Confirm>
        }
        .into_any(),
        _ if one.is_active => view! {
            <Confirm summary="Retire">
                <p>"It signs no certificates any more. What it has signed stays valid."</p>
                {form("retire-authority", id, || view! {
                    <Submit label="Retire it" tone=Tone::Danger />
                }.into_any())}
            </Confirm>
        }
        .into_any(),
        _ => form("activate-authority", id, || {
            view! { <Submit label="Take into use again" tone=Tone::Quiet /> }.into_any()
        }),
    }
}

/// A form about one authority.
fn form(
    verb: &'static str,
    id: String,
    // Made inside the form, which gives each field its identifier and its error.
    fields: impl FnOnce() -> AnyView + Send + 'static,
) -> AnyView {
    view! {
        <PortalForm action=format!("/api/ui/{verb}") id=format!("{verb}-{id}") class="stack">
            <input type="hidden" name="id" value=id />
            {fields()}
        </PortalForm>
    }
    .into_any()
}

/// First the file, then the key can go.
fn root_key(one: &AuthorityView) -> impl IntoView + use<> {
    let (id, name) = (one.id, one.name.clone());
    let confirm = || {
        view! {
            <TextField
                name="password"
                label="Your sign-in password"
                kind="password"
                hint="Not needed if you gave it a few minutes ago."
                autocomplete="current-password"
            />
        }
    };
    view! {
        <Confirm summary="Take its key offline">
            <p>
                "Issuing authorities go on without it. New ones need it, and so do revocation lists after the last one."
            </p>
            <PortalForm
                action=url::authority_key(id)
                id=format!("key-{}", id)
                native=true
                class="stack"
            >
                <TextField
                    name="file_password"
                    label="A password for the file"
                    kind="password"
                    hint="At least 12 characters. Without it the file is worth nothing."
                    autocomplete="new-password"
                    required=true
                />
                {confirm()}
                <Submit label="1. Download the key" />
            </PortalForm>
            {form(
                "remove-authority-key",
                id.to_string(),
                move || view! {
                    <TextField name="name" label="The root's name" hint=name required=true />
                    {confirm()}
                    <Submit label="2. Delete the key here" tone=Tone::Danger />
                }
                    .into_any(),
            )}
        </Confirm>
    }
}

/// An authority that waits for its certificate.
#[component]
pub(super) fn Waiting(request: AuthorityRequestView, may_manage: bool) -> impl IntoView {
    let id = request.id.to_string();
    let discarded = id.clone();
    let forms = may_manage.then(|| {
        view! {
            <div class="ways">
            <Confirm summary="Bring its certificate">
                {form("complete-authority", id, || view! {
                    <TextArea
                        name="certificates"
                        label="Certificate as PEM"
                        hint="A root that is not listed here goes below it."
                        required=true
                    />
                    <Submit label="Take it into use" />
                }.into_any())}
            </Confirm>
            <Confirm summary="Give the request up">
                <p>"Its key is deleted."</p>
                {form("discard-authority-request", discarded, || view! {
                    <Submit label="Delete request and key" tone=Tone::Danger />
                }.into_any())}
            </Confirm>
            </div>
        }
    });
    view! {
        <li class="card stack">
            <h2>{request.name}</h2>
            <p>
                <Badge text=purpose(request.purpose) tone=BadgeTone::Wait />
                {format!(" Waits for its certificate since {}.", request.since)}
            </p>
            <p>
                <a href=url::authority_csr(request.id) rel="external" download="">
                    "Signing request (PEM)"
                </a>
            </p>
            {forms}
        </li>
    }
}

/// A new issuing authority.
#[component]
pub(super) fn New(roots: Vec<(String, String)>, mail_domains: String) -> impl IntoView {
    view! {
        <Confirm summary="New issuing authority">
            <PortalForm action="/api/ui/create-authority" class="stack">
                <SelectField name="parent" label="Signed by" options=roots />
                <TextField
                    name="name"
                    label="Name"
                    hint="With a number: its successor needs another one."
                    required=true
                />
                <SelectField
                    name="purpose"
                    label="Signs certificates for"
                    options=vec![choice("mail", "Mail"), choice("tls", "TLS")]
                />
                <SelectField
                    name="key_algorithm"
                    label="Key"
                    options=vec![choice("rsa4096", "RSA-4096"), choice("p384", "P-384")]
                />
                <TextField
                    name="domains"
                    label="Only for these domains"
                    hint=format!("Separated by blanks; empty for all. Ours: {mail_domains}")
                />
                <Submit label="Make it" />
            </PortalForm>
        </Confirm>
    }
}

/// An authority that exists already.
#[component]
pub(super) fn Import() -> impl IntoView {
    view! {
        <Confirm summary="Take over an existing authority">
            <p>
                "For mail or for TLS, with its key. Keep serving its old revocation lists at their old address."
            </p>
            <PortalForm action=url::IMPORT_AUTHORITY upload=true class="stack">
                <TextField
                    name="file"
                    label="File with key and certificates up to the root"
                    hint="A .p12 or .pfx, or PEM."
                    kind="file"
                />
                <TextArea name="material" label="Or the same pasted as PEM" />
                <TextField name="password" label="Its password" kind="password" autocomplete="off" />
                <SelectField
                    name="purpose"
                    label="Signs certificates for"
                    options=vec![
                        choice("", "What its certificate says"),
                        choice("mail", "Mail"),
                        choice("tls", "TLS"),
                    ]
                />
                <Submit label="Take it over" />
            </PortalForm>
        </Confirm>
    }
}

fn choice(value: &str, label: &str) -> (String, String) {
    (value.to_owned(), label.to_owned())
}
