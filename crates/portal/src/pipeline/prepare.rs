//! First step: password, private keys and signing requests, sealed.
//!
//! Whoever brings a signing request keeps the key: then there is nothing to make and to seal. A key
//! made ahead is sealed anew for its owner, and used up in the transaction that records the step.

use super::{Job, Made, Part, Stop};
use crate::Portal;
use crate::key_pool::TakenKey;
use crate::place::{self, Credential};
use domain::{AuditAction, KeyAlgorithm, KeyPart, Mailbox, Secret, Step};
use std::sync::Arc;
use store::{KEY_USED_UP, NewCredential, Record, SealedKey};

/// What is told where the key that a renewal keeps was deleted after it was asked for.
const KEY_DELETED: &str = "the key that the next certificate was to keep has been deleted since; \
    cancel this request and have the certificate renewed again, which makes a new key";

/// A key that was made or taken.
struct NewKey {
    key: pki::PrivateKey,
    pkcs8: Arc<Secret<Vec<u8>>>,
    csr: Vec<u8>,
    taken: Option<TakenKey>,
}

impl Portal {
    pub(super) async fn prepare_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let own_csr = job.work.own_csr.take();
        loop {
            let (parts, taken) = match &own_csr {
                Some(csr) => (vec![Part::of_own_key(csr.clone())], Vec::new()),
                None => self.make_parts(job).await?,
            };
            self.failpoint("secrets-sealed");
            match self.record_parts(job, &parts, &taken).await {
                // With each there are fewer, and a key that is made is nobody else's: this ends.
                Err(store::Error::Conflict(KEY_USED_UP)) => {
                    tracing::debug!(request = %job.id(), "another node was quicker at a key");
                }
                recorded => {
                    recorded?;
                    self.failpoint("prepare-recorded");
                    job.parts = parts;
                    return Ok(Step::Reserve);
                }
            }
        }
    }

    async fn record_parts(
        &self,
        job: &Job,
        parts: &[Part],
        taken: &[TakenKey],
    ) -> Result<(), store::Error> {
        let algorithm = job.work.request.key_algorithm.label().to_owned();
        let mut details = vec![("algorithm", algorithm)];
        details.extend(
            taken
                .iter()
                .map(|key| ("key_made_ahead", key.id.to_string())),
        );
        let audit = job.audit(self, AuditAction::Prepare, &details);
        let credentials = parts.iter().map(Part::to_credential).collect();
        let record = Record::default().audit(audit);
        self.store()
            .record_prepared(job.id(), self.node(), credentials, self.now(), record)
            .await
    }

    /// One password, and a key for each certificate.
    async fn make_parts(&self, job: &Job) -> Result<(Vec<Part>, Vec<TakenKey>), Stop> {
        let policy = job.work.request.content.password_policy;
        let password = self
            .random()
            .with(|rng| safe::generate_pfx_password(policy, rng));
        let password = Arc::new(password);
        let (mut parts, mut taken) = (Vec::new(), Vec::new());
        for part in job.work.request.content.kind.parts() {
            let new = self.make_key(job, *part).await?;
            self.failpoint("key-made");
            parts.push(self.seal_part(job, *part, &password, &new)?);
            taken.extend(new.taken);
        }
        Ok((parts, taken))
    }

    fn seal_part(
        &self,
        job: &Job,
        part: KeyPart,
        password: &Arc<Secret<String>>,
        new: &NewKey,
    ) -> Result<Part, Stop> {
        let row = job.row(part);
        let ring = self.key_ring()?;
        let sealed = self.random().with(|rng| {
            Ok::<_, safe::Error>(SealedKey {
                password: ring.seal(place::password(row), password.expose().as_bytes(), rng)?,
                key: ring.seal(place::key(row), new.pkcs8.expose(), rng)?,
                from_pool: new.taken.as_ref().map(|taken| taken.id),
            })
        })?;
        Ok(Part {
            part,
            csr: new.csr.clone(),
            sealed: Some(sealed),
            made: Some(Made {
                password: Arc::clone(password),
                key: Arc::new(new.key.clone()),
            }),
            intent: None,
            planned: None,
            certificate: None,
        })
    }

    /// The key of the certificate that is renewed, one made ahead, or a new one, with its signing
    /// request.
    async fn make_key(&self, job: &Job, part: KeyPart) -> Result<NewKey, Stop> {
        let request = &job.work.request;
        let (algorithm, mailbox) = (request.key_algorithm, request.mailbox.clone());
        let mut taken = None;
        let old = if let Some(certificate) = request.renews.filter(|_| request.keeps_key) {
            // A pair is renewed as a pair: each half keeps its own key.
            let half = self.store().half(certificate, part).await?;
            let half = half.ok_or(crate::Error::NotFound)?;
            let sealed = match self.credential(half).await {
                // Whoever agreed, or the template, agreed to this very key: no other takes its place.
                Err(crate::Error::NotFound) => return Err(Stop::Never(KEY_DELETED.to_owned())),
                sealed => sealed?,
            };
            let place = place::key(Credential::from(&sealed));
            Some(Arc::new(self.key_ring()?.open(place, &sealed.key)?))
        } else {
            taken = self.take_pool_key(algorithm).await;
            taken.as_ref().map(|taken| Arc::clone(&taken.pkcs8))
        };
        if taken.is_some() {
            self.failpoint("pool-key-taken");
        }
        let made = self.cpu().run(move || key(algorithm, &mailbox, old));
        let made = made.await??;
        if taken.is_some() && made.key.algorithm() != algorithm {
            let why =
                "a key made ahead is of another kind than its row says; run certportal doctor";
            return Err(Stop::Never(why.to_owned()));
        }
        Ok(NewKey { taken, ..made })
    }
}

fn key(
    algorithm: KeyAlgorithm,
    mailbox: &Mailbox,
    old: Option<Arc<Secret<Vec<u8>>>>,
) -> Result<NewKey, pki::Error> {
    let (key, pkcs8) = if let Some(pkcs8) = old {
        (pki::PrivateKey::from_pkcs8(pkcs8.expose())?, pkcs8)
    } else {
        let key = pki::PrivateKey::generate(algorithm)?;
        let pkcs8 = Arc::new(key.to_pkcs8()?);
        (key, pkcs8)
    };
    let csr = pki::create_csr(&key, mailbox)?;
    Ok(NewKey {
        key,
        pkcs8,
        csr,
        taken: None,
    })
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
