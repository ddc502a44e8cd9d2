//! What a request form says, checked field by field.

use crate::certified_names::{CertifiedNames, Typed};
use crate::error::{FieldErrors, checked};
use crate::{Actor, Error, Portal};
use api::RequestCertificate;
use domain::{KeyAlgorithm, Mailbox, Reason, Template, TemplateId, TemplateKind};
use store::PersonRow;

/// A request form that was checked.
pub(crate) struct Wanted {
    pub(crate) template: Template,
    pub(crate) mailbox: Mailbox,
    pub(crate) named: CertifiedNames,
    /// A signing request that was brought along, DER.
    pub(crate) csr: Option<Vec<u8>>,
    pub(crate) reason: Option<Reason>,
    pub(crate) key_algorithm: KeyAlgorithm,
}

impl Portal {
    pub(crate) async fn check_request(
        &self,
        actor: &Actor,
        person: &PersonRow,
        form: RequestCertificate,
    ) -> Result<Wanted, Error> {
        let mut errors = FieldErrors::default();
        let mailbox = errors.take("mailbox", Mailbox::parse(&form.mailbox));
        if let Some(mailbox) = &mailbox
            && !self.store().has_mailbox(person.id, mailbox).await?
        {
            errors.add(
                "mailbox",
                if actor.is(person.id) {
                    "This is not one of your verified mail addresses."
                } else {
                    "This is not one of their verified mail addresses."
                },
            );
        }
        let templates = self.requestable(actor, person).await?;
        let wanted = form.template.parse::<TemplateId>().ok();
        // Programs know it by its name, of which there is one.
        let is_wanted = |template: &Template| {
            wanted.map_or(template.name.as_str() == form.template, |id| {
                template.id == id
            })
        };
        let found = templates.into_iter().find(is_wanted);
        let Some(template) = found else {
            errors.add(
                "template",
                "Please choose one of the kinds that are offered.",
            );
            return Err(errors.check().err().unwrap_or(Error::NotFound));
        };
        let has_names = person.given_name.is_some() && person.surname.is_some();
        if template.content.kind == TemplateKind::Sponsor && !has_names {
            errors.add(
                "template",
                "This one names the person, and their given name and surname are not recorded yet. \
                 Please ask an administrator to enter them.",
            );
        }
        let reason = reason(&form, &template, &mut errors);
        let more = match &mailbox {
            Some(chosen) => {
                let content = &template.content;
                self.more_addresses(content, person.id, chosen, &mut errors)
                    .await?
            }
            None => Vec::new(),
        };
        let mailboxes: Vec<Mailbox> = mailbox.iter().chain(&more).cloned().collect();
        let own = match brought(&form, &mut errors) {
            None => None,
            Some((field, sent)) => {
                let checked = self
                    .own_key(sent, person.id, &template.content, &mailboxes)
                    .await?;
                checked.map_err(|problem| errors.add(field, problem)).ok()
            }
        };
        let asked = own
            .as_ref()
            .map(|own| own.hosts.as_slice())
            .unwrap_or_default();
        let typed = Typed {
            names: &form.names,
            device: &form.device,
            asked,
        };
        let named = CertifiedNames::read(&template.content, &more, typed, &mut errors);
        let key_algorithm = match (&own, form.key_algorithm.as_str()) {
            (Some(own), _) => Some(own.algorithm),
            (None, "") => Some(template.default_key_algorithm()),
            (None, word) => word
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
            named,
            csr: own.map(|own| own.csr),
            reason,
            key_algorithm: checked(key_algorithm)?,
            template,
        })
    }
}

/// The signing request that was brought along, and the field that it is in.
fn brought<'a>(
    form: &'a RequestCertificate,
    errors: &mut FieldErrors,
) -> Option<(&'static str, &'a [u8])> {
    match (form.csr.trim(), &form.csr_file) {
        ("", None) => None,
        ("", Some(file)) => Some(("csr_file", file)),
        (_, None) => Some(("csr", form.csr.as_bytes())),
        (_, Some(_)) => {
            errors.add(
                "csr_file",
                "There is a signing request in the field above too. Send either the text or the \
                 file.",
            );
            None
        }
    }
}

/// Why; asked for where somebody reads it.
fn reason(
    form: &RequestCertificate,
    template: &Template,
    errors: &mut FieldErrors,
) -> Option<Reason> {
    if !form.reason.trim().is_empty() {
        return errors.take("reason", Reason::parse(&form.reason));
    }
    if template.content.approval.is_needed() {
        errors.add(
            "reason",
            "Please say why you need it; the approver reads this.",
        );
    }
    None
}
