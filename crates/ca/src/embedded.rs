//! The embedded authority: an issuing CA whose key the portal itself holds, sealed at rest.

mod journal;

use crate::{CertificateAuthority, Error, MailSubject, Order, Subject};
use async_trait::async_trait;
use cpu::CpuPool;
use domain::AuthorityId;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

pub use journal::{Journal, JournalEntry};

/// What an embedded authority works with.
#[derive(Debug)]
pub struct EmbeddedSettings {
    /// Identifier.
    pub id: AuthorityId,
    /// Where its certificate and its revocation list are served, without a trailing slash.
    pub pki_url: String,
    /// Policy that the certificates assert, dotted decimal.
    pub policy_oid: String,
    /// The certificates above a leaf, DER, this authority first, root last.
    pub chain: Vec<Vec<u8>>,
    /// Keys that it never certifies.
    pub blocklist: Arc<pki::KeyBlocklist>,
}

/// An issuing authority in this process.
#[derive(Debug, Clone)]
pub struct Embedded {
    inner: Arc<Inner>,
    cpu: CpuPool,
}

#[derive(Debug)]
struct Inner {
    settings: EmbeddedSettings,
    authority: pki::SigningAuthority,
    journal: Journal,
}

impl Embedded {
    /// Takes the authority's certificate and key into use.
    pub fn new(
        settings: EmbeddedSettings,
        authority: pki::SigningAuthority,
        journal: Journal,
        cpu: CpuPool,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                settings,
                authority,
                journal,
            }),
            cpu,
        }
    }

    /// The authority's key and certificate, to sign revocation lists.
    pub fn signing_authority(&self) -> &pki::SigningAuthority {
        &self.inner.authority
    }

    /// Signs the certificate of an OCSP responder, whose content the caller has stored.
    pub async fn sign_responder(&self, plan: pki::ocsp::ResponderPlan) -> Result<Vec<u8>, Error> {
        self.on_cpu(move |inner| {
            inner.note(plan.serial(), plan.tbs_der())?;
            Ok(plan.sign(&inner.authority)?)
        })
        .await
    }

    /// What an order would be given for this key, to be shown; nothing is recorded or signed. The
    /// order's signing request is not looked at.
    pub async fn preview(
        &self,
        order: Order,
        key: pki::PublicKey,
    ) -> Result<Result<pki::Planned, pki::Error>, Error> {
        self.on_cpu(move |inner| Ok(inner.plan(&order, &key))).await
    }

    async fn on_cpu<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let inner = Arc::clone(&self.inner);
        self.cpu.run(move || work(&inner)).await?
    }
}

#[async_trait]
impl CertificateAuthority for Embedded {
    fn id(&self) -> AuthorityId {
        self.inner.settings.id
    }

    fn chain(&self) -> &[Vec<u8>] {
        &self.inner.settings.chain
    }

    async fn prepare(&self, order: Order) -> Result<pki::Planned, Error> {
        self.on_cpu(move |inner| inner.prepare(&order)).await
    }

    async fn resume(&self, tbs: Vec<u8>, subject: Subject) -> Result<pki::Planned, Error> {
        self.on_cpu(move |inner| inner.resume(&tbs, &subject)).await
    }

    async fn sign(&self, planned: pki::Planned) -> Result<pki::Certificate, Error> {
        self.on_cpu(move |inner| {
            let intent = planned.intent();
            inner.note(&intent.serial, &intent.tbs_der)?;
            Ok(pki::sign(planned, &inner.authority)?)
        })
        .await
    }
}

impl Inner {
    /// Writes into the journal what is about to be signed.
    fn note(&self, serial: &pki::Serial, tbs: &[u8]) -> Result<(), Error> {
        let entry = JournalEntry {
            serial: serial.as_bytes().to_vec(),
            tbs_sha256: Sha256::digest(tbs).to_vec(),
            authority: Some(self.settings.id),
            key_id: Some(pki::tbs_key_sha256(tbs)?.to_vec()),
        };
        self.journal
            .append(&entry)
            .map_err(|error| Error::Unavailable(format!("the signing journal: {error}")))
    }

    fn prepare(&self, order: &Order) -> Result<pki::Planned, Error> {
        let request = pki::read_csr(&order.csr)?;
        // For a server or device the address only says who asked; the certificate has none.
        let named = order.subject.mailboxes();
        if !named.is_empty() && request.mailboxes.iter().any(|one| !named.contains(&one)) {
            return Err(Error::Refused(
                "the signing request names another mailbox".to_owned(),
            ));
        }
        Ok(self.plan(order, &request.public_key)?)
    }

    fn plan(&self, order: &Order, key: &pki::PublicKey) -> Result<pki::Planned, pki::Error> {
        let facts = pki::LintFacts {
            key_owner: order.key_owner,
            blocklist: Some(&self.settings.blocklist),
            mailbox_proof: order.mailbox_proof,
            caa: order.caa.as_ref(),
            ..pki::LintFacts::default()
        };
        let issuer = self.authority.certificate();
        let (serial, now) = (&order.serial, order.now);
        match &order.subject {
            Subject::Mail(mail) => {
                let profile = self.mail_profile(mail, order.valid_days);
                pki::prepare_for(&profile, issuer, key, &mail.holder, serial, now, &facts)
            }
            Subject::Tls { holder, policy_oid } => {
                let profile = self.tls_profile(policy_oid.as_deref(), order.valid_days);
                pki::prepare_tls(&profile, issuer, key, holder, serial, now, &facts)
            }
        }
    }

    fn resume(&self, tbs: &[u8], subject: &Subject) -> Result<pki::Planned, Error> {
        let kind = match subject {
            Subject::Mail(mail) => mail.holder.kind(&self.mail_profile(mail, 1)),
            Subject::Tls { holder, .. } => holder.kind(),
        };
        let facts = pki::LintFacts {
            kind,
            ..pki::LintFacts::default()
        };
        let issuer = self.authority.certificate();
        Ok(pki::Planned::resume_with(tbs, issuer, &facts).map_err(pki::Error::from)?)
    }

    fn mail_profile(&self, mail: &MailSubject, valid_days: u16) -> pki::SmimeProfile {
        let EmbeddedSettings { id, pki_url, .. } = &self.settings;
        let own = || pki::Policy::Own(self.settings.policy_oid.clone());
        pki::SmimeProfile {
            valid_days,
            policy: mail.policy.clone().unwrap_or_else(own),
            has_client_auth: mail.has_client_auth,
            crl_url: format!("{pki_url}/pki/{id}.crl"),
            issuer_url: format!("{pki_url}/pki/{id}.crt"),
            ocsp_url: Some(format!("{pki_url}/ocsp")),
            cps_url: None,
        }
    }

    fn tls_profile(&self, policy_oid: Option<&str>, valid_days: u16) -> pki::TlsProfile {
        let EmbeddedSettings { id, pki_url, .. } = &self.settings;
        pki::TlsProfile {
            valid_days,
            policy_oid: policy_oid.unwrap_or(&self.settings.policy_oid).to_owned(),
            crl_url: format!("{pki_url}/pki/{id}.crl"),
            issuer_url: format!("{pki_url}/pki/{id}.crt"),
            ocsp_url: Some(format!("{pki_url}/ocsp")),
            cps_url: None,
        }
    }
}
