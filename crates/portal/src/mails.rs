//! Which mail goes to whom. The words are in `mail`; here are the values and the recipients.

use crate::attachment::{self, Attached};
use crate::lost_key::Why;
use crate::request_check::Wanted;
use crate::{Actor, Client, Error, Portal};
use domain::{Delivery, Device, MailId, Mailbox, Reason, RequestId, Role};
use mail::{
    AccountAdded, Brand, CertificateDelivered, CertificateDownloaded, CertificateHeld,
    CertificateReactivated, CertificateReady, CertificateRevoked, Message, PasswordChanged,
    PasswordShown, RequestApproved, RequestFailed, RequestReceived, RequestRejected,
    RequestWaiting,
};
use store::{CertificateRow, NewMail, NewPerson, PersonRow, RequestRow};
use time::OffsetDateTime;

impl Portal {
    /// Renders a message for the outbox. `event` names what happened, so that one event gives one
    /// mail to one person, however often its step is repeated.
    pub(crate) async fn mail(
        &self,
        to: &Mailbox,
        event: &str,
        message: impl Into<Message>,
    ) -> Result<NewMail, Error> {
        let message: Message = message.into();
        let brand = Brand {
            organisation: self.organisation().await?,
            base_url: self.policy().base_url.clone(),
        };
        let rendered = message.render(&brand).map_err(Error::internal)?;
        Ok(NewMail {
            id: self.new_id(|now, rng| MailId::generate(now, rng)),
            dedupe: format!("{}:{event}:{to}", message.kind()),
            to: to.clone(),
            kind: message.kind().to_owned(),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            created_at: self.now(),
            attachment: None,
        })
    }

    /// A request that waits: to everybody who may decide it, and to the person. Who is asked for by
    /// somebody else is told in any case.
    pub(crate) async fn request_mails(
        &self,
        id: RequestId,
        actor: &Actor,
        person: &PersonRow,
        wanted: &Wanted,
    ) -> Result<Vec<NewMail>, Error> {
        let waits = wanted.template.content.approval.is_needed();
        let is_own = actor.is(person.id);
        let mut mails = Vec::new();
        let deciders = if !waits {
            Vec::new()
        } else if wanted.template.content.approval.role == Role::Admin {
            self.store().admin_mailboxes().await?
        } else {
            self.store().approver_mailboxes().await?
        };
        for (approver, to) in deciders {
            if actor.is(approver) || approver == person.id {
                continue;
            }
            let message = RequestWaiting {
                requester: actor.name.clone(),
                mailbox: wanted.mailbox.to_string(),
                template: wanted.template.name.to_string(),
                reason: wanted.reason.as_ref().map(ToString::to_string),
                link: api::url::QUEUE.to_owned(),
            };
            mails.push(self.mail(&to, &id.to_string(), message).await?);
        }
        if waits || !is_own {
            let message = RequestReceived {
                mailbox: wanted.mailbox.to_string(),
                template: wanted.template.name.to_string(),
                needs_approval: waits,
                requester: (!is_own).then(|| actor.name.clone()),
                link: api::url::request(id),
            };
            mails.push(self.mail(&person.mailbox, &id.to_string(), message).await?);
        }
        Ok(mails)
    }

    pub(crate) async fn approved_mail(
        &self,
        row: &RequestRow,
        approver: &Actor,
    ) -> Result<NewMail, Error> {
        let message = RequestApproved {
            mailbox: row.mailbox.to_string(),
            template: row.template_name.to_string(),
            approver: approver.name.clone(),
            link: api::url::request(row.id),
        };
        self.mail(&row.person_mailbox, &row.id.to_string(), message)
            .await
    }

    pub(crate) async fn rejected_mail(
        &self,
        row: &RequestRow,
        approver: &Actor,
        reason: Option<&Reason>,
    ) -> Result<NewMail, Error> {
        let message = RequestRejected {
            mailbox: row.mailbox.to_string(),
            template: row.template_name.to_string(),
            approver: approver.name.clone(),
            reason: reason.map(ToString::to_string).unwrap_or_default(),
            link: api::url::request(row.id),
        };
        self.mail(&row.person_mailbox, &row.id.to_string(), message)
            .await
    }

    /// The certificates of a request are ready; `certificates` in order, with what is attached.
    pub(crate) async fn ready_mail(
        &self,
        row: &RequestRow,
        certificates: &[domain::CertificateId],
        expires_at: OffsetDateTime,
    ) -> Result<NewMail, Error> {
        let first = certificates.first().ok_or(Error::NotFound)?;
        let is_attached = row.content.delivery == Delivery::Mail && !row.is_own_key;
        let is_for_api = row.content.delivery == Delivery::Api;
        let message = CertificateReady {
            mailbox: row.mailbox.to_string(),
            expires_at,
            is_own_key: row.is_own_key,
            is_attached,
            api_path: is_for_api.then(|| api::url::api_certificate(*first)),
            link: api::url::certificate(*first),
        };
        let attached: &[Attached] = &if row.is_own_key {
            certificates
                .iter()
                .map(|id| Attached::Certificate(*id))
                .collect()
        } else if is_attached {
            certificates.iter().map(|id| Attached::Pfx(*id)).collect()
        } else {
            Vec::new()
        };
        let mail = self
            .mail(&row.person_mailbox, &row.id.to_string(), message)
            .await?;
        Ok(NewMail {
            attachment: attachment::write(attached),
            ..mail
        })
    }

    /// The certificate, or its PFX, once more: to the address that the owner signs in with.
    pub(crate) async fn delivered_mail(
        &self,
        certificate: &CertificateRow,
        actor: &Actor,
        what: Attached,
    ) -> Result<NewMail, Error> {
        let message = CertificateDelivered {
            mailbox: certificate.mailbox.to_string(),
            by: actor.name.clone(),
            is_container: matches!(what, Attached::Pfx(_)),
            link: api::url::certificate(certificate.id),
        };
        let mail = self.owner_mail(certificate, self.now(), message).await?;
        Ok(NewMail {
            attachment: attachment::write(&[what]),
            ..mail
        })
    }

    /// A request that is stuck: to every administrator, once for each failure.
    pub(crate) async fn failed_mails(
        &self,
        row: &RequestRow,
        why: &str,
    ) -> Result<Vec<NewMail>, Error> {
        let mut mails = Vec::new();
        for (_, to) in self.store().admin_mailboxes().await? {
            let message = RequestFailed {
                requester: row.person_name.to_string(),
                mailbox: row.mailbox.to_string(),
                step: row.step.to_string(),
                why: why.to_owned(),
                link: api::url::request(row.id),
            };
            mails.push(
                self.mail(&to, &format!("{}:{}", row.id, row.version), message)
                    .await?,
            );
        }
        Ok(mails)
    }

    pub(crate) async fn password_shown_mail(
        &self,
        certificate: &CertificateRow,
        at: OffsetDateTime,
        client: &Client,
    ) -> Result<NewMail, Error> {
        let message = PasswordShown {
            mailbox: certificate.mailbox.to_string(),
            at,
            from_address: client.address.clone(),
            link: api::url::certificate(certificate.id),
        };
        self.mail(&certificate.mailbox, &event_at(certificate, at), message)
            .await
    }

    pub(crate) async fn downloaded_mail(
        &self,
        certificate: &CertificateRow,
        target: &str,
        at: OffsetDateTime,
        client: &Client,
    ) -> Result<NewMail, Error> {
        let message = CertificateDownloaded {
            mailbox: certificate.mailbox.to_string(),
            at,
            from_address: client.address.clone(),
            device: target.to_owned(),
            link: api::url::certificate(certificate.id),
        };
        self.mail(&certificate.mailbox, &event_at(certificate, at), message)
            .await
    }

    /// To the owner. Nothing is said about who, where they reported it lost themselves.
    /// To the owner of a certificate that was revoked; `others` of theirs ended with it.
    pub(crate) async fn revoked_mail(
        &self,
        certificate: &CertificateRow,
        others: Vec<String>,
        actor: &Actor,
        why: Why<'_>,
    ) -> Result<NewMail, Error> {
        let at = self.now();
        let message = CertificateRevoked {
            mailbox: certificate.mailbox.to_string(),
            at,
            by: (!actor.is(certificate.person)).then(|| actor.name.clone()),
            reason: why.reason.label().to_owned(),
            comment: why.comment.map(ToString::to_string),
            others,
            link: api::url::certificate(certificate.id),
        };
        self.owner_mail(certificate, at, message).await
    }

    pub(crate) async fn held_mail(
        &self,
        certificate: &CertificateRow,
        actor: &Actor,
        comment: Option<&Reason>,
    ) -> Result<NewMail, Error> {
        let at = self.now();
        let message = CertificateHeld {
            mailbox: certificate.mailbox.to_string(),
            at,
            by: actor.name.clone(),
            comment: comment.map(ToString::to_string),
            link: api::url::certificate(certificate.id),
        };
        self.owner_mail(certificate, at, message).await
    }

    pub(crate) async fn reactivated_mail(
        &self,
        certificate: &CertificateRow,
        actor: &Actor,
    ) -> Result<NewMail, Error> {
        let message = CertificateReactivated {
            mailbox: certificate.mailbox.to_string(),
            by: actor.name.clone(),
            link: api::url::certificate(certificate.id),
        };
        self.owner_mail(certificate, self.now(), message).await
    }

    /// To the address that the owner signs in with: that of the certificate may be one that several
    /// people read.
    async fn owner_mail(
        &self,
        certificate: &CertificateRow,
        at: OffsetDateTime,
        message: impl Into<Message>,
    ) -> Result<NewMail, Error> {
        let owner = self
            .store()
            .person(certificate.person)
            .await?
            .ok_or(Error::NotFound)?;
        self.mail(&owner.mailbox, &event_at(certificate, at), message)
            .await
    }

    pub(crate) async fn password_changed_mail(
        &self,
        person: &PersonRow,
        at: OffsetDateTime,
        client: &Client,
    ) -> Result<NewMail, Error> {
        let message = PasswordChanged {
            at,
            from_address: client.address.clone(),
            link: api::url::ACCOUNT.to_owned(),
        };
        self.mail(
            &person.mailbox,
            &format!("{}:{}", person.id, at.unix_timestamp_nanos()),
            message,
        )
        .await
    }

    pub(crate) async fn account_added_mail(&self, person: &NewPerson) -> Result<NewMail, Error> {
        let message = AccountAdded {
            name: person.name.to_string(),
            mailbox: person.mailbox.to_string(),
            link: api::url::SIGN_IN.to_owned(),
        };
        self.mail(&person.mailbox, &person.id.to_string(), message)
            .await
    }
}

fn event_at(certificate: &CertificateRow, at: OffsetDateTime) -> String {
    format!("{}:{}", certificate.id, at.unix_timestamp_nanos())
}

pub(crate) const fn device_in_words(device: Device) -> &'static str {
    match device {
        Device::Windows => "Outlook on Windows",
        Device::Mac => "Apple Mail on a Mac",
        Device::Ios => "Mail on an iPhone or iPad",
        Device::Thunderbird => "Thunderbird",
        Device::Android => "a mail program on Android",
    }
}
