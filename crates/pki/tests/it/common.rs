//! Authorities, keys and certificates that the tests share; RSA-4096 keys take seconds to make.

use domain::{KeyAlgorithm, Mailbox};
use pki::{
    AuthorityName, AuthorityPurpose, AuthorityUrls, Certificate, Planned, PrivateKey, Serial,
    SigningAuthority, SmimeProfile, TlsProfile,
};
use rand::{SeedableRng, rngs::StdRng};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use std::thread;
use time::{OffsetDateTime, macros::datetime};

pub(crate) const NOW: OffsetDateTime = datetime!(2026-10-01 12:34:56.789 UTC);
/// `NOW` for `openssl verify -attime`.
pub(crate) const NOW_SECONDS: &str = "1790858096";

pub(crate) const LONG_ADDRESS: &str =
    "a.very.long.local.part.of.an.address@a.very.long.mail.domain.for.tests.example.com";

pub(crate) struct Hierarchy {
    pub(crate) root: SigningAuthority,
    pub(crate) issuing: SigningAuthority,
}

impl Hierarchy {
    /// Issuing certificate and root in DER.
    pub(crate) fn chain(&self) -> Vec<Vec<u8>> {
        [&self.issuing, &self.root]
            .map(|one| one.certificate().der().to_vec())
            .into()
    }

    /// Writes `root.pem` and `issuing.pem`.
    pub(crate) fn write(&self, folder: &Path) {
        for (name, authority) in [("root", &self.root), ("issuing", &self.issuing)] {
            let pem = pki::pem::certificates(&[authority.certificate().der()]).unwrap();
            std::fs::write(folder.join(name).with_extension("pem"), pem).unwrap();
        }
    }
}

pub(crate) fn rng() -> StdRng {
    use std::sync::atomic::{AtomicU64, Ordering};
    static SEED: AtomicU64 = AtomicU64::new(1);
    StdRng::seed_from_u64(SEED.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn serial() -> Serial {
    Serial::generate(&mut rng())
}

pub(crate) fn name(common_name: &str) -> AuthorityName {
    AuthorityName {
        common_name: common_name.to_owned(),
        organisation: "Beispiel & Söhne GmbH".to_owned(),
        country: "DE".to_owned(),
    }
}

pub(crate) fn urls() -> AuthorityUrls {
    AuthorityUrls {
        crl_url: "http://pki.example.com/root.crl".to_owned(),
        issuer_url: "http://pki.example.com/root.cer".to_owned(),
    }
}

pub(crate) fn profile() -> SmimeProfile {
    SmimeProfile {
        valid_days: 365,
        policy: pki::Policy::Own(pki::profile::EXAMPLE_POLICY.to_owned()),
        has_client_auth: false,
        crl_url: "http://pki.example.com/issuing.crl".to_owned(),
        issuer_url: "http://pki.example.com/issuing.cer".to_owned(),
        ocsp_url: Some("http://pki.example.com/ocsp".to_owned()),
        cps_url: None,
    }
}

pub(crate) fn tls_profile() -> TlsProfile {
    TlsProfile {
        valid_days: 397,
        policy_oid: pki::profile::EXAMPLE_POLICY.to_owned(),
        crl_url: "http://pki.example.com/tls.crl".to_owned(),
        issuer_url: "http://pki.example.com/tls.cer".to_owned(),
        ocsp_url: Some("http://pki.example.com/ocsp".to_owned()),
        cps_url: None,
    }
}

/// A new authority below a root.
pub(crate) fn below(
    root: &SigningAuthority,
    common_name: &str,
    purpose: &AuthorityPurpose,
) -> SigningAuthority {
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let (name, public_key) = (name(common_name), key.public_key().unwrap());
    let der = pki::create_issuing_for(&name, &public_key, root, &serial(), NOW, &urls(), purpose);
    SigningAuthority::new(&der.unwrap(), key).unwrap()
}

fn make_hierarchy(algorithm: KeyAlgorithm) -> Hierarchy {
    let (root_key, issuing_key) = thread::scope(|scope| {
        let root = scope.spawn(|| PrivateKey::generate(algorithm).unwrap());
        let issuing = PrivateKey::generate(algorithm).unwrap();
        (root.join().unwrap(), issuing)
    });
    let label = algorithm.label();
    let root = name(&format!("Example Root {label}"));
    let root_der = pki::create_root(&root, &root_key, &serial(), NOW, 20).unwrap();
    let root = SigningAuthority::new(&root_der, root_key).unwrap();
    let issuing_der = pki::create_issuing(
        &name(&format!("Example Issuing {label}")),
        &issuing_key.public_key().unwrap(),
        &root,
        &serial(),
        NOW,
        &urls(),
    )
    .unwrap();
    Hierarchy {
        root,
        issuing: SigningAuthority::new(&issuing_der, issuing_key).unwrap(),
    }
}

pub(crate) fn rsa() -> &'static Hierarchy {
    static RSA: OnceLock<Hierarchy> = OnceLock::new();
    RSA.get_or_init(|| make_hierarchy(KeyAlgorithm::Rsa4096))
}

pub(crate) fn p384() -> &'static Hierarchy {
    static P384: OnceLock<Hierarchy> = OnceLock::new();
    P384.get_or_init(|| make_hierarchy(KeyAlgorithm::P384))
}

pub(crate) fn key(algorithm: KeyAlgorithm) -> &'static PrivateKey {
    static KEYS: OnceLock<BTreeMap<KeyAlgorithm, PrivateKey>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let make =
            |algorithm: &KeyAlgorithm| (*algorithm, PrivateKey::generate(*algorithm).unwrap());
        KeyAlgorithm::ALL.iter().map(make).collect()
    });
    &keys[&algorithm]
}

pub(crate) fn mailbox(address: &str) -> Mailbox {
    Mailbox::parse(address).unwrap()
}

/// What an authority would sign for an address at a time.
pub(crate) fn planned(
    authority: &SigningAuthority,
    key: &PrivateKey,
    address: &str,
    at: OffsetDateTime,
) -> Planned {
    let (profile, public_key) = (profile(), key.public_key().unwrap());
    let (issuer, mailbox) = (authority.certificate(), mailbox(address));
    pki::prepare(&profile, issuer, &public_key, &mailbox, &serial(), at).unwrap()
}

pub(crate) fn issue(authority: &SigningAuthority, key: &PrivateKey, address: &str) -> Certificate {
    pki::sign(planned(authority, key, address, NOW), authority).unwrap()
}
