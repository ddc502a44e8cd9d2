//! What one version of a template says. Stored as JSON: a version never changes and is always read
//! as a whole. Fields added later have defaults, so that older versions still read.

use super::{AddressSource, CommonNameSource, TemplateKind};
use crate::{AuthorityId, KeyAlgorithm, PfxFlavour, PfxPasswordPolicy, Role, words};
use serde::{Deserialize, Serialize};

/// The longest validity of a certificate, in days.
pub const LONGEST_DAYS: u16 = 730;

/// What one version of a template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateContent {
    /// What the certificates are for.
    pub kind: TemplateKind,
    /// One sentence for those who choose it.
    #[serde(default)]
    pub summary: String,
    /// Algorithms that may be chosen; the first is the default. Never empty.
    pub key_algorithms: Vec<KeyAlgorithm>,
    /// Days of validity, 1 to [`LONGEST_DAYS`].
    pub valid_days: u16,
    /// Whether a mail certificate also signs in to servers (extended key usage `clientAuth`).
    #[serde(default)]
    pub with_client_auth: bool,
    /// Certificate policy.
    #[serde(default)]
    pub policy: PolicyChoice,
    /// What the common name says.
    #[serde(default)]
    pub common_name: CommonNameSource,
    /// Which addresses of the person stand in the alternative name.
    #[serde(default)]
    pub addresses: AddressSource,
    /// The organisation's registration, for example `NTRDE-DER3306.HRB12345`; for
    /// [`TemplateKind::Sponsor`].
    #[serde(default)]
    pub organisation_identifier: Option<String>,
    /// Who signs; none for the newest authority in use that signs this kind.
    #[serde(default)]
    pub authority: Option<AuthorityId>,
    /// Who has to agree.
    #[serde(default)]
    pub approval: ApprovalRule,
    /// Roles that may request it; empty for everybody.
    #[serde(default)]
    pub requesters: Vec<Role>,
    /// How it reaches its owner.
    #[serde(default)]
    pub delivery: Delivery,
    /// What happens towards its end.
    #[serde(default)]
    pub renewal: Renewal,
    /// Whether the organisation keeps a copy of the decryption key that it can recover.
    #[serde(default)]
    pub is_escrowed: bool,
    /// Which container is made.
    #[serde(default)]
    pub pfx: PfxChoice,
    /// How the password of the container is made.
    pub password_policy: PfxPasswordPolicy,
}

/// Who has to agree before a certificate is issued: so many different people of a role, none of
/// them the requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRule {
    /// How many; 0 for nobody.
    pub count: u8,
    /// Of which role.
    pub role: Role,
}

impl ApprovalRule {
    /// Issued as soon as it is requested.
    pub const NONE: Self = Self::of(0);
    /// One approver.
    pub const ONE: Self = Self::of(1);

    /// So many approvers.
    pub const fn of(count: u8) -> Self {
        Self {
            count,
            role: Role::Approver,
        }
    }

    /// Whether anybody has to agree.
    pub const fn is_needed(self) -> bool {
        self.count > 0
    }
}

impl Default for ApprovalRule {
    fn default() -> Self {
        Self::ONE
    }
}

/// Which policy a certificate asserts (RFC 5280 section 4.2.1.4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyChoice {
    /// The one in the portal's configuration.
    #[default]
    Portal,
    /// One of the organisation's own, dotted.
    Own(String),
    /// The one that the CA/Browser Forum reserves for this kind: it claims audits and hardware that
    /// a key in software does not have, so it is only right with an authority that has them.
    Reserved,
}

/// How a certificate reaches its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Delivery {
    /// They download it.
    #[default]
    Portal,
    /// It is also attached to the mail that says it is ready, sealed by its password. The password
    /// is only ever shown in the portal.
    Mail,
    /// A program of theirs fetches it through the API. They can download it as well.
    Api,
}

words!(Delivery, "delivery", { Portal => "portal", Mail => "mail", Api => "api" });

/// What happens towards the end of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Renewal {
    /// From so many days before the end its owner can renew it with one click.
    pub window_days: u16,
    /// Whether the portal renews it at the start of that window.
    pub is_automatic: bool,
    /// Whether the new certificate has the same key.
    pub keeps_key: bool,
}

impl Default for Renewal {
    fn default() -> Self {
        Self {
            window_days: 30,
            is_automatic: false,
            keeps_key: false,
        }
    }
}

/// Which container is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PfxChoice {
    /// The one that the device reads.
    #[default]
    Device,
    /// Always the modern one.
    Modern,
    /// Always the compatible one.
    Compatible,
}

words!(PfxChoice, "kind of container", {
    Device => "device",
    Modern => "modern",
    Compatible => "compatible",
});

impl PfxChoice {
    /// The flavour for a device that reads `fitting`.
    pub const fn flavour(self, fitting: PfxFlavour) -> PfxFlavour {
        match self {
            Self::Device => fitting,
            Self::Modern => PfxFlavour::Modern,
            Self::Compatible => PfxFlavour::Compatible,
        }
    }
}
