//! What an operator can decide about how the portal behaves.

use domain::{KeyAlgorithm, PfxPasswordPolicy};
use time::Duration;

/// The portal's policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Where people reach the portal, without a trailing slash: `https://portal.example.com`.
    pub base_url: String,
    /// Where revocation lists and authorities' certificates are served, plain http (RFC 5280
    /// section 8 warns of loops with https), without a trailing slash.
    pub pki_url: String,
    /// A session ends when it was not used for this long.
    pub session_idle: Duration,
    /// A session ends after this long, used or not.
    pub session_absolute: Duration,
    /// For how long a confirmation of identity counts.
    pub confirm_for: Duration,
    /// How passwords of PFX containers are made.
    pub pfx_password: PfxPasswordPolicy,
    /// After how long a shown password hides itself.
    pub hide_password_after_secs: u32,
    /// How often an hour somebody may show passwords and download.
    pub reveals_per_hour: i64,
    /// How many calls a minute a program may make with one token, on all nodes together.
    pub calls_per_minute: i64,
    /// Threads for work that keeps a processor busy.
    pub workers: usize,
    /// Keys made ahead of each algorithm; 0 makes none and uses none.
    pub key_pool: u32,
    /// Keys of the authorities made at set-up.
    pub authority_key: KeyAlgorithm,
    /// Policy that certificates assert, dotted decimal.
    pub policy_oid: String,
    /// Key and password of a certificate are kept for so many days after its end.
    pub retention_days: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            base_url: "https://localhost:8443".to_owned(),
            pki_url: "http://localhost:8080".to_owned(),
            session_idle: Duration::minutes(30),
            session_absolute: Duration::hours(10),
            confirm_for: Duration::minutes(5),
            pfx_password: PfxPasswordPolicy::Fours,
            hide_password_after_secs: 30,
            reveals_per_hour: 20,
            calls_per_minute: 600,
            workers: 2,
            key_pool: 32,
            authority_key: KeyAlgorithm::Rsa4096,
            policy_oid: pki::profile::EXAMPLE_POLICY.to_owned(),
            retention_days: 730,
        }
    }
}
