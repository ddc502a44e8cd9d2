//! Certificates: one's own, one of them, all of them, and ending them.

use api::{CertificateFilter, CertificateList, CertificateView, Done, MyCertificates};
use domain::{CertificateId, ImportedId};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// One's certificates and open requests.
#[server(name = ReadMyCertificates, prefix = "/api/ui", endpoint = "read/my-certificates", input = GetUrl)]
pub async fn read_my_certificates() -> Result<MyCertificates, Failure> {
    super::call(|portal| async move { portal.my_certificates().await }).await
}

/// A certificate.
#[server(name = ReadCertificate, prefix = "/api/ui", endpoint = "read/certificate", input = GetUrl)]
pub async fn read_certificate(id: CertificateId) -> Result<CertificateView, Failure> {
    super::call(|portal| async move { portal.certificate(id).await }).await
}

/// One page of all certificates, newest first.
#[server(name = ReadCertificates, prefix = "/api/ui", endpoint = "read/certificates", input = GetUrl)]
pub async fn read_certificates(
    #[server(default)] filter: CertificateFilter,
) -> Result<CertificateList, Failure> {
    super::call(|portal| async move { portal.certificates(filter).await }).await
}

/// Reports one's own certificate lost.
#[server(name = ReportLost, prefix = "/api/ui", endpoint = "report-lost", input = PostUrl)]
pub async fn report_lost(
    id: CertificateId,
    #[server(default)] reason: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.report_lost(id, reason).await }).await
}

/// Revokes a certificate for good.
#[server(name = Revoke, prefix = "/api/ui", endpoint = "revoke", input = PostUrl)]
pub async fn revoke(
    id: CertificateId,
    #[server(default)] reason: String,
    #[server(default)] comment: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.revoke(id, reason, comment).await }).await
}

/// Puts a certificate on hold.
#[server(name = Hold, prefix = "/api/ui", endpoint = "hold", input = PostUrl)]
pub async fn hold(id: CertificateId, #[server(default)] comment: String) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.hold(id, comment).await }).await
}

/// Takes a certificate off hold.
#[server(name = Reactivate, prefix = "/api/ui", endpoint = "reactivate", input = PostUrl)]
pub async fn reactivate(id: CertificateId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.reactivate(id).await }).await
}

/// Renews one's own certificate.
#[server(name = Renew, prefix = "/api/ui", endpoint = "renew", input = PostUrl)]
pub async fn renew(id: CertificateId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.renew(id).await }).await
}

/// Deletes what one brought along.
#[server(name = RemoveImported, prefix = "/api/ui", endpoint = "remove-imported", input = PostUrl)]
pub async fn remove_imported(id: ImportedId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.remove_imported(id).await }).await
}

/// Sends a certificate to its owner by mail once more.
#[server(name = Deliver, prefix = "/api/ui", endpoint = "deliver", input = PostUrl)]
pub async fn deliver(id: CertificateId, #[server(default)] what: String) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.deliver(id, what).await }).await
}

/// Deletes key, password and PFX of a certificate that ended long ago.
#[server(name = DeleteSecrets, prefix = "/api/ui", endpoint = "delete-secrets", input = PostUrl)]
pub async fn delete_secrets(id: CertificateId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.delete_secrets(id).await }).await
}
