//! Certificates for servers, devices and people who sign in to them, through the portal.

use crate::fixtures::own_keys::{csr, issue};
use crate::fixtures::requests::{demo, made, wrong_field};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request_of};
use api::{CertificateFilter, RequestCertificate, RequestFor};
use domain::{Device, KeyAlgorithm, RequestState, Secret};
use pki::PrivateKey;
use portal::{Actor, Portal};

on_both!(
    a_server_certificate_has_its_names,
    without_an_authority_nothing_is_offered,
);

async fn names(portal: &Portal, who: &Actor) -> Vec<String> {
    let form = portal
        .request_form(who, RequestFor::default())
        .await
        .unwrap();
    form.templates.into_iter().map(|t| t.name).collect()
}

async fn without_an_authority_nothing_is_offered(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let set = |state: &str| {
        let change = format!("UPDATE authority SET state = '{state}' WHERE purpose = 'tls'");
        ground.place.sql(&change);
    };
    set("retired");
    for who in [&alice, &carol] {
        assert_eq!(names(&portal, who).await.len(), 3);
    }
    set("active");
    assert_eq!(names(&portal, &carol).await.len(), 6);
    let alices = names(&portal, &alice).await;
    assert!(alices.contains(&"Sign in to servers".to_owned()));
    assert_eq!(
        alices.len(),
        4,
        "whoever names a server could stand in for it: {alices:?}"
    );
    // What is not offered cannot be asked for either.
    let forged = RequestCertificate {
        names: "www.example.com".to_owned(),
        mailbox: "alice@example.com".to_owned(),
        ..request_of(&portal, &carol, "Server").await
    };
    assert_eq!(
        wrong_field(portal.request_certificate(&alice, forged).await).0,
        "template"
    );
}

async fn a_server_certificate_has_its_names(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    for (typed, word) in [("", "at least one"), ("https://x.example.com", "alone")] {
        let wrong = RequestCertificate {
            names: typed.to_owned(),
            ..request_of(&portal, &carol, "Server").await
        };
        let (field, message) = wrong_field(portal.request_certificate(&carol, wrong).await);
        assert_eq!(field, "names");
        assert!(message.contains(word), "{message}");
    }
    let asked = RequestCertificate {
        names: "WWW.Example.com, shop.example.com 192.0.2.7".to_owned(),
        ..request_of(&portal, &carol, "Server").await
    };
    let id = issue(&portal, &carol, asked).await.unwrap();
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    let stored = "www.example.com shop.example.com 192.0.2.7";
    assert_eq!(row.names, stored);
    assert_eq!(
        portal.certificate(&carol, id).await.unwrap().card.names,
        stored
    );
    // A key that the portal made is downloaded as usual.
    let download = api::Download {
        kind: domain::DownloadKind::Pfx,
        password: api::Password::default(),
        device: Device::Windows,
    };
    let file = portal.download(&carol, id, download).await.unwrap();
    let shown = portal.show_password(&carol, id, Secret::new(String::new()));
    let password = Secret::new(shown.await.unwrap().value.password.expose().to_owned());
    let limits = pki::PfxLimits::default();
    let read = pki::read_pfx(file.value.bytes.expose(), &password, &limits).unwrap();
    assert_eq!(read.pairs[0].certificate_der, row.der);
    for typed in ["shop.exa", "www.example.com", "192.0.2.7"] {
        let filter = CertificateFilter {
            search: typed.to_owned(),
            ..CertificateFilter::default()
        };
        let found = portal.certificates(&carol, filter).await.unwrap();
        assert_eq!(found.page.rows.len(), 1, "{typed}");
    }
    // A request of one's own for a device; a mail address has no place in it.
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let wrong = RequestCertificate {
        names: "printer.example.com".to_owned(),
        csr: csr(&key, "carol@example.com"),
        ..request_of(&portal, &carol, "Device").await
    };
    assert_eq!(
        wrong_field(portal.request_certificate(&carol, wrong).await).0,
        "csr"
    );
    let device = RequestCertificate {
        names: "printer.example.com".to_owned(),
        ..request_of(&portal, &carol, "Device").await
    };
    issue(&portal, &carol, device).await.unwrap();
    // People who sign in: the approval of the template stays.
    let client = request_of(&portal, &carol, "Sign in to servers").await;
    let waits = made(portal.request_certificate(&carol, client).await.unwrap());
    assert_eq!(portal.run_due_work().await, 0);
    let row = portal.store().request(waits).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Waiting);
    assert_ledger_is_clean(&portal).await;
}
