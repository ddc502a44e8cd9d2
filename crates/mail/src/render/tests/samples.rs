//! A message of each kind.

use super::super::*;
use super::AT;

/// One of each kind, with the given text wherever a person or another system can put one.
pub(super) fn every_message(text: &dyn Fn(&str) -> String) -> Vec<Message> {
    let mut all = messages_of_requests(text);
    let last = all.pop();
    all.extend(messages_of_lives(text));
    all.extend(last);
    all
}

fn messages_of_lives(text: &dyn Fn(&str) -> String) -> Vec<Message> {
    let mailbox = text("alice@example.com");
    let link = "/requests/0198c5d2".to_owned();
    let from_address = text("192.0.2.7");
    vec![
        CertificateEnding {
            mailbox: mailbox.clone(),
            days: 7,
            ends_at: AT,
            renewable_from: Some(AT),
            is_under_way: false,
            link: link.clone(),
        }
        .into(),
        RenewalStarted {
            mailbox: mailbox.clone(),
            ends_at: AT,
            needs_approval: true,
            link: link.clone(),
        }
        .into(),
        OldMailOpened {
            keys: 3,
            at: AT,
            from_address: from_address.clone(),
            link: link.clone(),
        }
        .into(),
        CertificateImported {
            mailbox,
            at: AT,
            from_address: from_address.clone(),
            link: link.clone(),
        }
        .into(),
        RootKeyDownloaded {
            authority: text("Example Root CA"),
            by: text("Carol Smith"),
            at: AT,
            from_address,
            link,
        }
        .into(),
    ]
}

#[expect(clippy::too_many_lines, reason = "one of each kind")]
fn messages_of_requests(text: &dyn Fn(&str) -> String) -> Vec<Message> {
    let mailbox = text("alice@example.com");
    let template = text("Employee");
    let link = "/requests/0198c5d2".to_owned();
    let from_address = text("192.0.2.7");
    vec![
        RequestWaiting {
            requester: text("Alice Smith"),
            mailbox: mailbox.clone(),
            template: template.clone(),
            reason: Some(text("My old one expires.\nI need it for the <tender>.")),
            link: link.clone(),
        }
        .into(),
        RequestReceived {
            mailbox: mailbox.clone(),
            template: template.clone(),
            needs_approval: true,
            requester: None,
            link: link.clone(),
        }
        .into(),
        RequestApproved {
            mailbox: mailbox.clone(),
            template: template.clone(),
            approver: text("Bob O'Neil"),
            link: link.clone(),
        }
        .into(),
        RequestRejected {
            mailbox: mailbox.clone(),
            template,
            approver: text("Bob O'Neil"),
            reason: text("You have a valid one & it is good until May."),
            link: link.clone(),
        }
        .into(),
        CertificateReady {
            mailbox: mailbox.clone(),
            expires_at: AT,
            is_own_key: false,
            is_attached: false,
            api_path: None,
            link: link.clone(),
        }
        .into(),
        CertificateDelivered {
            mailbox: mailbox.clone(),
            by: text("Carol Clark"),
            is_container: true,
            link: link.clone(),
        }
        .into(),
        PasswordShown {
            mailbox: mailbox.clone(),
            at: AT,
            from_address: from_address.clone(),
            link: link.clone(),
        }
        .into(),
        CertificateDownloaded {
            mailbox: mailbox.clone(),
            at: AT,
            from_address: from_address.clone(),
            device: text("Outlook on Windows"),
            link: link.clone(),
        }
        .into(),
        CertificateRevoked {
            mailbox: mailbox.clone(),
            at: AT,
            by: Some(text("Carol Smith")),
            reason: text("Somebody else may have the key"),
            comment: Some(text("Your laptop was stolen.\nWe are sorry.")),
            others: vec![text(
                "alice@example.com, until 20 August 2027, serial number 4f2a",
            )],
            link: link.clone(),
        }
        .into(),
        CertificateHeld {
            mailbox: mailbox.clone(),
            at: AT,
            by: text("Carol Smith"),
            comment: Some(text("Until your phone is found.")),
            link: link.clone(),
        }
        .into(),
        CertificateReactivated {
            mailbox: mailbox.clone(),
            by: text("Carol Smith"),
            link: link.clone(),
        }
        .into(),
        PasswordChanged {
            at: AT,
            from_address: from_address.clone(),
            link: link.clone(),
        }
        .into(),
        TokenMade {
            name: text("Mail gateway"),
            may: text("see certificates and requests"),
            at: AT,
            expires_at: AT,
            from_address,
            link: link.clone(),
        }
        .into(),
        AccountAdded {
            name: text("Alice Smith"),
            mailbox: mailbox.clone(),
            link: link.clone(),
        }
        .into(),
        RequestFailed {
            requester: text("Alice Smith"),
            mailbox,
            step: text("publish the certificate in the directory"),
            why: text("The directory does not answer."),
            link,
        }
        .into(),
    ]
}
