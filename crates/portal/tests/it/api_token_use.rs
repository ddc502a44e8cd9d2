//! What programs can do with the API tokens of people.

use crate::fixtures::requests::demo;
use crate::fixtures::templates::{audits, filled, named, with};
use crate::fixtures::tokens::{AT_ONCE, certificate, form, program, token};
use crate::setting::{Database, actor, on_both, request_of};
use api::Password;
use domain::{AuditAction, PfxFlavour, Secret, TokenScope};
use portal::{Error, OwnCertificates};
use store::AuditRow;
use time::Duration;

on_both!(
    a_program_requests_and_fetches_for_its_owner,
    a_token_does_no_more_than_its_scope,
    a_template_says_that_a_program_fetches_it,
);

fn detail<'a>(row: &'a AuditRow, name: &str) -> Option<&'a str> {
    let mut details = row.details.iter();
    details.find_map(|(found, value)| (found == name).then_some(value.as_str()))
}

async fn a_program_requests_and_fetches_for_its_owner(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let sent = token(&portal, &alice, TokenScope::Secrets).await;
    assert!(sent.expose().starts_with("cpt_") && sent.expose().len() == 47);
    let program = program(&portal, &sent).await.unwrap();
    assert_eq!((program.id, program.role), (alice.id, alice.role));
    let id = certificate(&portal, &program).await;

    let shown = portal
        .show_password(&program, id, Secret::new(String::new()))
        .await
        .unwrap();
    let password = Secret::new(shown.value.password.expose().to_owned());
    for (container, told) in [
        (None, "modern"),
        (Some(PfxFlavour::Modern), "modern"),
        (Some(PfxFlavour::Compatible), "compatible"),
    ] {
        let file = portal.fetch_pfx(&program, id, container).await.unwrap();
        pki::verify_opens(file.bytes.expose(), &password).unwrap();
        let newest = audits(&portal, AuditAction::Download).await.remove(0);
        assert_eq!(detail(&newest, "container"), Some(told));
    }
    // Whoever reads the log sees that it was a program, and which token it had.
    for action in [
        AuditAction::Request,
        AuditAction::ShowPassword,
        AuditAction::Download,
    ] {
        for row in audits(&portal, action).await {
            assert_eq!(row.actor, alice.id);
            assert!(row.actor_label.starts_with("Alice Adams"), "{action}");
            let by = detail(&row, "token").unwrap();
            assert!(by.starts_with("Mail gateway ("), "{action}: {by}");
            assert_eq!(row.address.as_deref(), Some("192.0.2.9"));
        }
    }
    let made = audits(&portal, AuditAction::MakeToken).await;
    assert_eq!(
        (made.len(), detail(&made[0], "scope")),
        (1, Some("secrets"))
    );
    assert!(!format!("{made:?}").contains(&sent.expose()[4..]));

    // Its owner is told.
    let now = portal.now() + Duration::minutes(1);
    let (node, lease) = (domain::NodeId(uuid::Uuid::nil()), now);
    let mails = portal.store().claim_mails(node, now, lease, 50).await;
    let mails = mails.unwrap();
    let told = mails.iter().find(|mail| mail.kind == "token_made").unwrap();
    assert!(told.text.contains("Mail gateway") && told.text.contains("key and password"));
    assert!(!format!("{mails:?}").contains(&sent.expose()[4..]));

    // Other people's things stay other people's.
    let erin = actor(&portal, "erin").await;
    let theirs = token(&portal, &erin, TokenScope::Secrets).await;
    let theirs = self::program(&portal, &theirs).await.unwrap();
    assert!(matches!(
        portal.fetch_pfx(&theirs, id, None).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        portal.certificate_facts(&theirs, id).await,
        Err(Error::NotFound)
    ));
    let page = portal
        .own_certificates(&theirs, OwnCertificates::default())
        .await
        .unwrap();
    assert!(page.rows.is_empty());
    // What is counted for people is counted for programs.
    let left = portal.policy().reveals_per_hour - 4;
    for _ in 0..left {
        portal.fetch_pfx(&program, id, None).await.unwrap();
    }
    let refused = portal.fetch_pfx(&program, id, None).await;
    assert!(matches!(refused, Err(Error::TooMany { .. })), "{refused:?}");
}

async fn a_token_does_no_more_than_its_scope(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let reader = token(&portal, &alice, TokenScope::Read).await;
    let reader = program(&portal, &reader).await.unwrap();
    let requester = token(&portal, &alice, TokenScope::Request).await;
    let requester = program(&portal, &requester).await.unwrap();

    let asked = request_of(&portal, &alice, AT_ONCE).await;
    let refused = portal.make_request(&reader, asked).await;
    assert!(
        matches!(refused, Err(Error::OutOfScope(TokenScope::Request))),
        "{refused:?}"
    );
    let id = certificate(&portal, &requester).await;
    for who in [&reader, &requester] {
        assert_eq!(portal.certificate_facts(who, id).await.unwrap().id, id);
        portal
            .certificate_file(who, id, domain::CertificateForm::Pem)
            .await
            .unwrap();
        let refused = portal.fetch_pfx(who, id, None).await;
        assert!(
            matches!(refused, Err(Error::OutOfScope(TokenScope::Secrets))),
            "{refused:?}"
        );
        let refused = portal
            .show_password(who, id, Secret::new(String::new()))
            .await;
        assert!(
            matches!(refused, Err(Error::OutOfScope(TokenScope::Secrets))),
            "{refused:?}"
        );
        // A program makes no tokens for itself, and does not see them.
        let refused = portal
            .make_token(who, form(TokenScope::Secrets, "90"))
            .await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
        assert!(matches!(
            portal.api_tokens(who).await,
            Err(Error::Forbidden)
        ));
    }
    assert!(audits(&portal, AuditAction::Download).await.is_empty());
    assert!(audits(&portal, AuditAction::ShowPassword).await.is_empty());
}

async fn a_template_says_that_a_program_fetches_it(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let template = named(&portal, AT_ONCE).await;
    let fields = filled(&portal, &carol, Some(template)).await;
    let fields = with(&fields, &[("delivery", "api")]);
    portal
        .change_template(&carol, template, fields)
        .await
        .unwrap();
    let view = portal.template(&carol, Some(template)).await.unwrap();
    let words = "downloaded, or fetched by a program through the API";
    assert!(
        view.facts.iter().any(|(_, value)| value == words),
        "{:?}",
        view.facts
    );

    let id = certificate(&portal, &alice).await;
    let command = portal
        .certificate(&alice, id)
        .await
        .unwrap()
        .fetch_with
        .unwrap();
    let address = format!("https://localhost:8443/api/v1/certificates/{id}/pfx");
    assert!(
        command.starts_with("curl ") && command.ends_with(&address),
        "{command}"
    );
    let as_admin = portal.certificate(&carol, id).await.unwrap();
    assert_eq!(
        as_admin.fetch_with, None,
        "only its owner's programs fetch it"
    );
    // The usual way is still there.
    let download = api::Download {
        password: Password::default(),
        device: domain::Device::Windows,
        kind: domain::DownloadKind::Pfx,
    };
    portal.download(&alice, id, download).await.unwrap();
    let now = portal.now() + Duration::minutes(1);
    let (node, lease) = (
        domain::NodeId(uuid::Uuid::nil()),
        now + Duration::minutes(1),
    );
    let mails = portal
        .store()
        .claim_mails(node, now, lease, 50)
        .await
        .unwrap();
    let ready = mails
        .iter()
        .find(|mail| mail.kind == "certificate_ready")
        .unwrap();
    assert!(
        ready
            .text
            .contains("through the API, at https://localhost:8443/api/v1/certificates/")
    );
}
