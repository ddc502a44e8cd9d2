//! Mails about the life of a certificate: its end, its renewal, and keys for old mail; and about the
//! key of a root that leaves.

use crate::{Actor, Client, Error, Portal};
use domain::{Mailbox, PersonId, Reason, RequestId, Role, Template};
use mail::{
    CertificateEnding, CertificateImported, OldMailOpened, RenewalStarted, RequestReceived,
    RequestWaiting, RootKeyDownloaded,
};
use store::{AuthorityRow, CertificateRow, NewMail, PersonRow};
use time::OffsetDateTime;

impl Portal {
    /// A renewal that waits: to everybody who may decide it, and to the owner.
    pub(crate) async fn renewal_mails(
        &self,
        id: RequestId,
        person: &PersonRow,
        template: &Template,
        old: &CertificateRow,
        reason: &Reason,
    ) -> Result<Vec<NewMail>, Error> {
        let deciders = match template.content.approval.role {
            Role::Admin => self.store().admin_mailboxes().await?,
            _ => self.store().approver_mailboxes().await?,
        };
        let mut mails = Vec::new();
        for (_, to) in deciders.into_iter().filter(|(who, _)| *who != person.id) {
            let message = RequestWaiting {
                requester: person.name.to_string(),
                mailbox: old.mailbox.to_string(),
                template: template.name.to_string(),
                reason: Some(reason.to_string()),
                link: api::url::QUEUE.to_owned(),
            };
            mails.push(self.mail(&to, &id.to_string(), message).await?);
        }
        let message = RequestReceived {
            mailbox: old.mailbox.to_string(),
            template: template.name.to_string(),
            needs_approval: true,
            requester: None,
            link: api::url::request(id),
        };
        mails.push(self.mail(&person.mailbox, &id.to_string(), message).await?);
        Ok(mails)
    }

    /// The portal renews by itself: once for each certificate.
    pub(crate) async fn renewal_started_mail(
        &self,
        old: &CertificateRow,
        person: &PersonRow,
        request: RequestId,
        needs_approval: bool,
    ) -> Result<NewMail, Error> {
        let message = RenewalStarted {
            mailbox: old.mailbox.to_string(),
            ends_at: old.not_after,
            needs_approval,
            link: api::url::request(request),
        };
        self.mail(&person.mailbox, &old.id.to_string(), message)
            .await
    }

    /// A notice of the end: once for each certificate and stage.
    pub(crate) async fn ending_mail(
        &self,
        certificate: &CertificateRow,
        person: &PersonRow,
        stage: i64,
        now: OffsetDateTime,
        (renewable_from, is_under_way): (Option<OffsetDateTime>, bool),
    ) -> Result<NewMail, Error> {
        let left = certificate.not_after - now;
        let message = CertificateEnding {
            mailbox: certificate.mailbox.to_string(),
            days: (left.whole_seconds() + 86_399) / 86_400,
            ends_at: certificate.not_after,
            renewable_from,
            is_under_way,
            link: api::url::certificate(certificate.id),
        };
        let event = format!("{}:{stage}", certificate.id);
        self.mail(&person.mailbox, &event, message).await
    }

    pub(crate) async fn old_mail_opened_mail(
        &self,
        (person, to): (PersonId, &Mailbox),
        keys: usize,
        at: OffsetDateTime,
        client: &Client,
    ) -> Result<NewMail, Error> {
        let message = OldMailOpened {
            keys,
            at,
            from_address: client.address.clone(),
            link: api::url::HOME.to_owned(),
        };
        let event = format!("{person}:{}", at.unix_timestamp_nanos());
        self.mail(to, &event, message).await
    }

    pub(crate) async fn imported_mail(
        &self,
        to: &Mailbox,
        id: domain::ImportedId,
        name: &str,
        at: OffsetDateTime,
        client: &Client,
    ) -> Result<NewMail, Error> {
        let message = CertificateImported {
            mailbox: name.to_owned(),
            at,
            from_address: client.address.clone(),
            link: api::url::HOME.to_owned(),
        };
        self.mail(to, &id.to_string(), message).await
    }

    /// A root's key left: to every administrator but the one who has it.
    pub(crate) async fn root_key_mails(
        &self,
        actor: &Actor,
        root: &AuthorityRow,
        at: OffsetDateTime,
    ) -> Result<Vec<NewMail>, Error> {
        let event = format!("{}:{}", root.id, at.unix_timestamp_nanos());
        let mut mails = Vec::new();
        for (who, to) in self.store().admin_mailboxes().await? {
            if actor.is(who) {
                continue;
            }
            let message = RootKeyDownloaded {
                authority: root.name.clone(),
                by: actor.name.clone(),
                at,
                from_address: actor.client.address.clone(),
                link: api::url::AUTHORITIES.to_owned(),
            };
            mails.push(self.mail(&to, &event, message).await?);
        }
        Ok(mails)
    }
}
