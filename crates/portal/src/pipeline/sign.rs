//! Third step: the authority signs exactly what was recorded, and the certificate is stored.
//!
//! After a crash between signature and storing, the same bytes are signed again: same serial,
//! same content, one certificate.

use super::{Job, Stop};
use crate::Portal;
use ca::CertificateAuthority;
use domain::{AuditAction, CertificateId, Step};
use store::{NewCertificate, Record};

impl Portal {
    pub(super) async fn sign_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let intent = job
            .work
            .intent
            .clone()
            .ok_or_else(|| Stop::Never("the recorded content is missing".to_owned()))?;
        let authority = self.authority().await?;
        let planned = match job.planned.take() {
            Some(planned) => planned,
            None => authority.resume(intent.tbs).await?,
        };
        let certificate = authority.sign(planned).await?;
        self.failpoint("certificate-signed");

        let id = self.new_id(|now, rng| CertificateId::generate(now, rng));
        let request = &job.work.request;
        let thumbprint = certificate.sha256_thumbprint();
        let row = NewCertificate {
            id,
            request: request.id,
            person: request.person,
            mailbox: request.mailbox.clone(),
            authority: intent.authority,
            serial: certificate.serial().as_bytes().to_vec(),
            der: certificate.der().to_vec(),
            thumbprint: hex::decode(&thumbprint).map_err(crate::Error::internal)?,
            subject: certificate.subject().to_owned(),
            issuer: certificate.issuer().to_owned(),
            key_algorithm: request.key_algorithm,
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            issued_at: self.now(),
        };
        let details = [
            ("serial", certificate.serial().to_hex()),
            ("thumbprint", thumbprint),
        ];
        let record = Record::default().audit(job.audit(self, AuditAction::Sign, &details));
        self.store()
            .record_signed(job.id(), self.node(), row, self.now(), record)
            .await?;
        self.failpoint("sign-recorded");
        job.work.certificate = Some((id, certificate.der().to_vec()));
        Ok(Step::Bundle)
    }
}
