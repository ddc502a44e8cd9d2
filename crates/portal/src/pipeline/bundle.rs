//! Last step: a PFX for each certificate, opened once with its password to be sure, sealed, and the
//! person told.

use super::{Job, Made, Part, Stop};
use crate::Portal;
use crate::place::{self, Credential};
use domain::{AuditAction, CertificateId, PfxFlavour, Secret, Step};
use pki::pfx;
use std::sync::Arc;
use store::{Record, SealedPfx};
use time::OffsetDateTime;

impl Portal {
    pub(super) async fn bundle_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let mut bundles = Vec::new();
        for part in &job.parts {
            if part.sealed.is_some() {
                bundles.push(self.bundle_part(job, part).await?);
            }
        }
        self.failpoint("pfx-sealed");

        let (certificates, expires_at) = made_certificates(job)?;
        let mail = self
            .ready_mail(&job.work.request, &certificates, expires_at)
            .await?;
        let record = Record::default()
            .audit(job.audit(self, AuditAction::Issue, &[]))
            .mail(mail);
        self.store()
            .record_bundled(job.id(), self.node(), bundles, self.now(), record)
            .await?;
        self.failpoint("bundle-recorded");
        Ok(Step::Done)
    }

    async fn bundle_part(&self, job: &Job, part: &Part) -> Result<SealedPfx, Stop> {
        let (_, leaf) = part.certificate.clone().ok_or_else(missing)?;
        let row = job.row(part.part);
        let Made { password, key } = match &part.made {
            Some(made) => made.clone(),
            None => self.open_made(part, row)?,
        };
        let authority = part.intent.as_ref().ok_or_else(missing)?.authority;
        let chain = self.chain_of(authority).await?;
        let content = &job.work.request.content;
        let iterations = pfx::iterations(content.password_policy);
        let flavour = content.pfx.flavour(PfxFlavour::Modern);
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
                flavour,
                iterations,
            };
            let made = pfx::bundle(&input, &mut rng)?;
            pfx::verify_opens(made.expose(), &password)?;
            Ok::<_, pki::Error>(made)
        });
        let made = made.await??;
        self.failpoint("pfx-bundled");
        let keys = self.key_ring()?;
        let pfx = self
            .random()
            .with(|rng| keys.seal(place::pfx(row), made.expose(), rng))?;
        Ok(SealedPfx {
            part: part.part,
            pfx,
        })
    }

    /// Opens what an earlier process sealed.
    fn open_made(&self, part: &Part, row: Credential) -> Result<Made, Stop> {
        let sealed = part
            .sealed
            .as_ref()
            .ok_or_else(|| Stop::Never("the sealed key or password is missing".to_owned()))?;
        let ring = self.key_ring()?;
        let password = ring.open(place::password(row), &sealed.password)?;
        let password = std::str::from_utf8(password.expose()).map_err(crate::Error::internal)?;
        let key = ring.open(place::key(row), &sealed.key)?;
        Ok(Made {
            password: Arc::new(Secret::new(password.to_owned())),
            key: Arc::new(pki::PrivateKey::from_pkcs8(key.expose())?),
        })
    }
}

fn missing() -> Stop {
    Stop::Never("the certificate is missing".to_owned())
}

/// The certificates that the mail is about, the one it points to first, and when that ends.
fn made_certificates(job: &Job) -> Result<(Vec<CertificateId>, OffsetDateTime), Stop> {
    let mut made = job
        .parts
        .iter()
        .filter_map(|part| part.certificate.as_ref());
    let (first, der) = made.next().ok_or_else(missing)?;
    let ends_at = pki::Certificate::parse(der)?.not_after();
    let all = std::iter::once(*first).chain(made.map(|(id, _)| *id));
    Ok((all.collect(), ends_at))
}
