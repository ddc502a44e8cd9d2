//! First step: password, private keys and signing requests, sealed.
//!
//! Whoever brings a signing request keeps the key: then there is nothing to make and to seal.

use super::{Job, Made, Part, Stop};
use crate::Portal;
use crate::place::{self, Credential};
use domain::{AuditAction, KeyAlgorithm, KeyPart, Mailbox, Secret, Step};
use std::sync::Arc;
use store::{NewCredential, Record, SealedKey};

/// A key, its PKCS#8 and its signing request.
type NewKey = (pki::PrivateKey, Secret<Vec<u8>>, Vec<u8>);

impl Portal {
    pub(super) async fn prepare_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let parts = match job.work.own_csr.take() {
            Some(csr) => vec![Part::of_own_key(csr)],
            None => self.make_parts(job).await?,
        };
        self.failpoint("secrets-sealed");

        let algorithm = job.work.request.key_algorithm.label().to_owned();
        let audit = job.audit(self, AuditAction::Prepare, &[("algorithm", algorithm)]);
        let credentials = parts.iter().map(Part::to_credential).collect();
        self.store()
            .record_prepared(
                job.id(),
                self.node(),
                credentials,
                self.now(),
                Record::default().audit(audit),
            )
            .await?;
        self.failpoint("prepare-recorded");
        job.parts = parts;
        Ok(Step::Reserve)
    }

    /// One password, and a key for each certificate.
    async fn make_parts(&self, job: &Job) -> Result<Vec<Part>, Stop> {
        let policy = job.work.request.content.password_policy;
        let password = self
            .random()
            .with(|rng| safe::generate_pfx_password(policy, rng));
        let password = Arc::new(password);
        let mut parts = Vec::new();
        for part in job.work.request.content.kind.parts() {
            parts.push(self.make_part(job, *part, &password).await?);
        }
        Ok(parts)
    }

    async fn make_part(
        &self,
        job: &Job,
        part: KeyPart,
        password: &Arc<Secret<String>>,
    ) -> Result<Part, Stop> {
        let (key, pkcs8, csr) = self.make_key(job, part).await?;
        self.failpoint("key-made");
        let row = job.row(part);
        let ring = self.key_ring()?;
        let sealed = self.random().with(|rng| {
            Ok::<_, safe::Error>(SealedKey {
                password: ring.seal(place::password(row), password.expose().as_bytes(), rng)?,
                key: ring.seal(place::key(row), pkcs8.expose(), rng)?,
                from_pool: None,
            })
        })?;
        Ok(Part {
            part,
            csr,
            sealed: Some(sealed),
            made: Some(Made {
                password: Arc::clone(password),
                key: Arc::new(key),
            }),
            intent: None,
            planned: None,
            certificate: None,
        })
    }

    /// The key of the certificate that is renewed, or a new one, with its signing request.
    async fn make_key(&self, job: &Job, part: KeyPart) -> Result<NewKey, Stop> {
        let request = &job.work.request;
        let old = match request.renews.filter(|_| request.keeps_key) {
            Some(certificate) => {
                // A pair is renewed as a pair: each half keeps its own key.
                let half = self.store().half(certificate, part).await?;
                let half = half.ok_or(crate::Error::NotFound)?;
                let sealed = self.credential(half).await?;
                let place = place::key(Credential::from(&sealed));
                Some(self.key_ring()?.open(place, &sealed.key)?)
            }
            None => None,
        };
        let (algorithm, mailbox) = (request.key_algorithm, request.mailbox.clone());
        let made = self.cpu().run(move || key(algorithm, &mailbox, old));
        Ok(made.await??)
    }
}

fn key(
    algorithm: KeyAlgorithm,
    mailbox: &Mailbox,
    old: Option<Secret<Vec<u8>>>,
) -> Result<NewKey, pki::Error> {
    let (key, pkcs8) = if let Some(pkcs8) = old {
        (pki::PrivateKey::from_pkcs8(pkcs8.expose())?, pkcs8)
    } else {
        let key = pki::PrivateKey::generate(algorithm)?;
        let pkcs8 = key.to_pkcs8()?;
        (key, pkcs8)
    };
    let csr = pki::create_csr(&key, mailbox)?;
    Ok((key, pkcs8, csr))
}

impl Part {
    /// The owner keeps the key.
    const fn of_own_key(csr: Vec<u8>) -> Self {
        Self {
            part: KeyPart::Whole,
            csr,
            sealed: None,
            made: None,
            intent: None,
            planned: None,
            certificate: None,
        }
    }

    fn to_credential(&self) -> NewCredential {
        NewCredential {
            part: self.part,
            sealed: self.sealed.clone(),
            csr: self.csr.clone(),
        }
    }
}
