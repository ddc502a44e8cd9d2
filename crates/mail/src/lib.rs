//! What the portal writes to people, and how it is delivered.
//!
//! A [`Message`] is plain data and says what happened and what to do next; [`Message::render`]
//! turns it into a subject, a text and an equal HTML part. A [`Mailer`] hands one rendered message
//! to an SMTP server. When and how often that is tried is decided elsewhere. No message ever holds
//! a password or an open key: it holds a link, and where an administrator wants that, an
//! [`Attachment`]: a certificate, or a container that is sealed by its password.

mod attachment;
mod brand;
mod error;
mod mailer;
mod message;
mod render;

pub use attachment::Attachment;
pub use brand::Brand;
pub use error::{Error, SendError};
pub use mailer::{Mailer, Security, SmtpSettings, message_id};
pub use message::{
    AccountAdded, CertificateDelivered, CertificateDownloaded, CertificateEnding, CertificateHeld,
    CertificateImported, CertificateReactivated, CertificateReady, CertificateRevoked, Message,
    OldMailOpened, PasswordChanged, PasswordShown, RenewalStarted, RequestApproved, RequestFailed,
    RequestReceived, RequestRejected, RequestWaiting, RootKeyDownloaded, TokenMade,
};
pub use render::Rendered;
