//! Several authorities: those of set-up, successors, retiring, and who may.

use crate::fixtures::authorities::{issue, named, rows, successor, words};
use crate::fixtures::reader::{listed, run, write};
use crate::fixtures::requests::demo;
use crate::setting::{Database, Ground, actor, assert_ledger_is_clean, on_both, request};
use api::Password;
use domain::{AuthorityPurpose, KeyAlgorithm, Secret};
use pki::{IssuerPurpose, IssuingCertificate};
use portal::{Actor, Client, Error};
use store::AuthorityRow;

on_both!(
    set_up_makes_a_root_and_an_authority_for_each_purpose,
    a_successor_signs_and_the_old_one_goes_on_listing,
    the_last_one_in_use_stays,
    only_an_administrator_changes_authorities,
);

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
    let revoked = portal.store().certificate(old_certificate).await;
    assert_eq!(
        listed(&portal, old).await,
        [revoked.unwrap().unwrap().serial]
    );
    assert_eq!(listed(&second, new.id).await, Vec::<Vec<u8>>::new());

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
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
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

async fn only_an_administrator_changes_authorities(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
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
