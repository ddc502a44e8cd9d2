//! The audit log: reading it and checking its chain.

use api::{AuditEntryView, AuditFilter, AuditVerification, Page};
use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::Failure;

/// One page of the log, newest first.
#[server(name = ReadAudit, prefix = "/api/ui", endpoint = "read/audit", input = GetUrl)]
pub async fn read_audit(filter: AuditFilter) -> Result<Page<AuditEntryView>, Failure> {
    super::call(|portal| async move { portal.audit(filter).await }).await
}

/// Checks the whole chain. Reading only, so a link can ask for it.
#[server(name = VerifyAudit, prefix = "/api/ui", endpoint = "read/verify-audit", input = GetUrl)]
pub async fn verify_audit() -> Result<AuditVerification, Failure> {
    super::call(|portal| async move { portal.verify_audit().await }).await
}
