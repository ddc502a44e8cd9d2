//! First step: password, private key and signing request, sealed.

use super::{Fresh, Job, Stop};
use crate::{Portal, place};
use domain::{AuditAction, Step};
use std::sync::Arc;
use store::Record;

impl Portal {
    pub(super) async fn prepare_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let (id, owner) = (job.id(), job.work.request.person);
        let policy = job.work.template.password_policy;
        let password = self
            .random()
            .with(|rng| safe::generate_pfx_password(policy, rng));

        let algorithm = job.work.request.key_algorithm;
        let mailbox = job.work.request.mailbox.clone();
        let made = self.cpu().run(move || {
            let key = pki::PrivateKey::generate(algorithm)?;
            let pkcs8 = key.to_pkcs8()?;
            let csr = pki::create_csr(&key, &mailbox)?;
            Ok::<_, pki::Error>((key, pkcs8, csr))
        });
        let (key, pkcs8, csr) = made.await??;
        self.failpoint("key-made");

        let ring = self.key_ring()?;
        let (sealed_password, sealed_key) = self.random().with(|rng| {
            Ok::<_, safe::Error>((
                ring.seal(
                    place::password(id, owner),
                    password.expose().as_bytes(),
                    rng,
                )?,
                ring.seal(place::key(id, owner), pkcs8.expose(), rng)?,
            ))
        })?;
        self.failpoint("secrets-sealed");

        let audit = job.audit(
            self,
            AuditAction::Prepare,
            &[("algorithm", algorithm.label().to_owned())],
        );
        let record = Record::default().audit(audit);
        let now = self.now();
        self.store()
            .record_prepared(
                id,
                self.node(),
                sealed_password.clone(),
                sealed_key.clone(),
                csr.clone(),
                now,
                record,
            )
            .await?;
        self.failpoint("prepare-recorded");
        job.work.sealed_password = Some(sealed_password);
        job.work.sealed_key = Some(sealed_key);
        job.work.csr = Some(csr);
        job.fresh = Some(Fresh {
            password: Arc::new(password),
            key: Arc::new(key),
        });
        Ok(Step::Reserve)
    }
}
