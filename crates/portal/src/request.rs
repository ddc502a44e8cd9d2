//! Requesting a certificate, for oneself or, as an administrator, for somebody else.

use crate::request_check::Wanted;
use crate::templates::words::decides;
use crate::{Actor, Error, Portal};
use api::{Done, RequestCertificate, RequestFor, RequestForm, RequestedFor, TemplateChoice};
use domain::{
    AddressSource, AuditAction, AuthorityPurpose, CommonNameSource, Permission, PersonId,
    PersonState, RequestId, RequestState, Role, Template, TemplateKind, TokenScope,
};
use store::{CertificateRow, Created, NewRequest, PersonRow, Record};

/// A request that was made, or that was there already.
#[derive(Debug, Clone, Copy)]
pub struct MadeRequest {
    /// Identifier.
    pub id: RequestId,
    /// What happens now, for the person.
    pub message: &'static str,
}

/// Longest idempotency key accepted; ours has 43 characters.
const IDEMPOTENCY_KEY_MAX: usize = 100;

impl Portal {
    /// What one may request, and what is filled in: for oneself, for somebody else, or as a copy of
    /// a certificate.
    pub async fn request_form(
        &self,
        actor: &Actor,
        asked: RequestFor,
    ) -> Result<RequestForm, Error> {
        actor.require(Permission::UseOwn)?;
        let copied = match asked.copy.as_str() {
            "" => None,
            id => Some(self.copied(actor, id).await?),
        };
        let person = match (&copied, asked.person.as_str()) {
            (Some(row), _) => row.person,
            (None, "") => actor.person()?,
            (None, id) => id.parse().map_err(|_| Error::NotFound)?,
        };
        let person = self.requested_for(actor, person).await?;
        let mailboxes = self.store().mailboxes(person.id).await?;
        let templates = self.requestable(actor, &person).await?;
        let template = match &copied {
            Some(row) => self
                .store()
                .request(row.request)
                .await?
                .map(|request| request.template),
            None => None,
        };
        Ok(RequestForm {
            mailboxes: mailboxes
                .into_iter()
                .map(|row| row.address.into())
                .collect(),
            template: template.filter(|id| templates.iter().any(|known| known.id == *id)),
            templates: templates.into_iter().map(choice).collect(),
            mailbox: copied
                .as_ref()
                .map(|row| row.mailbox.to_string())
                .unwrap_or_default(),
            names: copied
                .as_ref()
                .filter(|row| row.content.kind.names_hosts())
                .map(|row| row.names.clone())
                .unwrap_or_default(),
            device: copied
                .as_ref()
                .map(|row| row.device.clone())
                .unwrap_or_default(),
            key_algorithm: copied
                .map(|row| row.key_algorithm.to_string())
                .unwrap_or_default(),
            person: (!actor.is(person.id)).then(|| RequestedFor {
                id: person.id,
                name: person.name.into(),
            }),
            idempotency_key: self.random().with(|rng| safe::random_token(rng)),
        })
    }

    /// Requests a certificate, for a person at a form.
    pub async fn request_certificate(
        &self,
        actor: &Actor,
        form: RequestCertificate,
    ) -> Result<Done, Error> {
        let made = self.make_request(actor, form).await?;
        Ok(Done::then(made.message, api::url::request(made.id)))
    }

    /// Requests a certificate. Sending the same form twice gives one request.
    pub async fn make_request(
        &self,
        actor: &Actor,
        form: RequestCertificate,
    ) -> Result<MadeRequest, Error> {
        actor.require(Permission::UseOwn)?;
        actor.require_scope(TokenScope::Request)?;
        let person = match form.person.as_str() {
            "" => actor.person()?,
            id => id.parse().map_err(|_| Error::NotFound)?,
        };
        let person = self.requested_for(actor, person).await?;
        let key = form.idempotency_key.clone();
        if key.is_empty() || key.len() > IDEMPOTENCY_KEY_MAX {
            return Err(Error::Conflict(
                "This form is out of date. Please open it again.".to_owned(),
            ));
        }
        let wanted = self.check_request(actor, &person, form).await?;
        let approval = wanted.template.content.approval;
        let waits = approval.is_needed();
        let (id, is_new) = self.create_request(actor, &person, wanted, key).await?;
        let message = match (is_new, waits, actor.is(person.id)) {
            (true, true, true) if approval.role == Role::Admin => {
                "Your request is with the administrators. You get a mail when it is decided."
            }
            (true, true, true) => {
                "Your request is with the approvers. You get a mail when it is decided."
            }
            (true, true, false) => {
                "The request waits for approval, as its template says: somebody else than you and \
                 the person decides it. They have been told."
            }
            (true, false, true) => "Your certificate is being made.",
            (true, false, false) => "The certificate is being made. The person has been told.",
            (false, _, true) => "You have already requested this; here it is.",
            (false, _, false) => "This is requested already; here it is.",
        };
        Ok(MadeRequest { id, message })
    }

    /// The person that a request is for: oneself, or anybody for who may issue for others.
    async fn requested_for(&self, actor: &Actor, person: PersonId) -> Result<PersonRow, Error> {
        if !actor.is(person) {
            actor.require(Permission::IssueForOthers)?;
        }
        let person = self.store().person(person).await?.ok_or(Error::NotFound)?;
        if person.state != PersonState::Active {
            return Err(Error::Conflict(format!(
                "{} is disabled. Enable them first.",
                person.name
            )));
        }
        Ok(person)
    }

    /// A certificate whose request is to be repeated.
    async fn copied(&self, actor: &Actor, id: &str) -> Result<CertificateRow, Error> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
        if actor.is(row.person) || actor.may(Permission::IssueForOthers) {
            Ok(row)
        } else {
            Err(Error::NotFound)
        }
    }

    /// The templates that somebody may use for a person: those of either's role. Without an
    /// authority for it, what is not for mail is not offered.
    pub(crate) async fn requestable(
        &self,
        actor: &Actor,
        person: &PersonRow,
    ) -> Result<Vec<Template>, Error> {
        let authorities = self.store().authorities().await?;
        let has_tls = authorities.iter().any(|row| {
            row.is_active && row.purpose == AuthorityPurpose::Tls && row.sealed_key.is_some()
        });
        let mut templates = self.store().templates().await?;
        templates.retain(|template| {
            (template.is_for(actor.role) || template.is_for(Some(person.role)))
                && (has_tls || template.content.kind.is_mail())
        });
        Ok(templates)
    }

    async fn create_request(
        &self,
        actor: &Actor,
        person: &PersonRow,
        wanted: Wanted,
        idempotency_key: String,
    ) -> Result<(RequestId, bool), Error> {
        let now = self.now();
        let id = self.new_id(|now, rng| RequestId::generate(now, rng));
        let waits = wanted.template.content.approval.is_needed();
        let requested_by = actor.id.filter(|by| *by != person.id);
        let mut record = Record::default().audit(request_audit(actor, person, &wanted, (id, now)));
        for mail in self.request_mails(id, actor, person, &wanted).await? {
            record = record.mail(mail);
        }
        let request = NewRequest {
            id,
            person: person.id,
            template: wanted.template.id,
            template_version: wanted.template.version,
            approval: wanted.template.content.approval,
            names: wanted.named.names,
            device: wanted.named.device,
            csr: wanted.csr,
            requested_by,
            renews: None,
            mailbox: wanted.mailbox,
            key_algorithm: wanted.key_algorithm,
            reason: wanted.reason,
            idempotency_key,
            state: if waits {
                RequestState::Waiting
            } else {
                RequestState::Issuing
            },
            created_at: now,
        };
        match self.store().create_request(request, record).await? {
            Created::New => {
                self.failpoint("request-accepted");
                self.changed(id);
                Ok((id, true))
            }
            Created::Existing(existing) => Ok((existing, false)),
        }
    }
}

fn request_audit(
    actor: &Actor,
    person: &PersonRow,
    wanted: &Wanted,
    (id, now): (RequestId, time::OffsetDateTime),
) -> store::NewAudit {
    let mut audit = actor.audit(AuditAction::Request, now, id.0, wanted.mailbox.as_str());
    let mut detail = |name: &str, value: String| audit.details.push((name.to_owned(), value));
    detail("template", wanted.template.name.as_str().to_owned());
    if !actor.is(person.id) {
        let label = crate::actor::person_label(&person.name, &person.mailbox);
        detail("for", label);
    }
    for (name, value) in [
        ("names", &wanted.named.names),
        ("device", &wanted.named.device),
    ] {
        if !value.is_empty() {
            detail(name, value.clone());
        }
    }
    if wanted.csr.is_some() {
        detail("key", "own".to_owned());
    }
    audit
}

fn choice(template: Template) -> TemplateChoice {
    let kind = template.content.kind;
    TemplateChoice {
        id: template.id,
        name: template.name.into(),
        kind: template.content.kind.label().to_owned(),
        decides: decides(template.content.approval),
        is_escrowed: template.content.is_escrowed,
        needs_approval: template.content.approval.is_needed(),
        names_hosts: kind.names_hosts(),
        names_device: template.content.common_name == CommonNameSource::Device,
        all_addresses: template.content.addresses == AddressSource::All,
        takes_own_key: kind != TemplateKind::Pair,
        summary: template.content.summary,
        key_algorithms: template.content.key_algorithms,
        valid_days: template.content.valid_days,
    }
}
