//! API tokens: made by people for their programs, and what these can do with them.

use crate::setting::{Database, Ground, MovedClock, actor, on_both, request_of};
use crate::templates::{filled, named, with};
use api::{MakeToken, Password, RequestCertificate};
use domain::{
    AuditAction, CertificateId, MOST_TOKENS, PfxFlavour, RequestState, Secret, TokenScope,
};
use portal::{Actor, Client, Error, OwnCertificates, Portal};
use store::AuditRow;
use time::Duration;

on_both!(
    a_program_requests_and_fetches_for_its_owner,
    a_token_does_no_more_than_its_scope,
    what_is_no_good_any_more_is_refused,
    making_one_is_confirmed_checked_and_bounded,
    an_administrator_revokes_and_sees_how_many,
    use_is_noted_once_a_minute,
    a_template_says_that_a_program_fetches_it,
);

const AT_ONCE: &str = "Secure mail, at once";

fn form(scope: TokenScope, days: &str) -> MakeToken {
    MakeToken {
        name: "Mail gateway".to_owned(),
        scope: scope.to_string(),
        days: days.to_owned(),
        password: Password::default(),
    }
}

async fn token(portal: &Portal, who: &Actor, scope: TokenScope) -> Secret<String> {
    let made = portal.make_token(who, form(scope, "90")).await.unwrap();
    made.value.token.into_secret()
}

/// A program with a token.
async fn program(portal: &Portal, token: &Secret<String>) -> Result<Actor, Error> {
    let client = Client {
        address: "192.0.2.9".to_owned(),
        user_agent: "curl".to_owned(),
    };
    portal.token_actor(token, &client).await
}

/// Requests a certificate by name of the template and waits for it.
async fn certificate(portal: &Portal, who: &Actor) -> CertificateId {
    let asked = RequestCertificate {
        template: AT_ONCE.to_owned(),
        mailbox: who.mailbox.as_ref().unwrap().to_string(),
        key_algorithm: "p256".to_owned(),
        idempotency_key: format!("test-{}", portal.now().unix_timestamp_nanos()),
        ..RequestCertificate::default()
    };
    let id = portal.make_request(who, asked).await.unwrap().id;
    assert!(
        portal
            .certificates_of_request(who, id)
            .await
            .unwrap()
            .is_empty()
    );
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Issued);
    portal.certificates_of_request(who, id).await.unwrap()[0]
}

async fn entries(portal: &Portal, action: AuditAction) -> Vec<AuditRow> {
    let query = store::AuditQuery {
        actor: String::new(),
        action: Some(action),
        subject: None,
        from: None,
        until: None,
        before_number: None,
        limit: 50,
    };
    portal.store().audit(query).await.unwrap()
}

fn detail<'a>(row: &'a AuditRow, name: &str) -> Option<&'a str> {
    let mut details = row.details.iter();
    details.find_map(|(found, value)| (found == name).then_some(value.as_str()))
}

async fn a_program_requests_and_fetches_for_its_owner(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
        let newest = entries(&portal, AuditAction::Download).await.remove(0);
        assert_eq!(detail(&newest, "container"), Some(told));
    }
    // Whoever reads the log sees that it was a program, and which token it had.
    for action in [
        AuditAction::Request,
        AuditAction::ShowPassword,
        AuditAction::Download,
    ] {
        for row in entries(&portal, action).await {
            assert_eq!(row.actor, alice.id);
            assert!(row.actor_label.starts_with("Alice Adams"), "{action}");
            let by = detail(&row, "token").unwrap();
            assert!(by.starts_with("Mail gateway ("), "{action}: {by}");
            assert_eq!(row.address.as_deref(), Some("192.0.2.9"));
        }
    }
    let made = entries(&portal, AuditAction::MakeToken).await;
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
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
    assert!(entries(&portal, AuditAction::Download).await.is_empty());
    assert!(entries(&portal, AuditAction::ShowPassword).await.is_empty());
}

async fn what_is_no_good_any_more_is_refused(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    portal.seed_demo().await.unwrap();
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let refused = async |token: &Secret<String>| {
        let answer = program(&portal, token).await;
        assert!(matches!(answer, Err(Error::NotSignedIn)), "{answer:?}");
    };
    for nonsense in ["", "cpt_", "cpt_x", "cpt_\0", &"cpt_A".repeat(2000)] {
        refused(&Secret::new(nonsense.to_owned())).await;
    }
    // One character more or less is another token.
    let good = token(&portal, &alice, TokenScope::Read).await;
    refused(&Secret::new(good.expose()[4..].to_owned())).await;
    refused(&Secret::new(format!("{}A", good.expose()))).await;
    program(&portal, &good).await.unwrap();
    // Revoked by its owner; nobody else can.
    let id = portal.api_tokens(&alice).await.unwrap().tokens[0].id;
    assert!(matches!(
        portal.revoke_token(&carol, id).await,
        Err(Error::NotFound)
    ));
    portal.revoke_token(&alice, id).await.unwrap();
    refused(&good).await;
    // Of somebody who is disabled, and is enabled again.
    let good = token(&portal, &alice, TokenScope::Read).await;
    portal
        .disable_person(&carol, alice.id.unwrap())
        .await
        .unwrap();
    refused(&good).await;
    portal
        .enable_person(&carol, alice.id.unwrap())
        .await
        .unwrap();
    refused(&good).await;
    // Expired; its owner sees that for a while.
    let made = portal
        .make_token(&alice, form(TokenScope::Read, "2"))
        .await
        .unwrap();
    let good = made.value.token.into_secret();
    clock.advance(Duration::days(2) - Duration::minutes(1));
    program(&portal, &good).await.unwrap();
    clock.advance(Duration::minutes(1));
    refused(&good).await;
    let listed = portal.api_tokens(&alice).await.unwrap().tokens;
    assert!(listed.len() == 1 && listed[0].is_expired);
    assert_eq!(entries(&portal, AuditAction::RevokeToken).await.len(), 1);
}

async fn making_one_is_confirmed_checked_and_bounded(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    let people = portal.seed_demo().await.unwrap();
    let fresh = actor(&portal, "alice").await;
    let stale = Actor {
        confirmed_at: Some(portal.now() - Duration::minutes(6)),
        ..fresh.clone()
    };
    let field = |result: Result<_, Error>| match result {
        Err(Error::Invalid(fields)) => fields[0].field.clone(),
        Ok(_) => panic!("made"),
        Err(other) => panic!("{other:?}"),
    };
    let made = |who: &Actor, form: MakeToken| {
        let (portal, who) = (portal.clone(), who.clone());
        async move {
            portal
                .make_token(&who, form)
                .await
                .map(|made| made.confirmed_at)
        }
    };
    let good = || form(TokenScope::Read, "90");
    assert!(portal.api_tokens(&stale).await.unwrap().must_confirm);
    assert_eq!(field(made(&stale, good()).await), "password");
    let wrong = MakeToken {
        password: Password::new("not it"),
        ..good()
    };
    assert_eq!(field(made(&stale, wrong).await), "password");
    let alice = people.iter().find(|person| person.key == "alice").unwrap();
    let password = Password::new(alice.password.expose().as_str());
    let confirmed = made(&stale, MakeToken { password, ..good() })
        .await
        .unwrap();
    assert!(portal.now() - confirmed < Duration::minutes(1));

    for days in ["", "0", "366", "-1", "1.5", "99999999999999999999", "soon"] {
        let wrong = form(TokenScope::Read, days);
        assert_eq!(field(made(&fresh, wrong).await), "days", "{days}");
    }
    let wrong = MakeToken {
        scope: "everything".to_owned(),
        ..good()
    };
    assert_eq!(field(made(&fresh, wrong).await), "scope");
    for name in ["", " ", "a\u{202e}b", &"x".repeat(65)] {
        let wrong = MakeToken {
            name: name.to_owned(),
            ..good()
        };
        assert_eq!(field(made(&fresh, wrong).await), "name", "{name:?}");
    }
    for days in ["1", "365", " 30 "] {
        made(&fresh, form(TokenScope::Read, days)).await.unwrap();
    }
    for _ in 4..MOST_TOKENS {
        made(&fresh, good()).await.unwrap();
    }
    let refused = made(&fresh, good()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    let tokens = portal.api_tokens(&fresh).await.unwrap().tokens;
    assert_eq!(tokens.len(), usize::from(MOST_TOKENS));
    portal.revoke_token(&fresh, tokens[7].id).await.unwrap();
    made(&fresh, good()).await.unwrap();
}

async fn an_administrator_revokes_and_sees_how_many(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let id = alice.id.unwrap();
    let first = token(&portal, &alice, TokenScope::Read).await;
    token(&portal, &alice, TokenScope::Secrets).await;
    assert_eq!(portal.person(&carol, id).await.unwrap().tokens, 2);
    for key in ["alice", "bob", "erin", "dave"] {
        let who = actor(&portal, key).await;
        let refused = portal.revoke_tokens_of(&who, id).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{key}");
    }
    let done = portal.revoke_tokens_of(&carol, id).await.unwrap();
    assert_eq!(done.message, "2 API tokens of Alice Adams are revoked.");
    assert!(program(&portal, &first).await.is_err());
    let done = portal.revoke_tokens_of(&carol, id).await.unwrap();
    assert_eq!(done.message, "Alice Adams had no API token.");
    let rows = entries(&portal, AuditAction::RevokeToken).await;
    assert_eq!((rows.len(), rows[0].actor), (1, carol.id));
    // A password that an administrator resets leaves nothing behind that was made with the old one.
    let last = token(&portal, &alice, TokenScope::Read).await;
    portal.reset_password(&carol, id).await.unwrap();
    assert!(program(&portal, &last).await.is_err());
}

async fn use_is_noted_once_a_minute(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    portal.seed_demo().await.unwrap();
    let alice = actor(&portal, "alice").await;
    let sent = token(&portal, &alice, TokenScope::Read).await;
    let used = async || portal.api_tokens(&alice).await.unwrap().tokens[0].last_used_at;
    assert_eq!(used().await, None);
    program(&portal, &sent).await.unwrap();
    let first = used().await.unwrap();
    clock.advance(Duration::seconds(30));
    program(&portal, &sent).await.unwrap();
    assert_eq!(used().await, Some(first));
    clock.advance(Duration::seconds(30));
    program(&portal, &sent).await.unwrap();
    assert!(used().await.unwrap() - first >= Duration::minutes(1));
}

async fn a_template_says_that_a_program_fetches_it(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
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
