//! L16, L21, L22, L23: which extensions there are.

use super::Context;
use crate::oid;
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::{Decode, Sequence};
use x509_cert::ext::Extension;

/// Extensions that are allowed, and all but the last of them required.
const ALLOWED: [ObjectIdentifier; 9] = [
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::CERTIFICATE_POLICIES,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::AUTHORITY_INFO_ACCESS,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::SMIME_CAPABILITIES,
];

/// Microsoft's arc, for example `szOID_NTDS_CA_SECURITY_EXT`.
const MICROSOFT: &str = "1.3.6.1.4.1.311.";

pub(super) struct Extensions<'a>(pub(super) &'a [Extension]);

impl<'a> Extensions<'a> {
    pub(super) fn find(&self, id: ObjectIdentifier) -> Option<&'a Extension> {
        self.0.iter().find(|extension| extension.extn_id == id)
    }

    /// The extension, if it is there and can be read.
    pub(super) fn decode<T: AssociatedOid + Decode<'a>>(&self) -> Option<T> {
        self.find(T::OID)
            .and_then(|extension| T::from_der(extension.extn_value.as_bytes()).ok())
    }

    /// The extension, if it is there, has this criticality and can be read.
    pub(super) fn read<T: AssociatedOid + Decode<'a>>(&self, is_critical: bool) -> Option<T> {
        self.find(T::OID)
            .filter(|extension| extension.critical == is_critical)
            .and_then(|_| self.decode())
    }
}

pub(super) fn check(context: &mut Context<'_>) {
    let present = context.extensions.0;
    let report = &mut context.report;
    for (index, extension) in present.iter().enumerate() {
        let id = extension.extn_id;
        // L16 has its own number, because basic constraints are what a reader looks for.
        let is_constraints = id == oid::BASIC_CONSTRAINTS;
        report.check(
            "L16",
            !is_constraints,
            "there are basic constraints, which belong to authorities",
        );
        let is_microsoft = id.to_string().starts_with(MICROSOFT);
        report.check(
            "L23",
            !is_microsoft,
            format!("extension {id} is Microsoft's, and no template asks for it"),
        );
        report.check(
            "L21",
            is_constraints || is_microsoft || ALLOWED.contains(&id),
            format!("extension {id} is not allowed"),
        );
        let is_first = present
            .iter()
            .take(index)
            .all(|earlier| earlier.extn_id != id);
        report.check("L21", is_first, format!("extension {id} is there twice"));
    }
    check_capabilities(context);
}

/// `SMIMECapability` (RFC 4262 section 2), without parameters as AES has them (RFC 8551).
#[derive(Sequence)]
struct Capability {
    id: ObjectIdentifier,
}

fn check_capabilities(context: &mut Context<'_>) {
    let Some(extension) = context.extensions.find(oid::SMIME_CAPABILITIES) else {
        return;
    };
    let report = &mut context.report;
    report.check("L22", !extension.critical, "the capabilities are critical");
    let has_aes = Vec::<Capability>::from_der(extension.extn_value.as_bytes()).is_ok_and(|found| {
        found
            .iter()
            .any(|capability| capability.id == oid::AES_256_CBC)
    });
    report.check(
        "L22",
        has_aes,
        "the capabilities do not list AES-256, so replies may be encrypted weakly",
    );
}
