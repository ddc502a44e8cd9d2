//! Certificates of the person who is looking.

use api::{CertificateView, MyCertificates};
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
