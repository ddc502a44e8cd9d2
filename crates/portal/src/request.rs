//! Requesting a certificate.

use crate::error::{FieldErrors, checked};
use crate::templates::words::decides;
use crate::{Actor, Error, Portal};
use api::{Done, RequestCertificate, RequestForm, TemplateChoice};
use domain::{
    AuditAction, KeyAlgorithm, Mailbox, Permission, PersonId, Reason, RequestId, RequestState,
    Role, Template, TemplateId, TemplateKind,
};
use store::{Created, NewRequest, Record};

/// Longest idempotency key accepted; ours has 43 characters.
const IDEMPOTENCY_KEY_MAX: usize = 100;

/// A request form that was checked.
struct Wanted {
    template: Template,
    mailbox: Mailbox,
    reason: Option<Reason>,
    key_algorithm: KeyAlgorithm,
}

impl Portal {
    /// What one may request.
    pub async fn request_form(&self, actor: &Actor) -> Result<RequestForm, Error> {
        actor.require(Permission::UseOwn)?;
        let mailboxes = self.store().mailboxes(actor.person()?).await?;
        let templates = self.store().templates().await?;
        Ok(RequestForm {
            mailboxes: mailboxes
                .into_iter()
                .map(|row| row.address.into())
                .collect(),
            templates: templates
                .into_iter()
                .filter(|template| template.is_for(actor.role))
                .map(choice)
                .collect(),
            idempotency_key: self.random().with(|rng| safe::random_token(rng)),
        })
    }

    /// Requests a certificate. Sending the same form twice gives one request.
    pub async fn request_certificate(
        &self,
        actor: &Actor,
        form: RequestCertificate,
    ) -> Result<Done, Error> {
        actor.require(Permission::UseOwn)?;
        let person = actor.person()?;
        let key = form.idempotency_key.clone();
        if key.is_empty() || key.len() > IDEMPOTENCY_KEY_MAX {
            return Err(Error::Conflict(
                "This form is out of date. Please open it again.".to_owned(),
            ));
        }
        let wanted = self.check_request(person, actor.role, form).await?;
        let approval = wanted.template.content.approval;
        let waits = approval.is_needed();
        let (id, is_new) = self.create_request(actor, person, wanted, key).await?;
        let message = match (is_new, waits) {
            (true, true) if approval.role == Role::Admin => {
                "Your request is with the administrators. You get a mail when it is decided."
            }
            (true, true) => {
                "Your request is with the approvers. You get a mail when it is decided."
            }
            (true, false) => "Your certificate is being made.",
            (false, _) => "You have already requested this; here it is.",
        };
        Ok(Done::then(message, api::url::request(id)))
    }

    async fn check_request(
        &self,
        person: PersonId,
        role: Option<Role>,
        form: RequestCertificate,
    ) -> Result<Wanted, Error> {
        let mut errors = FieldErrors::default();
        let mailbox = errors.take("mailbox", Mailbox::parse(&form.mailbox));
        if let Some(mailbox) = &mailbox
            && !self.store().has_mailbox(person, mailbox).await?
        {
            errors.add(
                "mailbox",
                "This is not one of your verified mail addresses.",
            );
        }
        let template = match form.template.parse::<TemplateId>() {
            Ok(id) => self
                .store()
                .template(id)
                .await?
                .filter(|template| template.is_for(role)),
            Err(_) => None,
        };
        let Some(template) = template else {
            errors.add(
                "template",
                "Please choose one of the kinds that are offered.",
            );
            return Err(errors.check().err().unwrap_or(Error::NotFound));
        };
        if template.content.kind == TemplateKind::Sponsor {
            let row = self.store().person(person).await?.ok_or(Error::NotFound)?;
            if row.given_name.is_none() || row.surname.is_none() {
                errors.add(
                    "template",
                    "This one names you, and your given name and surname are not recorded yet. \
                     Please ask an administrator to enter them.",
                );
            }
        }
        let reason = if form.reason.trim().is_empty() {
            if template.content.approval.is_needed() {
                errors.add(
                    "reason",
                    "Please say why you need it; the approver reads this.",
                );
            }
            None
        } else {
            errors.take("reason", Reason::parse(&form.reason))
        };
        let key_algorithm = match form.key_algorithm.as_str() {
            "" => Some(template.default_key_algorithm()),
            word => word
                .parse()
                .ok()
                .filter(|algorithm| template.content.key_algorithms.contains(algorithm)),
        };
        if key_algorithm.is_none() {
            errors.add(
                "key_algorithm",
                "Please choose one of the algorithms that are offered.",
            );
        }
        errors.check()?;
        Ok(Wanted {
            mailbox: checked(mailbox)?,
            reason,
            key_algorithm: checked(key_algorithm)?,
            template,
        })
    }

    async fn create_request(
        &self,
        actor: &Actor,
        person: PersonId,
        wanted: Wanted,
        idempotency_key: String,
    ) -> Result<(RequestId, bool), Error> {
        let now = self.now();
        let id = self.new_id(|now, rng| RequestId::generate(now, rng));
        let waits = wanted.template.content.approval.is_needed();
        let mut audit = actor.audit(AuditAction::Request, now, id.0, wanted.mailbox.as_str());
        audit.details.push((
            "template".to_owned(),
            wanted.template.name.as_str().to_owned(),
        ));
        let mut record = Record::default().audit(audit);
        if waits {
            for mail in self
                .request_mails(
                    id,
                    actor,
                    &wanted.mailbox,
                    &wanted.template,
                    wanted.reason.as_ref(),
                )
                .await?
            {
                record = record.mail(mail);
            }
        }
        let request = NewRequest {
            id,
            person,
            template: wanted.template.id,
            template_version: wanted.template.version,
            approval: wanted.template.content.approval,
            names: String::new(),
            csr: None,
            requested_by: None,
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

fn choice(template: Template) -> TemplateChoice {
    TemplateChoice {
        id: template.id,
        name: template.name.into(),
        kind: template.content.kind.label().to_owned(),
        decides: decides(template.content.approval),
        is_escrowed: template.content.is_escrowed,
        needs_approval: template.content.approval.is_needed(),
        summary: template.content.summary,
        key_algorithms: template.content.key_algorithms,
        valid_days: template.content.valid_days,
    }
}
