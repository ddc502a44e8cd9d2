//! What the linter cannot read in the bytes and has to be told.

use crate::{CertificateKind, KeyBlocklist, Serial};
use time::OffsetDateTime;

/// Facts around a certificate. The default expects one for a mailbox whose key signs and encrypts; a
/// fact that is `None` is not judged here, because whoever calls has judged it.
#[derive(Debug, Clone, Copy, Default)]
pub struct LintFacts<'a> {
    /// Which kind of certificate is expected.
    pub kind: CertificateKind<'a>,
    /// The time, if the certificate is new (L07). One that is taken up again after a crash has
    /// started long ago.
    pub now: Option<OffsetDateTime>,
    /// The serial number issued before this one (L02).
    pub last_serial: Option<Serial>,
    /// Keys that must not be certified (L05).
    pub blocklist: Option<&'a KeyBlocklist>,
    /// Whose certificates hold this key already (L24).
    pub key_owner: Option<KeyOwner>,
    /// How the mailbox was proved to belong to the person (L25).
    pub mailbox_proof: Option<MailboxProof>,
    /// What the CAA records of the domains say (L26).
    pub caa: Option<&'a CaaAnswer>,
}

/// Who had a key certified before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOwner {
    /// Nobody: the key is new.
    Nobody,
    /// The same person, who renews.
    SamePerson,
    /// Somebody else, who can therefore read and sign for both.
    OtherPerson,
    /// Whoever it was: a certificate of it was revoked because somebody else may have the key (S/MIME
    /// Baseline Requirements section 6.1.1.3).
    Compromised,
}

/// How a mailbox was proved (S/MIME Baseline Requirements sections 1.3.2.1 and 3.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailboxProof {
    /// The person answered a mail sent to it, at this time (section 3.2.2.2).
    Mail(OffsetDateTime),
    /// The organisation proved control of the mail domain, at this time (section 3.2.2.1).
    Domain(OffsetDateTime),
    /// The organisation, which runs both the mail domain and the authority, recorded whose it is, at
    /// this time. It stays so until the record is changed.
    Recorded(OffsetDateTime),
    /// It is not proved, or no longer.
    Nothing,
}

/// What the CAA records of all domains in a certificate say (RFC 8659; for mail RFC 9495). The words
/// are for an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaaAnswer {
    /// This authority may issue, or the domains say nothing.
    Permits,
    /// Only others may issue.
    Forbids(String),
    /// The name servers gave no trustworthy answer.
    Unknown(String),
}
