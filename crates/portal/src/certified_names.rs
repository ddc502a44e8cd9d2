//! What a certificate names besides the address it is for, as it is stored with its request: further
//! addresses of a person, the hosts of a server or device, and what a device is called.

use crate::error::{FieldErrors, sentence};
use crate::{Error, Portal, host_names};
use domain::{AddressSource, CommonNameSource, Mailbox, Name, PersonId, TemplateContent};

/// Most further addresses in one certificate; mail programs read all of them at every mail.
const MOST_ADDRESSES: usize = 50;

/// What is stored with a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CertifiedNames {
    /// Host names or further addresses, separated by blanks.
    pub(crate) names: String,
    /// What the device is called; empty for all others.
    pub(crate) device: String,
}

/// What somebody typed, or what a signing request asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Typed<'a> {
    /// Host names and addresses.
    pub(crate) names: &'a str,
    /// What the device is called.
    pub(crate) device: &'a str,
    /// Hosts that are taken where none were typed.
    pub(crate) asked: &'a [String],
}

impl CertifiedNames {
    /// Reads the names of a server or device; those of a person are known.
    pub(crate) fn read(
        content: &TemplateContent,
        more: &[Mailbox],
        typed: Typed<'_>,
        errors: &mut FieldErrors,
    ) -> Self {
        if !content.kind.names_hosts() {
            return Self::of_person(more);
        }
        let device = device(content, typed.device, errors);
        let wanted = match (content.common_name, device.is_empty()) {
            (CommonNameSource::Device, false) => host_names::Wanted::Any,
            (CommonNameSource::Device, true) => host_names::Wanted::OneOrDevice,
            _ => host_names::Wanted::One,
        };
        Self {
            names: host_names::read(wanted, typed.names, typed.asked, errors),
            device,
        }
    }

    /// Further addresses of a person.
    pub(crate) fn of_person(more: &[Mailbox]) -> Self {
        let words: Vec<&str> = more.iter().map(Mailbox::as_str).collect();
        Self {
            names: words.join(" "),
            device: String::new(),
        }
    }
}

/// As people read them: `Printer 7 (printer.example.com)`.
pub(crate) fn in_words(device: &str, names: &str) -> String {
    match (device, names) {
        ("", names) => names.to_owned(),
        (device, "") => device.to_owned(),
        (device, names) => format!("{device} ({names})"),
    }
}

impl Portal {
    /// The addresses of a person that a certificate of this template is for besides the chosen one,
    /// in the order in which they are shown everywhere.
    pub(crate) async fn more_addresses(
        &self,
        content: &TemplateContent,
        person: PersonId,
        chosen: &Mailbox,
        errors: &mut FieldErrors,
    ) -> Result<Vec<Mailbox>, Error> {
        if content.addresses == AddressSource::Chosen || content.kind.names_hosts() {
            return Ok(Vec::new());
        }
        let rows = self.store().mailboxes(person).await?;
        let all = rows.into_iter().map(|row| row.address);
        let more: Vec<Mailbox> = all.filter(|address| address != chosen).collect();
        if more.len() > MOST_ADDRESSES {
            errors.add(
                "template",
                format!(
                    "This one is for all addresses of a person, and a certificate holds at most {}. \
                     Please choose another kind.",
                    MOST_ADDRESSES + 1
                ),
            );
        }
        Ok(more)
    }
}

fn device(content: &TemplateContent, typed: &str, errors: &mut FieldErrors) -> String {
    if content.common_name != CommonNameSource::Device || typed.trim().is_empty() {
        return String::new();
    }
    match Name::parse(typed) {
        Ok(name) if name.as_str().chars().any(char::is_alphanumeric) => name.into(),
        Ok(_) => {
            errors.add("device", "Please enter a name with letters or digits.");
            String::new()
        }
        Err(problem) => {
            errors.add("device", sentence(&problem.to_string()));
            String::new()
        }
    }
}
