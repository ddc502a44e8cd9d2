//! Signing requests that people bring, and whose key is whose.

use crate::fixtures::own_keys::{csr, form, issue, pem};
use crate::fixtures::reader::run;
use crate::fixtures::requests::{demo, made, wrong_field};
use crate::outbox_crash::mailer;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use crate::sink::Sink;
use api::{RequestCertificate, RequestFor};
use domain::{Device, KeyAlgorithm, Mailbox, RequestState};
use pki::PrivateKey;
use portal::Error;

on_both!(
    who_brings_a_request_keeps_the_key,
    a_file_is_as_good_as_text,
    a_request_that_does_not_fit_is_refused_with_words,
    a_key_is_certified_for_one_person_only,
    two_people_with_one_key_at_the_same_instant_do_not_both_get_it,
    what_an_older_version_reserved_is_claimed_before_it_is_signed,
    keys_of_older_rows_are_read_once,
);

async fn who_brings_a_request_keeps_the_key(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let own = RequestCertificate {
        csr: csr(&key, "alice@example.com"),
        ..form(&portal, &alice).await
    };
    let id = issue(&portal, &alice, own).await.unwrap();

    let view = portal.certificate(&alice, id).await.unwrap();
    assert!(view.is_own_key && !view.is_deleted);
    let file = portal
        .certificate_file(&alice, id, domain::CertificateForm::Pem)
        .await
        .unwrap();
    let chain = pki::pem::read_certificates(file.bytes.expose()).unwrap();
    let leaf = pki::Certificate::parse(&chain[0]).unwrap();
    assert_eq!(chain.len(), 2, "the issuing authority, without the root");
    assert_eq!(
        leaf.key_sha256().unwrap(),
        key.public_key().unwrap().spki_sha256()
    );
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    let key_id = key.public_key().unwrap().spki_sha256().to_vec();
    assert_eq!(row.key_id, Some(key_id));
    // There is no password and no PFX, and both say so.
    let nothing = domain::Secret::new(String::new());
    let shown = portal.show_password(&alice, id, nothing).await;
    assert!(matches!(shown, Err(Error::Conflict(_))), "{shown:?}");
    let asked = api::Download {
        kind: domain::DownloadKind::Pfx,
        password: api::Password::default(),
        device: Device::Windows,
    };
    let file = portal.download(&alice, id, asked).await;
    assert!(matches!(file, Err(Error::Conflict(_))), "{file:?}");
    // The mail says it, and has the certificate.
    let sink = Sink::start().await;
    while portal.send_mails(&mailer(sink.port)).await.unwrap() > 0 {}
    let text = sink.text();
    assert!(text.contains("application/x-pem-file"), "{text}");
    assert!(text.contains("there is no password"), "{text}");
    assert_ledger_is_clean(&portal).await;
}

async fn a_file_is_as_good_as_text(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let alice = actor(&portal, "alice").await;
    // What people have: OpenSSL's DER, its PEM, and the label of old Microsoft programs.
    let make = |name: &str, options: &str| {
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key";
        let subject = "-subj /CN=Alice -addext subjectAltName=email:alice@example.com";
        let made = format!("req -new {key} {subject} {options} -out {name}");
        run(folder, "openssl", &made);
        std::fs::read(folder.join(name)).unwrap()
    };
    let with_file = async |file: Vec<u8>| RequestCertificate {
        csr_file: Some(file),
        ..form(&portal, &alice).await
    };
    for (name, options) in [
        ("own.der", "-outform DER"),
        ("own.pem", "-outform PEM -text"),
        ("old.pem", "-outform PEM -newhdr"),
    ] {
        let file = make(name, options);
        let der = pki::csr_der(&file).unwrap();
        let id = issue(&portal, &alice, with_file(file).await).await.unwrap();
        let row = portal.store().certificate(id).await.unwrap().unwrap();
        let asked = pki::read_csr(&der).unwrap();
        assert!(row.is_own_key, "{name}");
        assert_eq!(row.key_id, Some(asked.key_id().to_vec()), "{name}");
    }

    let good = make("own.der", "-outform DER");
    let key = std::fs::read(folder.join("own.key")).unwrap();
    let cut = good[..good.len() - 1].to_vec();
    for (file, word) in [
        (Vec::new(), "PKCS#10"),
        (cut, "PKCS#10"),
        (key, "private key"),
        (vec![0x30; pki::csr::LARGEST + 1], "64 KiB"),
    ] {
        let refused = portal.request_certificate(&alice, with_file(file).await);
        let (field, message) = wrong_field(refused.await);
        assert_eq!(field, "csr_file", "{message}");
        assert!(message.contains(word), "{message}");
    }
    // Text and file might be two different ones.
    let both = RequestCertificate {
        csr: pem(&good),
        ..with_file(good).await
    };
    let (field, message) = wrong_field(portal.request_certificate(&alice, both).await);
    assert_eq!(field, "csr_file");
    assert!(message.contains("either"), "{message}");
    assert_ledger_is_clean(&portal).await;
}

async fn a_request_that_does_not_fit_is_refused_with_words(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let good = csr(&key, "alice@example.com");
    for (sent, word) in [
        (csr(&key, "erin@example.com"), "erin@example.com"),
        (format!("{good}{good}"), "several"),
        ("not a request".to_owned(), "PKCS#10"),
        (
            good.replace("CERTIFICATE REQUEST", "PRIVATE KEY"),
            "private key",
        ),
    ] {
        let own = RequestCertificate {
            csr: sent,
            ..form(&portal, &alice).await
        };
        let (field, message) = wrong_field(portal.request_certificate(&alice, own).await);
        assert_eq!(field, "csr", "{message}");
        assert!(message.contains(word), "{message}");
    }
    // Two keys cannot come from one request.
    let forms = portal
        .request_form(&alice, RequestFor::default())
        .await
        .unwrap();
    let pair = forms.templates.iter().find(|t| !t.takes_own_key).unwrap();
    let own = RequestCertificate {
        template: pair.id.to_string(),
        reason: "both".to_owned(),
        csr: good,
        ..form(&portal, &alice).await
    };
    assert_eq!(
        wrong_field(portal.request_certificate(&alice, own).await).0,
        "csr"
    );
    let requests = portal.my_certificates(&alice).await.unwrap().requests;
    assert!(requests.is_empty(), "nothing was written: {requests:?}");
}

async fn a_key_is_certified_for_one_person_only(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, erin) = (actor(&portal, "alice").await, actor(&portal, "erin").await);
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let own = |form, mailbox: &str| RequestCertificate {
        csr: csr(&key, mailbox),
        ..form
    };
    // Both ask before either is issued: the second one is found when it is its turn.
    let first = own(form(&portal, &alice).await, "alice@example.com");
    let second = own(form(&portal, &erin).await, "erin@example.com");
    let first = made(portal.request_certificate(&alice, first).await.unwrap());
    let done = portal.request_certificate(&erin, second).await.unwrap();
    portal.run_due_work().await;
    let id = made(done);
    let second = portal.store().request(id).await.unwrap().unwrap();
    let alices = portal.my_certificates(&alice).await.unwrap().certificates;
    let erins = portal.my_certificates(&erin).await.unwrap().certificates;
    assert_eq!(
        alices.len() + erins.len(),
        1,
        "one key, two people: {second:?}"
    );
    let late = if alices.is_empty() { first } else { id };
    let late = portal.store().request(late).await.unwrap().unwrap();
    assert_eq!(late.state, RequestState::Failed);
    let why = late.problem.unwrap();
    assert!(why.contains("L24"), "{why}");

    // And whoever comes later is told at the form; the first one may have it again.
    let (owner, other) = if alices.is_empty() {
        ((&erin, "erin@example.com"), (&alice, "alice@example.com"))
    } else {
        ((&alice, "alice@example.com"), (&erin, "erin@example.com"))
    };
    let late = own(form(&portal, other.0).await, other.1);
    let (field, message) = wrong_field(portal.request_certificate(other.0, late).await);
    assert_eq!(field, "csr");
    assert!(message.contains("somebody else"), "{message}");
    let again = own(form(&portal, owner.0).await, owner.1);
    issue(&portal, owner.0, again).await.unwrap();
}

async fn two_people_with_one_key_at_the_same_instant_do_not_both_get_it(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, erin) = (actor(&portal, "alice").await, actor(&portal, "erin").await);
    for _ in 0..5 {
        let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
        let mut asked = Vec::new();
        for (who, mailbox) in [(&alice, "alice@example.com"), (&erin, "erin@example.com")] {
            let own = RequestCertificate {
                csr: csr(&key, mailbox),
                ..form(&portal, who).await
            };
            let done = portal.request_certificate(who, own).await.unwrap();
            asked.push(made(done));
        }
        // The pipeline carries both at the same time, until it is clear what became of them.
        let rows = async || {
            let mut rows = Vec::new();
            for id in &asked {
                rows.push(portal.store().request(*id).await.unwrap().unwrap());
            }
            rows
        };
        let is_over = async {
            while rows()
                .await
                .iter()
                .any(|row| row.state == RequestState::Issuing)
            {
                tokio::task::yield_now().await;
            }
        };
        portal.run_pipeline(is_over).await;
        let mut rows = rows().await;
        rows.sort_by_key(|row| row.certificate.is_none());
        let [won, lost] = rows.try_into().unwrap();
        assert!(won.certificate.is_some() && lost.certificate.is_none());
        assert_eq!(lost.state, RequestState::Failed);
        let problem = lost.problem.unwrap();
        // The linter says it where the first was signed already, the claim where it was not.
        let is_told = ["another person", "somebody else"].map(|word| problem.contains(word));
        assert!(is_told.contains(&true), "{problem}");
        // It is ended, so that the next round finds nothing open.
        let carol = actor(&portal, "carol").await;
        let why = "one key, two people".to_owned();
        portal.cancel(&carol, lost.id, why).await.unwrap();
    }
    assert_ledger_is_clean(&portal).await;
}

async fn what_an_older_version_reserved_is_claimed_before_it_is_signed(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, erin) = (actor(&portal, "alice").await, actor(&portal, "erin").await);
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let own = RequestCertificate {
        csr: csr(&key, "alice@example.com"),
        ..form(&portal, &alice).await
    };
    let done = portal.request_certificate(&alice, own).await.unwrap();
    let id = made(done);
    // A node of that version has stored what it is about to sign.
    let (store, now) = (portal.store(), portal.now());
    let node = domain::NodeId(uuid::Uuid::from_u128(9));
    let until = now + time::Duration::hours(1);
    let work = store.claim_work(node, now, until, 9).await.unwrap();
    assert_eq!(work.len(), 1);
    let part = domain::KeyPart::Whole;
    let mailbox = Mailbox::parse("alice@example.com").unwrap();
    let prepared = store::NewCredential {
        part,
        sealed: None,
        csr: pki::create_csr(&key, &mailbox).unwrap(),
    };
    let unsaid = store::Record::default;
    store
        .record_prepared(id, node, vec![prepared], now, unsaid())
        .await
        .unwrap();
    let authorities = store.authorities().await.unwrap();
    let intent = store::IntentRow {
        part,
        serial: vec![7; 16],
        authority: authorities[1].id,
        tbs: vec![0x30, 0],
    };
    store
        .record_reserved(id, node, vec![intent], now, unsaid())
        .await
        .unwrap();
    // Somebody else comes with the same key, and is first.
    let theirs = RequestCertificate {
        csr: csr(&key, "erin@example.com"),
        ..form(&portal, &erin).await
    };
    issue(&portal, &erin, theirs).await.unwrap();
    store.release_leases(node).await.unwrap();
    portal.run_due_work().await;
    let row = store.request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Failed);
    let problem = row.problem.unwrap();
    assert!(problem.contains("somebody else"), "{problem}");
}

async fn keys_of_older_rows_are_read_once(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let id = request(&portal, &alice, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    let certificate = row.certificate.unwrap();
    let key_id = async || {
        let row = portal.store().certificate(certificate).await.unwrap();
        row.unwrap().key_id
    };
    let known = key_id().await;
    assert!(known.is_some());
    ground.place.sql("UPDATE certificate SET key_id = NULL");
    assert_eq!(key_id().await, None);
    portal.run_housekeeping(std::future::ready(())).await;
    assert_eq!(key_id().await, known);
    assert!(portal.store().unread_keys(10).await.unwrap().is_empty());
}
