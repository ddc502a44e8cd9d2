//! Each authority answers for what it has signed, and for nothing else.

use crate::fixtures::authorities::{issue, named, rows, successor};
use crate::fixtures::reader::{told, told_of_serial, write};
use crate::fixtures::requests::demo;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both};

on_both!(every_authority_has_its_own_responder,);

async fn every_authority_has_its_own_responder(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let folder = ground.place.folder.as_path();
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
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    let unknown = told_of_serial(&portal, folder, &tls.certificate, &row.serial).await;
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
