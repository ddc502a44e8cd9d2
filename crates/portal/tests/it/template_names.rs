//! Where the names in a certificate come from, as its template says.

use crate::fixtures::own_keys::{csr, issue};
use crate::fixtures::requests::{demo, issued, made, wrong_field};
use crate::fixtures::templates::{filled, named, with};
use crate::life::{Life, change_template};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request_of};
use api::{CertificateFilter, RequestCertificate};
use domain::{AddressSource, ApprovalRule, CertificateId, KeyAlgorithm, RequestState};
use pki::{Certificate, PrivateKey};
use portal::{Actor, IssueOrder, Portal};

on_both!(
    a_person_is_not_renewed_as_a_server,
    all_addresses_of_a_person_stand_in_one_certificate,
    an_address_that_is_gone_gets_nothing,
    a_renewal_with_another_address_is_agreed_to_again,
    the_common_name_is_what_the_template_says,
    a_device_is_called_as_its_requester_says,
);

const AT_ONCE: &str = "Secure mail, at once";

async fn change(portal: &Portal, template: &str, changes: &[(&str, &str)]) {
    let carol = actor(portal, "carol").await;
    let id = named(portal, template).await;
    let fields = filled(portal, &carol, Some(id)).await;
    let quick = with(&fields, &[("default_algorithm", "p256")]);
    let done = portal.change_template(&carol, id, with(&quick, changes));
    done.await.unwrap();
}

async fn record(portal: &Portal, who: &Actor, mailbox: &str) {
    let carol = actor(portal, "carol").await;
    let person = who.id.unwrap();
    let recorded = portal.record_mailbox(&carol, person, mailbox.to_owned());
    recorded.await.unwrap();
}

async fn certificate(portal: &Portal, id: CertificateId) -> Certificate {
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    Certificate::parse(&row.der).unwrap()
}

fn addresses(certificate: &Certificate) -> Vec<&str> {
    let mailboxes = certificate.named().mailboxes().iter();
    mailboxes.map(domain::Mailbox::as_str).collect()
}

async fn all_addresses_of_a_person_stand_in_one_certificate(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    record(&portal, &alice, "sales@example.com").await;
    change(&portal, AT_ONCE, &[("addresses", "all")]).await;
    let asked = request_of(&portal, &alice, AT_ONCE).await;
    let id = issue(&portal, &alice, asked).await.unwrap();
    let both = ["alice@example.com", "sales@example.com"];
    let first = certificate(&portal, id).await;
    assert_eq!(addresses(&first), both);
    assert_eq!(first.subject(), "CN=alice@example.com");
    let view = portal.certificate(&alice, id).await.unwrap();
    assert_eq!(view.card.names, "sales@example.com");
    // Each address finds it, and where the other one was chosen that one stands first.
    for typed in ["sales@ex", "alice@example.com"] {
        let filter = CertificateFilter {
            search: typed.to_owned(),
            ..CertificateFilter::default()
        };
        let found = portal.certificates(&carol, filter).await.unwrap();
        assert_eq!(found.page.rows.len(), 1, "{typed}");
    }
    let other = RequestCertificate {
        mailbox: "sales@example.com".to_owned(),
        ..request_of(&portal, &alice, AT_ONCE).await
    };
    let other = issue(&portal, &alice, other).await.unwrap();
    let other = certificate(&portal, other).await;
    assert_eq!(
        addresses(&other),
        ["sales@example.com", "alice@example.com"]
    );
    assert_eq!(other.subject(), "CN=sales@example.com");
    // An own signing request may name any of them and nobody else's.
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let foreign = RequestCertificate {
        csr: csr(&key, "bob@example.com"),
        ..request_of(&portal, &alice, AT_ONCE).await
    };
    let refused = portal.request_certificate(&alice, foreign).await;
    assert_eq!(wrong_field(refused).0, "csr");
    let own = RequestCertificate {
        csr: csr(&key, "sales@example.com"),
        ..request_of(&portal, &alice, AT_ONCE).await
    };
    let own = issue(&portal, &alice, own).await.unwrap();
    assert_eq!(addresses(&certificate(&portal, own).await), both);
    // The command line goes the same way.
    let order = IssueOrder {
        mailbox: domain::Mailbox::parse("alice@example.com").unwrap(),
        template: Some(AT_ONCE.to_owned()),
        csr: None,
        names: String::new(),
        device: String::new(),
    };
    let (file, ()) = tokio::join!(portal.issue_for(order), async {
        // The request has to be there first.
        while portal.run_due_work().await == 0 {
            tokio::task::yield_now().await;
        }
    });
    assert!(file.unwrap().password.is_some());
    let newest = portal.my_certificates(&alice).await.unwrap().certificates;
    assert_eq!(newest.len(), 4);
    assert!(newest.iter().all(|card| !card.names.is_empty()));
    assert_ledger_is_clean(&portal).await;
}

async fn an_address_that_is_gone_gets_nothing(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    record(&portal, &alice, "sales@example.com").await;
    change(&portal, AT_ONCE, &[("addresses", "all")]).await;
    let asked = request_of(&portal, &alice, AT_ONCE).await;
    let id = made(portal.request_certificate(&alice, asked).await.unwrap());
    let person = alice.id.unwrap();
    let removed = portal.remove_mailbox(&carol, person, "sales@example.com".to_owned());
    removed.await.unwrap();
    let why = issued(&portal, id).await.unwrap_err().to_string();
    assert!(why.contains("L25"), "{why}");
    // Asked for once more, it is for what is recorded now.
    portal
        .cancel(&carol, id, "An address is gone".to_owned())
        .await
        .unwrap();
    let asked = request_of(&portal, &alice, AT_ONCE).await;
    let next = issue(&portal, &alice, asked).await.unwrap();
    let next = certificate(&portal, next).await;
    assert_eq!(addresses(&next), ["alice@example.com"]);
    assert_ledger_is_clean(&portal).await;
}

async fn a_renewal_with_another_address_is_agreed_to_again(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    change_template(portal, life.certificate, |template| {
        template.content.addresses = AddressSource::All;
        template.content.renewal.keeps_key = true;
    })
    .await;
    let asked = request_of(portal, alice, AT_ONCE).await;
    let first = issue(portal, alice, asked).await.unwrap();
    life.days_before_the_end(10).await;
    change_template(portal, first, |template| {
        template.content.approval = ApprovalRule::ONE;
    })
    .await;
    record(portal, alice, "sales@example.com").await;
    let renewal = made(portal.renew(alice, first).await.unwrap());
    let row = portal.store().request(renewal).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Waiting);
    assert_eq!(row.names, "sales@example.com");
    assert!(row.keeps_key);
    // Who decides is told how new the addresses are, and when one is gone.
    let bob = actor(portal, "bob").await;
    let carol = actor(portal, "carol").await;
    let told = async || {
        let queue = portal.queue(&bob, api::QueueFilter::default()).await;
        let card = queue.unwrap().rows.remove(0);
        assert_eq!(card.names, "sales@example.com");
        (card.evidence[0].text.clone(), card.evidence[0].is_warning)
    };
    let (text, is_warning) = told().await;
    assert!(
        is_warning && text.contains("the last one only since"),
        "{text}"
    );
    let sales = || "sales@example.com".to_owned();
    let person = alice.id.unwrap();
    portal
        .remove_mailbox(&carol, person, sales())
        .await
        .unwrap();
    // Another one in which it is contained is not it.
    record(portal, alice, "presales@example.com").await;
    let (text, is_warning) = told().await;
    assert!(is_warning && text.contains("no longer verified"), "{text}");
    record(portal, alice, "sales@example.com").await;
    crate::fixtures::requests::approve(portal, renewal).await;
    let next = issued(portal, renewal).await.unwrap();
    let next_certificate = certificate(portal, next).await;
    assert_eq!(
        addresses(&next_certificate),
        ["alice@example.com", "sales@example.com"]
    );
    assert_ledger_is_clean(portal).await;
}

async fn a_person_is_not_renewed_as_a_server(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    life.days_before_the_end(10).await;
    change_template(portal, life.certificate, |template| {
        template.content.kind = domain::TemplateKind::TlsServer;
        template.content.renewal.is_automatic = true;
    })
    .await;
    let refused = portal.renew(alice, life.certificate).await;
    let why = refused.unwrap_err().to_string();
    assert!(why.contains("servers or devices now"), "{why}");
    // By itself it is not renewed either, and she is told of the end.
    let done = portal.look_after_endings(portal.now()).await.unwrap();
    assert_eq!((done.renewals, done.notices), (0, 1));
}

async fn the_common_name_is_what_the_template_says(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let (mail, client, server) = (AT_ONCE, "Sign in to servers", "Server");
    for (who, template, source, subject) in [
        (&alice, mail, "usual", "CN=alice@example.com"),
        (&alice, mail, "nothing", ""),
        (&alice, client, "usual", "CN=Alice Adams"),
        (&alice, client, "mailbox", "CN=alice@example.com"),
        (&alice, client, "nothing", ""),
        (&carol, server, "usual", "CN=www.example.com"),
        (&carol, server, "nothing", ""),
    ] {
        let changes = [("common_name", source), ("approvals", "0")];
        change(&portal, template, &changes).await;
        let asked = RequestCertificate {
            names: if template == server {
                "www.example.com".to_owned()
            } else {
                String::new()
            },
            ..request_of(&portal, who, template).await
        };
        let id = issue(&portal, who, asked).await.unwrap();
        let issued = certificate(&portal, id).await;
        assert_eq!(issued.subject(), subject, "{template} {source}");
    }
    let carol_changes = |changes: &'static [(&'static str, &'static str)]| {
        let (portal, carol) = (&portal, &carol);
        async move {
            let id = named(portal, server).await;
            let fields = filled(portal, carol, Some(id)).await;
            wrong_field(
                portal
                    .change_template(carol, id, with(&fields, changes))
                    .await,
            )
        }
    };
    // A server has neither an address nor a name of its own.
    assert_eq!(
        carol_changes(&[("common_name", "mailbox")]).await.0,
        "common_name"
    );
    assert_eq!(
        carol_changes(&[("common_name", "device")]).await.0,
        "common_name"
    );
    assert_eq!(carol_changes(&[("addresses", "all")]).await.0, "addresses");
    assert_ledger_is_clean(&portal).await;
}

async fn a_device_is_called_as_its_requester_says(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    change(&portal, "Device", &[("common_name", "device")]).await;
    let asked = async |device: &str, names: &str| RequestCertificate {
        device: device.to_owned(),
        names: names.to_owned(),
        ..request_of(&portal, &carol, "Device").await
    };
    for (device, names, field) in [
        ("", " ", "device"),
        ("- . -", "", "device"),
        ("a\u{202e}b", "", "device"),
        ("Printer 7", "not a host!", "names"),
    ] {
        let refused = portal
            .request_certificate(&carol, asked(device, names).await)
            .await;
        assert_eq!(wrong_field(refused).0, field, "{device:?} {names:?}");
    }
    // Two devices are two requests, and the same one is the same request.
    let seven = asked(" Printer 7 ", "").await;
    let seven = made(portal.request_certificate(&carol, seven).await.unwrap());
    let again = asked("Printer 7", "").await;
    let again = made(portal.request_certificate(&carol, again).await.unwrap());
    let eight = asked("Printer 8", "printer8.example.com").await;
    let eight = made(portal.request_certificate(&carol, eight).await.unwrap());
    assert_eq!(seven, again);
    assert_ne!(seven, eight);
    if portal.store().request(seven).await.unwrap().unwrap().state == RequestState::Waiting {
        crate::fixtures::requests::approve(&portal, seven).await;
        crate::fixtures::requests::approve(&portal, eight).await;
    }
    let seven = issued(&portal, seven).await.unwrap();
    let eight = issued(&portal, eight).await.unwrap();
    for (id, subject, hosts, words) in [
        (seven, "CN=Printer 7", 0, "Printer 7"),
        (eight, "CN=Printer 8", 1, "Printer 8 (printer8.example.com)"),
    ] {
        let made = certificate(&portal, id).await;
        assert_eq!(
            (made.subject(), made.named().hosts().len()),
            (subject, hosts)
        );
        let view = portal.certificate(&carol, id).await.unwrap();
        assert_eq!(view.card.names, words);
    }
    // It is found by what it is called, and a copy is filled in with it.
    let filter = CertificateFilter {
        search: "printer".to_owned(),
        ..CertificateFilter::default()
    };
    let found = portal.certificates(&carol, filter).await.unwrap();
    assert_eq!(found.page.rows.len(), 2);
    let mut file = portal
        .export_certificates(&carol, CertificateFilter::default())
        .await
        .unwrap();
    let csv = file.next_piece().await.unwrap().unwrap();
    assert!(csv.contains(",Printer 8 (printer8.example.com),"), "{csv}");
    let copy = api::RequestFor {
        copy: eight.to_string(),
        ..api::RequestFor::default()
    };
    let form = portal.request_form(&carol, copy).await.unwrap();
    assert_eq!(
        (form.device.as_str(), form.names.as_str()),
        ("Printer 8", "printer8.example.com")
    );
    // Called like a number it is found as well.
    let serial = asked("20251234", "").await;
    issue(&portal, &carol, serial).await.unwrap();
    let filter = CertificateFilter {
        search: "20251234".to_owned(),
        ..CertificateFilter::default()
    };
    let found = portal.certificates(&carol, filter).await.unwrap();
    assert_eq!(found.page.rows.len(), 1);
    assert_eq!(found.page.rows[0].names, "20251234");
    // Without a name of its own it has that of its first host.
    let ninth = asked("", "printer9.example.com").await;
    let ninth = issue(&portal, &carol, ninth).await.unwrap();
    assert_eq!(
        certificate(&portal, ninth).await.subject(),
        "CN=printer9.example.com"
    );
    assert_ledger_is_clean(&portal).await;
}
