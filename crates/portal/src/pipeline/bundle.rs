//! Last step: the PFX, opened once with its password to be sure, sealed, and the person told.

use super::{Fresh, Job, Stop};
use crate::{Portal, place};
use ca::CertificateAuthority;
use domain::{AuditAction, PfxFlavour, Secret, Step};
use pki::pfx;
use std::sync::Arc;
use store::Record;

impl Portal {
    pub(super) async fn bundle_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let (id, owner) = (job.id(), job.work.request.person);
        let (certificate_id, leaf) = job
            .work
            .certificate
            .clone()
            .ok_or_else(|| Stop::Never("the certificate is missing".to_owned()))?;
        let Fresh { password, key } = match job.fresh.take() {
            Some(fresh) => fresh,
            None => self.open_fresh(job)?,
        };
        let chain = self.authority().await?.chain().to_vec();
        let iterations = pfx::iterations(job.work.template.password_policy);
        let mut rng = self.random().fork();
        let mailbox = job.work.request.mailbox.clone();
        let made = self.cpu().run(move || {
            let certificate = pki::Certificate::parse(&leaf)?;
            let input = pfx::BundleInput {
                key: &key,
                leaf_der: &leaf,
                chain: &chain,
                friendly_name: &pfx::friendly_name(&mailbox, certificate.not_before()),
                password: &password,
                flavour: PfxFlavour::Modern,
                iterations,
            };
            let made = pfx::bundle(&input, &mut rng)?;
            pfx::verify_opens(made.expose(), &password)?;
            Ok::<_, pki::Error>((made, certificate.not_after()))
        });
        let (made, expires_at) = made.await??;
        self.failpoint("pfx-bundled");

        let keys = self.key_ring()?;
        let sealed = self
            .random()
            .with(|rng| keys.seal(place::pfx(id, owner), made.expose(), rng))?;
        self.failpoint("pfx-sealed");

        let mail = self
            .ready_mail(&job.work.request, certificate_id, expires_at)
            .await?;
        let record = Record::default()
            .audit(job.audit(self, AuditAction::Issue, &[]))
            .mail(mail);
        self.store()
            .record_bundled(id, self.node(), sealed, self.now(), record)
            .await?;
        self.failpoint("bundle-recorded");
        Ok(Step::Done)
    }

    /// Opens what an earlier process sealed.
    fn open_fresh(&self, job: &Job) -> Result<Fresh, Stop> {
        let missing = || Stop::Never("the sealed key or password is missing".to_owned());
        let (id, owner) = (job.id(), job.work.request.person);
        let ring = self.key_ring()?;
        let password = job.work.sealed_password.as_deref().ok_or_else(missing)?;
        let password = ring.open(place::password(id, owner), password)?;
        let password = std::str::from_utf8(password.expose()).map_err(crate::Error::internal)?;
        let key = job.work.sealed_key.as_deref().ok_or_else(missing)?;
        let key = ring.open(place::key(id, owner), key)?;
        Ok(Fresh {
            password: Arc::new(Secret::new(password.to_owned())),
            key: Arc::new(pki::PrivateKey::from_pkcs8(key.expose())?),
        })
    }
}
