//! The request form: a signing request may come with it as a file, so it is read here and not by a
//! server function.

use api::{Portal as _, RequestCertificate};
use axum::Extension;
use axum::response::Response;
use http::HeaderMap;

use super::form_page::FormPage;
use super::forms::{SentFile, SentForm};
use super::guest::Guest;
use super::headers::PageNonce;
use super::visit::Visit;
use super::{call, local_path};

/// Requests a certificate.
pub(super) async fn add(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    file: Option<Extension<SentFile>>,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new(guest.clone());
    let action = api::url::REQUEST_CERTIFICATE;
    match visit.request_certificate(request(&form, file)).await {
        Ok(done) => call::done_with(&guest, &headers, action, done),
        Err(error) => {
            let form = FormPage {
                guest,
                nonce,
                form: &form,
                headers: &headers,
                action: action.to_owned(),
                page: page(&form),
            };
            form.refuse(error).await
        }
    }
}

fn request(form: &SentForm, file: Option<Extension<SentFile>>) -> RequestCertificate {
    RequestCertificate {
        template: form.text("template"),
        mailbox: form.text("mailbox"),
        reason: form.text("reason"),
        key_algorithm: form.text("key_algorithm"),
        names: form.text("names"),
        device: form.text("device"),
        csr: form.text("csr"),
        csr_file: file.map(|Extension(SentFile(bytes))| bytes.expose().clone()),
        person: form.text("person"),
        idempotency_key: form.text("idempotency_key"),
    }
}

/// The page that the form is on: for oneself, for somebody else, or with a copy filled in.
fn page(form: &SentForm) -> String {
    let page = form.get("back").and_then(local_path::local_path);
    let is_form = |page: &&str| page.split('?').next() == Some(api::url::REQUEST);
    page.filter(is_form).unwrap_or(api::url::REQUEST).to_owned()
}
