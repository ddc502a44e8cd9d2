//! Certificates: one's own, one of them, and all of them.

use api::{CertificateFilter, CertificateList, CertificateView, MyCertificates};
use domain::CertificateId;
use leptos::prelude::*;
use server_fn::codec::GetUrl;

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
