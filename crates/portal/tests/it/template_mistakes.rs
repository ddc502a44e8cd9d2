//! What is wrong with a template is told at its field, by the editor and by the preview.

use crate::fixtures::requests::demo;
use crate::fixtures::templates::{audits, filled, with};
use crate::setting::{Database, actor, on_both};
use domain::AuditAction;
use portal::Error;

on_both!(each_mistake_is_told_at_its_field,);

async fn each_mistake_is_told_at_its_field(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let new = filled(&portal, &carol, None).await;
    let good = with(&new, &[("name", "Another"), ("summary", "For a story.")]);
    let rows = portal.store().authorities().await.unwrap();
    let root = rows[0].id.to_string();
    let unknown = uuid::Uuid::nil().to_string();
    let cases: [(&str, &[(&str, &str)]); 19] = [
        ("name", &[("name", "")]),
        ("name", &[("name", "Secure mail")]),
        ("summary", &[("summary", "  ")]),
        ("kind", &[("kind", "anything")]),
        ("default_algorithm", &[("default_algorithm", "rsa1024")]),
        ("more_algorithms", &[("more_algorithms", "dsa")]),
        ("valid_days", &[("valid_days", "731")]),
        ("valid_days", &[("valid_days", "-1")]),
        ("organisation_identifier", &[("kind", "sponsor")]),
        (
            "organisation_identifier",
            &[("kind", "sponsor"), ("organisation_identifier", "HRB 1")],
        ),
        (
            "with_client_auth",
            &[("kind", "sign"), ("with_client_auth", "yes")],
        ),
        ("policy_oid", &[("policy", "own"), ("policy_oid", "1.x")]),
        (
            "policy_oid",
            &[("policy", "own"), ("policy_oid", "2.23.140.1.5.1.2")],
        ),
        ("authority", &[("authority", &unknown)]),
        ("authority", &[("authority", &root)]),
        ("approvals", &[("approvals", "6")]),
        ("approver_role", &[("approver_role", "auditor")]),
        ("window_days", &[("window_days", "365")]),
        ("is_escrowed", &[("kind", "sign"), ("is_escrowed", "yes")]),
    ];
    for (field, changes) in cases {
        let refused = portal.add_template(&carol, with(&good, changes)).await;
        let Err(Error::Invalid(fields)) = refused else {
            panic!("{changes:?}: {refused:?}");
        };
        assert!(
            fields.iter().any(|one| one.field == field),
            "{changes:?}: {fields:?}"
        );
        let preview = portal
            .preview_template(&carol, with(&good, changes))
            .await
            .unwrap();
        let is_taken = *changes == [("name", "Secure mail")];
        assert!(
            is_taken || preview.problems.iter().any(|one| one.field == field),
            "{changes:?}"
        );
    }
    assert!(audits(&portal, AuditAction::AddTemplate).await.is_empty());
    let done = portal.add_template(&carol, good).await.unwrap();
    assert!(done.next.unwrap().starts_with("/admin/templates/"));
    let added = audits(&portal, AuditAction::AddTemplate).await;
    assert_eq!(added[0].subject_label, "Another");
    let alice = actor(&portal, "alice").await;
    let form = portal
        .request_form(&alice, api::RequestFor::default())
        .await
        .unwrap();
    assert!(
        form.templates
            .iter()
            .any(|template| template.name == "Another")
    );
}
