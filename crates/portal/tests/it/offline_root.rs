//! A root whose key leaves: what is below it goes on, and its lists come from elsewhere.

use crate::fixtures::authorities::{issue, rows, successor, words};
use crate::fixtures::reader::{run, told, write};
use crate::fixtures::requests::demo;
use crate::outbox_crash::mailer;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both};
use crate::sink::Sink;
use api::Password;
use domain::Secret;
use pki::AuthorityFile;

on_both!(
    a_roots_key_leaves_and_the_rest_goes_on,
    the_other_administrators_hear_of_a_root_key_that_leaves,
);

async fn a_roots_key_leaves_and_the_rest_goes_on(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
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
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
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
