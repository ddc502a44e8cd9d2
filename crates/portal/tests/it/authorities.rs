//! Several authorities: successors, retiring, answers for each, and a root whose key leaves.

use crate::ocsp::run;
use crate::outbox_crash::mailer;
use crate::setting::{Database, Ground, actor, assert_ledger_is_clean, on_both, request};
use crate::sink::Sink;
use api::{CreateAuthority, Password};
use domain::{AuthorityId, AuthorityPurpose, KeyAlgorithm, Secret};
use pki::{AuthorityFile, IssuerPurpose, IssuingCertificate};
use portal::{Actor, Client, Error, Portal};
use std::path::Path;
use store::AuthorityRow;

on_both!(
    set_up_makes_a_root_and_an_authority_for_each_purpose,
    a_successor_signs_and_the_old_one_goes_on_listing,
    the_last_one_in_use_stays,
    every_authority_has_its_own_responder,
    a_roots_key_leaves_and_the_rest_goes_on,
    the_other_administrators_hear_of_a_root_key_that_leaves,
    only_an_administrator_changes_authorities,
);

pub(crate) fn successor(root: &AuthorityRow, name: &str, purpose: &str) -> CreateAuthority {
    CreateAuthority {
        parent: root.id.to_string(),
        name: name.to_owned(),
        purpose: purpose.to_owned(),
        key_algorithm: "p384".to_owned(),
        domains: String::new(),
    }
}

pub(crate) async fn rows(portal: &Portal) -> Vec<AuthorityRow> {
    portal.store().authorities().await.unwrap()
}

pub(crate) async fn named(portal: &Portal, name: &str) -> AuthorityRow {
    let all = rows(portal).await;
    all.into_iter().find(|row| row.name == name).unwrap()
}

/// Issues a certificate; gives its identifier, its authority and itself.
pub(crate) async fn issue(
    portal: &Portal,
    key: &str,
) -> (domain::CertificateId, AuthorityId, Vec<u8>) {
    let person = actor(portal, key).await;
    request(portal, &person, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let id = portal.my_certificates(&person).await.unwrap().certificates[0].id;
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    (id, row.authority, row.der)
}

pub(crate) fn words(result: Result<impl std::fmt::Debug, Error>) -> String {
    match result.unwrap_err() {
        Error::Conflict(words) => words,
        Error::Invalid(fields) => format!("{}: {}", fields[0].field, fields[0].message),
        other => panic!("{other:?}"),
    }
}

async fn listed(portal: &Portal, authority: AuthorityId) -> usize {
    let file = portal.pki_file(&format!("{authority}.crl")).await.unwrap();
    pki::read_crl(&file.unwrap().bytes).unwrap().len()
}

fn write(folder: &Path, name: &str, der: &[u8]) {
    let pem = pki::pem::certificates(&[der]).unwrap();
    std::fs::write(folder.join(name), pem).unwrap();
}

/// What OpenSSL makes of the portal's answer about a certificate.
async fn told(portal: &Portal, folder: &Path, issuer: &[u8], certificate: &[u8]) -> String {
    write(folder, "issuer.pem", issuer);
    write(folder, "asked.pem", certificate);
    let files = "-issuer issuer.pem -cert asked.pem";
    run(
        folder,
        "openssl",
        &format!("ocsp {files} -no_nonce -reqout request.der"),
    );
    let request = std::fs::read(folder.join("request.der")).unwrap();
    let answer = portal.ocsp(&request).await;
    std::fs::write(folder.join("answer.der"), &answer.bytes).unwrap();
    let trust = "-CAfile root.pem -verify_other issuer.pem";
    let text = run(
        folder,
        "openssl",
        &format!("ocsp {files} -respin answer.der -no_nonce {trust}"),
    );
    assert!(text.contains("Response verify OK"), "{text}");
    text
}

async fn set_up_makes_a_root_and_an_authority_for_each_purpose(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    let token = portal.set_up_link_token().await.unwrap().unwrap();
    let form = api::SetUp {
        token: token.expose().clone(),
        organisation: "Example".to_owned(),
        country: "DE".to_owned(),
        mail_domains: "example.com, example.org".to_owned(),
        confine: "yes".to_owned(),
        name: "Carol Clark".to_owned(),
        mailbox: "carol@example.com".to_owned(),
        password: Password::new("quite-a-long-secret-for-carol-1"),
        password_again: Password::new("quite-a-long-secret-for-carol-1"),
    };
    portal.set_up(form, &Client::default()).await.unwrap();
    let all = rows(&portal).await;
    let made: Vec<_> = all
        .iter()
        .map(|row| (row.name.as_str(), row.purpose))
        .collect();
    assert_eq!(
        made,
        [
            ("Example Root CA", AuthorityPurpose::Root),
            ("Example Issuing CA 1", AuthorityPurpose::Mail),
            ("Example TLS CA 1", AuthorityPurpose::Tls),
        ]
    );
    let purpose = |row: &AuthorityRow| {
        let parsed = IssuingCertificate::parse(&row.certificate);
        parsed.unwrap().purpose()
    };
    assert_eq!(purpose(&all[1]), IssuerPurpose::Mail);
    assert_eq!(purpose(&all[2]), IssuerPurpose::Tls);
    let folder = ground.place.folder.as_path();
    write(folder, "mail.pem", &all[1].certificate);
    let text = run(
        folder,
        "openssl",
        "x509 -in mail.pem -noout -ext nameConstraints",
    );
    assert!(text.contains("critical"), "{text}");
    assert!(text.contains("email:example.com") && text.contains("email:example.org"));
    // What it signs holds within them.
    let carol = actor(&portal, "carol").await;
    request(&portal, &carol, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let mine = portal.my_certificates(&carol).await.unwrap();
    let row = portal.store().certificate(mine.certificates[0].id).await;
    write(folder, "leaf.pem", &row.unwrap().unwrap().der);
    write(folder, "root.pem", &all[0].certificate);
    run(
        folder,
        "openssl",
        "verify -x509_strict -purpose smimesign -CAfile root.pem -untrusted mail.pem leaf.pem",
    );
    assert_ledger_is_clean(&portal).await;
}

async fn a_successor_signs_and_the_old_one_goes_on_listing(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start_as(1, None).await;
    portal.seed_demo().await.unwrap();
    let (old_certificate, old, _) = issue(&portal, "alice").await;
    let second = ground.place.start_as(2, None).await;
    // The other node has everything loaded before there is a successor.
    assert_eq!(issue(&second, "bob").await.1, old);

    let carol = actor(&portal, "carol").await;
    let root = rows(&portal).await.remove(0);
    let form = successor(&root, "Mail CA 2", "mail");
    portal.create_authority(&carol, form.clone()).await.unwrap();
    let new = named(&portal, "Mail CA 2").await;
    assert!(words(portal.create_authority(&carol, form).await).starts_with("name: "));
    assert_eq!(
        issue(&second, "erin").await.1,
        new.id,
        "at once, on each node"
    );

    portal.retire_authority(&carol, old).await.unwrap();
    assert!(words(portal.retire_authority(&carol, old).await).contains("retired already"));
    let why = "Lost the laptop".to_owned();
    let reason = "keyCompromise".to_owned();
    portal
        .revoke(&carol, old_certificate, reason, why)
        .await
        .unwrap();
    assert_eq!(listed(&portal, old).await, 1);
    assert_eq!(listed(&second, new.id).await, 0);

    let view = portal.authorities_view(&carol).await.unwrap();
    let facts = |id| {
        let found = view.authorities.iter().find(|one| one.id == id).unwrap();
        format!("{:?}", found.facts)
    };
    assert!(
        facts(old).contains("2 issued, 1 valid, 1 revoked"),
        "{}",
        facts(old)
    );
    assert!(facts(new.id).contains("1 issued, 1 valid, 0 revoked"));
    assert_eq!(view.authorities[0].depth, 0);
    assert_eq!(view.authorities.len(), 4);
    assert_ledger_is_clean(&portal).await;
}

async fn the_last_one_in_use_stays(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    let [root, mail, tls] = rows(&portal).await.try_into().unwrap();
    let told = words(portal.retire_authority(&carol, mail.id).await);
    assert!(told.contains("3 offered templates need one"), "{told}");
    assert!(words(portal.retire_authority(&carol, root.id).await).contains("root"));
    let told = words(portal.retire_authority(&carol, tls.id).await);
    assert!(told.contains("3 offered templates need one"), "{told}");
    // No template asks for it any more.
    for template in portal.store().templates().await.unwrap() {
        if !template.content.kind.is_mail() {
            portal
                .offer_template(&carol, template.id, false)
                .await
                .unwrap();
        }
    }
    portal.retire_authority(&carol, tls.id).await.unwrap();
    portal.activate_authority(&carol, tls.id).await.unwrap();
    assert!(words(portal.activate_authority(&carol, tls.id).await).contains("in use already"));
    let form = successor(&root, "Mail CA 2", "mail");
    portal.create_authority(&carol, form).await.unwrap();
    let new = named(&portal, "Mail CA 2").await;
    // Of two at the same time one stays.
    let (one, two) = tokio::join!(
        portal.retire_authority(&carol, mail.id),
        portal.retire_authority(&carol, new.id)
    );
    assert_ne!(one.is_ok(), two.is_ok());
    let left = if one.is_ok() { new.id } else { mail.id };
    assert_eq!(issue(&portal, "alice").await.1, left);
    assert_ledger_is_clean(&portal).await;
}

async fn every_authority_has_its_own_responder(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let (id, _, old_leaf) = issue(&portal, "alice").await;
    let [root, mail, tls] = rows(&portal).await.try_into().unwrap();
    write(folder, "root.pem", &root.certificate);
    let good = |text: String| assert!(text.contains("asked.pem: good"), "{text}");
    good(told(&portal, folder, &mail.certificate, &old_leaf).await);

    let carol = actor(&portal, "carol").await;
    let form = successor(&root, "Mail CA 2", "mail");
    portal.create_authority(&carol, form).await.unwrap();
    let (_, _, new_leaf) = issue(&portal, "erin").await;
    let new = named(&portal, "Mail CA 2").await;
    good(told(&portal, folder, &new.certificate, &new_leaf).await);
    for below in [&mail, &tls, &new] {
        good(told(&portal, folder, &root.certificate, &below.certificate).await);
    }
    // What one has signed, another one does not know.
    write(folder, "issuer.pem", &tls.certificate);
    let serial = hex::encode(
        portal
            .store()
            .certificate(id)
            .await
            .unwrap()
            .unwrap()
            .serial,
    );
    let asked = format!("ocsp -issuer issuer.pem -serial 0x{serial}");
    run(
        folder,
        "openssl",
        &format!("{asked} -no_nonce -reqout request.der"),
    );
    let request = std::fs::read(folder.join("request.der")).unwrap();
    let answer = portal.ocsp(&request).await;
    std::fs::write(folder.join("answer.der"), &answer.bytes).unwrap();
    let trust = "-no_nonce -CAfile root.pem -verify_other issuer.pem";
    let unknown = run(
        folder,
        "openssl",
        &format!("{asked} -respin answer.der {trust}"),
    );
    assert!(unknown.contains(": unknown"), "of another: {unknown}");
    let reason = "superseded".to_owned();
    portal
        .revoke(&carol, id, reason, String::new())
        .await
        .unwrap();
    let second = ground.place.start_as(2, None).await;
    let revoked = told(&second, folder, &mail.certificate, &old_leaf).await;
    assert!(revoked.contains("asked.pem: revoked"), "{revoked}");
    let responders = portal.store().responders_after(None, 100).await.unwrap();
    assert_eq!(responders.len(), 4, "one for each, shared by the nodes");
    assert_ledger_is_clean(&second).await;
}

async fn a_roots_key_leaves_and_the_rest_goes_on(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    let [root, mail, _] = rows(&portal).await.try_into().unwrap();
    write(folder, "root.pem", &root.certificate);
    let nothing = || Password::new("");
    let remove =
        |id, name: &str| portal.remove_authority_key(&carol, id, name.to_owned(), nothing());
    assert!(words(remove(root.id, &root.name).await).contains("Download the key first"));
    assert!(words(remove(mail.id, &mail.name).await).contains("Only the key of a root"));
    let secret = |text: &str| Secret::new(text.to_owned());
    let password = secret("four quite unrelated words");
    let weak = portal.download_authority_key(&carol, root.id, secret(""), secret("short"));
    assert!(words(weak.await).starts_with("file_password: "));
    let file = portal
        .download_authority_key(&carol, root.id, secret(""), password.clone())
        .await
        .unwrap();
    // What was downloaded is the key, and opens.
    let bytes = file.value.bytes.expose().as_slice();
    let read = AuthorityFile::Pfx {
        bytes,
        password: &password,
    };
    let read = pki::read_authority(&read, portal.now()).unwrap();
    assert_eq!(read.certificate_der, root.certificate);
    assert!(words(remove(root.id, "Root").await).starts_with("name: "));
    remove(root.id, &root.name).await.unwrap();
    assert!(words(remove(root.id, &root.name).await).contains("while it is here"));
    assert!(rows(&portal).await[0].sealed_key.is_none());

    // Nothing below it notices.
    let (_, authority, leaf) = issue(&portal, "alice").await;
    assert_eq!(authority, mail.id);
    assert!(
        told(&portal, folder, &mail.certificate, &leaf)
            .await
            .contains("good")
    );
    let list = portal.store().crl(root.id).await.unwrap().unwrap();
    assert!(list.next_update - list.this_update > time::Duration::days(150));
    let file = portal.pki_file(&format!("{}.crl", root.id)).await.unwrap();
    assert_eq!(file.unwrap().bytes, list.der);
    let form = successor(&root, "Mail CA 2", "mail");
    assert!(words(portal.create_authority(&carol, form).await).starts_with("parent: "));

    // A list made with the key elsewhere is taken, once, and only of this root.
    let signer = pki::SigningAuthority::new(&root.certificate, read.key).unwrap();
    let number = u64::try_from(list.number).unwrap();
    let until = portal.now() + time::Duration::days(90);
    let made = |number| pki::create_crl(&signer, number, portal.now(), until, &[]).unwrap();
    let pem = |der: &[u8]| {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN X509 CRL-----\n{text}\n-----END X509 CRL-----\n")
    };
    let bring = |id, list: String| portal.import_authority_list(&carol, id, list);
    let same = bring(root.id, pem(&made(number)));
    assert!(words(same.await).contains("this or a higher number"));
    bring(root.id, pem(&made(number + 1))).await.unwrap();
    let other = portal.store().crl(mail.id).await.unwrap();
    let other = if let Some(row) = other {
        row.der
    } else {
        let file = portal.pki_file(&format!("{}.crl", mail.id)).await.unwrap();
        file.unwrap().bytes
    };
    assert!(words(bring(root.id, pem(&other)).await).contains("another authority"));
    assert!(words(bring(root.id, "nonsense".to_owned()).await).starts_with("list: "));
    assert!(words(bring(mail.id, pem(&other)).await).contains("makes its lists"));
    let served = portal.pki_file(&format!("{}.crl", root.id)).await.unwrap();
    std::fs::write(folder.join("root.crl"), served.unwrap().bytes).unwrap();
    let text = run(
        folder,
        "openssl",
        "crl -inform DER -in root.crl -noout -CAfile root.pem -crlnumber",
    );
    assert!(text.contains("verify OK"), "{text}");
    assert_ledger_is_clean(&portal).await;
}

async fn the_other_administrators_hear_of_a_root_key_that_leaves(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    let root = rows(&portal).await.remove(0);
    let erin = actor(&portal, "erin").await;
    portal
        .set_role(&carol, erin.id.unwrap(), "admin".to_owned())
        .await
        .unwrap();
    let earlier = Sink::start().await;
    while portal.send_mails(&mailer(earlier.port)).await.unwrap() > 0 {}
    let secret = |text: &str| Secret::new(text.to_owned());
    let take =
        |password| portal.download_authority_key(&carol, root.id, secret(""), secret(password));
    assert!(take("short").await.is_err(), "and nobody is told");
    take("four quite unrelated words").await.unwrap();
    let sink = Sink::start().await;
    while portal.send_mails(&mailer(sink.port)).await.unwrap() > 0 {}
    assert_eq!(sink.message_ids().len(), 1);
    let written = sink.text().replace("=\n", "");
    let subject = format!("Subject: The key of {} was downloaded", root.name);
    for word in [
        subject.as_str(),
        "To: erin@example.com",
        "Carol Clark",
        "192.0.2.1",
    ] {
        assert!(written.contains(word), "{word}: {written}");
    }
    assert!(!written.contains("unrelated words"));
}

async fn only_an_administrator_changes_authorities(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let [root, mail, _] = rows(&portal).await.try_into().unwrap();
    let forbidden = |result: Result<(), Error>, what: &str| {
        assert!(
            matches!(result, Err(Error::Forbidden)),
            "{what}: {result:?}"
        );
    };
    let text = || "x".to_owned();
    for key in ["alice", "bob", "dave"] {
        let who: Actor = actor(&portal, key).await;
        let form = successor(&root, "Mail CA 2", "mail");
        let created = portal.create_authority(&who, form).await;
        forbidden(created.map(drop), key);
        let empty = || Password::new("");
        let imported = portal
            .import_authority(&who, api::ImportAuthority::default())
            .await;
        forbidden(imported.map(drop), key);
        forbidden(portal.retire_authority(&who, mail.id).await.map(drop), key);
        forbidden(
            portal.activate_authority(&who, mail.id).await.map(drop),
            key,
        );
        let removed = portal.remove_authority_key(&who, root.id, text(), empty());
        forbidden(removed.await.map(drop), key);
        let secret = || Secret::new(text());
        let taken = portal.download_authority_key(&who, root.id, secret(), secret());
        forbidden(taken.await.map(drop), key);
        let list = portal.import_authority_list(&who, root.id, text()).await;
        forbidden(list.map(drop), key);
        let completed = portal.complete_authority(&who, root.id, text()).await;
        forbidden(completed.map(drop), key);
        let discarded = portal.discard_authority_request(&who, root.id).await;
        forbidden(discarded.map(drop), key);
        let seen = portal.authorities_view(&who).await;
        assert_eq!(seen.is_ok(), key == "dave", "{key}");
    }
    assert_eq!(rows(&portal).await.len(), 3);
}
