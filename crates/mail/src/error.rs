//! What can go wrong while writing or sending mail.

/// Why a message could not be written, or a mailer not be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The base URL is not an `http` or `https` address.
    #[error("the base URL {url:?} does not begin with https:// or http://; correct the settings")]
    BaseUrl {
        /// The setting.
        url: String,
    },
    /// A link leads out of the portal.
    #[error("the link {link:?} does not lead into the portal at {base_url}")]
    Link {
        /// The link.
        link: String,
        /// Where every link must lead.
        base_url: String,
    },
    /// A template failed to render.
    #[error("a mail template cannot be rendered: {0}")]
    Template(String),
    /// The sender is no mail address.
    #[error(
        "the sender {from:?} is not a mail address; write it as name@example.com or \
         Name <name@example.com>"
    )]
    Sender {
        /// The setting.
        from: String,
    },
    /// A password would travel unencrypted to another computer.
    #[error(
        "the mail server {host} would get the password unencrypted; set its security to starttls \
         or tls, or leave out the user name"
    )]
    ClearPassword {
        /// The server.
        host: String,
    },
    /// TLS could not be set up on this computer.
    #[error("TLS for mail cannot be set up: {0}; check the system's certificate store")]
    Tls(String),
}

/// Why a message was not delivered. The text is what the server or the system answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The server answered 4xx, refused the portal's sign-in, or could not be reached: try again
    /// later.
    #[error("the mail was not accepted now and is tried again later: {0}")]
    Transient(String),
    /// The server answered 5xx, or the message cannot be sent at all: trying again is useless.
    #[error("the mail was refused for good: {0}")]
    Permanent(String),
}
