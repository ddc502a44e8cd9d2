//! Second step: intent before signature. Serials are reserved and what is to be signed is linted
//! and stored, before the authority's key touches it.

use super::{Job, Part, Stop};
use crate::Portal;
use crate::caa_check::Heard;
use ca::{CertificateAuthority as _, Order, Subject};
use domain::{AuditAction, Mailbox, Step};
use pki::lint::{CaaAnswer, MailboxProof};
use std::collections::BTreeSet;
use store::{IntentRow, KEY_OF_SOMEBODY_ELSE, Record};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

impl Portal {
    pub(super) async fn reserve_step(&self, job: &mut Job) -> Result<Step, Stop> {
        let authority = self.authority_for(&job.work.request.content).await?;
        let (mut intents, mut plans, mut brought) = (Vec::new(), Vec::new(), None);
        let mut facts = BTreeSet::new();
        for part in &job.parts {
            let key_id = self.brought_key(job, part).await?;
            let (order, known) = self.order(job, part, key_id).await?;
            facts.extend(known);
            brought = brought.or(key_id.filter(|_| job.work.request.is_own_key));
            let is_unknown = matches!(order.caa, Some(CaaAnswer::Unknown(_)));
            let planned = authority.prepare(order).await;
            let planned = planned.map_err(|error| match error {
                // The resolver may answer next time.
                ca::Error::Refused(_) if is_unknown => Stop::Later(error.to_string()),
                error => error.into(),
            })?;
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
        let mut details = vec![("serial", serials.join(" "))];
        details.extend(facts);
        let audit = job.audit(self, AuditAction::Reserve, &details);
        self.record_intents(
            job,
            intents.clone(),
            brought,
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

    /// Stores what is to be signed. A key that was brought along is claimed with it: of two people
    /// who came with the same one at the same time the second is told here at the latest (L24).
    async fn record_intents(
        &self,
        job: &Job,
        intents: Vec<IntentRow>,
        brought: Option<[u8; 32]>,
        record: Record,
    ) -> Result<(), Stop> {
        let (store, id, node, now) = (self.store(), job.id(), self.node(), self.now());
        let recorded = match &brought {
            Some(key_id) => {
                let intents = (intents, key_id.as_slice());
                store
                    .record_reserved_with_key(id, node, intents, now, record)
                    .await
            }
            None => store.record_reserved(id, node, intents, now, record).await,
        };
        match recorded {
            Err(store::Error::Conflict(KEY_OF_SOMEBODY_ELSE)) => {
                Err(Stop::Never(crate::own_key::SOMEBODY_ELSE.to_owned()))
            }
            recorded => Ok(recorded?),
        }
    }

    /// What the key is recognised by, where the portal did not just make it.
    async fn brought_key(&self, job: &Job, part: &Part) -> Result<Option<[u8; 32]>, Stop> {
        let request = &job.work.request;
        if !request.is_own_key && !request.keeps_key {
            return Ok(None);
        }
        let csr = part.csr.clone();
        let read = self.cpu().run(move || pki::read_csr(&csr)).await??;
        Ok(Some(read.key_id()))
    }

    /// How it is known that the mailboxes are the person's, where the certificate names any (L25): an
    /// administrator recorded each of them; the time is that of the last one. It is asked again here,
    /// because much may have changed since the request was made.
    async fn mailbox_proof(
        &self,
        job: &Job,
        subject: &Subject,
    ) -> Result<Option<MailboxProof>, Stop> {
        let named = subject.mailboxes();
        if named.is_empty() {
            return Ok(None);
        }
        let known = self.store().mailboxes(job.work.request.person).await?;
        let recorded = |mailbox: &Mailbox| {
            let row = known.iter().find(|row| row.address == *mailbox);
            row.map(|row| row.verified_at)
        };
        let all: Option<Vec<OffsetDateTime>> = named.into_iter().map(recorded).collect();
        let last = all.and_then(|all| all.into_iter().max());
        Ok(Some(
            last.map_or(MailboxProof::Nothing, MailboxProof::Recorded),
        ))
    }

    /// What the authority is asked for, and what was found out for it, for the audit log. Who had a
    /// key certified before is asked again here, because others may have come with the same one
    /// since the request was made.
    async fn order(
        &self,
        job: &Job,
        part: &Part,
        key_id: Option<[u8; 32]>,
    ) -> Result<(Order, Vec<(&'static str, String)>), Stop> {
        let request = &job.work.request;
        let key_owner = match key_id {
            Some(key_id) => Some(self.key_owner(&key_id, request.person).await?),
            None => None,
        };
        let subject = self.subject(request, part.part).await?;
        let mailbox_proof = self.mailbox_proof(job, &subject).await?;
        let mut known = Vec::new();
        if let Some(MailboxProof::Recorded(at)) = mailbox_proof {
            let at = at.format(&Rfc3339).map_err(crate::Error::internal)?;
            known.push(("mailbox recorded", at));
        }
        let caa = self.ask_caa(&subject).await.map(|Heard { answer, words }| {
            known.push(("CAA", words));
            answer
        });
        let order = Order {
            csr: part.csr.clone(),
            subject,
            key_owner,
            mailbox_proof,
            caa,
            valid_days: request.content.valid_days,
            serial: self.random().with(|rng| pki::Serial::generate(rng)),
            now: self.now(),
        };
        Ok((order, known))
    }
}
