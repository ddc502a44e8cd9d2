//! Authorities that come from elsewhere: taken over with their keys, or below an offline root that
//! OpenSSL plays.

use crate::fixtures::authorities::{issue, named, rows, words};
use crate::fixtures::own_keys;
use crate::fixtures::reader::run;
use crate::fixtures::requests::demo;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request_of};
use api::{CreateAuthority, ImportAuthority, Password};
use domain::{AuthorityPurpose, Secret};
use std::path::Path;

on_both!(
    an_authority_is_taken_over_from_a_pfx,
    an_authority_is_taken_over_from_pem,
    an_authority_for_tls_is_taken_over_and_issues,
    an_offline_root_signs_what_was_requested,
);

/// As the tests of `pki` have it.
const CONFIG: &str = include_str!("../../../pki/tests/it/other_root.cnf");

/// A root of somebody else in the folder: `root.pem` and `root.key`.
fn other_root(folder: &Path) {
    std::fs::write(folder.join("ca.cnf"), CONFIG).unwrap();
    std::fs::write(folder.join("index.txt"), "").unwrap();
    std::fs::write(folder.join("crlnumber"), "1000\n").unwrap();
    key(folder, "root");
    run(
        folder,
        "openssl",
        "req -new -x509 -config ca.cnf -extensions root -key root.key -subj /C=DE/O=Else/CN=Else-Root -days 7000 -out root.pem",
    );
}

fn key(folder: &Path, name: &str) {
    let made = format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out {name}.key");
    run(folder, "openssl", &made);
}

/// An authority for mail below it: `issuing.pem` and `issuing.key`.
fn other_issuing(folder: &Path) {
    below(folder, "issuing", "Else-Mail");
}

/// An authority below it, by the section of the configuration: its certificate and its key.
fn below(folder: &Path, section: &str, name: &str) {
    key(folder, section);
    let asked = format!(
        "req -new -config ca.cnf -key {section}.key -subj /C=DE/O=Else/CN={name} -out {section}.csr"
    );
    run(folder, "openssl", &asked);
    let signed = format!(
        "ca -batch -config ca.cnf -in {section}.csr -notext -keyfile root.key -cert root.pem -extensions {section} -days 3000 -out {section}.pem"
    );
    run(folder, "openssl", &signed);
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

async fn an_authority_is_taken_over_from_a_pfx(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let carol = actor(&portal, "carol").await;
    other_root(folder);
    other_issuing(folder);
    run(
        folder,
        "openssl",
        "pkcs12 -export -inkey issuing.key -in issuing.pem -certfile root.pem -passout pass:secret -out issuing.p12",
    );
    let file = std::fs::read(folder.join("issuing.p12")).unwrap();
    let import = |file: &[u8], password: &str| {
        let form = ImportAuthority {
            file: Some(Secret::new(file.to_vec())),
            password: Password::new(password),
            ..ImportAuthority::default()
        };
        portal.import_authority(&carol, form)
    };
    let told = words(import(&file, "wrong").await);
    assert!(
        told.starts_with("password: It cannot be taken over"),
        "{told}"
    );
    let large = vec![0x30; 2 << 20];
    for bad in [b"!!".as_slice(), b"", &file[..100], &large] {
        let told = words(import(bad, "secret").await);
        assert!(told.starts_with("file: It cannot be taken over"), "{told}");
    }
    let none = ImportAuthority::default();
    let told = words(portal.import_authority(&carol, none).await);
    assert!(told.starts_with("file: Please choose"), "{told}");
    let base64 = ImportAuthority {
        material: Password::new("MIIabc=="),
        ..ImportAuthority::default()
    };
    let told = words(portal.import_authority(&carol, base64).await);
    assert!(told.starts_with("material: This is not PEM"), "{told}");
    let both = ImportAuthority {
        file: Some(Secret::new(file.clone())),
        material: Password::new("-----BEGIN "),
        ..ImportAuthority::default()
    };
    let told = words(portal.import_authority(&carol, both).await);
    assert!(told.starts_with("file: There is pasted text too"), "{told}");
    assert_eq!(rows(&portal).await.len(), 3, "nothing of it is left");
    import(&file, "secret").await.unwrap();
    assert!(words(import(&file, "secret").await).contains("already"));
    let (root, issuing) = (
        named(&portal, "Else-Root").await,
        named(&portal, "Else-Mail").await,
    );
    assert_eq!(issuing.parent, Some(root.id));
    assert!(root.sealed_key.is_none() && issuing.sealed_key.is_some());
    assert_eq!(issuing.purpose, AuthorityPurpose::Mail);
    assert_eq!(issue(&portal, "alice").await.1, issuing.id);
    // A chain that is its own file, for whoever has to install it.
    let chain = portal
        .pki_file(&format!("{}.p7b", issuing.id))
        .await
        .unwrap();
    std::fs::write(folder.join("chain.p7b"), chain.unwrap().bytes).unwrap();
    let listed = run(
        folder,
        "openssl",
        "pkcs7 -inform DER -in chain.p7b -print_certs",
    );
    assert!(listed.contains("Else-Root") && listed.contains("Else-Mail"));
    assert!(
        portal
            .pki_file(&format!("{}.crl", root.id))
            .await
            .unwrap()
            .is_none()
    );
    assert_ledger_is_clean(&portal).await;
}

async fn an_authority_is_taken_over_from_pem(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let carol = actor(&portal, "carol").await;
    other_root(folder);
    other_issuing(folder);
    let import = |material: String| {
        let form = ImportAuthority {
            material: Password::new(material),
            ..ImportAuthority::default()
        };
        portal.import_authority(&carol, form)
    };
    let [key, own, root] =
        ["issuing.key", "issuing.pem", "root.pem"].map(|name| text(folder, name));
    let told = words(import(format!("{key}{own}")).await);
    assert!(told.contains("is missing; add it to the file"), "{told}");
    let told = words(import(format!("{}{root}", text(folder, "root.key"))).await);
    assert!(told.contains("This is a root"), "{told}");
    import(format!("{root}{own}{key}")).await.unwrap();
    assert_eq!(
        issue(&portal, "alice").await.1,
        named(&portal, "Else-Mail").await.id
    );
    assert_ledger_is_clean(&portal).await;
}

async fn an_authority_for_tls_is_taken_over_and_issues(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let carol = actor(&portal, "carol").await;
    other_root(folder);
    below(folder, "tls", "Else-TLS");
    below(folder, "open", "Else-Open");
    let import = |name: &str, purpose: &str| {
        let files = [&format!("{name}.key"), &format!("{name}.pem"), "root.pem"];
        let pem = files.map(|file| text(folder, file)).concat();
        let form = ImportAuthority {
            file: Some(Secret::new(pem.into_bytes())),
            purpose: purpose.to_owned(),
            ..ImportAuthority::default()
        };
        portal.import_authority(&carol, form)
    };
    // What its certificate says stands; where it says nothing, somebody has to.
    for (name, purpose, told) in [
        ("tls", "mail", "purpose: Its certificate is for TLS"),
        ("tls", "root", "purpose: Please choose one of these"),
        ("open", "", "purpose: Its certificate allows mail and TLS"),
    ] {
        let refused = words(import(name, purpose).await);
        assert!(refused.starts_with(told), "{refused}");
    }
    assert_eq!(rows(&portal).await.len(), 3, "nothing of it is left");
    import("tls", "").await.unwrap();
    let taken = named(&portal, "Else-TLS").await;
    assert_eq!(taken.purpose, AuthorityPurpose::Tls);
    let mail = issue(&portal, "alice").await.1;
    assert_ne!(mail, taken.id, "it signs nothing for mail");

    // It is the newest for TLS, so it signs from now on, and OpenSSL believes what it signs.
    let serves = async |host: &str, issuer: domain::AuthorityId, pem: &str| {
        let asked = api::RequestCertificate {
            names: host.to_owned(),
            ..request_of(&portal, &carol, "Server").await
        };
        let id = own_keys::issue(&portal, &carol, asked).await.unwrap();
        let row = portal.store().certificate(id).await.unwrap().unwrap();
        assert_eq!(row.authority, issuer);
        let leaf = pki::pem::certificates(&[&row.der]).unwrap();
        std::fs::write(folder.join("leaf.pem"), leaf).unwrap();
        let verify = format!(
            "verify -x509_strict -purpose sslserver -verify_hostname {host} -CAfile root.pem -untrusted {pem} leaf.pem"
        );
        assert!(run(folder, "openssl", &verify).contains("leaf.pem: OK"));
    };
    serves("www.example.com", taken.id, "tls.pem").await;
    import("open", "tls").await.unwrap();
    let open = named(&portal, "Else-Open").await;
    assert_eq!(open.purpose, AuthorityPurpose::Tls);
    serves("shop.example.com", open.id, "open.pem").await;
    assert_ledger_is_clean(&portal).await;
}

async fn an_offline_root_signs_what_was_requested(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let carol = actor(&portal, "carol").await;
    other_root(folder);
    let form = CreateAuthority {
        parent: "elsewhere".to_owned(),
        name: "Mail CA 2".to_owned(),
        purpose: "mail".to_owned(),
        key_algorithm: "p384".to_owned(),
        domains: "example.com".to_owned(),
    };
    portal.create_authority(&carol, form.clone()).await.unwrap();
    let spare = CreateAuthority {
        name: "Mail CA 3".to_owned(),
        ..form
    };
    portal.create_authority(&carol, spare).await.unwrap();
    let requests = portal.store().authority_requests().await.unwrap();
    let [asked, spare] = requests.try_into().unwrap();
    // Made and waiting changes nothing.
    assert_ne!(issue(&portal, "alice").await.1, asked.id);
    let request = portal.authority_csr(&carol, asked.id).await.unwrap();
    std::fs::write(folder.join("asked.csr"), request).unwrap();
    run(folder, "openssl", "req -in asked.csr -noout -verify");
    run(
        folder,
        "openssl",
        "ca -batch -config ca.cnf -in asked.csr -notext -keyfile root.key -cert root.pem -days 3000 -out asked.pem",
    );
    let [own, root] = ["asked.pem", "root.pem"].map(|name| text(folder, name));
    let bring = |id, certificates: String| portal.complete_authority(&carol, id, certificates);
    assert!(words(bring(asked.id, "x".to_owned()).await).contains("as PEM"));
    let told = words(bring(asked.id, own.clone()).await);
    assert!(
        told.contains("add the root's certificate below it"),
        "{told}"
    );
    let told = words(bring(spare.id, format!("{own}{root}")).await);
    assert!(
        told.contains("none is for the key of this request"),
        "{told}"
    );
    assert_eq!(rows(&portal).await.len(), 3);
    bring(asked.id, format!("{own}{root}")).await.unwrap();
    let new = named(&portal, "Mail CA 2").await;
    assert_eq!(new.id, asked.id);
    assert_eq!(issue(&portal, "erin").await.1, asked.id);
    portal
        .discard_authority_request(&carol, spare.id)
        .await
        .unwrap();
    assert!(
        portal
            .store()
            .authority_requests()
            .await
            .unwrap()
            .is_empty()
    );

    // Its list is made with `openssl ca` and served here.
    run(
        folder,
        "openssl",
        "ca -config ca.cnf -gencrl -crldays 60 -keyfile root.key -cert root.pem -out root.crl",
    );
    let parent = new.parent.unwrap();
    let list = text(folder, "root.crl");
    portal
        .import_authority_list(&carol, parent, list.clone())
        .await
        .unwrap();
    let again = portal.import_authority_list(&carol, parent, list).await;
    assert!(words(again).contains("this or a higher number"));
    let served = portal.pki_file(&format!("{parent}.crl")).await.unwrap();
    assert!(served.is_some());
    assert_ledger_is_clean(&portal).await;
}
