//! A sample certificate of an edited template, as the authority that would sign it would be given
//! it: planned and linted, never signed, never stored.

use super::form;
use crate::error::FieldErrors;
use crate::holder::{self, Known};
use crate::{Actor, Error, Portal};
use api::{PreviewPart, TemplateFields, TemplatePreview};
use ca::{Order, Subject};
use domain::{
    AddressSource, HostName, KeyAlgorithm, KeyPart, Mailbox, Name, Permission, TemplateContent,
    TemplateKind,
};
use pki::{LintFinding, PublicKey};
use tokio::sync::OnceCell;

/// Keys that nothing is ever signed for. Their private halves are thrown away when they are made;
/// one RSA key stands for all sizes, because making one takes a second.
#[derive(Debug, Default)]
pub(crate) struct SampleKeys {
    rsa: OnceCell<PublicKey>,
    curve: OnceCell<PublicKey>,
}

/// Whom samples are for.
const GIVEN_NAME: &str = "Alice";
const SURNAME: &str = "Example";
const DEVICE: &str = "Device 7";

impl Portal {
    /// What certificates of an edited template would say, and what is wrong with it.
    pub async fn preview_template(
        &self,
        actor: &Actor,
        fields: TemplateFields,
    ) -> Result<TemplatePreview, Error> {
        actor.require(Permission::ManageTemplates)?;
        let mut errors = FieldErrors::default();
        let edited = form::read(&fields, &mut errors);
        let mut preview = TemplatePreview::default();
        if let Some(edited) = edited {
            self.note_problems(&edited.content, &mut errors).await?;
            preview.problems = errors.into_inner();
            // What is wrong with approvals or delivery does not keep the certificate from being
            // shown; without authority, policy or registration there is none to show.
            let is_plannable = !preview.problems.iter().any(|problem| {
                matches!(
                    problem.field.as_str(),
                    "authority"
                        | "policy"
                        | "policy_oid"
                        | "organisation_identifier"
                        | "valid_days"
                )
            });
            if is_plannable {
                preview.sample = self.sample_in_words(&edited.content).await?;
                preview.parts = self.sample_parts(&edited.content).await?;
            }
        } else {
            preview.problems = errors.into_inner();
        }
        Ok(preview)
    }

    /// Plans each certificate of one request.
    pub(super) async fn sample_parts(
        &self,
        content: &TemplateContent,
    ) -> Result<Vec<PreviewPart>, Error> {
        let authority = self.authority_for(content).await?;
        let algorithm = content.key_algorithms.first().copied();
        let algorithm = algorithm.unwrap_or(KeyAlgorithm::Rsa3072);
        let key = self.sample_key(algorithm).await?;
        let mut parts = Vec::new();
        for part in content.kind.parts() {
            let order = Order {
                csr: Vec::new(),
                subject: self.sample_subject(content, *part).await?,
                key_owner: None,
                mailbox_proof: None,
                caa: None,
                valid_days: content.valid_days,
                serial: self.random().with(|rng| pki::Serial::generate(rng)),
                now: self.now(),
            };
            let is_asked = !self.caa_questions(&order.subject).is_empty();
            let planned = authority.preview(order, key.clone()).await;
            let planned = planned.map_err(Error::internal)?;
            let mut preview = shown(*part, algorithm, planned)?;
            if is_asked {
                let fact = ("CAA records".to_owned(), "asked before signing".to_owned());
                preview.facts.push(fact);
            }
            parts.push(preview);
        }
        Ok(parts)
    }

    async fn sample_key(&self, algorithm: KeyAlgorithm) -> Result<PublicKey, Error> {
        let keys = self.sample_keys();
        let (cell, stand_in) = if algorithm.is_rsa() {
            (&keys.rsa, KeyAlgorithm::Rsa2048)
        } else {
            (&keys.curve, KeyAlgorithm::P256)
        };
        let make = || async move {
            let key = self
                .cpu()
                .run(move || pki::PrivateKey::generate(stand_in)?.public_key())
                .await??;
            Ok::<_, Error>(key)
        };
        cell.get_or_try_init(make).await.cloned()
    }

    async fn sample_domain(&self) -> Result<String, Error> {
        let settings = self.settings().await?.ok_or(Error::NotFound)?;
        let domain = settings.mail_domains.first().ok_or(Error::NotFound)?;
        Ok(domain.as_str().to_owned())
    }

    async fn sample_in_words(&self, content: &TemplateContent) -> Result<String, Error> {
        let domain = self.sample_domain().await?;
        Ok(match content.kind {
            TemplateKind::TlsServer => format!("a server server.{domain}"),
            TemplateKind::Device => format!("a device {DEVICE}, device.{domain}"),
            _ if content.addresses == AddressSource::All => {
                format!("{GIVEN_NAME} {SURNAME}, alice@{domain} and alice.example@{domain}")
            }
            _ => format!("{GIVEN_NAME} {SURNAME}, alice@{domain}"),
        })
    }

    async fn sample_subject(
        &self,
        content: &TemplateContent,
        part: KeyPart,
    ) -> Result<Subject, Error> {
        let domain = self.sample_domain().await?;
        let mailbox =
            |name: &str| Mailbox::parse(&format!("{name}@{domain}")).map_err(Error::internal);
        let host = |name: &str| {
            HostName::parse_international(&format!("{name}.{domain}")).map_err(Error::internal)
        };
        let (given_name, surname) = (name(GIVEN_NAME)?, name(SURNAME)?);
        let sponsored = match content.kind {
            TemplateKind::Sponsor => Some(self.vouched(content, given_name, surname).await?),
            _ => None,
        };
        let known = Known {
            mailbox: mailbox("alice")?,
            more: match content.addresses {
                AddressSource::Chosen => Vec::new(),
                AddressSource::All => vec![mailbox("alice.example")?],
            },
            person: name(&format!("{GIVEN_NAME} {SURNAME}"))?,
            sponsored,
            hosts: vec![match content.kind {
                TemplateKind::TlsServer => host("server")?,
                _ => host("device")?,
            }],
            device: Some(name(DEVICE)?),
        };
        Ok(holder::subject(content, part, known))
    }
}

fn name(text: &str) -> Result<Name, Error> {
    Name::parse(text).map_err(Error::internal)
}

/// A plan in words, or why there is none.
fn shown(
    part: KeyPart,
    algorithm: KeyAlgorithm,
    planned: Result<pki::Planned, pki::Error>,
) -> Result<PreviewPart, Error> {
    let title = match part {
        KeyPart::Whole => "The certificate",
        KeyPart::Sign => "The certificate that signs",
        KeyPart::Encrypt => "The certificate that decrypts",
    };
    let (facts, findings) = match planned {
        Ok(planned) => (in_words(algorithm, &planned)?, Vec::new()),
        Err(pki::Error::Lint(found)) => (Vec::new(), found.0.iter().map(finding).collect()),
        Err(error @ pki::Error::Input(_)) => (Vec::new(), vec![error.to_string()]),
        Err(error) => return Err(error.into()),
    };
    Ok(PreviewPart {
        title: title.to_owned(),
        facts,
        findings,
    })
}

fn in_words(
    algorithm: KeyAlgorithm,
    planned: &pki::Planned,
) -> Result<Vec<(String, String)>, Error> {
    let mut facts: Vec<(String, String)> = pki::describe(&planned.intent().tbs_der)?
        .into_iter()
        .map(|(name, words)| (name.to_owned(), words))
        .collect();
    facts.push(("Key".to_owned(), algorithm.label().to_owned()));
    Ok(facts)
}

fn finding(finding: &LintFinding) -> String {
    let LintFinding { rule, message } = finding;
    match pki::lint::find(rule) {
        Some(known) => format!("{rule}: {message}. The rule asks for {}.", known.asks),
        None => format!("{rule}: {message}."),
    }
}
