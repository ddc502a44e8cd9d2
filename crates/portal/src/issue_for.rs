//! The whole job without a browser: `certportal issue MAILBOX`.

use crate::certified_names::{CertifiedNames, Typed};
use crate::error::FieldErrors;
use crate::{Actor, Error, Portal, place};
use domain::{
    AuditAction, CertificateForm, Mailbox, PersonState, RequestId, RequestState, Secret, Template,
    TemplateKind,
};
use std::time::Duration;
use store::{Created, NewRequest, Record};

/// What is ordered on the command line.
#[derive(Debug)]
pub struct IssueOrder {
    /// Address that the person signs in with, and that the certificate is for.
    pub mailbox: Mailbox,
    /// Name of the template; none for the first one for mail that asks for no approval.
    pub template: Option<String>,
    /// A signing request of their own, PEM or DER.
    pub csr: Option<Vec<u8>>,
    /// Host names and addresses of a server or device; those of the signing request if empty.
    pub names: String,
    /// What a device is called; empty unless the template asks for it.
    pub device: String,
}

/// A certificate made on the command line.
#[derive(Debug)]
pub struct IssuedFile {
    /// Password of the PFX; none where the key never was here.
    pub password: Option<Secret<String>>,
    /// The PFX, or the certificate as PEM where the key never was here.
    pub bytes: Secret<Vec<u8>>,
    /// Name for the file.
    pub file_name: String,
}

/// How often the request is looked at while it is being made.
const LOOK: Duration = Duration::from_millis(100);

impl Portal {
    /// Issues a certificate for a person's mailbox and waits for it. The pipeline must run, in
    /// this process or another one. Uses a template that asks for no approval: four eyes are not
    /// skipped from the command line either.
    pub async fn issue_for(&self, order: IssueOrder) -> Result<IssuedFile, Error> {
        let actor = Actor::command_line();
        let mailbox = &order.mailbox;
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
        if person.state != PersonState::Active {
            return Err(Error::field(
                "mailbox",
                "this person is disabled; enable them first",
            ));
        }
        let template = self.template_for(order.template.as_deref()).await?;
        if template.content.kind == TemplateKind::Sponsor && person.surname.is_none() {
            return Err(Error::field(
                "template",
                "this one names the person, and their given name and surname are not recorded yet; \
                 enter them on the page of the person",
            ));
        }
        let mut errors = FieldErrors::default();
        let content = &template.content;
        let more = self
            .more_addresses(content, person.id, mailbox, &mut errors)
            .await?;
        let mailboxes: Vec<Mailbox> = std::iter::once(mailbox).chain(&more).cloned().collect();
        let own = match &order.csr {
            Some(sent) => Some(
                self.own_key(sent, person.id, content, &mailboxes)
                    .await?
                    .map_err(|problem| Error::field("csr", problem))?,
            ),
            None => None,
        };
        let asked = own.as_ref().map(|own| own.hosts.as_slice());
        let typed = Typed {
            names: &order.names,
            device: &order.device,
            asked: asked.unwrap_or_default(),
        };
        let CertifiedNames { names, device } =
            CertifiedNames::read(content, &more, typed, &mut errors);
        errors.check()?;
        let now = self.now();
        let id = self.new_id(|now, rng| RequestId::generate(now, rng));
        let mut audit = actor.audit(AuditAction::Request, now, id.0, mailbox.as_str());
        for (name, value) in [
            ("template", template.name.as_str()),
            ("names", names.as_str()),
            ("device", device.as_str()),
            ("key", if own.is_some() { "own" } else { "" }),
        ] {
            if !value.is_empty() {
                audit.details.push((name.to_owned(), value.to_owned()));
            }
        }
        let brings_key = own.is_some();
        let record = Record::default().audit(audit);
        let request = NewRequest {
            id,
            person: person.id,
            template: template.id,
            template_version: template.version,
            approval: template.content.approval,
            names,
            device,
            key_algorithm: own
                .as_ref()
                .map_or_else(|| template.default_key_algorithm(), |own| own.algorithm),
            csr: own.map(|own| own.csr),
            requested_by: None,
            renews: None,
            mailbox: mailbox.clone(),
            reason: None,
            idempotency_key: id.to_string(),
            state: RequestState::Issuing,
            created_at: now,
        };
        let id = match self.store().create_request(request, record).await? {
            Created::New => id,
            // It is for another key, or waits for people who decide.
            Created::Existing(_) if brings_key => {
                return Err(Error::Conflict(
                    "there is an open request of this kind for this person already; let it end, \
                     then issue this one"
                        .to_owned(),
                ));
            }
            Created::Existing(id) => id,
        };
        self.changed(id);
        self.wait_for(id).await?;
        self.hand_over(&actor, id).await
    }

    /// The template of a name, or the first for mail; it must ask for no approval.
    async fn template_for(&self, name: Option<&str>) -> Result<Template, Error> {
        let templates = self.store().templates().await?;
        let mut offered = templates.into_iter().filter(|template| template.is_offered);
        let Some(name) = name else {
            let found = offered.find(|template| {
                !template.content.approval.is_needed()
                    && template.content.kind == TemplateKind::Mailbox
            });
            return found.ok_or_else(|| {
                Error::Conflict(
                    "every template asks for approval; request the certificate in the portal"
                        .to_owned(),
                )
            });
        };
        let found = offered.find(|template| template.name.as_str() == name);
        let found = found.ok_or_else(|| Error::field("template", "no template has this name"))?;
        if found.content.approval.is_needed() {
            return Err(Error::Conflict(
                "this template asks for approval; request the certificate in the portal".to_owned(),
            ));
        }
        Ok(found)
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
        if details.is_own_key {
            let file = self
                .write_certificate(&details, CertificateForm::Pem)
                .await?;
            return Ok(IssuedFile {
                password: None,
                bytes: file.bytes,
                file_name: file.file_name,
            });
        }
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
            password: Some(self.open_password(&sealed)?),
            bytes: self
                .key_ring()?
                .open(place::pfx((&sealed).into()), &sealed.pfx)?,
            file_name: pki::pfx::file_name(&details.mailbox, details.not_before),
        })
    }
}
