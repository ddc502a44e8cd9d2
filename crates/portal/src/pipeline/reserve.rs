//! Second step: intent before signature. Serials are reserved and what is to be signed is linted
//! and stored, before the authority's key touches it.

use super::{Job, Part, Stop};
use crate::Portal;
use ca::{CertificateAuthority as _, Order};
use domain::{AuditAction, Step};
use pki::lint::KeyOwner;
use store::{IntentRow, Record};

impl Portal {
    pub(super) async fn reserve_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let authority = self.authority_for(&job.work.request.content).await?;
        let (mut intents, mut plans) = (Vec::new(), Vec::new());
        for part in &job.parts {
            let order = self.order(job, part).await?;
            let planned = authority.prepare(order).await?;
            let intent = planned.intent();
            intents.push(IntentRow {
                part: part.part,
                serial: intent.serial.as_bytes().to_vec(),
                authority: authority.id(),
                tbs: intent.tbs_der.clone(),
            });
            plans.push(planned);
        }
        self.failpoint("plan-linted");

        let serials: Vec<String> = intents.iter().map(|row| hex::encode(&row.serial)).collect();
        let details = [("serial", serials.join(" "))];
        let audit = job.audit(self, AuditAction::Reserve, &details);
        self.store()
            .record_reserved(
                job.id(),
                self.node(),
                intents.clone(),
                self.now(),
                Record::default().audit(audit),
            )
            .await?;
        self.failpoint("reserve-recorded");
        for (part, (intent, planned)) in job.parts.iter_mut().zip(intents.into_iter().zip(plans)) {
            part.intent = Some(intent);
            part.planned = Some(planned);
        }
        Ok(Step::Sign)
    }

    /// Who had the key certified before, where the portal did not just make it (L24). It is asked
    /// again here, because others may have come with the same key since the request was made.
    async fn earlier_owner(&self, job: &Job, part: &Part) -> Result<Option<KeyOwner>, Stop> {
        let request = &job.work.request;
        if !request.is_own_key && !request.keeps_key {
            return Ok(None);
        }
        let csr = part.csr.clone();
        let read = self.cpu().run(move || pki::read_csr(&csr)).await??;
        Ok(Some(self.key_owner(&read.key_id(), request.person).await?))
    }

    async fn order(&self, job: &Job, part: &Part) -> Result<Order, Stop> {
        let request = &job.work.request;
        Ok(Order {
            csr: part.csr.clone(),
            subject: self.subject(request, part.part).await?,
            key_owner: self.earlier_owner(job, part).await?,
            valid_days: request.content.valid_days,
            serial: self.random().with(|rng| pki::Serial::generate(rng)),
            now: self.now(),
        })
    }
}
