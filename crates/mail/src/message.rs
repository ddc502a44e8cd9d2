//! The messages: for each, what it tells and to whom. Their words stand in `templates/<kind>/`.
//!
//! All fields are plain values, so that a message can be kept in the outbox as JSON. A `link` is a
//! path of the portal (`/requests/..`) or a full address within it. No field is for a secret.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Defines the messages, the enum of all of them, and what each variant has in common.
macro_rules! messages {
    ($(
        $(#[$doc:meta])*
        $name:ident, $kind:literal {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)+
        }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)+
            }

            impl From<$name> for Message {
                fn from(message: $name) -> Self {
                    Self::$name(message)
                }
            }
        )+

        /// Anything the portal writes to people.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Message {
            $($(#[$doc])* $name($name),)+
        }

        impl Message {
            /// Every kind of message.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The word for this kind of message: in the database, the log, and the folder of its
            /// templates.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)+ }
            }

            /// Where its button leads.
            pub fn link(&self) -> &str {
                match self { $(Self::$name(message) => &message.link,)+ }
            }
        }
    };
}

messages! {
    /// To the approvers: somebody waits for a decision.
    RequestWaiting, "request_waiting" {
        /// Name of the person who asks.
        requester: String,
        /// The mailbox the certificate is for.
        mailbox: String,
        /// Name of the template.
        template: String,
        /// Why they ask, in their words.
        reason: Option<String>,
        /// The request in the queue.
        link: String,
    }

    /// To the requester: the request has arrived.
    RequestReceived, "request_received" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// Name of the template.
        template: String,
        /// Whether somebody has to approve it first.
        needs_approval: bool,
        /// The administrator who asked for them; none if they did themselves.
        requester: Option<String>,
        /// The request.
        link: String,
    }

    /// To the requester: the request was approved.
    RequestApproved, "request_approved" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// Name of the template.
        template: String,
        /// Name of the person who approved it.
        approver: String,
        /// The request.
        link: String,
    }

    /// To the requester: the request was rejected.
    RequestRejected, "request_rejected" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// Name of the template.
        template: String,
        /// Name of the person who rejected it.
        approver: String,
        /// Why, in their words.
        reason: String,
        /// The request.
        link: String,
    }

    /// To the owner: the certificate can be fetched.
    CertificateReady, "certificate_ready" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// When it expires.
        #[serde(with = "time::serde::rfc3339")]
        expires_at: OffsetDateTime,
        /// Whether the owner keeps the key, so that there is no container and no password.
        is_own_key: bool,
        /// Whether the container is attached, sealed by its password.
        is_attached: bool,
        /// Path under which a program of the owner fetches it, where that is how it is delivered.
        api_path: Option<String>,
        /// The certificate.
        link: String,
    }

    /// To the owner: an administrator sends the certificate once more, as an attachment.
    CertificateDelivered, "certificate_delivered" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// Name of the administrator.
        by: String,
        /// Whether the container is attached; else it is the certificate alone.
        is_container: bool,
        /// The certificate.
        link: String,
    }

    /// To the owner: the password of the container was shown.
    PasswordShown, "password_shown" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// The network address it was shown to.
        from_address: String,
        /// The certificate.
        link: String,
    }

    /// To the owner: the container was downloaded.
    CertificateDownloaded, "certificate_downloaded" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// The network address it went to.
        from_address: String,
        /// The kind of device it was made for, in words: "Outlook on Windows".
        device: String,
        /// The certificate.
        link: String,
    }

    /// To the owner: the certificate was revoked for good.
    CertificateRevoked, "certificate_revoked" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// Name of the person who revoked it; nothing if that was the owner.
        by: Option<String>,
        /// Why, in words: "Somebody else may have the key".
        reason: String,
        /// More about it, in the words of whoever revoked it.
        comment: Option<String>,
        /// Others of theirs that were revoked with it, because they have the same key.
        others: Vec<String>,
        /// The certificate.
        link: String,
    }

    /// To the owner: the certificate was put on hold.
    CertificateHeld, "certificate_held" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// Name of the person who put it on hold.
        by: String,
        /// Why, in their words.
        comment: Option<String>,
        /// The certificate.
        link: String,
    }

    /// To the owner: the certificate is no longer on hold.
    CertificateReactivated, "certificate_reactivated" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// Name of the person who re-activated it.
        by: String,
        /// The certificate.
        link: String,
    }

    /// To the person: the password they sign in with was changed.
    PasswordChanged, "password_changed" {
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// The network address it was changed from.
        from_address: String,
        /// The account page.
        link: String,
    }

    /// To its owner: an API token was made.
    TokenMade, "token_made" {
        /// What it is called.
        name: String,
        /// What a program can do with it, in words: "see certificates and requests".
        may: String,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// When it ends by itself.
        #[serde(with = "time::serde::rfc3339")]
        expires_at: OffsetDateTime,
        /// The network address it was made from.
        from_address: String,
        /// The page of API tokens.
        link: String,
    }

    /// To a new person: there is an account.
    AccountAdded, "account_added" {
        /// Their name.
        name: String,
        /// The address they sign in with.
        mailbox: String,
        /// Where to sign in.
        link: String,
    }

    /// To the owner: the certificate ends soon.
    CertificateEnding, "certificate_ending" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// Days until then, rounded up.
        days: i64,
        /// When it ends.
        #[serde(with = "time::serde::rfc3339")]
        ends_at: OffsetDateTime,
        /// From when on it can be renewed, where that is possible and not under way.
        #[serde(with = "time::serde::rfc3339::option")]
        renewable_from: Option<OffsetDateTime>,
        /// Whether a renewal is being made or waits for a decision.
        is_under_way: bool,
        /// The certificate.
        link: String,
    }

    /// To the owner: the portal renews the certificate by itself.
    RenewalStarted, "renewal_started" {
        /// The mailbox the certificate is for.
        mailbox: String,
        /// When the present one ends.
        #[serde(with = "time::serde::rfc3339")]
        ends_at: OffsetDateTime,
        /// Whether somebody has to approve it first.
        needs_approval: bool,
        /// The request.
        link: String,
    }

    /// To the person: the keys for old mail were downloaded together.
    OldMailOpened, "old_mail_opened" {
        /// How many keys.
        keys: usize,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// The network address they went to.
        from_address: String,
        /// Their certificates.
        link: String,
    }

    /// To the person: a certificate with its key was brought along.
    CertificateImported, "certificate_imported" {
        /// The address in it.
        mailbox: String,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// The network address it came from.
        from_address: String,
        /// Their certificates.
        link: String,
    }

    /// To the other administrators: the key of a root was downloaded, to be kept offline.
    RootKeyDownloaded, "root_key_downloaded" {
        /// Name of the root.
        authority: String,
        /// Name of the administrator who has it.
        by: String,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// The network address it went to.
        from_address: String,
        /// The authorities.
        link: String,
    }

    /// To the administrators: a step failed and does not mend itself.
    RequestFailed, "request_failed" {
        /// Name of the person who waits.
        requester: String,
        /// The mailbox the certificate is for.
        mailbox: String,
        /// The step, in words: "sign the certificate".
        step: String,
        /// Why, in words.
        why: String,
        /// The request.
        link: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_outbox() {
        let message = Message::from(PasswordShown {
            mailbox: "alice@example.com".to_owned(),
            at: time::macros::datetime!(2026-08-20 12:05 UTC),
            from_address: "192.0.2.7".to_owned(),
            link: "/certificates/1".to_owned(),
        });
        let json = serde_json::to_string(&message).unwrap();
        assert!(json.contains(r#""kind":"password_shown""#), "{json}");
        assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
    }
}
