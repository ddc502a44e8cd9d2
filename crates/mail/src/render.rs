//! From a message to subject, text and HTML.
//!
//! The templates are compiled into the program. HTML ones escape every value; what ends up in the
//! subject is cleaned here, whatever a name or a reason contains.

use askama::Template;
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, UtcOffset};

use crate::message::{
    AccountAdded, CertificateDelivered, CertificateDownloaded, CertificateEnding, CertificateHeld,
    CertificateImported, CertificateReactivated, CertificateReady, CertificateRevoked,
    OldMailOpened, PasswordChanged, PasswordShown, RenewalStarted, RequestApproved, RequestFailed,
    RequestReceived, RequestRejected, RequestWaiting, RootKeyDownloaded, TokenMade,
};
use crate::{Brand, Error, Message};

/// The most characters of a subject; mail programs show fewer.
const MAX_SUBJECT_CHARS: usize = 150;

/// A message as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// One line without control characters, at most 150 characters.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part. It says the same.
    pub html: String,
}

impl Message {
    /// Renders all three parts. Fails if the link leads out of the portal ([`Brand::address`]).
    pub fn render(&self, brand: &Brand) -> Result<Rendered, Error> {
        match self {
            Self::RequestWaiting(message) => message.render(brand, &message.link),
            Self::RequestReceived(message) => message.render(brand, &message.link),
            Self::RequestApproved(message) => message.render(brand, &message.link),
            Self::RequestRejected(message) => message.render(brand, &message.link),
            Self::CertificateReady(message) => message.render(brand, &message.link),
            Self::CertificateDelivered(message) => message.render(brand, &message.link),
            Self::PasswordShown(message) => message.render(brand, &message.link),
            Self::CertificateDownloaded(message) => message.render(brand, &message.link),
            Self::CertificateRevoked(message) => message.render(brand, &message.link),
            Self::CertificateHeld(message) => message.render(brand, &message.link),
            Self::CertificateReactivated(message) => message.render(brand, &message.link),
            Self::PasswordChanged(message) => message.render(brand, &message.link),
            Self::TokenMade(message) => message.render(brand, &message.link),
            Self::AccountAdded(message) => message.render(brand, &message.link),
            Self::CertificateEnding(message) => message.render(brand, &message.link),
            Self::RenewalStarted(message) => message.render(brand, &message.link),
            Self::OldMailOpened(message) => message.render(brand, &message.link),
            Self::CertificateImported(message) => message.render(brand, &message.link),
            Self::RootKeyDownloaded(message) => message.render(brand, &message.link),
            Self::RequestFailed(message) => message.render(brand, &message.link),
        }
    }
}

/// What a template sees.
struct View<'a, M> {
    message: &'a M,
    organisation: &'a str,
    base_url: String,
    link: String,
}

impl<M> View<'_, M> {
    /// A time as people read it: `20 August 2026 at 12:05 UTC`.
    #[expect(clippy::unused_self, reason = "templates call it on the view")]
    fn time(&self, time: &OffsetDateTime) -> String {
        let time = time.to_offset(UtcOffset::UTC);
        let (day, month, year) = (time.day(), time.month(), time.year());
        let (hour, minute) = (time.hour(), time.minute());
        format!("{day} {month} {year} at {hour:02}:{minute:02} UTC")
    }

    /// A date as people read it: `20 August 2026`.
    #[expect(clippy::unused_self, reason = "templates call it on the view")]
    fn date(&self, time: &OffsetDateTime) -> String {
        let time = time.to_offset(UtcOffset::UTC);
        format!("{} {} {}", time.day(), time.month(), time.year())
    }

    /// Somebody's words in a plain text, each line marked as theirs.
    #[expect(clippy::unused_self, reason = "templates call it on the view")]
    fn quoted(&self, words: &str) -> String {
        let lines: Vec<String> = words.lines().map(|line| format!("  > {line}")).collect();
        lines.join("\n")
    }
}

/// Connects a message with the three templates of its folder.
macro_rules! templates {
    ($($name:ident: $subject:literal, $text:literal, $html:literal;)+) => {$(
        impl $name {
            fn render(&self, brand: &Brand, link: &str) -> Result<Rendered, Error> {
                #[derive(Template)]
                #[template(path = $subject)]
                struct Subject<'a> { view: &'a View<'a, $name> }

                #[derive(Template)]
                #[template(path = $text)]
                struct Text<'a> { view: &'a View<'a, $name> }

                #[derive(Template)]
                #[template(path = $html)]
                struct Html<'a> { view: &'a View<'a, $name> }

                let view = &View {
                    message: self,
                    organisation: &brand.organisation,
                    base_url: brand.address("")?,
                    link: brand.address(link)?,
                };
                Ok(Rendered {
                    subject: clean_subject(&fill(&Subject { view })?),
                    text: fill(&Text { view })?,
                    html: fill(&Html { view })?,
                })
            }
        }
    )+};
}

templates! {
    RequestWaiting: "request_waiting/subject.txt", "request_waiting/text.txt", "request_waiting/html.html";
    RequestReceived: "request_received/subject.txt", "request_received/text.txt", "request_received/html.html";
    RequestApproved: "request_approved/subject.txt", "request_approved/text.txt", "request_approved/html.html";
    RequestRejected: "request_rejected/subject.txt", "request_rejected/text.txt", "request_rejected/html.html";
    CertificateReady: "certificate_ready/subject.txt", "certificate_ready/text.txt", "certificate_ready/html.html";
    CertificateDelivered: "certificate_delivered/subject.txt", "certificate_delivered/text.txt", "certificate_delivered/html.html";
    PasswordShown: "password_shown/subject.txt", "password_shown/text.txt", "password_shown/html.html";
    CertificateDownloaded: "certificate_downloaded/subject.txt", "certificate_downloaded/text.txt", "certificate_downloaded/html.html";
    CertificateRevoked: "certificate_revoked/subject.txt", "certificate_revoked/text.txt", "certificate_revoked/html.html";
    CertificateHeld: "certificate_held/subject.txt", "certificate_held/text.txt", "certificate_held/html.html";
    CertificateReactivated: "certificate_reactivated/subject.txt", "certificate_reactivated/text.txt", "certificate_reactivated/html.html";
    PasswordChanged: "password_changed/subject.txt", "password_changed/text.txt", "password_changed/html.html";
    TokenMade: "token_made/subject.txt", "token_made/text.txt", "token_made/html.html";
    AccountAdded: "account_added/subject.txt", "account_added/text.txt", "account_added/html.html";
    CertificateEnding: "certificate_ending/subject.txt", "certificate_ending/text.txt", "certificate_ending/html.html";
    RenewalStarted: "renewal_started/subject.txt", "renewal_started/text.txt", "renewal_started/html.html";
    OldMailOpened: "old_mail_opened/subject.txt", "old_mail_opened/text.txt", "old_mail_opened/html.html";
    CertificateImported: "certificate_imported/subject.txt", "certificate_imported/text.txt", "certificate_imported/html.html";
    RootKeyDownloaded: "root_key_downloaded/subject.txt", "root_key_downloaded/text.txt", "root_key_downloaded/html.html";
    RequestFailed: "request_failed/subject.txt", "request_failed/text.txt", "request_failed/html.html";
}

fn fill(template: &impl Template) -> Result<String, Error> {
    template
        .render()
        .map_err(|error| Error::Template(error.to_string()))
}

/// One line: a line break in a header would begin another header (RFC 5322 section 2.2), and
/// invisible direction controls would make it read as something else.
fn clean_subject(subject: &str) -> String {
    let is_unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let spaced = subject.replace(is_unseen, " ");
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_SUBJECT_CHARS {
        return line;
    }
    let mut cut: String = line.chars().take(MAX_SUBJECT_CHARS - 1).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests;
