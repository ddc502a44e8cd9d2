//! Templates as administrators make them: versions, mistakes, previews.

use crate::setting::{Database, Ground, actor, assert_ledger_is_clean, on_both, request};
use api::TemplateFields;
use domain::{AuditAction, KeyAlgorithm, TemplateId};
use portal::{Actor, Error, Portal};

on_both!(
    a_certificate_keeps_the_version_that_it_was_made_from,
    of_two_editors_the_second_is_told,
    each_mistake_is_told_at_its_field,
    every_kind_can_be_looked_at_before_it_is_saved,
    what_was_chosen_is_in_the_preview_and_what_cannot_be_signed_is_refused,
    kinds_for_tls_are_planned_under_an_authority_for_tls,
    only_administrators_change_templates,
);

/// The editor's form as it is filled in; for a new template without an identifier.
pub(crate) async fn filled(portal: &Portal, who: &Actor, id: Option<TemplateId>) -> TemplateFields {
    let view = portal.template(who, id).await.unwrap();
    let fields = view.editor.into_iter().flat_map(|section| section.fields);
    let mut pairs: Vec<_> = fields
        .flat_map(|field| {
            let name = field.name;
            field
                .values
                .into_iter()
                .map(move |value| (name.clone(), value))
        })
        .collect();
    if let Some(row) = view.row {
        pairs.push(("version".to_owned(), row.version.to_string()));
    }
    TemplateFields(pairs)
}

/// The same with other values.
pub(crate) fn with(fields: &TemplateFields, changes: &[(&str, &str)]) -> TemplateFields {
    let mut fields = fields.clone();
    for (name, value) in changes {
        fields.0.retain(|(known, _)| known != name);
        fields.0.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

/// The template of this name.
pub(crate) async fn named(portal: &Portal, name: &str) -> TemplateId {
    let templates = portal.store().templates().await.unwrap();
    let found = templates
        .iter()
        .find(|template| template.name.as_str() == name);
    found.unwrap().id
}

pub(crate) async fn audits(portal: &Portal, action: AuditAction) -> Vec<store::AuditRow> {
    let query = store::AuditQuery {
        actor: String::new(),
        action: Some(action),
        subject: None,
        from: None,
        until: None,
        before_number: None,
        limit: 10,
    };
    portal.store().audit(query).await.unwrap()
}

async fn a_certificate_keeps_the_version_that_it_was_made_from(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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

async fn each_mistake_is_told_at_its_field(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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

async fn every_kind_can_be_looked_at_before_it_is_saved(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    let new = filled(&portal, &carol, None).await;
    let sponsor = ("organisation_identifier", "VATDE-123456789");
    for (kind, parts, usage, says) in [
        (
            "mailbox",
            1,
            "signs (digitalSignature), decrypts (keyEncipherment)",
            "CN=alice@example.com",
        ),
        (
            "sponsor",
            1,
            "signs (digitalSignature), decrypts (keyEncipherment)",
            "Alice Example",
        ),
        (
            "sign",
            1,
            "signs (digitalSignature)",
            "CN=alice@example.com",
        ),
        (
            "encrypt",
            1,
            "decrypts (keyEncipherment)",
            "CN=alice@example.com",
        ),
        (
            "pair",
            2,
            "signs (digitalSignature)",
            "CN=alice@example.com",
        ),
    ] {
        let fields = with(
            &new,
            &[("kind", kind), ("summary", "x"), ("name", "x"), sponsor],
        );
        let preview = portal.preview_template(&carol, fields).await.unwrap();
        assert_eq!(preview.problems, [], "{kind}");
        assert_eq!(preview.parts.len(), parts, "{kind}");
        let part = &preview.parts[0];
        assert_eq!(part.findings, [""; 0], "{kind}");
        let fact = |name: &str| {
            let found = part.facts.iter().find(|(known, _)| known == name);
            found.map(|(_, words)| words.clone()).unwrap_or_default()
        };
        assert_eq!(fact("Key usage"), usage, "{kind}");
        assert!(
            fact("Subject").contains(says),
            "{kind}: {}",
            fact("Subject")
        );
        assert_eq!(fact("Alternative name"), "alice@example.com");
        assert_eq!(fact("Extended key usage"), "mail (emailProtection)");
        for name in ["Revocation list", "Issuer's certificate", "Status (OCSP)"] {
            assert!(fact(name).starts_with("http://"), "{kind}: {name}");
        }
    }
}

async fn what_was_chosen_is_in_the_preview_and_what_cannot_be_signed_is_refused(
    database: Database,
) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    let new = filled(&portal, &carol, None).await;
    // An elliptic curve agrees on keys; clientAuth and the reserved policy appear where chosen.
    let changes = [
        ("name", "x"),
        ("summary", "x"),
        ("default_algorithm", "p384"),
        ("policy", "reserved"),
    ];
    let preview = portal
        .preview_template(&carol, with(&new, &changes))
        .await
        .unwrap();
    let words: Vec<&str> = preview.parts[0]
        .facts
        .iter()
        .map(|(_, words)| words.as_str())
        .collect();
    assert!(
        words.contains(&"signs (digitalSignature), decrypts (keyAgreement)"),
        "{words:?}"
    );
    assert!(
        words.contains(&"2.23.140.1.5.1.2") && words.contains(&"P-384"),
        "{words:?}"
    );
    // The authority for mail does not allow signing in to servers: the linter says so by number.
    let changes = [("name", "x"), ("summary", "x"), ("with_client_auth", "yes")];
    let fields = with(&new, &changes);
    let preview = portal
        .preview_template(&carol, fields.clone())
        .await
        .unwrap();
    let findings = &preview.parts[0].findings;
    assert!(findings[0].starts_with("L30: "), "{findings:?}");
    assert!(preview.parts[0].facts.is_empty());
    let refused = portal.add_template(&carol, fields).await;
    assert!(matches!(&refused, Err(Error::Invalid(fields)) if fields[0].message.contains("L30")));
    // Looking changes nothing.
    assert!(audits(&portal, AuditAction::AddTemplate).await.is_empty());
    assert_ledger_is_clean(&portal).await;
}

async fn kinds_for_tls_are_planned_under_an_authority_for_tls(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let carol = actor(&portal, "carol").await;
    let new = filled(&portal, &carol, None).await;
    for (kind, sample) in [
        ("tls-client", "Alice Example"),
        ("tls-server", "server.example.com"),
        ("device", "device.example.com"),
    ] {
        let fields = with(&new, &[("kind", kind), ("summary", "x"), ("name", "x")]);
        let preview = portal.preview_template(&carol, fields).await.unwrap();
        assert_eq!(preview.problems, [], "{kind}");
        assert!(preview.sample.contains(sample), "{}", preview.sample);
        let part = &preview.parts[0];
        assert_eq!(part.findings, Vec::<String>::new(), "{kind}");
        assert!(!part.facts.is_empty(), "{kind}");
    }
    // Without an authority in use there is nothing to plan under.
    ground.place.sql("UPDATE authority SET state = 'retired'");
    let fields = with(
        &new,
        &[("kind", "mailbox"), ("summary", "x"), ("name", "x")],
    );
    let preview = portal.preview_template(&carol, fields).await.unwrap();
    assert_eq!(preview.problems[0].field, "authority");
}

async fn only_administrators_change_templates(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
