//! Certificates as their owner sees them.

use crate::{ImportedCard, OldMail, Password, RequestCard};
use domain::{
    CertificateId, Device, DownloadKind, KeyAlgorithm, KeyPart, RequestId, RevocationReason,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The first page after signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyCertificates {
    /// Certificates, newest first.
    pub certificates: Vec<CertificateCard>,
    /// Requests that are not yet certificates, newest first; finished ones of the last 30 days too.
    pub requests: Vec<RequestCard>,
    /// What they brought along, newest first.
    pub imported: Vec<ImportedCard>,
    /// Their keys that open old mail; none if there is no such key.
    pub old_mail: Option<OldMail>,
    /// What the viewer's browser seems to run on.
    pub device: Device,
    /// The server's time.
    pub now: OffsetDateTime,
}

/// State of a certificate in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    /// Good to use.
    Valid,
    /// Ends within 30 days.
    Expiring,
    /// Has ended; still opens old mail.
    Expired,
    /// On hold: not to be trusted for now.
    Held,
    /// Revoked for good; still opens old mail.
    Revoked,
}

/// A certificate in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateCard {
    /// Identifier.
    pub id: CertificateId,
    /// Address it is for.
    pub mailbox: String,
    /// State.
    pub state: CertificateState,
    /// Begin of validity.
    pub not_before: OffsetDateTime,
    /// End of validity.
    pub not_after: OffsetDateTime,
    /// Whole days until the end; negative after it.
    pub days_left: i64,
    /// Name of the template.
    pub template: String,
    /// Whether the owner has downloaded it yet.
    pub was_downloaded: bool,
    /// The whole, or which half of a split pair.
    pub part: KeyPart,
    /// Whether one click renews it now; of a split pair, said of the half that signs.
    pub may_renew: bool,
    /// What it names besides the address, in words: host names, the name of a device, further
    /// addresses.
    pub names: String,
}

/// How a certificate's renewal stands, for its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RenewalOffer {
    /// It is too early, too late, held, revoked or somebody else's.
    Nothing,
    /// One click renews it.
    Now,
    /// It is being made or waits for a decision.
    UnderWay(RequestId),
    /// This is the one that takes its place.
    Done(CertificateId),
    /// It cannot be renewed so; what to do, in words.
    Otherwise(String),
}

/// What a viewer may do to end a certificate. One that has ended by itself can only be revoked because
/// its key is lost, which ends others of that key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MayEnd {
    /// Nothing: it is over, or neither theirs nor their task.
    Nothing,
    /// Report it lost: its owner.
    ReportLost,
    /// Revoke, hold and re-activate it: an admin.
    Revoke,
}

/// A certificate with everything about it that is not secret.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says what the page shows"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateView {
    /// The card.
    pub card: CertificateCard,
    /// Name of the owner.
    pub person: String,
    /// Whether the owner is looking; only they can show the password and download.
    pub is_own: bool,
    /// The request it came from.
    pub request: RequestId,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub thumbprint: String,
    /// Subject, RFC 4514 string.
    pub subject: String,
    /// Issuer, RFC 4514 string.
    pub issuer: String,
    /// Algorithm of the key.
    pub key_algorithm: KeyAlgorithm,
    /// Name that the downloaded file will have.
    pub file_name: String,
    /// What the viewer's browser seems to run on.
    pub device: Device,
    /// Whether identity must be confirmed with the password before secrets are shown.
    pub must_confirm: bool,
    /// The command with which a program of its owner fetches it, where that is how it is delivered.
    pub fetch_with: Option<String>,
    /// When it was revoked, or since when it is on hold.
    pub ended_at: Option<OffsetDateTime>,
    /// Why it was revoked or held.
    pub ended_because: Option<RevocationReason>,
    /// What the viewer may do to end it.
    pub may_end: MayEnd,
    /// How many other good certificates have its key, and end with it where somebody else may have
    /// the key; counted for who may end it.
    pub same_key: u64,
    /// How its renewal stands.
    pub renewal: RenewalOffer,
    /// Whether the owner keeps the key, so that there is no password and no container.
    pub is_own_key: bool,
    /// The other half of a split pair.
    pub other_half: Option<CertificateId>,
    /// Whether key, password and PFX were deleted long after its end.
    pub is_deleted: bool,
    /// Whether the viewer may send it to its owner once more, and request another one like it.
    pub may_deliver: bool,
    /// Whether the viewer may delete key, password and PFX now.
    pub may_delete: bool,
    /// The server's time.
    pub now: OffsetDateTime,
}

/// Asks for the password of a certificate's PFX.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowPassword {
    /// The password for signing in, where identity must be confirmed.
    #[serde(default)]
    pub password: Password,
}

/// Asks for a certificate's PFX.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Download {
    /// The password for signing in, where identity must be confirmed.
    #[serde(default)]
    pub password: Password,
    /// Where it will be used.
    pub device: Device,
    /// Which file.
    #[serde(default)]
    pub kind: DownloadKind,
}

/// The password of a PFX, on its way to its owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevealedPassword {
    /// The password, hyphens included.
    pub password: Password,
    /// After how many seconds the page hides it again.
    pub hide_after_secs: u32,
}
