//! L30: what the issuer's own certificate allows to be issued.

use super::Context;
use crate::{CertificateKind, IssuerPurpose, TlsPurpose, oid};

/// Verifiers apply an authority's extended key usage to everything below it.
pub(super) fn check(context: &mut Context<'_>) {
    let issuer = context.issuer;
    let (is_mail, needs_client, needs_server) = match context.facts.kind {
        CertificateKind::Mail(kind) => (true, kind.has_client_auth, false),
        CertificateKind::Tls { purpose, .. } => (
            false,
            purpose != TlsPurpose::Server,
            purpose != TlsPurpose::Client,
        ),
    };
    let report = &mut context.report;
    report.check(
        "L30",
        !is_mail || issuer.allows(oid::EMAIL_PROTECTION),
        "the authority is not for mail; choose one that is",
    );
    // One that is for mail does not name servers, nor the people who sign in to them, even where
    // keys for mail may sign in.
    report.check(
        "L30",
        is_mail || issuer.purpose() != IssuerPurpose::Mail,
        "the authority is for mail and not for TLS; choose one that is",
    );
    report.check(
        "L30",
        !needs_server || issuer.allows(oid::SERVER_AUTH),
        "the authority does not allow serverAuth; choose one that is for servers",
    );
    report.check(
        "L30",
        !needs_client || issuer.allows(oid::CLIENT_AUTH),
        "the authority does not allow clientAuth; leave it out or choose one that does",
    );
}
