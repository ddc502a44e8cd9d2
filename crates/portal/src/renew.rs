//! **Renew**: one click makes the request for the next certificate, from the newest version of the
//! template. The present one stays valid until its end, and a pair is renewed as a pair.

use crate::certified_names::CertifiedNames;
use crate::error::FieldErrors;
use crate::renewal_rule::{Plan, Renewable, renewable};
use crate::{Actor, Error, Portal, day};
use api::{Done, RenewalOffer};
use domain::{
    AuditAction, CertificateId, Permission, Reason, RequestId, RequestState, Role, Template,
};
use store::{CertificateRow, Created, NewMail, NewRequest, PersonRow, Record, Renews, RequestRow};

/// Who renews what.
pub(crate) struct Renewal<'a> {
    /// Who does it: the owner, or the portal.
    pub(crate) actor: &'a Actor,
    /// The owner.
    pub(crate) person: &'a PersonRow,
    /// The certificate; of a pair the half that signs.
    pub(crate) certificate: &'a CertificateRow,
    /// What the next one is made from.
    pub(crate) plan: Plan,
    /// What it names besides the address.
    pub(crate) named: CertifiedNames,
    /// How many tries to renew it came to nothing; the same number means the same request.
    pub(crate) tries: i64,
    /// The new request.
    pub(crate) id: RequestId,
    /// What the owner is told.
    pub(crate) told: Option<NewMail>,
}

impl Portal {
    /// Renews one's own certificate.
    pub async fn renew(&self, actor: &Actor, id: CertificateId) -> Result<Done, Error> {
        actor.require(Permission::UseOwn)?;
        let row = self.own_certificate(actor, id).await?;
        let halves = self.halves(&row).await?;
        let first = halves.first().ok_or(Error::NotFound)?;
        if let Some(renewal) = self.standing_renewal(first.id).await? {
            let (message, next) = match renewal.certificate {
                Some(next) if renewal.state == RequestState::Issued => (
                    "This certificate is renewed already; here is the next one.",
                    api::url::certificate(next),
                ),
                _ => (
                    "The renewal is under way already; here it is.",
                    api::url::request(renewal.id),
                ),
            };
            return Ok(Done::then(message, next));
        }
        let person = self.store().person(first.person).await?;
        let person = person.ok_or(Error::NotFound)?;
        let template = self.newest_template(first).await?;
        let plan = match renewable(&halves, &template, person.role, self.now()) {
            Renewable::Yes(plan) => *plan,
            Renewable::No(why) | Renewable::Otherwise(why) => {
                return Err(Error::Conflict(why.to_owned()));
            }
        };
        if !self.store().has_mailbox(person.id, &first.mailbox).await? {
            return Err(Error::Conflict(format!(
                "{} is no longer one of your addresses. If it should be, ask an administrator.",
                first.mailbox
            )));
        }
        let (plan, named) = self.named(plan, first).await?;
        let message = if plan.approval.is_needed() {
            "Your renewal is with the approvers. You get a mail when it is decided; the present \
             certificate stays valid until its end."
        } else {
            "The next certificate is being made; the present one stays valid until its end."
        };
        let message = if plan.lost_key {
            format!(
                "{message} It gets a new key, because key and password of the present one were \
                 deleted some time after its end."
            )
        } else {
            message.to_owned()
        };
        let tries = self.store().renewals_given_up(first.id).await?;
        let renewal = Renewal {
            actor,
            person: &person,
            certificate: first,
            plan,
            named,
            tries,
            id: self.new_id(|now, rng| RequestId::generate(now, rng)),
            told: None,
        };
        let (request, _) = self.create_renewal(renewal).await?;
        Ok(Done::then(message, api::url::request(request)))
    }

    /// How the renewal of a certificate stands, for its owner.
    pub(crate) async fn renewal_offer(
        &self,
        halves: &[CertificateRow],
        template: &Template,
        role: Role,
    ) -> Result<RenewalOffer, Error> {
        let now = self.now();
        let verdict = renewable(halves, template, role, now);
        let Some(first) = halves.first() else {
            return Ok(RenewalOffer::Nothing);
        };
        // What has not come near its end was not renewed either.
        if matches!(verdict, Renewable::No(_)) && now < first.not_after - crate::cards::EXPIRING {
            return Ok(RenewalOffer::Nothing);
        }
        if let Some(renewal) = self.standing_renewal(first.id).await? {
            return Ok(match renewal.certificate {
                Some(next) if renewal.state == RequestState::Issued => RenewalOffer::Done(next),
                _ => RenewalOffer::UnderWay(renewal.id),
            });
        }
        Ok(match verdict {
            Renewable::Yes(_) => RenewalOffer::Now,
            Renewable::Otherwise(why) => RenewalOffer::Otherwise(why.to_owned()),
            Renewable::No(_) => RenewalOffer::Nothing,
        })
    }

    /// The request that renews it: an open one, a stuck one, or one that has become a certificate.
    pub(crate) async fn standing_renewal(
        &self,
        id: CertificateId,
    ) -> Result<Option<RequestRow>, Error> {
        use RequestState::{Cancelled, Rejected, Withdrawn};
        let last = self.store().renewal_of(id).await?;
        Ok(last.filter(|row| !matches!(row.state, Rejected | Withdrawn | Cancelled)))
    }

    /// All certificates of the same request, the one that signs first.
    pub(crate) async fn halves(&self, row: &CertificateRow) -> Result<Vec<CertificateRow>, Error> {
        let mut halves = Vec::new();
        for id in self.store().certificate_ids(row.request).await? {
            if id == row.id {
                halves.push(row.clone());
            } else {
                halves.extend(self.store().certificate(id).await?);
            }
        }
        Ok(halves)
    }

    /// The newest version of the template of a certificate.
    pub(crate) async fn newest_template(&self, row: &CertificateRow) -> Result<Template, Error> {
        let template = self.store().template(row.template).await?;
        template.ok_or(Error::NotFound)
    }

    /// What the next certificate names: hosts and devices as before, and of a person's addresses those
    /// that are recorded now. Where that is something else, nobody has agreed to it yet.
    pub(crate) async fn named(
        &self,
        plan: Plan,
        old: &CertificateRow,
    ) -> Result<(Plan, CertifiedNames), Error> {
        let content = &plan.template.content;
        let before = CertifiedNames {
            names: old.names.clone(),
            device: old.device.clone(),
        };
        if content.kind.names_hosts() {
            if old.content.kind.names_hosts() {
                return Ok((plan, before));
            }
            return Err(Error::Conflict(
                "Certificates of this template are for servers or devices now. Request a new one of \
                 another kind."
                    .to_owned(),
            ));
        }
        let mut errors = FieldErrors::default();
        let more = self
            .more_addresses(content, old.person, &old.mailbox, &mut errors)
            .await?;
        errors.check()?;
        let named = CertifiedNames::of_person(&more);
        let approval = if named == before {
            plan.approval
        } else {
            content.approval
        };
        Ok((Plan { approval, ..plan }, named))
    }

    /// Makes the request, unless there is one already. Whether it is new.
    pub(crate) async fn create_renewal(
        &self,
        renewal: Renewal<'_>,
    ) -> Result<(RequestId, bool), Error> {
        let (old, plan, now) = (renewal.certificate, renewal.plan, self.now());
        let waits = plan.approval.is_needed();
        let mut audit =
            renewal
                .actor
                .audit(AuditAction::Renew, now, renewal.id.0, old.mailbox.as_str());
        for (name, value) in [
            ("template", plan.template.name.to_string()),
            ("renews", old.id.to_string()),
            ("same key", plan.keeps_key.to_string()),
        ] {
            audit.details.push((name.to_owned(), value));
        }
        let mut record = Record::default().audit(audit);
        let reason = format!(
            "Renewal of the certificate that ends on {}",
            day::in_words(old.not_after)
        );
        let reason = Reason::parse(&reason).map_err(Error::internal)?;
        if waits {
            let mails = self
                .renewal_mails(renewal.id, renewal.person, &plan.template, old, &reason)
                .await?;
            record.mails.extend(mails);
        }
        record.mails.extend(renewal.told);
        let request = NewRequest {
            id: renewal.id,
            person: renewal.person.id,
            template: plan.template.id,
            template_version: plan.template.version,
            approval: plan.approval,
            mailbox: old.mailbox.clone(),
            names: renewal.named.names,
            device: renewal.named.device,
            key_algorithm: plan.key_algorithm,
            csr: None,
            requested_by: None,
            renews: Some(Renews {
                certificate: old.id,
                keeps_key: plan.keeps_key,
            }),
            reason: Some(reason),
            idempotency_key: format!("renew:{}:{}", old.id, renewal.tries),
            state: if waits {
                RequestState::Waiting
            } else {
                RequestState::Issuing
            },
            created_at: now,
        };
        match self.store().create_request(request, record).await? {
            Created::New => {
                self.changed(renewal.id);
                Ok((renewal.id, true))
            }
            Created::Existing(existing) => Ok((existing, false)),
        }
    }
}
