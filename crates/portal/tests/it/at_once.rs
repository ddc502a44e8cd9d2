//! Issuing at once, as an administrator: what it never skips, and servers and devices with either key.

use crate::fixtures::own_keys::{csr, issue, pem};
use crate::fixtures::reader::run;
use crate::fixtures::requests::{demo, made, one};
use crate::fixtures::templates::{filled, named, with};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request_of};
use api::{AuditFilter, RequestCertificate};
use domain::{CertificateId, KeyAlgorithm, Mailbox, RequestId, RequestState, Role};
use pki::PrivateKey;
use portal::{Actor, Error, IssueOrder, Portal};
use std::path::Path;

on_both!(
    no_administrator_skips_the_approvals_of_a_template,
    the_command_line_skips_no_approval_either,
    servers_and_devices_are_issued_at_once_with_either_key,
);

async fn agree(portal: &Portal, who: &Actor, id: RequestId) -> Option<String> {
    let outcomes = portal.approve(who, one(id)).await.unwrap();
    outcomes[0].problem.clone()
}

async fn state(portal: &Portal, id: RequestId) -> RequestState {
    portal.run_due_work().await;
    portal.store().request(id).await.unwrap().unwrap().state
}

/// Somebody of the demonstration, in another role.
async fn promoted(portal: &Portal, key: &str, role: Role) -> Actor {
    let carol = actor(portal, "carol").await;
    let person = actor(portal, key).await;
    portal
        .set_role(&carol, person.id.unwrap(), role.to_string())
        .await
        .unwrap();
    Actor {
        role: Some(role),
        ..person
    }
}

async fn no_administrator_skips_the_approvals_of_a_template(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, bob, carol) = (
        actor(&portal, "alice").await,
        actor(&portal, "bob").await,
        actor(&portal, "carol").await,
    );
    let erin = promoted(&portal, "erin", Role::Admin).await;
    let template = named(&portal, "Secure mail").await;
    for (role, count, deciders) in [
        ("approver", 1, vec![&bob]),
        ("admin", 1, vec![&erin]),
        ("admin", 2, vec![&erin]),
    ] {
        let fields = filled(&portal, &carol, Some(template)).await;
        let count = count.to_string();
        let rule = [
            ("approver_role", role),
            ("approvals", count.as_str()),
            ("default_algorithm", "p256"),
        ];
        let fields = with(&fields, &rule);
        portal
            .change_template(&carol, template, fields)
            .await
            .unwrap();
        let wanted = RequestCertificate {
            person: alice.id.unwrap().to_string(),
            mailbox: "alice@example.com".to_owned(),
            ..request_of(&portal, &carol, "Secure mail").await
        };
        let done = portal.request_certificate(&carol, wanted).await.unwrap();
        assert!(done.message.contains("waits for approval"), "{role}");
        let id = made(done);
        assert_eq!(state(&portal, id).await, RequestState::Waiting, "{role}");
        // Who asked for it does not count, whatever their role; and alice may not decide at all.
        assert!(agree(&portal, &carol, id).await.is_some(), "{role}");
        for decider in deciders {
            assert_eq!(agree(&portal, decider, id).await, None, "{role}");
        }
        let expected = if count == "1" {
            RequestState::Issued
        } else {
            RequestState::Waiting
        };
        assert_eq!(state(&portal, id).await, expected, "{role} {count}");
        if expected == RequestState::Waiting {
            // One is missing; who agreed before, who asked and who it is for are not the other.
            assert!(agree(&portal, &erin, id).await.is_some());
            assert!(agree(&portal, &carol, id).await.is_some());
            assert_eq!(state(&portal, id).await, RequestState::Waiting);
            let alice = promoted(&portal, "alice", Role::Admin).await;
            assert!(agree(&portal, &alice, id).await.is_some());
            assert_eq!(state(&portal, id).await, RequestState::Waiting);
        }
    }
    assert_ledger_is_clean(&portal).await;
}

async fn the_command_line_skips_no_approval_either(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let order = |mailbox: &str, template: &str| IssueOrder {
        mailbox: Mailbox::parse(mailbox).unwrap(),
        template: Some(template.to_owned()),
        csr: None,
        names: String::new(),
        device: String::new(),
    };
    let refused = portal.issue_for(order("alice@example.com", "Secure mail"));
    let Err(Error::Conflict(words)) = refused.await else {
        panic!("four eyes were skipped");
    };
    assert!(words.contains("asks for approval"), "{words}");
    // Nor for whoever is disabled.
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    portal
        .disable_person(&carol, alice.id.unwrap())
        .await
        .unwrap();
    let refused = portal.issue_for(order("alice@example.com", "Secure mail, at once"));
    assert!(matches!(refused.await, Err(Error::Invalid(_))));
    // And an open request for another key is not handed over as if it were for this one.
    let own = RequestCertificate {
        names: "www.example.com".to_owned(),
        ..request_of(&portal, &carol, "Server").await
    };
    portal.request_certificate(&carol, own).await.unwrap();
    let server = IssueOrder {
        csr: Some(host_csr(&ground.place.folder, "www.example.com")),
        ..order("carol@example.com", "Server")
    };
    let Err(Error::Conflict(words)) = portal.issue_for(server).await else {
        panic!("another key's certificate was handed over");
    };
    assert!(words.contains("open request"), "{words}");
}

/// A signing request for a host name as OpenSSL makes it, DER.
fn host_csr(folder: &Path, host: &str) -> Vec<u8> {
    let made = format!(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout host.key -subj /CN={host} -addext subjectAltName=DNS:{host} -outform DER -out host.csr"
    );
    run(folder, "openssl", &made);
    std::fs::read(folder.join("host.csr")).unwrap()
}

/// Fails unless OpenSSL takes the certificate for a host and each of these purposes.
async fn verify(
    portal: &Portal,
    folder: &Path,
    id: CertificateId,
    (host, purposes): (&str, &[&str]),
) {
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    let rows = portal.store().authorities().await.unwrap();
    for (file, der) in [
        ("leaf.pem", &row.der),
        ("root.pem", &rows[0].certificate),
        (
            "issuing.pem",
            &rows
                .iter()
                .find(|one| one.id == row.authority)
                .unwrap()
                .certificate,
        ),
    ] {
        std::fs::write(folder.join(file), pki::pem::certificates(&[der]).unwrap()).unwrap();
    }
    for purpose in purposes {
        let asked = format!(
            "verify -x509_strict -purpose {purpose} -verify_hostname {host} -CAfile root.pem -untrusted issuing.pem leaf.pem"
        );
        assert!(run(folder, "openssl", &asked).contains("leaf.pem: OK"));
    }
}

async fn servers_and_devices_are_issued_at_once_with_either_key(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let both = ["sslserver", "sslclient"];
    for (template, host, purposes) in [
        ("Device", "printer.example.com", both.as_slice()),
        ("Server", "www.example.com", &both[..1]),
    ] {
        // A key that the portal makes, for somebody else's machine.
        let asked = RequestCertificate {
            person: alice.id.unwrap().to_string(),
            mailbox: "alice@example.com".to_owned(),
            names: host.to_owned(),
            ..request_of(&portal, &carol, template).await
        };
        let made = issue(&portal, &carol, asked).await.unwrap();
        let row = portal.store().certificate(made).await.unwrap().unwrap();
        assert!(!row.is_own_key && row.person == alice.id.unwrap());
        verify(&portal, folder, made, (host, purposes)).await;

        // The machine's own key; the names are those of its signing request.
        let asked = RequestCertificate {
            csr: pem(&host_csr(folder, host)),
            ..request_of(&portal, &carol, template).await
        };
        let own = issue(&portal, &carol, asked).await.unwrap();
        let row = portal.store().certificate(own).await.unwrap().unwrap();
        assert!(row.is_own_key && row.names == host);
        verify(&portal, folder, own, (host, purposes)).await;

        // And the same without a browser.
        let order = IssueOrder {
            mailbox: Mailbox::parse("carol@example.com").unwrap(),
            template: Some(template.to_owned()),
            csr: Some(host_csr(folder, host)),
            names: String::new(),
            device: String::new(),
        };
        let worker = portal.clone();
        let (file, ()) = tokio::join!(portal.issue_for(order), async {
            while worker.run_due_work().await == 0 {
                tokio::task::yield_now().await;
            }
        });
        assert!(file.unwrap().password.is_none());
    }
    // Each is in the log: who, for whom, which names, whose key.
    let filter = AuditFilter {
        action: "request".to_owned(),
        ..AuditFilter::default()
    };
    let entries = portal.audit(&carol, filter).await.unwrap().rows;
    assert_eq!(entries.len(), 6);
    let has = |entry: &api::AuditEntryView, name: &str, value: &str| {
        let mut details = entry.details.iter();
        details.any(|(found, text)| found == name && text.contains(value))
    };
    for (template, host) in [
        ("Device", "printer.example.com"),
        ("Server", "www.example.com"),
    ] {
        let of_it: Vec<_> = entries
            .iter()
            .filter(|entry| has(entry, "template", template) && has(entry, "names", host))
            .collect();
        let by = |who: &str| {
            of_it
                .iter()
                .filter(|entry| entry.actor.contains(who))
                .count()
        };
        let own = of_it
            .iter()
            .filter(|entry| has(entry, "key", "own"))
            .count();
        let for_alice = of_it
            .iter()
            .filter(|entry| has(entry, "for", "alice@"))
            .count();
        assert_eq!((of_it.len(), own, for_alice), (3, 2, 1), "{template}");
        assert_eq!(
            (by("Carol Clark"), by("command line")),
            (2, 1),
            "{template}"
        );
    }
    // A mail address has no place in it.
    let forged = RequestCertificate {
        csr: csr(
            &PrivateKey::generate(KeyAlgorithm::P256).unwrap(),
            "carol@example.com",
        ),
        ..request_of(&portal, &carol, "Device").await
    };
    let refused = portal.request_certificate(&carol, forged).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert_ledger_is_clean(&portal).await;
}
