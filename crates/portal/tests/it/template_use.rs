//! Templates as people use them: who may request, who decides, what is withdrawn, whom they name.

use crate::fixtures::requests::{demo, made, one};
use crate::fixtures::templates::{filled, named, with};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both};
use api::RequestCertificate;
use domain::{AuditAction, PersonId, RequestId, RequestState, Role, TemplateId};
use portal::{Actor, Error, Portal};

on_both!(
    two_of_a_role_agree,
    administrators_decide_where_the_template_asks_for_them,
    only_those_roles_request_it_and_only_while_it_is_offered,
    a_certificate_that_names_a_person_needs_their_names,
);

async fn ask(portal: &Portal, who: &Actor, template: TemplateId) -> Result<RequestId, Error> {
    let form = portal
        .request_form(who, api::RequestFor::default())
        .await
        .unwrap();
    let asked = RequestCertificate {
        template: template.to_string(),
        mailbox: form.mailboxes[0].clone(),
        reason: "I write to customers".to_owned(),
        key_algorithm: String::new(),
        idempotency_key: form.idempotency_key,
        ..RequestCertificate::default()
    };
    let done = portal.request_certificate(who, asked).await?;
    Ok(made(done))
}

/// Changes the template `Secure mail`, with a quick key.
async fn changed(portal: &Portal, changes: &[(&str, &str)]) -> TemplateId {
    let carol = actor(portal, "carol").await;
    let id = named(portal, "Secure mail").await;
    let fields = filled(portal, &carol, Some(id)).await;
    let quick = with(&fields, &[("default_algorithm", "p256")]);
    portal
        .change_template(&carol, id, with(&quick, changes))
        .await
        .unwrap();
    id
}

async fn add(portal: &Portal, name: &str, role: Role) -> Actor {
    let carol = actor(portal, "carol").await;
    let mailbox = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    let form = api::AddPerson {
        name: name.to_owned(),
        mailbox: mailbox.clone(),
        role: role.to_string(),
    };
    let added = portal.add_person(&carol, form).await.unwrap();
    Actor {
        id: Some(added.id),
        name: name.to_owned(),
        mailbox: Some(domain::Mailbox::parse(&mailbox).unwrap()),
        role: Some(role),
        ..carol
    }
}

async fn titles(portal: &Portal, who: &Actor, id: RequestId) -> Vec<String> {
    let view = portal.request(who, id).await.unwrap();
    view.timeline.into_iter().map(|line| line.title).collect()
}

async fn two_of_a_role_agree(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, bob) = (actor(&portal, "alice").await, actor(&portal, "bob").await);
    let bea = add(&portal, "Bea Blue", Role::Approver).await;
    let template = changed(&portal, &[("approvals", "2")]).await;
    let choice = portal
        .request_form(&alice, api::RequestFor::default())
        .await
        .unwrap()
        .templates
        .remove(0);
    assert_eq!(choice.decides, "2 approvers decide");
    let id = ask(&portal, &alice, template).await.unwrap();
    let agreed = portal.approve(&bob, one(id)).await.unwrap();
    assert_eq!(agreed[0].problem, None);
    assert_eq!(
        portal
            .site(&visitor(&bob), String::new(), None)
            .await
            .unwrap()
            .viewer
            .unwrap()
            .waiting,
        0
    );
    let again = portal.approve(&bob, one(id)).await.unwrap();
    assert!(again[0].problem.as_deref().unwrap().contains("already"));
    let cards = portal
        .queue(&bea, api::QueueFilter::default())
        .await
        .unwrap()
        .rows;
    assert!(
        cards[0].evidence[0]
            .text
            .contains("2 people have to agree; 1 has.")
    );
    let lines = titles(&portal, &alice, id).await;
    assert_eq!(lines[1], "Agreed by Bob Brown (1 of 2)");
    assert_eq!(lines[2], "An approver agrees once more");
    portal.approve(&bea, one(id)).await.unwrap();
    portal.run_due_work().await;
    let lines = titles(&portal, &alice, id).await;
    assert_eq!(lines[2], "Agreed by Bea Blue (2 of 2)");
    let row = portal.store().request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Issued);
    assert_ledger_is_clean(&portal).await;
}

fn visitor(who: &Actor) -> portal::Visitor {
    portal::Visitor {
        client: who.client.clone(),
        person: who.id,
        session: who.session,
        confirmed_at: None,
    }
}

async fn administrators_decide_where_the_template_asks_for_them(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, bob, carol) = (
        actor(&portal, "alice").await,
        actor(&portal, "bob").await,
        actor(&portal, "carol").await,
    );
    let template = changed(&portal, &[("approver_role", "admin")]).await;
    let id = ask(&portal, &alice, template).await.unwrap();
    let waiting = |who: &Actor| {
        let visitor = visitor(who);
        let portal = portal.clone();
        async move {
            portal
                .site(&visitor, String::new(), None)
                .await
                .unwrap()
                .viewer
                .unwrap()
                .waiting
        }
    };
    assert_eq!((waiting(&bob).await, waiting(&carol).await), (0, 1));
    assert_eq!(
        titles(&portal, &alice, id).await[1],
        "An administrator decides"
    );
    let refused = portal.approve(&bob, one(id)).await.unwrap();
    assert!(
        refused[0]
            .problem
            .as_deref()
            .unwrap()
            .contains("asks for an administrator")
    );
    let approved = portal.approve(&carol, one(id)).await.unwrap();
    assert_eq!(approved[0].problem, None);
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Issued);
    // The mail about a waiting request went to the administrator and to no approver.
    let to: Vec<String> = waiting_mails(&portal).await;
    assert_eq!(to, ["carol@example.com"]);
    // An administrator's own request needs another administrator.
    let own = ask(&portal, &carol, template).await.unwrap();
    let refused = portal.approve(&carol, one(own)).await.unwrap();
    assert!(
        refused[0]
            .problem
            .as_deref()
            .unwrap()
            .contains("your own request")
    );
}

async fn waiting_mails(portal: &Portal) -> Vec<String> {
    let node = domain::NodeId::from(uuid::Uuid::nil());
    let (now, lease) = (portal.now(), portal.now() + time::Duration::minutes(1));
    let mails = portal
        .store()
        .claim_mails(node, now, lease, 50)
        .await
        .unwrap();
    let waiting = mails
        .into_iter()
        .filter(|mail| mail.kind == "request_waiting");
    waiting.map(|mail| mail.to.to_string()).collect()
}

async fn only_those_roles_request_it_and_only_while_it_is_offered(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, bob, carol) = (
        actor(&portal, "alice").await,
        actor(&portal, "bob").await,
        actor(&portal, "carol").await,
    );
    let template = changed(&portal, &[("requesters", "approver")]).await;
    let sees = |who: &Actor| {
        let (portal, who) = (portal.clone(), who.clone());
        async move {
            let form = portal
                .request_form(&who, api::RequestFor::default())
                .await
                .unwrap();
            form.templates.iter().any(|choice| choice.id == template)
        }
    };
    assert!(!sees(&alice).await && sees(&bob).await);
    let refused = ask(&portal, &alice, template).await;
    assert!(matches!(&refused, Err(Error::Invalid(fields)) if fields[0].field == "template"));
    let waiting = ask(&portal, &bob, template).await.unwrap();

    portal
        .offer_template(&carol, template, false)
        .await
        .unwrap();
    assert!(!sees(&bob).await);
    let again = portal
        .offer_template(&carol, template, false)
        .await
        .unwrap();
    assert!(again.message.contains("already"), "{}", again.message);
    // What was requested goes on.
    let bea = add(&portal, "Bea Blue", Role::Approver).await;
    portal.approve(&bea, one(waiting)).await.unwrap();
    portal.run_due_work().await;
    let row = portal.store().request(waiting).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Issued);
    portal.offer_template(&carol, template, true).await.unwrap();
    assert!(sees(&bob).await);
    // What cannot be used cannot be offered.
    let sponsor = named(&portal, "Mail in your name").await;
    let refused = portal.offer_template(&carol, sponsor, true).await;
    assert!(
        matches!(&refused, Err(Error::Conflict(text)) if text.contains("registration")),
        "{refused:?}"
    );
}

async fn a_certificate_that_names_a_person_needs_their_names(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let id = named(&portal, "Mail in your name").await;
    let fields = filled(&portal, &carol, Some(id)).await;
    let changes = [
        ("organisation_identifier", "NTRDE-DER3306.HRB12345"),
        ("default_algorithm", "p256"),
        ("approvals", "0"),
    ];
    portal
        .change_template(&carol, id, with(&fields, &changes))
        .await
        .unwrap();
    portal.offer_template(&carol, id, true).await.unwrap();
    let refused = ask(&portal, &alice, id).await;
    let Err(Error::Invalid(fields)) = refused else {
        panic!("{refused:?}");
    };
    assert!(fields[0].message.contains("not recorded yet"), "{fields:?}");

    let person: PersonId = alice.id.unwrap();
    let set = |given: &str, surname: &str| {
        portal.set_name_parts(&carol, person, given.to_owned(), surname.to_owned())
    };
    let half = set("Alice", " ").await;
    assert!(matches!(&half, Err(Error::Invalid(fields)) if fields[0].field == "surname"));
    for who in [&alice, &actor(&portal, "dave").await] {
        let refused = portal
            .set_name_parts(who, person, String::new(), String::new())
            .await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
    set("Alice", "Adams").await.unwrap();
    let view = portal.person(&carol, person).await.unwrap();
    assert_eq!(
        (view.given_name.as_str(), view.surname.as_str()),
        ("Alice", "Adams")
    );
    let request = ask(&portal, &alice, id).await.unwrap();
    portal.run_due_work().await;
    let row = portal.store().request(request).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Issued, "{:?}", row.problem);
    let certificate = portal
        .certificate(&carol, row.certificate.unwrap())
        .await
        .unwrap();
    assert!(
        certificate.subject.contains("Alice Adams"),
        "{}",
        certificate.subject
    );
    let filter = api::AuditFilter {
        action: AuditAction::SetName.to_string(),
        ..api::AuditFilter::default()
    };
    let entry = portal.audit(&carol, filter).await.unwrap().rows.remove(0);
    assert!(
        entry
            .details
            .contains(&("to".to_owned(), "Alice / Adams".to_owned()))
    );
    set("", "").await.unwrap();
    assert_eq!(portal.person(&carol, person).await.unwrap().given_name, "");
}
