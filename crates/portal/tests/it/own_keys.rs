//! Signing requests that people bring, and whose key is whose.

use crate::ocsp::run;
use crate::outbox_crash::mailer;
use crate::setting::{Database, Ground, actor, assert_ledger_is_clean, on_both, request};
use crate::sink::Sink;
use api::{RequestCertificate, RequestFor};
use domain::{CertificateId, Device, KeyAlgorithm, Mailbox, RequestId};
use pki::PrivateKey;
use portal::{Actor, Error, Portal};

on_both!(
    who_brings_a_request_keeps_the_key,
    a_file_is_as_good_as_text,
    a_request_that_does_not_fit_is_refused_with_words,
    a_key_is_certified_for_one_person_only,
    two_people_with_one_key_at_the_same_instant_do_not_both_get_it,
    keys_of_older_rows_are_read_once,
);

/// A form for the template that needs no approval, filled in.
pub(crate) async fn form(portal: &Portal, who: &Actor) -> RequestCertificate {
    let form = portal
        .request_form(who, RequestFor::default())
        .await
        .unwrap();
    let mut templates = form.templates.iter();
    let template = templates.find(|t| !t.needs_approval).unwrap();
    RequestCertificate {
        template: template.id.to_string(),
        mailbox: form.mailboxes[0].clone(),
        reason: String::new(),
        key_algorithm: String::new(),
        names: String::new(),
        csr: String::new(),
        csr_file: None,
        person: String::new(),
        idempotency_key: form.idempotency_key,
    }
}

pub(crate) fn pem(der: &[u8]) -> String {
    let mut pem = String::from("-----BEGIN CERTIFICATE REQUEST-----\n");
    for line in base64(der).as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).unwrap());
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE REQUEST-----\n"
}

/// RFC 4648 section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for at in 0..4 {
            if at <= chunk.len() {
                let index = (bits >> (18 - 6 * at)) & 63;
                text.push(char::from(LETTERS[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

pub(crate) fn csr(key: &PrivateKey, mailbox: &str) -> String {
    pem(&pki::create_csr(key, &Mailbox::parse(mailbox).unwrap()).unwrap())
}

pub(crate) async fn issue(
    portal: &Portal,
    who: &Actor,
    form: RequestCertificate,
) -> Result<CertificateId, Error> {
    let done = portal.request_certificate(who, form).await?;
    let id: RequestId = done
        .next
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    row.certificate
        .filter(|_| row.state == domain::RequestState::Issued)
        .ok_or_else(|| Error::Conflict(row.problem.unwrap_or_default()))
}

pub(crate) fn wrong_field(result: Result<impl std::fmt::Debug, Error>) -> (String, String) {
    match result {
        Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].message.clone()),
        other => panic!("{other:?}"),
    }
}

async fn who_brings_a_request_keeps_the_key(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let (alice, erin) = (actor(&portal, "alice").await, actor(&portal, "erin").await);
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let own = |form, mailbox: &str| RequestCertificate {
        csr: csr(&key, mailbox),
        ..form
    };
    // Both ask before either is issued: the second one is found when it is its turn.
    let first = own(form(&portal, &alice).await, "alice@example.com");
    let second = own(form(&portal, &erin).await, "erin@example.com");
    portal.request_certificate(&alice, first).await.unwrap();
    let done = portal.request_certificate(&erin, second).await.unwrap();
    portal.run_due_work().await;
    let id: RequestId = done
        .next
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let row = portal.store().request(id).await.unwrap().unwrap();
    let alices = portal.my_certificates(&alice).await.unwrap().certificates;
    let erins = portal.my_certificates(&erin).await.unwrap().certificates;
    assert!(
        alices.len() + erins.len() <= 1,
        "one key, two people: {row:?}"
    );

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
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
            let next = done.next.unwrap();
            asked.push(
                next.rsplit('/')
                    .next()
                    .unwrap()
                    .parse::<RequestId>()
                    .unwrap(),
            );
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
                .any(|row| row.state == domain::RequestState::Issuing)
            {
                tokio::task::yield_now().await;
            }
        };
        portal.run_pipeline(is_over).await;
        let mut rows = rows().await;
        rows.sort_by_key(|row| row.certificate.is_none());
        let [won, lost] = rows.try_into().unwrap();
        assert!(won.certificate.is_some() && lost.certificate.is_none());
        assert_eq!(lost.state, domain::RequestState::Failed);
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

async fn keys_of_older_rows_are_read_once(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
