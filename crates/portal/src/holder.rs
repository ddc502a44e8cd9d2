//! Whom a certificate names: what its template chooses of what is known.

use crate::{Error, Portal};
use ca::{MailSubject, Subject};
use domain::{
    CommonNameSource, HostName, KeyPart, Mailbox, Name, PolicyChoice, TemplateContent, TemplateKind,
};
use pki::{
    CommonName, Generation, Holder, KeyPurpose, OrganisationIdentifier, Policy, SponsoredPerson,
    TlsHolder,
};
use store::RequestRow;

/// What is known of the holder of a certificate.
pub(crate) struct Known {
    /// The address it is for, or of who asked for a server or device.
    pub(crate) mailbox: Mailbox,
    /// Further addresses.
    pub(crate) more: Vec<Mailbox>,
    /// The person's name.
    pub(crate) person: Name,
    /// Person and organisation, where the certificate vouches for them.
    pub(crate) sponsored: Option<SponsoredPerson>,
    /// The hosts of a server or device.
    pub(crate) hosts: Vec<HostName>,
    /// What a device is called.
    pub(crate) device: Option<Name>,
}

impl Portal {
    /// Whom the certificate of a request names.
    pub(crate) async fn subject(&self, row: &RequestRow, part: KeyPart) -> Result<Subject, Error> {
        let names_hosts = row.content.kind.names_hosts();
        let sponsored = match row.content.kind {
            TemplateKind::Sponsor => Some(self.sponsored(row).await?),
            _ => None,
        };
        let known = Known {
            mailbox: row.mailbox.clone(),
            more: if names_hosts {
                Vec::new()
            } else {
                read(&row.names, Mailbox::parse)?
            },
            person: row.person_name.clone(),
            sponsored,
            hosts: if names_hosts {
                read(&row.names, HostName::parse)?
            } else {
                Vec::new()
            },
            device: Some(row.device.as_str())
                .filter(|device| !device.is_empty())
                .map(Name::parse)
                .transpose()
                .map_err(Error::internal)?,
        };
        Ok(subject(&row.content, part, known))
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
        self.vouched(&row.content, given_name, surname).await
    }

    /// A person of the organisation that runs the portal.
    pub(crate) async fn vouched(
        &self,
        content: &TemplateContent,
        given_name: Name,
        surname: Name,
    ) -> Result<SponsoredPerson, Error> {
        let settings = self.settings().await?.ok_or(Error::NotFound)?;
        let identifier = content.organisation_identifier.as_deref();
        Ok(SponsoredPerson {
            given_name,
            surname,
            organisation: settings.organisation.clone(),
            identifier: OrganisationIdentifier::parse(identifier.unwrap_or_default())?,
        })
    }
}

/// Whom a certificate of a template names.
pub(crate) fn subject(content: &TemplateContent, part: KeyPart, known: Known) -> Subject {
    let common_name = common_name(content, &known);
    let Known {
        mailbox,
        more,
        sponsored,
        hosts,
        ..
    } = known;
    let holder = match content.kind {
        TemplateKind::TlsClient => TlsHolder::Client {
            mailbox,
            more,
            common_name,
        },
        TemplateKind::TlsServer => TlsHolder::Server { hosts, common_name },
        TemplateKind::Device => TlsHolder::Device { hosts, common_name },
        kind => {
            return Subject::Mail(MailSubject {
                holder: Holder {
                    mailbox,
                    more,
                    common_name,
                    sponsored,
                    purpose: purpose(kind, part),
                },
                policy: match content.policy {
                    PolicyChoice::Reserved => Some(Policy::Reserved(Generation::Multipurpose)),
                    _ => own_policy(&content.policy).map(Policy::Own),
                },
                has_client_auth: content.with_client_auth,
            });
        }
    };
    Subject::Tls {
        holder,
        policy_oid: own_policy(&content.policy),
    }
}

fn common_name(content: &TemplateContent, known: &Known) -> CommonName {
    match (content.common_name, content.kind) {
        (CommonNameSource::Nothing, _) => CommonName::Absent,
        (CommonNameSource::Usual, TemplateKind::Sponsor) => known
            .sponsored
            .as_ref()
            .map_or(CommonName::Absent, SponsoredPerson::common_name),
        (CommonNameSource::Usual, TemplateKind::TlsClient) => {
            CommonName::Checked(known.person.clone())
        }
        (CommonNameSource::Device, TemplateKind::Device) => known
            .device
            .clone()
            .map_or(CommonName::Alternative, CommonName::Checked),
        _ => CommonName::Alternative,
    }
}

pub(crate) const fn purpose(kind: TemplateKind, part: KeyPart) -> KeyPurpose {
    match (kind, part) {
        (TemplateKind::Sign, _) | (_, KeyPart::Sign) => KeyPurpose::Sign,
        (TemplateKind::Encrypt, _) | (_, KeyPart::Encrypt) => KeyPurpose::Encrypt,
        _ => KeyPurpose::Both,
    }
}

fn own_policy(policy: &PolicyChoice) -> Option<String> {
    match policy {
        PolicyChoice::Own(oid) => Some(oid.clone()),
        PolicyChoice::Portal | PolicyChoice::Reserved => None,
    }
}

/// Reads names of a request, which were checked when it was made.
fn read<T, E>(names: &str, parse: fn(&str) -> Result<T, E>) -> Result<Vec<T>, Error>
where
    E: std::error::Error + Send + Sync + 'static,
{
    names
        .split_whitespace()
        .map(|name| parse(name).map_err(Error::internal))
        .collect()
}
