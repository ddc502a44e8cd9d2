//! Templates as administrators make them: versions, two editors at once, and who may.

use crate::fixtures::requests::demo;
use crate::fixtures::templates::{audits, filled, named, with};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use domain::{AuditAction, KeyAlgorithm};
use portal::Error;

on_both!(
    a_certificate_keeps_the_version_that_it_was_made_from,
    of_two_editors_the_second_is_told,
    only_administrators_change_templates,
);

async fn a_certificate_keeps_the_version_that_it_was_made_from(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (carol, alice) = (actor(&portal, "carol").await, actor(&portal, "alice").await);
    let first = request(&portal, &alice, false, KeyAlgorithm::P256).await;
    let id = named(&portal, "Secure mail, at once").await;
    let fields = filled(&portal, &carol, Some(id)).await;
    let changed = with(&fields, &[("valid_days", "90"), ("name", "Mail at once")]);
    let done = portal
        .change_template(&carol, id, changed.clone())
        .await
        .unwrap();
    assert!(done.message.contains("Version 2"), "{}", done.message);
    portal.run_due_work().await;

    let row = portal.store().request(first).await.unwrap().unwrap();
    assert_eq!((row.template_version, row.content.valid_days), (1, 365));
    let certificate = portal.store().certificate(row.certificate.unwrap()).await;
    let certificate = certificate.unwrap().unwrap();
    assert_eq!(
        (certificate.not_after - certificate.not_before).whole_days(),
        364
    );

    let view = portal.template(&carol, Some(id)).await.unwrap();
    let row = view.row.unwrap();
    assert_eq!((row.version, row.certificates), (2, 1));
    assert_eq!(view.versions[0].by, "Carol Clark");
    assert_eq!(view.versions[0].changes, ["Validity: 365 days → 90 days"]);
    assert_eq!(
        (view.versions[1].number, view.versions[1].by.as_str()),
        (1, "set-up")
    );
    let list = portal.templates(&carol).await.unwrap();
    assert!(
        list.rows
            .iter()
            .any(|row| row.id == id && row.certificates == 1)
    );

    let entries = audits(&portal, AuditAction::ChangeTemplate).await;
    let details: Vec<(&str, &str)> = entries[0]
        .details
        .iter()
        .map(|(name, words)| (name.as_str(), words.as_str()))
        .collect();
    assert_eq!(
        details,
        [
            ("version", "2"),
            ("name", "Secure mail, at once → Mail at once"),
            ("validity", "365 days → 90 days"),
        ]
    );
    // The same once more is no new version.
    let same = with(&changed, &[("version", "2")]);
    let done = portal.change_template(&carol, id, same).await.unwrap();
    assert!(
        done.message.contains("Nothing is different"),
        "{}",
        done.message
    );
    assert_eq!(
        portal
            .template(&carol, Some(id))
            .await
            .unwrap()
            .versions
            .len(),
        2
    );
    assert_ledger_is_clean(&portal).await;
}

async fn of_two_editors_the_second_is_told(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let id = named(&portal, "Secure mail").await;
    let fields = filled(&portal, &carol, Some(id)).await;
    let one = with(&fields, &[("valid_days", "100")]);
    let other = with(&fields, &[("valid_days", "200")]);
    let (one, other) = tokio::join!(
        portal.change_template(&carol, id, one),
        portal.change_template(&carol, id, other)
    );
    let told = [one, other]
        .into_iter()
        .filter_map(Result::err)
        .collect::<Vec<_>>();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(matches!(&told[0], Error::Conflict(text) if text.contains("Somebody else")));
    let versions = portal.template(&carol, Some(id)).await.unwrap().versions;
    assert_eq!(versions.len(), 2);
    assert_eq!(audits(&portal, AuditAction::ChangeTemplate).await.len(), 1);
    let late = portal.change_template(&carol, id, fields).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
}

async fn only_administrators_change_templates(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let id = named(&portal, "Secure mail").await;
    let fields = filled(&portal, &carol, Some(id)).await;
    for key in ["alice", "bob", "dave"] {
        let who = actor(&portal, key).await;
        let (seen, one) = (
            portal.templates(&who).await,
            portal.template(&who, Some(id)).await,
        );
        assert_eq!(seen.is_ok(), key == "dave", "{key}");
        assert_eq!(
            one.as_ref().is_ok_and(|view| view.editor.is_empty()),
            key == "dave",
            "{key}"
        );
        for refused in [
            portal.add_template(&who, fields.clone()).await.map(drop),
            portal
                .change_template(&who, id, fields.clone())
                .await
                .map(drop),
            portal.offer_template(&who, id, false).await.map(drop),
            portal
                .preview_template(&who, fields.clone())
                .await
                .map(drop),
            portal.template(&who, None).await.map(drop),
        ] {
            assert!(
                matches!(refused, Err(Error::Forbidden)),
                "{key}: {refused:?}"
            );
        }
    }
}
