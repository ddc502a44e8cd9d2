//! The whole job without a browser: `certportal issue MAILBOX`.

use crate::{Actor, Error, Portal, place};
use domain::{AuditAction, Mailbox, RequestId, RequestState, Secret, TemplateKind};
use std::time::Duration;
use store::{Created, NewRequest, Record};

/// A certificate made on the command line.
#[derive(Debug)]
pub struct IssuedFile {
    /// Password of the PFX.
    pub password: Secret<String>,
    /// The PFX.
    pub pfx: Secret<Vec<u8>>,
    /// Name for the file.
    pub file_name: String,
}

/// How often the request is looked at while it is being made.
const LOOK: Duration = Duration::from_millis(100);

impl Portal {
    /// Issues a certificate for a person's mailbox and waits for it. The pipeline must run, in
    /// this process or another one. Uses a template that asks for no approval: four eyes are not
    /// skipped from the command line either.
    pub async fn issue_for(&self, mailbox: &Mailbox) -> Result<IssuedFile, Error> {
        let actor = Actor::command_line();
        let person = self
            .store()
            .person_by_mailbox(mailbox)
            .await?
            .ok_or_else(|| {
                Error::field(
                    "mailbox",
                    "nobody signs in with this address; add them with `certportal person add`",
                )
            })?;
        let templates = self.store().templates().await?;
        let template = templates
            .into_iter()
            .find(|template| {
                template.is_offered
                    && !template.content.approval.is_needed()
                    && template.content.kind == TemplateKind::Mailbox
            })
            .ok_or_else(|| {
                Error::Conflict(
                    "every template asks for approval; request the certificate in the portal"
                        .to_owned(),
                )
            })?;
        let now = self.now();
        let id = self.new_id(|now, rng| RequestId::generate(now, rng));
        let record =
            Record::default().audit(actor.audit(AuditAction::Request, now, id.0, mailbox.as_str()));
        let request = NewRequest {
            id,
            person: person.id,
            template: template.id,
            template_version: template.version,
            approval: template.content.approval,
            names: String::new(),
            csr: None,
            requested_by: None,
            renews: None,
            mailbox: mailbox.clone(),
            key_algorithm: template.default_key_algorithm(),
            reason: None,
            idempotency_key: id.to_string(),
            state: RequestState::Issuing,
            created_at: now,
        };
        let id = match self.store().create_request(request, record).await? {
            Created::New => id,
            Created::Existing(id) => id,
        };
        self.changed(id);
        self.wait_for(id).await?;
        self.hand_over(&actor, id).await
    }

    async fn wait_for(&self, id: RequestId) -> Result<(), Error> {
        loop {
            let row = self.store().request(id).await?.ok_or(Error::NotFound)?;
            match row.state {
                RequestState::Issued => return Ok(()),
                RequestState::Issuing => tokio::time::sleep(LOOK).await,
                state => {
                    let why = row
                        .problem
                        .unwrap_or_else(|| format!("the request is {state}"));
                    return Err(Error::Conflict(why));
                }
            }
        }
    }

    async fn hand_over(&self, actor: &Actor, id: RequestId) -> Result<IssuedFile, Error> {
        let row = self.store().request(id).await?.ok_or(Error::NotFound)?;
        let certificate = row.certificate.ok_or(Error::NotFound)?;
        let details = self
            .store()
            .certificate(certificate)
            .await?
            .ok_or(Error::NotFound)?;
        let sealed = self.credential(certificate).await?;
        let now = self.now();
        let mails = self
            .password_shown_mail(&details, now, &actor.client)
            .await?;
        let record = Record::default()
            .audit(actor.audit(
                AuditAction::ShowPassword,
                now,
                certificate.0,
                row.mailbox.as_str(),
            ))
            .audit(actor.audit(
                AuditAction::Download,
                now,
                certificate.0,
                row.mailbox.as_str(),
            ))
            .mail(mails);
        self.store()
            .record_download(certificate, now, record)
            .await?;
        Ok(IssuedFile {
            password: self.open_password(&sealed)?,
            pfx: self
                .key_ring()?
                .open(place::pfx((&sealed).into()), &sealed.pfx)?,
            file_name: pki::pfx::file_name(&details.mailbox, details.not_before),
        })
    }
}
