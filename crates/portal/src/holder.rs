//! Whom a certificate names, by the kind of its template.

use crate::{Error, Portal};
use ca::{MailSubject, Subject};
use domain::{HostName, KeyPart, PolicyChoice, TemplateKind};
use pki::{
    Generation, Holder, KeyPurpose, OrganisationIdentifier, Policy, SponsoredPerson, TlsHolder,
};
use store::RequestRow;

impl Portal {
    /// Whom the certificate of a request names.
    pub(crate) async fn subject(&self, row: &RequestRow, part: KeyPart) -> Result<Subject, Error> {
        let holder = match row.content.kind {
            TemplateKind::TlsClient => TlsHolder::Client {
                mailbox: row.mailbox.clone(),
                person: Some(row.person_name.clone()),
            },
            TemplateKind::TlsServer => TlsHolder::Server {
                hosts: hosts(&row.names)?,
            },
            TemplateKind::Device => TlsHolder::Device {
                hosts: hosts(&row.names)?,
                common_name: None,
            },
            _ => return self.mail_subject(row, part).await.map(Subject::Mail),
        };
        Ok(Subject::Tls {
            holder,
            policy_oid: own_policy(&row.content.policy),
        })
    }

    async fn mail_subject(&self, row: &RequestRow, part: KeyPart) -> Result<MailSubject, Error> {
        let sponsored = match row.content.kind {
            TemplateKind::Sponsor => Some(self.sponsored(row).await?),
            _ => None,
        };
        Ok(MailSubject {
            holder: Holder {
                mailbox: row.mailbox.clone(),
                sponsored,
                purpose: purpose(row.content.kind, part),
            },
            policy: match row.content.policy {
                PolicyChoice::Reserved => Some(Policy::Reserved(Generation::Multipurpose)),
                _ => own_policy(&row.content.policy).map(Policy::Own),
            },
            has_client_auth: row.content.with_client_auth,
        })
    }

    async fn sponsored(&self, row: &RequestRow) -> Result<SponsoredPerson, Error> {
        let person = self
            .store()
            .person(row.person)
            .await?
            .ok_or(Error::NotFound)?;
        let (Some(given_name), Some(surname)) = (person.given_name, person.surname) else {
            return Err(Error::Conflict(
                "the given name and the surname of this person are not recorded; an administrator \
                 enters them on the person's page"
                    .to_owned(),
            ));
        };
        let settings = self.settings().await?.ok_or(Error::NotFound)?;
        let identifier = row.content.organisation_identifier.as_deref();
        Ok(SponsoredPerson {
            given_name,
            surname,
            organisation: settings.organisation.clone(),
            identifier: OrganisationIdentifier::parse(identifier.unwrap_or_default())?,
        })
    }
}

pub(crate) const fn purpose(kind: TemplateKind, part: KeyPart) -> KeyPurpose {
    match (kind, part) {
        (TemplateKind::Sign, _) | (_, KeyPart::Sign) => KeyPurpose::Sign,
        (TemplateKind::Encrypt, _) | (_, KeyPart::Encrypt) => KeyPurpose::Encrypt,
        _ => KeyPurpose::Both,
    }
}

pub(crate) fn own_policy(policy: &PolicyChoice) -> Option<String> {
    match policy {
        PolicyChoice::Own(oid) => Some(oid.clone()),
        PolicyChoice::Portal | PolicyChoice::Reserved => None,
    }
}

/// Reads the names of a request, which were checked when it was made.
fn hosts(names: &str) -> Result<Vec<HostName>, Error> {
    names
        .split_whitespace()
        .map(|name| HostName::parse(name).map_err(Error::internal))
        .collect()
}
