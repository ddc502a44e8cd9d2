//! What certificates of a template would say, before it is saved.

use crate::fixtures::requests::demo;
use crate::fixtures::templates::{audits, filled, with};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both};
use domain::AuditAction;
use portal::Error;

on_both!(
    every_kind_can_be_looked_at_before_it_is_saved,
    what_was_chosen_is_in_the_preview_and_what_cannot_be_signed_is_refused,
    names_are_shown_as_the_template_chooses_them,
    kinds_for_tls_are_planned_under_an_authority_for_tls,
);

async fn every_kind_can_be_looked_at_before_it_is_saved(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
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

async fn names_are_shown_as_the_template_chooses_them(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let new = filled(&portal, &carol, None).await;
    let both = "alice@example.com, alice.example@example.com";
    let sponsor = ("organisation_identifier", "VATDE-123456789");
    for (kind, common_name, addresses, subject, names) in [
        ("mailbox", "nothing", "all", "empty", both),
        ("sign", "usual", "all", "CN=alice@example.com", both),
        ("sponsor", "usual", "all", "CN=Alice Example", both),
        (
            "sponsor",
            "mailbox",
            "chosen",
            "CN=alice@example.com",
            "alice@example.com",
        ),
        ("tls-client", "usual", "all", "CN=Alice Example", both),
        ("tls-client", "nothing", "all", "empty", both),
        (
            "tls-server",
            "nothing",
            "chosen",
            "empty",
            "server.example.com",
        ),
        (
            "device",
            "device",
            "chosen",
            "CN=Device 7",
            "device.example.com",
        ),
    ] {
        let changes = [
            ("kind", kind),
            ("common_name", common_name),
            ("addresses", addresses),
            ("summary", "x"),
            ("name", "x"),
            sponsor,
        ];
        let preview = portal.preview_template(&carol, with(&new, &changes));
        let preview = preview.await.unwrap();
        let told = (&preview.problems, &preview.parts[0].findings);
        assert_eq!(told, (&Vec::new(), &Vec::new()), "{kind} {common_name}");
        let fact = |name: &str| {
            let mut facts = preview.parts[0].facts.iter();
            let found = facts.find(|(known, _)| known == name);
            found.map(|(_, words)| words.clone()).unwrap_or_default()
        };
        assert!(fact("Subject").contains(subject), "{}", fact("Subject"));
        assert_eq!(fact("Alternative name"), names, "{kind}");
    }
}

async fn what_was_chosen_is_in_the_preview_and_what_cannot_be_signed_is_refused(
    database: Database,
) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
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
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
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
