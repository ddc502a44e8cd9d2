//! The embedded authority: an issuing CA whose key the portal itself holds, sealed at rest.

mod journal;

use crate::{CertificateAuthority, Error, Order};
use async_trait::async_trait;
use cpu::CpuPool;
use domain::AuthorityId;
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

    async fn resume(&self, tbs: Vec<u8>) -> Result<pki::Planned, Error> {
        self.on_cpu(move |inner| {
            Ok(pki::Planned::resume(&tbs, inner.authority.certificate())
                .map_err(pki::Error::from)?)
        })
        .await
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
        self.journal
            .append(serial, tbs)
            .map_err(|error| Error::Unavailable(format!("the signing journal: {error}")))
    }

    fn prepare(&self, order: &Order) -> Result<pki::Planned, Error> {
        let request = pki::read_csr(&order.csr)?;
        if request.mailboxes.as_slice() != [order.mailbox.clone()] {
            return Err(Error::Refused(
                "the signing request names another mailbox".to_owned(),
            ));
        }
        let EmbeddedSettings {
            id,
            pki_url,
            policy_oid,
            ..
        } = &self.settings;
        let profile = pki::SmimeProfile {
            valid_days: order.valid_days,
            policy: pki::Policy::Own(policy_oid.clone()),
            has_client_auth: false,
            crl_url: format!("{pki_url}/pki/{id}.crl"),
            issuer_url: format!("{pki_url}/pki/{id}.crt"),
            ocsp_url: Some(format!("{pki_url}/ocsp")),
            cps_url: None,
        };
        let planned = pki::prepare(
            &profile,
            self.authority.certificate(),
            &request.public_key,
            &order.mailbox,
            &order.serial,
            order.now,
        )?;
        Ok(planned)
    }
}
