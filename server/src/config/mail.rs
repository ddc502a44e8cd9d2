//! `[mail]`: how mail is sent.

use domain::Secret;

use super::{DataFolder, Key, Problem, Section, Values};

const NAME: &str = "mail";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "How mail is sent. Without a host mail waits in the database.",
    keys: &[
        Key::text("host", "", "Name of the mail server."),
        Key::number("port", 587, "Its port."),
        Key::text(
            "security",
            "starttls",
            "\"starttls\" (must succeed), \"tls\", or \"none\" for a server on this machine.",
        ),
        Key::text("username", "", "Name to sign in with; empty for none."),
        Key::text("password_file", "", "A file that holds the password."),
        Key::text(
            "from",
            "",
            "Address that mail comes from, for example \"CertPortal <certificates@example.com>\".",
        ),
    ],
};

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Name of the mail server; nothing means that mail waits.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Name and password to sign in with.
    pub credentials: Option<(String, Secret<String>)>,
    /// Address that mail comes from.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS after a greeting in clear; no mail without it.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// Not at all.
    None,
}

impl Mail {
    pub(super) fn from_values(values: &Values, folder: &DataFolder) -> Result<Self, Problem> {
        let host = values.some_text(NAME, "host");
        let from = values.text(NAME, "from");
        if host.is_some() && from.is_empty() {
            return Err(values.problem(
                NAME,
                "from",
                "please give the address that mail comes from",
            ));
        }
        let password = match values.some_text(NAME, "password_file") {
            Some(file) => Some(values.secret_file(NAME, "password_file", &folder.file(&file))?),
            None => None,
        };
        let credentials = match (values.some_text(NAME, "username"), password) {
            (Some(username), Some(password)) => Some((username, password)),
            (None, None) => None,
            (Some(_), None) => {
                return Err(values.problem(NAME, "password_file", "please name the file"));
            }
            (None, Some(_)) => {
                return Err(values.problem(
                    NAME,
                    "username",
                    "please give the name for this password",
                ));
            }
        };
        let words = [
            ("starttls", MailSecurity::StartTls),
            ("tls", MailSecurity::Tls),
            ("none", MailSecurity::None),
        ];
        let port = values.number(NAME, "port", 1, 65_535)?;
        Ok(Self {
            host,
            port: u16::try_from(port).unwrap_or(587),
            security: values.word(NAME, "security", &words)?,
            credentials,
            from,
        })
    }
}
