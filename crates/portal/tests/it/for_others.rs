//! What administrators do for other people: request, copy, deliver again, delete.

use crate::fixtures::authorities::words;
use crate::fixtures::own_keys::{form, issue};
use crate::fixtures::requests::{demo, made, one, wrong_field};
use crate::outbox_crash::mailer;
use crate::setting::{
    Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both, request,
};
use crate::sink::Sink;
use api::{RequestCertificate, RequestFor};
use domain::{CertificateId, Device, KeyAlgorithm, RequestState};
use portal::{Actor, Error, Portal};

on_both!(
    an_admin_requests_for_somebody_and_decides_nothing,
    a_certificate_is_delivered_again_sealed,
    secrets_are_deleted_long_after_the_end,
);

/// The form for alice as carol sends it.
async fn for_alice(
    portal: &Portal,
    carol: &Actor,
    alice: &Actor,
    waits: bool,
) -> RequestCertificate {
    let asked = RequestFor {
        person: alice.id.unwrap().to_string(),
        copy: String::new(),
    };
    let shown = portal.request_form(carol, asked).await.unwrap();
    assert_eq!(shown.person.as_ref().unwrap().id, alice.id.unwrap());
    assert_eq!(shown.mailboxes, ["alice@example.com"]);
    let mut templates = shown.templates.iter();
    let template = templates.find(|t| t.needs_approval == waits).unwrap();
    RequestCertificate {
        template: template.id.to_string(),
        mailbox: shown.mailboxes[0].clone(),
        reason: "new laptop".to_owned(),
        person: alice.id.unwrap().to_string(),
        key_algorithm: "p256".to_owned(),
        idempotency_key: shown.idempotency_key,
        ..form(portal, carol).await
    }
}

async fn an_admin_requests_for_somebody_and_decides_nothing(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    // Nobody else may.
    for key in ["erin", "bob", "dave"] {
        let who = actor(&portal, key).await;
        let wanted = for_alice(&portal, &carol, &alice, false).await;
        let refused = portal.request_certificate(&who, wanted).await;
        assert!(
            matches!(refused, Err(Error::Forbidden)),
            "{key}: {refused:?}"
        );
    }
    // At once, and the person is told.
    let wanted = for_alice(&portal, &carol, &alice, false).await;
    let id = issue(&portal, &carol, wanted).await.unwrap();
    let view = portal.certificate(&alice, id).await.unwrap();
    assert!(view.is_own);
    let events = portal.store().request(view.request).await.unwrap().unwrap();
    assert_eq!(events.requested_by, carol.id);
    let sink = Sink::start().await;
    while portal.send_mails(&mailer(sink.port)).await.unwrap() > 0 {}
    assert!(sink.text().contains("Carol Clark asked"), "{}", sink.text());
    // An address of somebody else is none of theirs.
    let wrong = RequestCertificate {
        mailbox: "erin@example.com".to_owned(),
        ..for_alice(&portal, &carol, &alice, false).await
    };
    assert_eq!(
        wrong_field(portal.request_certificate(&carol, wrong).await).0,
        "mailbox"
    );

    // Where the template asks for approval it waits, and neither of the two decides.
    let wanted = for_alice(&portal, &carol, &alice, true).await;
    let done = portal.request_certificate(&carol, wanted).await.unwrap();
    assert!(done.message.contains("waits"), "{}", done.message);
    let id = made(done);
    let as_carol = portal.approve(&carol, one(id)).await.unwrap();
    let problem = as_carol[0].problem.as_deref().unwrap();
    assert!(problem.contains("you asked for it"), "{problem}");
    assert!(matches!(
        portal.approve(&alice, one(id)).await,
        Err(Error::Forbidden)
    ));
    let bob = actor(&portal, "bob").await;
    let card = &portal
        .queue(&bob, api::QueueFilter::default())
        .await
        .unwrap()
        .rows[0];
    assert_eq!(card.requested_by.as_deref(), Some("Carol Clark"));
    let as_bob = portal.approve(&bob, one(id)).await.unwrap();
    assert_eq!(as_bob[0].problem, None);
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Issued);

    // A copy has everything filled in; it is the owner's or an administrator's to make.
    let copy = || RequestFor {
        person: String::new(),
        copy: row.certificate.unwrap().to_string(),
    };
    let shown = portal.request_form(&carol, copy()).await.unwrap();
    assert_eq!(shown.person.unwrap().id, alice.id.unwrap());
    assert_eq!(shown.template, Some(row.template));
    assert_eq!(
        (shown.mailbox.as_str(), shown.key_algorithm.as_str()),
        ("alice@example.com", "p256")
    );
    assert_eq!(
        portal.request_form(&alice, copy()).await.unwrap().person,
        None
    );
    assert!(matches!(
        portal.request_form(&bob, copy()).await,
        Err(Error::NotFound)
    ));
    assert_ledger_is_clean(&portal).await;
}

async fn one_of_alice(portal: &Portal) -> CertificateId {
    let alice = actor(portal, "alice").await;
    let id = request(portal, &alice, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    row.certificate.unwrap()
}

async fn a_certificate_is_delivered_again_sealed(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let id = one_of_alice(&portal).await;
    let sink = Sink::start().await;
    while portal.send_mails(&mailer(sink.port)).await.unwrap() > 0 {}
    assert!(!sink.text().contains("x-pkcs12"));
    for key in ["alice", "bob", "dave"] {
        let who = actor(&portal, key).await;
        let refused = portal.deliver(&who, id, "pfx".to_owned()).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{key}");
    }
    let carol = actor(&portal, "carol").await;
    assert_eq!(
        wrong_field(portal.deliver(&carol, id, "key".to_owned()).await).0,
        "what"
    );
    for what in ["pfx", "certificate"] {
        portal.deliver(&carol, id, what.to_owned()).await.unwrap();
    }
    while portal.send_mails(&mailer(sink.port)).await.unwrap() > 0 {}
    let text = sink.text();
    for kind in ["x-pkcs12", "x-pem-file", "Carol Clark sends you"] {
        assert!(text.contains(kind), "{kind}");
    }
    let alice = actor(&portal, "alice").await;
    let shown = portal
        .show_password(&alice, id, domain::Secret::new(String::new()))
        .await
        .unwrap();
    assert!(
        !text.contains(shown.value.password.expose()),
        "the password never leaves"
    );
    let audit = portal
        .audit(
            &carol,
            api::AuditFilter {
                action: "deliver".to_owned(),
                ..api::AuditFilter::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(audit.rows.len(), 2);
}

async fn secrets_are_deleted_long_after_the_end(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    portal.seed_demo().await.unwrap();
    let id = one_of_alice(&portal).await;
    let carol = actor(&portal, "carol").await;
    for days in [0, 366, 366 + 700] {
        clock.advance(time::Duration::days(days));
        let early = portal.delete_secrets(&carol, id).await;
        assert!(
            matches!(early, Err(Error::Conflict(_))),
            "{days}: {early:?}"
        );
        clock.advance(time::Duration::days(-days));
    }
    clock.advance(time::Duration::days(366 + 731));
    // A mail that was queued before is not sent without what it promises.
    portal.deliver(&carol, id, "pfx".to_owned()).await.unwrap();
    let alice = actor(&portal, "alice").await;
    let refused = portal.delete_secrets(&alice, id).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    portal.delete_secrets(&carol, id).await.unwrap();
    let gone = "were deleted long after its end";
    let twice = words(portal.delete_secrets(&carol, id).await);
    assert!(twice.contains(gone), "{twice}");
    let sink = Sink::start().await;
    while portal.send_mails(&mailer(sink.port)).await.unwrap() > 0 {}
    assert!(!sink.text().contains("x-pkcs12"));
    assert_eq!(portal.store().outbox_counts().await.unwrap().failed, 1);

    let view = portal.certificate(&alice, id).await.unwrap();
    assert!(view.is_deleted && !view.is_own_key);
    let mine = portal.my_certificates(&alice).await.unwrap();
    assert!(mine.old_mail.is_none(), "nothing is left that opens it");
    let nothing = domain::Secret::new(String::new());
    let shown = words(portal.show_password(&alice, id, nothing).await.map(drop));
    assert!(shown.contains(gone), "{shown}");
    let download = api::Download {
        kind: domain::DownloadKind::Pfx,
        password: api::Password::default(),
        device: Device::Windows,
    };
    let given = words(portal.download(&alice, id, download).await.map(drop));
    assert!(given.contains(gone), "{given}");
    let file = portal
        .certificate_file(&alice, id, domain::CertificateForm::Pem)
        .await
        .unwrap();
    let chain = pki::pem::read_certificates(file.bytes.expose()).unwrap();
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    assert_eq!(chain[0], row.der, "the certificate stays");
    assert_ledger_is_clean(&portal).await;
    // Somebody who deletes behind the portal's back is found.
    let other = one_of_alice(&portal).await;
    ground.place.sql(
        "UPDATE credential SET sealed_password = NULL, sealed_key = NULL, sealed_pfx = NULL
            WHERE sealed_key IS NOT NULL",
    );
    let findings = portal.doctor().await.unwrap();
    let i8 = findings.iter().find(|f| f.check.starts_with("I8")).unwrap();
    assert!(!i8.is_good, "{other}: {}", i8.detail);
    assert!(
        !i8.detail.contains("; "),
        "only the one without an entry: {}",
        i8.detail
    );
}
