//! Whom a certificate names, by the kind of its template.

use crate::{Error, Portal};
use domain::{KeyPart, TemplateKind};
use pki::{Holder, KeyPurpose, OrganisationIdentifier, SponsoredPerson};
use store::RequestRow;

impl Portal {
    /// Whom the certificate of a request names.
    pub(crate) async fn holder(&self, row: &RequestRow, part: KeyPart) -> Result<Holder, Error> {
        let sponsored = match row.content.kind {
            TemplateKind::Sponsor => Some(self.sponsored(row).await?),
            _ => None,
        };
        Ok(Holder {
            mailbox: row.mailbox.clone(),
            sponsored,
            purpose: purpose(row.content.kind, part),
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

const fn purpose(kind: TemplateKind, part: KeyPart) -> KeyPurpose {
    match (kind, part) {
        (TemplateKind::Sign, _) | (_, KeyPart::Sign) => KeyPurpose::Sign,
        (TemplateKind::Encrypt, _) | (_, KeyPart::Encrypt) => KeyPurpose::Encrypt,
        _ => KeyPurpose::Both,
    }
}
