//! Second step: intent before signature. The serial is reserved and what is to be signed is
//! linted and stored, before the authority's key touches it.

use super::{Job, Stop};
use crate::Portal;
use ca::{CertificateAuthority, Order};
use domain::{AuditAction, Step};
use store::{IntentRow, Record};

impl Portal {
    pub(super) async fn reserve_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let csr = job
            .work
            .csr
            .clone()
            .ok_or_else(|| Stop::Never("the signing request is missing".to_owned()))?;
        let authority = self.authority().await?;
        let order = Order {
            csr,
            mailbox: job.work.request.mailbox.clone(),
            valid_days: job.work.template.valid_days,
            serial: self.random().with(|rng| pki::Serial::generate(rng)),
            now: self.now(),
        };
        let planned = authority.prepare(order).await?;
        self.failpoint("plan-linted");

        let intent = planned.intent();
        let row = IntentRow {
            serial: intent.serial.as_bytes().to_vec(),
            authority: authority.id(),
            tbs: intent.tbs_der.clone(),
        };
        let audit = job.audit(
            self,
            AuditAction::Reserve,
            &[("serial", intent.serial.to_hex())],
        );
        let record = Record::default().audit(audit);
        self.store()
            .record_reserved(job.id(), self.node(), row.clone(), self.now(), record)
            .await?;
        self.failpoint("reserve-recorded");
        job.work.intent = Some(row);
        job.planned = Some(planned);
        Ok(Step::Sign)
    }
}
