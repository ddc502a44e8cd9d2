//! Authorities that come from elsewhere: taken over with their keys, or below an offline root that
//! OpenSSL plays.

use crate::fixtures::authorities::{issue, named, rows, words};
use crate::fixtures::reader::run;
use crate::setting::{Database, Ground, actor, assert_ledger_is_clean, on_both};
use api::{CreateAuthority, Password};
use base64::Engine as _;
use domain::AuthorityPurpose;
use std::path::Path;

on_both!(
    an_authority_is_taken_over_from_a_pfx,
    an_authority_is_taken_over_from_pem,
    an_offline_root_signs_what_was_requested,
);

const CONFIG: &str = "
[ca]
default_ca = offline
[offline]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha384
default_days = 3000
default_crl_days = 60
crlnumber = crlnumber
policy = any
copy_extensions = copyall
unique_subject = no
x509_extensions = added
[any]
countryName = optional
organizationName = optional
commonName = supplied
[added]
authorityKeyIdentifier = keyid
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
extendedKeyUsage = emailProtection
[root]
basicConstraints = critical,CA:TRUE
subjectKeyIdentifier = hash
keyUsage = critical,keyCertSign,cRLSign
[req]
distinguished_name = name
[name]
";

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

/// An authority below it: `issuing.pem` and `issuing.key`.
fn other_issuing(folder: &Path) {
    key(folder, "issuing");
    run(
        folder,
        "openssl",
        "req -new -config ca.cnf -key issuing.key -subj /C=DE/O=Else/CN=Else-Mail -out issuing.csr",
    );
    run(
        folder,
        "openssl",
        "ca -batch -config ca.cnf -in issuing.csr -notext -keyfile root.key -cert root.pem -extensions issuing -out issuing.pem",
    );
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

async fn an_authority_is_taken_over_from_a_pfx(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    other_root(folder);
    other_issuing(folder);
    run(
        folder,
        "openssl",
        "pkcs12 -export -inkey issuing.key -in issuing.pem -certfile root.pem -passout pass:secret -out issuing.p12",
    );
    let file = std::fs::read(folder.join("issuing.p12")).unwrap();
    let file = base64::engine::general_purpose::STANDARD.encode(file);
    let import = |file: &str, password: &str| {
        portal.import_authority(&carol, Password::new(file), Password::new(password))
    };
    let told = words(import(&file, "wrong").await);
    assert!(
        told.starts_with("material: It cannot be taken over"),
        "{told}"
    );
    assert!(words(import("!!", "").await).contains("neither PEM nor a PFX"));
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
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    other_root(folder);
    other_issuing(folder);
    let import = |material: String| {
        portal.import_authority(&carol, Password::new(material), Password::default())
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

async fn an_offline_root_signs_what_was_requested(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
        "ca -batch -config ca.cnf -in asked.csr -notext -keyfile root.key -cert root.pem -out asked.pem",
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
        "ca -config ca.cnf -gencrl -keyfile root.key -cert root.pem -out root.crl",
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
