//! Handing a message to an SMTP server.
//!
//! One attempt per call, over a connection of its own; the answer says whether another one makes
//! sense. Server certificates are verified against the system's store, and nothing falls back to an
//! unencrypted connection. lettre's connection pool stays out: it aborts the program when it is
//! dropped outside a running tokio.

use std::time::{Duration, SystemTime};

use domain::Secret;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Attachment, Error, Rendered, SendError, attachment};

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: for a relay on the same computer or in a closed network.
    None,
    /// Encrypted after the greeting (usually port 587); refused if the server does not offer it.
    StartTls,
    /// Encrypted from the beginning (usually port 465, RFC 8314).
    Tls,
}

/// Where and how mail is handed over.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Host name, also the name that the server's certificate must have.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the connection.
    pub security: Security,
    /// User name, if the server wants one.
    pub username: Option<String>,
    /// Password, used together with the user name.
    pub password: Option<Secret<String>>,
    /// Sender: `name@example.com` or `Name <name@example.com>`.
    pub from: String,
    /// How long one attempt may take from beginning to end.
    pub timeout: Duration,
}

/// Sends mail through one server.
#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl Mailer {
    /// Prepares sending; does not connect yet.
    pub fn new(settings: &SmtpSettings) -> Result<Self, Error> {
        let host = &settings.host;
        let from = settings.from.parse().map_err(|_| Error::Sender {
            from: settings.from.clone(),
        })?;
        let tls =
            || TlsParameters::new(host.clone()).map_err(|error| Error::Tls(error.to_string()));
        let tls = match settings.security {
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(tls()?),
            Security::Tls => Tls::Wrapper(tls()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.port)
            .timeout(Some(settings.timeout))
            .tls(tls);
        if let (Some(username), Some(password)) = (&settings.username, &settings.password) {
            let is_local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
            if settings.security == Security::None && !is_local {
                return Err(Error::ClearPassword { host: host.clone() });
            }
            let password = password.expose().clone();
            builder = builder.credentials(Credentials::new(username.clone(), password));
        }
        Ok(Self {
            transport: builder.build(),
            from,
            timeout: settings.timeout,
        })
    }

    /// Sends one message. `message_id` ([`message_id`]) is the same at every attempt, so that a
    /// receiver can recognise a repetition; `now` becomes the date of the message.
    pub async fn send(
        &self,
        to: &domain::Mailbox,
        message_id: &str,
        now: OffsetDateTime,
        rendered: &Rendered,
    ) -> Result<(), SendError> {
        self.send_with(to, message_id, now, rendered, &[]).await
    }

    /// Like [`Self::send`], with files attached.
    pub async fn send_with(
        &self,
        to: &domain::Mailbox,
        message_id: &str,
        now: OffsetDateTime,
        rendered: &Rendered,
        files: &[Attachment],
    ) -> Result<(), SendError> {
        let message = self.compose(to, message_id, now, rendered, files)?;
        // lettre's own limit covers the connecting alone.
        let Ok(answer) = tokio::time::timeout(self.timeout, self.transport.send(message)).await
        else {
            let limit = self.timeout.as_secs_f32();
            let problem = format!("the mail server did not finish within {limit} seconds");
            return Err(SendError::Transient(problem));
        };
        match answer {
            Ok(_) => Ok(()),
            Err(error) if is_final(&error) => Err(SendError::Permanent(one_line(&error))),
            Err(error) => Err(SendError::Transient(one_line(&error))),
        }
    }

    fn compose(
        &self,
        to: &domain::Mailbox,
        message_id: &str,
        now: OffsetDateTime,
        rendered: &Rendered,
        files: &[Attachment],
    ) -> Result<lettre::Message, SendError> {
        if !is_message_id(message_id) {
            let problem = format!("{message_id:?} is not a message identifier");
            return Err(SendError::Permanent(problem));
        }
        let to = to
            .as_str()
            .parse()
            .map_err(|_| SendError::Permanent(format!("{to} cannot be written to")))?;
        let mut builder = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(rendered.subject.clone())
            .date(SystemTime::from(now))
            .message_id(Some(message_id.to_owned()));
        for (name, value) in [
            // RFC 3834 section 5: other programs must not answer this.
            (
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated",
            ),
            // Exchange asks for its own header before it keeps quiet about absences.
            (
                HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"),
                "All",
            ),
        ] {
            builder = builder.raw_header(HeaderValue::new(name, value.to_owned()));
        }
        // RFC 2046 section 5.1.4: the richest form comes last.
        let parts = MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone());
        builder
            .multipart(attachment::beside(parts, files)?)
            .map_err(|error| SendError::Permanent(error.to_string()))
    }
}

/// The identifier of a message: `<id@host>` (RFC 5322 section 3.6.4), where `host` is the portal's.
pub fn message_id(id: Uuid, host: &str) -> String {
    format!("<{id}@{host}>")
}

fn is_message_id(id: &str) -> bool {
    let inner = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    let sides = inner.and_then(|inner| inner.split_once('@'));
    sides.is_some_and(|(left, right)| {
        let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '@');
        !left.is_empty()
            && !right.is_empty()
            && id.len() <= 250
            && left.chars().chain(right.chars()).all(is_plain)
    })
}

/// Whether the server refused this message for good, and not just the portal's sign-in. What is
/// wrong with the settings would otherwise cost every message that waits (RFC 4954 section 6).
fn is_final(error: &lettre::transport::smtp::Error) -> bool {
    let is_about_sign_in = error
        .status()
        .is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
    error.is_permanent() && !is_about_sign_in
}

/// The server's answer, fit for a log line and a page.
fn one_line(error: &lettre::transport::smtp::Error) -> String {
    let text = error.to_string().replace(char::is_control, " ");
    text.chars().take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> SmtpSettings {
        SmtpSettings {
            host: "mail.example.com".to_owned(),
            port: 587,
            security: Security::StartTls,
            username: Some("portal".to_owned()),
            password: Some(Secret::new("hunter2".to_owned())),
            from: "Certificates <certs@example.com>".to_owned(),
            timeout: Duration::from_secs(10),
        }
    }

    #[test]
    fn good_settings_are_accepted_and_show_no_password() {
        let settings = settings();
        let mailer = Mailer::new(&settings).unwrap();
        assert!(!format!("{settings:?} {mailer:?}").contains("hunter2"));
    }

    #[test]
    fn a_password_does_not_travel_in_clear() {
        let clear = SmtpSettings {
            security: Security::None,
            ..settings()
        };
        assert_eq!(
            Mailer::new(&clear).unwrap_err(),
            Error::ClearPassword {
                host: "mail.example.com".to_owned()
            }
        );
        let local = SmtpSettings {
            host: "localhost".to_owned(),
            ..clear
        };
        assert!(Mailer::new(&local).is_ok());
    }

    #[test]
    fn a_sender_is_an_address() {
        for from in ["", "certs", "certs@example.com\r\nBcc: x@example.com"] {
            let settings = SmtpSettings {
                from: from.to_owned(),
                ..settings()
            };
            let error = Mailer::new(&settings).unwrap_err();
            assert!(matches!(error, Error::Sender { .. }), "{from:?}");
        }
    }

    #[test]
    fn message_identifiers_are_checked() {
        assert_eq!(
            message_id(Uuid::nil(), "certs.example.com"),
            "<00000000-0000-0000-0000-000000000000@certs.example.com>"
        );
        assert!(is_message_id("<1@certs.example.com>"));
        for bad in [
            "",
            "1@x",
            "<1>",
            "<@>",
            "<1@x>\r\nBcc: a@b",
            "<1@x y>",
            "<1@x><2@y>",
            "<1@x@>",
        ] {
            assert!(!is_message_id(bad), "{bad:?}");
        }
    }
}
