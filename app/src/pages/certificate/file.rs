//! The certificate as a file without its key, and what administrators do with certificates besides
//! ending them.

use api::{CertificateView, url};
use domain::{CertificateForm, CertificateId};
use leptos::prelude::*;

use crate::components::{ButtonLink, Card, Confirm, Notice, PortalForm, SelectField, Submit, Tone};
use crate::pages::links::with_query;

/// The certificate without its key, in each form.
pub(super) fn links(id: CertificateId) -> impl IntoView {
    // Files, and no pages of the application.
    let links = [
        (CertificateForm::Pem, "As text for servers (PEM)"),
        (CertificateForm::Der, "Binary (DER)"),
        (CertificateForm::P7b, "With its authorities (P7B)"),
    ]
    .map(|(form, label)| {
        view! {
            <a href=url::certificate_file(id, form) rel="external">
                {label}
            </a>
            " "
        }
    });
    view! { <span class="files">{links.collect_view()}</span> }
}

/// Instead of the steps, where key and password are not in the portal.
pub(super) fn without_secrets(certificate: &CertificateView) -> impl IntoView + use<> {
    let text = if certificate.is_own_key {
        "The key of this certificate never was in the portal: it is with whoever made the signing \
         request. Download the certificate and put it next to its key."
    } else {
        "Key, password and PFX were deleted long after the end of this certificate. Mail that only \
         they open cannot be read any more."
    };
    let id = certificate.card.id;
    view! {
        <Notice>
            <p>{text}</p>
            <p>{links(id)}</p>
        </Notice>
    }
}

/// How a program of its owner fetches it, where that is how it is delivered.
pub(super) fn for_programs(certificate: &CertificateView) -> Option<AnyView> {
    let command = certificate.fetch_with.clone()?;
    Some(
        view! {
            <Card class="stack for-programs">
                <h2>"Fetch it"</h2>
                <p>
                    "A program of yours fetches it with one of "
                    <a href=url::TOKENS>"your API tokens"</a>
                    ", for example so, where token.txt has one line, "
                    <code>"Authorization: Bearer cpt_…"</code> ":"
                </p>
                <pre class="command">
                    <code translate="no">{command}</code>
                </pre>
            </Card>
        }
        .into_any(),
    )
}

/// Another one like it, sending it once more, and deleting its key.
pub(super) fn for_administrators(certificate: &CertificateView) -> Option<AnyView> {
    let id = certificate.card.id.to_string();
    certificate.may_deliver.then(|| {
        let copy = with_query(url::REQUEST, &[("copy", &id)]);
        let mut files = vec![("certificate".to_owned(), "The certificate".to_owned())];
        if !certificate.is_own_key && !certificate.is_deleted {
            let label = "The PFX, sealed by its password".to_owned();
            files.insert(0, ("pfx".to_owned(), label));
        }
        let delete = certificate.may_delete.then(|| delete(id.clone()));
        view! {
            <Card class="stack">
                <h2>"More"</h2>
                <div class="ways">
                <ButtonLink href=copy label="Request another one like it" tone=Tone::Quiet />
                <Confirm summary="Deliver again">
                    <p>"The owner gets a mail with it. The password is never sent."</p>
                    <PortalForm action="/api/ui/deliver" class="stack">
                        <input type="hidden" name="id" value=id />
                        <SelectField name="what" label="What is sent" options=files />
                        <Submit label="Deliver again" />
                    </PortalForm>
                </Confirm>
                {delete}
                </div>
            </Card>
        }
        .into_any()
    })
}

fn delete(id: String) -> impl IntoView {
    view! {
        <Confirm summary="Delete key and password">
            <p>
                "It cannot be undone: old mail that was encrypted to this certificate can then never \
                 be opened again with what the portal has. The certificate itself stays."
            </p>
            <PortalForm action="/api/ui/delete-secrets" class="stack">
                <input type="hidden" name="id" value=id />
                <Submit label="Delete key and password" tone=Tone::Danger />
            </PortalForm>
        </Confirm>
    }
}
