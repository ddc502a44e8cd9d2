//! The request form: a signing request may come with it as a file, so it is read here and not by a
//! server function.

use api::{Portal as _, RequestCertificate};
use axum::response::Response;

use super::form_page::Sent;
use super::forms::{SentFile, SentForm};
use super::local_path;

/// Requests a certificate.
pub(super) async fn add(sent: Sent) -> Response {
    let asked = request(&sent.form, sent.file.as_ref());
    let result = sent.visit().request_certificate(asked).await;
    let form = sent.on(api::url::REQUEST_CERTIFICATE, page(&sent.form));
    form.done(result).await
}

fn request(form: &SentForm, file: Option<&SentFile>) -> RequestCertificate {
    RequestCertificate {
        template: form.text("template"),
        mailbox: form.text("mailbox"),
        reason: form.text("reason"),
        key_algorithm: form.text("key_algorithm"),
        names: form.text("names"),
        device: form.text("device"),
        csr: form.text("csr"),
        csr_file: file.map(|SentFile(bytes)| bytes.expose().clone()),
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
