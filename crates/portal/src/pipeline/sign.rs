//! Third step: the authority signs exactly what was recorded, and the certificates are stored.
//!
//! After a crash between signature and storing, the same bytes are signed again: same serial,
//! same content, one certificate.

use super::{Job, Part, Stop};
use crate::Portal;
use crate::own_key::LOST;
use ca::CertificateAuthority as _;
use domain::{AuditAction, CertificateId, Step};
use store::{IntentRow, KEY_OF_SOMEBODY_ELSE, NewCertificate, Record, RequestRow};

impl Portal {
    pub(super) async fn sign_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let mut rows = Vec::new();
        let Job { work, parts } = &mut *job;
        for part in parts {
            rows.push(self.sign_part(&work.request, part).await?);
        }
        self.failpoint("certificate-signed");

        let serials: Vec<String> = rows.iter().map(|row| hex::encode(&row.serial)).collect();
        let thumbprints: Vec<String> = rows
            .iter()
            .map(|row| hex::encode(&row.thumbprint))
            .collect();
        let details = [
            ("serial", serials.join(" ")),
            ("thumbprint", thumbprints.join(" ")),
        ];
        let record = Record::default().audit(job.audit(self, AuditAction::Sign, &details));
        self.store()
            .record_signed(job.id(), self.node(), rows.clone(), self.now(), record)
            .await?;
        self.failpoint("sign-recorded");
        for (part, row) in job.parts.iter_mut().zip(rows) {
            part.certificate = Some((row.id, row.der));
        }
        Ok(Step::Bundle)
    }

    async fn sign_part(
        &self,
        request: &RequestRow,
        part: &mut Part,
    ) -> Result<NewCertificate, Stop> {
        let IntentRow { authority, tbs, .. } = part
            .intent
            .clone()
            .ok_or_else(|| Stop::Never("the recorded content is missing".to_owned()))?;
        let signer = self.authority(authority).await?;
        let planned = if let Some(planned) = part.planned.take() {
            planned
        } else {
            self.claim_again(request, part).await?;
            let subject = self.subject(request, part.part).await?;
            signer.resume(tbs, subject).await?
        };
        self.refuse_lost(request, &planned.intent().tbs_der).await?;
        let certificate = signer.sign(planned).await?;
        let thumbprint = certificate.sha256_thumbprint();
        Ok(NewCertificate {
            id: self.new_id(|now, rng| CertificateId::generate(now, rng)),
            request: request.id,
            part: part.part,
            person: request.person,
            mailbox: request.mailbox.clone(),
            authority,
            serial: certificate.serial().as_bytes().to_vec(),
            der: certificate.der().to_vec(),
            thumbprint: hex::decode(&thumbprint).map_err(crate::Error::internal)?,
            key_id: Some(certificate.key_sha256()?.to_vec()),
            subject: certificate.subject().to_owned(),
            issuer: certificate.issuer().to_owned(),
            key_algorithm: request.key_algorithm,
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            issued_at: self.now(),
        })
    }

    /// Since it was written down what is to be signed, its key may have been reported lost, where it
    /// had been certified before.
    async fn refuse_lost(&self, request: &RequestRow, tbs: &[u8]) -> Result<(), Stop> {
        let may_be_known = request.is_own_key || request.keeps_key;
        if may_be_known && self.is_key_lost(&pki::tbs_key_sha256(tbs)?).await? {
            return Err(Stop::Never(LOST.to_owned()));
        }
        Ok(())
    }

    /// A version before there were claims of keys may have stored what is to be signed now.
    async fn claim_again(&self, request: &RequestRow, part: &Part) -> Result<(), Stop> {
        if !request.is_own_key {
            return Ok(());
        }
        let csr = part.csr.clone();
        let read = self.cpu().run(move || pki::read_csr(&csr)).await??;
        match self.store().claim_key(request.id, &read.key_id()).await {
            Err(store::Error::Conflict(KEY_OF_SOMEBODY_ELSE)) => {
                Err(Stop::Never(crate::own_key::SOMEBODY_ELSE.to_owned()))
            }
            claimed => Ok(claimed?),
        }
    }
}
